"""Files over HTTP: builds with their hashes and stamped copies of their files, documents as files; recorded only if handed out."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from house import database_of, rows_in
from pypdf import PdfReader
from small_firm import moment
from sqlmodel import Session

from service.db import open_database, writing
from service.distribution.issue import issue
from service.distribution.rules import CopyHolder, Medium
from service.documents.queries import find_document, revision_in_force
from service.kit.fingerprint import file_fingerprint
from service.organisations.queries import find_organisation
from service.organisations.rules import SYSTEM
from service.trail.models import TrailEntry
from service.trail.queries import entries
from web.conftest import log_in_as

AT = "/api/v1/organisations/JC"
NUMBER = "JC/SH-CX-01"
EXPORT = f"{AT}/documents/{NUMBER}/export"


@pytest.fixture
def build(client: TestClient) -> dict[str, Any]:
    answer = client.post(f"{AT}/manuals", json={"on": "2026-03-01", "formats": ["html", "pdf"]})
    assert answer.status_code == 201
    body: dict[str, Any] = answer.json()
    return body


@contextmanager
def opened(home: Path) -> Iterator[Session]:
    """A transaction beside the server's own."""
    engine = open_database(database_of(home))
    with writing(engine) as session:
        yield session
    engine.dispose()


def trail(home: Path, action: str) -> list[TrailEntry]:
    with opened(home) as session:
        return [row for row in entries(session, find_organisation(session, "JC").id) if row.action == action]


def address(build: dict[str, Any], name: str) -> str:
    return f"{AT}/manuals/{build['id']}/files/{name}"


def test_builds_are_listed_with_the_hashes_of_their_files(client: TestClient, build: dict[str, Any]) -> None:
    assert [file["name"] for file in build["files"]] == ["manual.pdf", "manual.html"]
    assert all(re.fullmatch("[0-9a-f]{64}", file["sha256"]) for file in build["files"])
    assert (build["on"], build["binding"], build["built_by"]) == ("2026-03-01", "bound", "bing")
    assert client.get(f"{AT}/manuals").json() == {"items": [build], "next_cursor": None}


def test_same_manual_is_built_once_and_a_repeated_request_acts_once(client: TestClient, home: Path, build: dict[str, Any]) -> None:
    again = client.post(f"{AT}/manuals", json={"on": "2026-03-01", "formats": ["pdf"]})
    assert (again.status_code, again.json()["id"]) == (201, build["id"])
    keyed = [client.post(f"{AT}/manuals", json={"on": "2026-03-02"}, headers={"Idempotency-Key": "once"}) for _ in range(2)]
    assert keyed[0].json() == keyed[1].json()
    assert rows_in(home)["manual_build"] == 2


@pytest.mark.parametrize(
    "body",
    [{"formats": []}, {"formats": ["odt"]}, {"binding": "glued"}, {"on": "2026-02-30"}, {"on": "2026-01-31"}, {"more": 1}],
)
def test_build_that_cannot_be_made_is_refused_and_leaves_nothing(client: TestClient, home: Path, body: dict[str, Any]) -> None:
    rows = rows_in(home)
    assert client.post(f"{AT}/manuals", json=body).status_code == 422
    assert rows_in(home) == rows


