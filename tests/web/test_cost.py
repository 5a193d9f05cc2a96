"""What a request costs the database, and what a failing build leaves behind."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from house import rows_in
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import SQLAlchemyError

from service import clock
from service.accounts.api_tokens import create_api_token
from service.accounts.queries import find_user
from service.accounts.rules import TokenScope
from service.book.fonts import NEEDED
from service.db import writing
from service.settings import settings
from service.web import heavy
from web.conftest import ADDRESS

AT = "/api/v1/organisations/JC"


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements that are sent meanwhile, but for those that begin and end a transaction."""
    sent: list[str] = []

    def listen(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK")):
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", listen)
    yield sent
    event.remove(engine, "before_cursor_execute", listen)


@pytest.fixture
def program(stranger: TestClient) -> TestClient:
    """A program that reads for 丁四; it has just been used, so that being seen is not written now."""
    with writing(stranger.app.state.engine) as session:  # type: ignore[attr-defined]  # the FastAPI application of this test
        token, _ = create_api_token(session, find_user(session, "ding"), "读", [TokenScope.READ], days=1, by="system", at=clock.now())
    stranger.headers["authorization"] = f"Bearer {token}"
    assert stranger.get("/api/v1/organisations").status_code == 200
    return stranger


@pytest.mark.parametrize("path", ["/documents/JC/SH-CX-01", "/documents/JC/SH-CX-01?as_of=2026-03-01", "/documents?as_of=2026-03-01"])
def test_authorised_read_costs_at_most_three_queries(program: TestClient, path: str) -> None:
    with counted(program.app.state.engine) as sent:  # type: ignore[attr-defined]  # the FastAPI application of this test
        assert program.get(f"{AT}{path}").status_code == 200
    assert 0 < len(sent) <= 3, sent


def test_build_whose_rendering_fails_is_no_build(client: TestClient, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fonts = shutil.copytree(settings().fonts, home / "fonts", symlinks=True)
    broken = fonts / NEEDED[0][0] / NEEDED[0][1]
    broken.unlink()
    broken.write_bytes(b"no font")  # what the builder's process, which starts with the first order, cannot know beforehand
    monkeypatch.setenv("SERVICE_MANUAL_FONTS", str(fonts))
    rows = rows_in(home)
    answer = TestClient(client.app, base_url=ADDRESS, raise_server_exceptions=False, cookies=client.cookies, headers=client.headers).post(
        f"{AT}/manuals", json={"on": "2026-03-01"}
    )
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert rows_in(home) == rows
    assert not (home / "data" / "files").exists()
    assert client.get(f"{AT}/manuals").json()["items"] == []


def test_only_so_many_renderings_at_a_time_and_the_next_is_told_when_to_come_back(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heavy, "PATIENCE", 0.05)
    client.app.state.heavy._value = 0  # type: ignore[attr-defined]  # every turn is taken
    answer = client.get(f"{AT}/documents/JC/SH-CX-01/export", params={"format": "html"})
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert int(answer.headers["retry-after"]) >= 1
    client.app.state.heavy._value = 1  # type: ignore[attr-defined]  # one is free again
    for _ in range(2):  # and given back
        assert client.get(f"{AT}/documents/JC/SH-CX-01/export", params={"format": "html"}).status_code == 200


def test_faults_of_the_database_name_no_values(client: TestClient) -> None:
    engine = client.app.state.engine  # type: ignore[attr-defined]  # the FastAPI application of this test
    with pytest.raises(SQLAlchemyError) as caught, writing(engine) as session:
        session.execute(text("INSERT INTO nowhere VALUES (:secret)"), {"secret": "s3cret-words"})
    assert "s3cret-words" not in str(caught.value)
