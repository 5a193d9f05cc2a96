"""What a request costs the database, and what a failing build leaves behind."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from house import rows_in
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnection

from service import clock
from service.accounts.api_tokens import create_api_token
from service.accounts.queries import find_user
from service.accounts.rules import TokenScope
from service.book.fonts import NEEDED
from service.db import writing
from service.kit import files as store
from service.manuals.actions import keep_manual
from service.manuals.build import BuiltFile
from service.manuals.models import Build
from service.manuals.prepared import Prepared
from service.manuals.rules import Binding
from service.settings import settings
from service.web import heavy
from web.conftest import ADDRESS
from web.test_manual_pages import events, start

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


def test_build_over_the_api_takes_no_turn_from_exports(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heavy, "PATIENCE", 0.05)
    client.app.state.heavy._value = 0  # type: ignore[attr-defined]  # every turn is taken
    answer = client.post(f"{AT}/manuals", json={"on": "2020-01-01"})
    assert (answer.status_code, answer.json()["code"]) == (422, "nothing_in_force")
    client.app.state.heavy._value = 1  # type: ignore[attr-defined]  # one is free again
    client.app.state.building._value = 0  # type: ignore[attr-defined]  # but somebody's manual is being built
    answer = client.post(f"{AT}/manuals", json={"on": "2020-01-01"})
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert client.get(f"{AT}/documents/JC/SH-CX-01/export", params={"format": "html"}).status_code == 200


def test_files_of_a_build_are_stored_before_anybody_has_to_wait(client: TestClient, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = BuiltFile("manual.docx", b"a manual", 1)
    app = client.app
    app.state.makings.builder = _Ready(Prepared(date(2026, 3, 1), Binding.BOUND, "formal", "f" * 64, (file,)))  # type: ignore[attr-defined]
    was_there: list[bool] = []

    def kept(*given: Any, **more: Any) -> Build:
        was_there.append(store.has(home / "data", file.sha256))
        return keep_manual(*given, **more)

    for module in ("api", "progress"):
        monkeypatch.setattr(f"service.manuals.{module}.keep_manual", kept)
        shutil.rmtree(home / "data" / "files", ignore_errors=True)
        if module == "api":
            assert client.post(f"{AT}/manuals", json={"on": "2026-03-01"}).status_code == 201
        else:
            assert events(client, start(client).headers["location"])[-1][1]["stage"] == "done"
    assert was_there == [True, True]
    assert len(client.get(f"{AT}/manuals").json()["items"]) == 1  # the second is of the same source


class _Ready:
    """A builder that has the manual already."""

    def __init__(self, made: Prepared) -> None:
        self._made = made

    def prepare(self, _order: object, **_more: object) -> Prepared:
        return self._made

    def close(self) -> None:
        """Nothing was begun."""


@pytest.mark.parametrize("path", [f"{AT}/documents", "/organisations/JC/documents"])
def test_no_free_connection_is_told_as_busy(client: TestClient, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    def none_free(*_given: object) -> None:
        raise NoConnection("QueuePool limit of size 40 overflow 10 reached")

    monkeypatch.setattr("service.organisations.api.find_as_member", none_free)
    answer = client.get(path)
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) >= 1
    assert "QueuePool" not in answer.text


def test_faults_of_the_database_name_no_values(client: TestClient) -> None:
    engine = client.app.state.engine  # type: ignore[attr-defined]  # the FastAPI application of this test
    with pytest.raises(SQLAlchemyError) as caught, writing(engine) as session:
        session.execute(text("INSERT INTO nowhere VALUES (:secret)"), {"secret": "s3cret-words"})
    assert "s3cret-words" not in str(caught.value)
