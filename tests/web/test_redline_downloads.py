"""Redlines as files, from the pages and by the JSON API: who gets them, what the trail says, what is refused."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from house import database_of
from lxml import html
from sqlmodel import Session, select

from service import clock
from service.db import open_database, writing
from service.documents.actions import draft_next, edit
from service.documents.queries import find_document, revisions
from service.organisations.queries import find_organisation, find_person, member_actor
from service.trail.models import TrailEntry

REPAIR = "JC/SH-CX-01"
AT, API = "/organisations/JC", "/api/v1/organisations/JC"
PAGE, FILE = f"{AT}/documents/{REPAIR}/compare", f"{AT}/documents/{REPAIR}/compare/file"
SIDES = "from=A/0&to=A/1"


@pytest.fixture(autouse=True)
def drafted(home: Path) -> None:
    """The next revision of a procedure has another time limit."""
    engine = open_database(database_of(home))
    with writing(engine) as session:
        firm = find_organisation(session, "JC")
        by = member_actor(session, firm, find_person(session, firm.id, "ding"), clock.today())
        document = find_document(session, firm.id, REPAIR)
        draft_next(session, document, by=by, at=clock.now(), change_summary="缩短时限")
        row = revisions(session, document)[-1]
        edit(session, document, row, row.source.replace("30 分钟", "20 分钟"), by=by, at=clock.now())
    engine.dispose()


def xml(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read("word/document.xml").decode()


def entries(home: Path, action: str) -> list[dict[str, Any]]:
    engine = open_database(database_of(home))
    with Session(engine) as session:
        found = [row.details for row in session.exec(select(TrailEntry).where(TrailEntry.action == action))]
    engine.dispose()
    return found


def test_the_page_leads_to_the_file_and_the_file_has_tracked_changes(client: TestClient) -> None:
    page: Any = html.fromstring(client.get(f"{PAGE}?{SIDES}").text)
    answer = client.get(page.get_element_by_id("redline-docx").get("href"))
    assert answer.status_code == 200
    assert 'filename="JC-SH-CX-01-A0-A1-redline.docx"' in answer.headers["content-disposition"]
    text = xml(answer.content)
    assert "30 分钟</w:delText>" in text
    assert "20 分钟</w:t></w:r></w:ins>" in text


def test_a_download_is_recorded_with_its_fingerprint(client: TestClient, home: Path) -> None:
    client.get(f"{FILE}?{SIDES}&format=html")
    [entry] = entries(home, "document:redline")
    assert (entry["from"], entry["to"], entry["file"]) == ("A/0", "A/1", "JC-SH-CX-01-A0-A1-redline.html")
    assert len(entry["sha256"]) == 64


@pytest.mark.parametrize(("query", "status"), [("from=A/0&to=B/7", 404), ("from=A/0", 422), (f"{SIDES}&format=pdf", 422)])
def test_what_is_not_there_is_refused(client: TestClient, query: str, status: int) -> None:
    assert client.get(f"{API}/documents/{REPAIR}/redline?{query}").status_code == status


def test_manuals_of_two_days_are_compared(client: TestClient, home: Path) -> None:
    answer = client.get(f"{API}/manuals/redline?from=2026-02-01&to=2026-03-01&format=docx")
    assert answer.status_code == 200, answer.text
    assert "售后服务管理手册修订对照" in xml(answer.content)
    assert [(each["from"], each["to"]) for each in entries(home, "manual:redline")] == [("2026-02-01", "2026-03-01")]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("from=2001-01-01&to=2026-03-01", 422),
        ("from=gestern&to=2026-03-01", 422),
        ("from=2026-03-01&to=00000000-0000-0000-0000-000000000001", 404),
    ],
)
def test_manuals_that_are_not_there_are_refused(client: TestClient, query: str, status: int) -> None:
    assert client.get(f"{API}/manuals/redline?{query}").status_code == status
