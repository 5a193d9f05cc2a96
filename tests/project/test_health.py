"""/healthz says that the process lives; /readyz that it can work, and what it lacks if not. Neither needs a log-in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from service.app import create_app
from service.db import open_database, writing
from service.migrations import migrate
from service.settings import settings


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """A server whose database lies beside its data folder, not in it."""
    address = f"sqlite:///{tmp_path / 'manual.sqlite'}"
    (tmp_path / "data").mkdir()
    monkeypatch.setenv("SERVICE_MANUAL_DATABASE", address)
    monkeypatch.setenv("SERVICE_MANUAL_DATA", str(tmp_path / "data"))
    settings.cache_clear()
    engine = open_database(address)
    migrate(engine)
    engine.dispose()
    app = create_app()
    with TestClient(app, base_url="http://127.0.0.1:8000") as opened:
        yield opened
    app.state.engine.dispose()
    monkeypatch.undo()
    settings.cache_clear()


def readiness(client: TestClient) -> tuple[int, object]:
    answer = client.get("/readyz")
    return answer.status_code, answer.json()


def test_server_with_database_and_data_folder_is_ready(client: TestClient, tmp_path: Path) -> None:
    assert readiness(client) == (200, {"status": "ok", "missing": []})
    assert list((tmp_path / "data").iterdir()) == []  # asking leaves nothing behind


def test_database_that_lacks_a_migration_is_named_and_the_process_lives_on(client: TestClient, tmp_path: Path) -> None:
    engine = open_database(settings().database_url)
    with writing(engine) as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    engine.dispose()
    assert readiness(client) == (503, {"status": "not_ready", "missing": ["database"]})
    assert client.get("/healthz").json() == {"status": "ok"}


def test_data_folder_that_cannot_be_written_to_is_named(client: TestClient, tmp_path: Path) -> None:
    (tmp_path / "data").rmdir()
    (tmp_path / "data").write_text("no folder")
    assert readiness(client) == (503, {"status": "not_ready", "missing": ["files"]})


def test_answer_tells_nothing_of_the_machine(client: TestClient, tmp_path: Path) -> None:
    (tmp_path / "data").rmdir()
    assert str(tmp_path) not in client.get("/readyz").text
