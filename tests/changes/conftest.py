"""A firm with its manual in force on each database; a home of two such firms that is copied for each test, and the application over HTTP."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from house import furnish_with_manual, move_in
from small_firm import PASSWORD, Firm, give_accounts
from small_manual import with_manual
from sqlalchemy import Engine
from sqlmodel import Session

from service import clock
from service.accounts.identity import COOKIE, csrf_token
from service.accounts.login import LoggedIn, log_in
from service.app import create_app
from service.db import writing
from service.settings import settings


@pytest.fixture(scope="module")
def standing(database: Engine) -> Iterator[tuple[Session, Firm]]:
    """A firm whose small manual is in force, made once for the tests of a file; nothing of it is ever committed."""
    with Session(database.execution_options(writes=True), expire_on_commit=False) as opened:
        yield opened, with_manual(opened)
        opened.rollback()


@pytest.fixture
def undone(standing: tuple[Session, Firm]) -> Iterator[Session]:
    """The session of that firm; what a test does in it is undone when the test ends."""
    session = standing[0]
    savepoint = session.begin_nested()
    yield session
    savepoint.rollback()
    session.expire_all()


@pytest.fixture
def firm(standing: tuple[Session, Firm], undone: Session) -> Firm:
    """Its small manual is in force."""
    return standing[1]


ADDRESS = "http://127.0.0.1:8000"
Desk = Callable[[str], TestClient]
"""Log-in name → a client that this person has logged in at."""


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once, only copied."""
    return furnish_with_manual(tmp_path_factory.mktemp("changing"), "JC", "YI")


@pytest.fixture
def firms(furnished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the furnished home to work in."""
    shutil.copytree(furnished, tmp_path / "home", symlinks=True)
    yield move_in(tmp_path / "home", monkeypatch)
    settings.cache_clear()


@pytest.fixture
def desk(firms: Path) -> Iterator[Desk]:
    """Desks in the home of the two firms."""
    yield from desks()


@pytest.fixture
def anywhere(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """Desks in one firm, on each of the two databases."""
    monkeypatch.setenv("SERVICE_MANUAL_DATABASE", engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("SERVICE_MANUAL_DATA", str(tmp_path / "data"))
    settings.cache_clear()
    with writing(engine) as session:
        give_accounts(session, with_manual(session).organisation)
    yield from desks()
    settings.cache_clear()


def desks() -> Iterator[Desk]:
    app = create_app()

    def seated(login: str) -> TestClient:
        client = TestClient(app, base_url=ADDRESS, follow_redirects=False)
        with writing(app.state.engine) as session:
            opened = log_in(session, login, PASSWORD, at=clock.now())
            assert isinstance(opened, LoggedIn), opened
        client.cookies.set(COOKIE, opened.token)
        client.headers["x-csrf-token"] = csrf_token(opened.session)
        return client

    yield seated
    app.state.engine.dispose()