def test_file_of_a_build_is_a_stamped_copy_and_recorded(client: TestClient, home: Path, build: dict[str, Any]) -> None:
    answer = client.get(address(build, "manual.pdf"))
    assert (answer.status_code, answer.headers["content-type"], answer.headers["cache-control"]) == (200, "application/pdf", "no-store")
    assert all("非受控" in page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    [entry] = trail(home, "manual:download")
    assert (entry.by, entry.subject_id, entry.details["handed_out"]) == ("bing", build["id"], file_fingerprint(answer.content))


def test_original_of_a_build_is_told_by_its_hash(client: TestClient, home: Path, build: dict[str, Any]) -> None:
    answer = client.get(address(build, "manual.pdf"), params={"raw": 1})
    assert file_fingerprint(answer.content) == build["files"][0]["sha256"]
    assert answer.headers["etag"] == f'"{build["files"][0]["sha256"]}"'
    log_in_as(client, "jia")
    assert client.get(address(build, "manual.pdf"), params={"raw": 1}).status_code == 403
    assert len(trail(home, "manual:download")) == 1


@pytest.mark.parametrize(
    "path", ["{id}/files/manual.docx", "{id}/files/..%2Fmanual.pdf", "00000000-0000-0000-0000-000000000000/files/manual.pdf"]
)
def test_file_that_is_not_there_is_not_found_and_not_recorded(client: TestClient, home: Path, build: dict[str, Any], path: str) -> None:
    assert client.get(f"{AT}/manuals/{path.format(id=build['id'])}").status_code == 404
    assert client.get(address(build, "manual.pdf").replace("/JC/", "/YI/")).status_code == 404
    assert trail(home, "manual:download") == []


def test_file_that_cannot_be_read_is_not_recorded(client: TestClient, home: Path, build: dict[str, Any]) -> None:
    for file in (home / "data" / "files").rglob("*"):
        if file.is_file():
            file.unlink()
    assert client.get(address(build, "manual.pdf")).status_code == 404
    assert trail(home, "manual:download") == []


def test_document_in_force_is_exported_in_every_format(client: TestClient, home: Path) -> None:
    rows = rows_in(home)
    for format_, start in {"pdf": b"%PDF", "docx": b"PK", "html": b"<!doctype html>", "md": b"---\n# \xe9\x9d\x9e"}.items():
        answer = client.get(EXPORT, params={"format": format_})
        assert (answer.status_code, answer.content[: len(start)]) == (200, start)
        assert f'filename="JC-SH-CX-01.{format_}"' in answer.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(client.get(EXPORT, params={"format": "docx"}).content)) as archive:
        headers = [archive.read(name).decode() for name in archive.namelist() if name.startswith("word/header")]
    assert headers
    assert all("非受控 · 下载人 邴三（bing）" in header for header in headers)
    assert rows_in(home)["trail_entry"] == rows["trail_entry"]


def test_document_on_its_own_page_is_still_found_beside_the_export(client: TestClient) -> None:
    assert client.get(f"{AT}/documents/{NUMBER}").json()["number"] == NUMBER
    assert client.get(f"{AT}/documents/JC/SH-CX-99/export").status_code == 404


@pytest.mark.parametrize(
    ("params", "status", "code"),
    [
        ({"format": "odt"}, 422, "validation"),
        ({"as_of": "2026-02-30"}, 422, "bad_date"),
        ({"as_of": "2026-01-31"}, 404, "document_not_in_force"),
        ({"copy": 0}, 422, "validation"),
        ({"copy": 9}, 404, "copy_not_found"),
        ({"copy": 1, "raw": 1}, 422, "raw_copy"),
    ],
)
def test_export_that_cannot_be_made_is_refused_and_not_recorded(
    client: TestClient, home: Path, params: dict[str, Any], status: int, code: str
) -> None:
    rows = rows_in(home)
    answer = client.get(EXPORT, params=params)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert rows_in(home) == rows


def hand_out(home: Path, *logins: str) -> None:
    with opened(home) as session:
        organisation = find_organisation(session, "JC")
        document = find_document(session, organisation.id, NUMBER)
        revision = revision_in_force(session, document, date(2026, 3, 1))
        assert revision is not None
        holders = [CopyHolder(login) for login in logins]
        issue(session, organisation, document, revision, holders, medium=Medium.ELECTRONIC, by=SYSTEM, at=moment(3, 1))


def test_registered_copy_is_for_its_holder_and_recorded(client: TestClient, home: Path) -> None:
    hand_out(home, "jia", "ding")
    log_in_as(client, "ding")
    answer = client.get(EXPORT, params={"copy": 2, "format": "html"})
    assert "受控 · 分发号 02 · 持有人 丁四（ding）" in answer.text
    assert client.get(EXPORT, params={"copy": 1}).status_code == 403
    log_in_as(client, "bing")
    assert "分发号 01 · 持有人 贾一（jia） · 发放人 邴三（bing）" in client.get(EXPORT, params={"copy": 1, "format": "html"}).text
    assert [(entry.by, entry.details["copy_number"]) for entry in trail(home, "document:download")] == [("ding", 2), ("bing", 1)]
