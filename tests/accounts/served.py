"""The whole application over a small database of its own for each test, on either engine, and people who speak to it.

JC has the four of the small firm (bing manages members), an auditor until 31 March and a consultant; YI has one administrator, wang.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx import Response
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from small_firm import PASSWORD, founded, give_accounts, moment
from sqlalchemy import Engine, make_url, text
from sqlmodel import Session

from service import clock
from service.accounts import secret
from service.accounts.actions import create_user
from service.accounts.identity import COOKIE
from service.accounts.models import User
from service.accounts.queries import find_user
from service.app import create_app
from service.db import open_database, writing
from service.migrations import migrate
from service.organisations.members import add_member
from service.organisations.queries import find_organisation
from service.organisations.roles import Role
from service.organisations.rules import SYSTEM
from service.settings import settings
from service.web import rate

ADDRESS = "http://127.0.0.1:8000"
API = "/api/v1"
NOW = moment(3, 2)
LAST_DAY = date(2026, 3, 31)
CHEAP = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))


def furnish(session: Session) -> None:
    """Two firms on one server, and one person who is a member of neither."""
    firm = founded(session, "JC").organisation
    give_accounts(session, firm, at=NOW)
    for login, name, role, until in (("shen", "沈评", Role.AUDITOR, LAST_DAY), ("zi", "咨询", Role.CONSULTANT, None)):
        user = person(session, login, name)
        add_member(session, firm, user, role, until=until, by=SYSTEM, at=NOW, on=NOW.date())
    other = founded(session, "YI", ("login: jia,", "login: wang,"), ("贾一", "王九")).organisation
    add_member(session, other, person(session, "wang", "王九"), Role.ADMINISTRATOR, by=SYSTEM, at=NOW, on=NOW.date())
    person(session, "stranger", "路人")


def person(session: Session, login: str, name: str, password: str | None = PASSWORD) -> User:
    return create_user(session, login, name, f"{login}@mail.example", password=password, by="admin", at=NOW)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def two_firms(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, FastAPI]:
    """(the address of a database that is only copied, the application), made once for each engine."""
    server = request.getfixturevalue("postgresql") if request.param == "postgresql" else None
    folder = tmp_path_factory.mktemp("accounts")
    url = copied(server, "", folder) if server else f"sqlite:///{folder / 'furnished.sqlite'}"
    engine = open_database(url)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(secret, "HASHER", CHEAP)
        patch.setenv("SERVICE_MANUAL_DATABASE", url)
        settings.cache_clear()
        migrate(engine)
        with writing(engine) as session:
            furnish(session)
        app = create_app()
        app.state.engine.dispose()
    settings.cache_clear()
    engine.dispose()
    return url, app


def copied(server: str | None, url: str, folder: Path) -> str:
    """The address of a copy of a database; of an empty one, where `url` is empty."""
    if server is None:
        shutil.copy(url.removeprefix("sqlite:///"), folder / "copy.sqlite")
        return f"sqlite:///{folder / 'copy.sqlite'}"
    name, former = f"test_{uuid4().hex}", make_url(url).database if url else None
    administer(server, f"CREATE DATABASE {name}" + (f" TEMPLATE {former}" if former else ""))
    return server.replace("/postgres?", f"/{name}?")


def administer(server: str, statement: str) -> None:
    administration = open_database(server)
    with administration.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(statement))
    administration.dispose()


@dataclass
class Clock:
    """The time of day, which stands still until a test moves it."""

    moment: datetime = NOW

    def now(self) -> datetime:
        return self.moment

    def move(self, **span: float) -> None:
        self.moment += timedelta(**span)

    def move_to(self, day: date) -> None:
        """10:00 in Shanghai on this day."""
        self.moment = moment(day.month, day.day)


@dataclass
class Served:
    """The application with its database, as a test finds it."""

    app: FastAPI
    clock: Clock

    @property
    def engine(self) -> Engine:
        engine: Engine = self.app.state.engine
        return engine

    def browser(self) -> TestClient:
        """Somebody who has not logged in."""
        return TestClient(self.app, base_url=ADDRESS, follow_redirects=False)

    def logged_in(self, login: str, **more: str) -> TestClient:
        """A browser of this person, who has logged in by the API; its writes bring the CSRF token along."""
        client = self.browser()
        answer = log_in(client, login, **more)
        assert answer.status_code == 200, answer.text
        client.headers["x-csrf-token"] = answer.json()["csrf_token"]
        return client

    def program(self, login: str, *scopes: str) -> TestClient:
        """A program with an API token of this person."""
        made = self.logged_in(login).post(f"{API}/tokens", json={"name": "程序", "scopes": list(scopes), "days": 30, "password": PASSWORD})
        assert made.status_code == 201, made.text
        client = self.browser()
        client.headers["authorization"] = f"Bearer {made.json()['token']}"
        return client

    def has_role(self, login: str, role: Role, code: str = "JC", **limits: Any) -> None:
        """Give somebody a role past the application."""
        with writing(self.engine) as session:
            owner, at = find_organisation(session, code), self.clock.moment
            add_member(session, owner, find_user(session, login), role, by=SYSTEM, at=at, on=at.date(), **limits)


@pytest.fixture
def served(
    two_firms: tuple[str, FastAPI], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Served]:
    url, app = two_firms
    server = request.getfixturevalue("postgresql") if url.startswith("postgresql") else None
    standing = Clock()
    monkeypatch.setattr(clock, "now", standing.now)
    monkeypatch.setattr(secret, "HASHER", CHEAP)
    monkeypatch.setenv("SERVICE_MANUAL_DATA", str(tmp_path))
    settings.cache_clear()
    copy = copied(server, url, tmp_path)
    app.state.engine = open_database(copy)
    rate.install(app)
    yield Served(app, standing)
    app.state.engine.dispose()
    if server:
        administer(server, f"DROP DATABASE {make_url(copy).database}")
    settings.cache_clear()


def log_in(client: TestClient, login: str, password: str = PASSWORD, code: str = "") -> Response:
    answer: Response = client.post(f"{API}/session", json={"login": login, "password": password, "code": code})
    return answer


def refused(answer: Response, status: int, code: str) -> str:
    """The sentence of a refusal, which must be problem+json with this status and code."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    body = answer.json()
    assert (body["status"], body["code"]) == (status, code), body
    return str(body["detail"])


def cookie_of(client: TestClient) -> str:
    return str(client.cookies[COOKIE])


def with_cookie(client: TestClient, token: str) -> TestClient:
    """The browser with this token as its log-in session."""
    client.cookies.set(COOKIE, token, domain="127.0.0.1", path="/")
    return client
