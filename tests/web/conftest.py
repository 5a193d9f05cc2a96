"""A served home: JC and YI with their manuals in force, HX with hostile names and texts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from house import copied, database_of, furnish_with_manual, move_in
from small_firm import PASSWORD, found, give_accounts, moment, template_set
from small_manual import DEPARTMENTS, TEXTS, with_manual

from service import clock
from service.accounts.identity import COOKIE, csrf_token
from service.accounts.login import LoggedIn, log_in
from service.app import create_app
from service.db import open_database, writing
from service.documents.actions import draft_next
from service.settings import settings

ADDRESS = "http://127.0.0.1:8000"
SCRIPT, PICTURE, TITLE = "<script>alert(1)</script>", '<img src=x onerror="alert(2)">', "维修<i>服务</i>&程序"
COMPANY = "示范<b>乙</b>公司"


def hostile_set() -> tuple[str, ...]:
    changes = (
        ("title: 维修服务程序", f"title: {TITLE}"),
        ("使每一件报修都有人管。", f"{SCRIPT}\n\n按《{SCRIPT}》办理。"),
        ("### 受理 {#accept}", f"### 受理 {PICTURE} {{#accept}}"),
        ("的报修后，在 30 分钟内", f"的报修后，在 30 分钟内{SCRIPT}"),
        ("《维修服务程序》", f"《{TITLE}》"),
    )
    texts = []
    for text in TEXTS:
        for old, new in changes:
            text = text.replace(old, new)  # one change after the other
        texts.append(text)
    return tuple(texts)


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory, server: str | None) -> Path:
    """Made once for each engine, only copied."""
    home = furnish_with_manual(tmp_path_factory.mktemp("served"), "JC", "YI", server=server)
    engine = open_database(database_of(home))
    with writing(engine) as session:
        hostile = template_set(*hostile_set(), departments=DEPARTMENTS)
        firm = with_manual(session, "HX", hostile, ("示范甲公司", f'"{COMPANY}"'))
        give_accounts(session, firm.organisation)
        draft_next(session, found(session, firm, TITLE)[0], by=firm.preparer, at=moment(3, 1), change_summary=SCRIPT)
    engine.dispose()
    return home


@pytest.fixture
def home(furnished: Path, server: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with copied(furnished, tmp_path / "home", server) as home:
        move_in(home, monkeypatch)
        monkeypatch.delenv("SERVICE_MANUAL_TEMPLATES")  # pages are those of the product
        settings.cache_clear()
        yield home
    settings.cache_clear()


@pytest.fixture
def stranger(home: Path) -> Iterator[TestClient]:
    """Somebody who has not logged in."""
    app = create_app()
    with TestClient(app, base_url=ADDRESS, follow_redirects=False) as opened:
        yield opened
    app.state.engine.dispose()


@pytest.fixture
def client(stranger: TestClient) -> TestClient:
    """邴三, 文控员 of all firms, has logged in."""
    return log_in_as(stranger, "bing")


def log_in_as(client: TestClient, login: str) -> TestClient:
    """The same client with a log-in session of this person; writes bring its CSRF token along."""
    with writing(client.app.state.engine) as session:  # type: ignore[attr-defined]  # the FastAPI application of this test
        opened = log_in(session, login, PASSWORD, at=clock.now())
        assert isinstance(opened, LoggedIn), opened
    client.cookies.set(COOKIE, opened.token)
    client.headers["x-csrf-token"] = csrf_token(opened.session)
    return client
