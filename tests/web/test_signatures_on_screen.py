"""The page of a document names everybody who signed it, and says what was signed by an exception."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from house import database_of
from small_firm import moment
from sqlmodel import select

from service.approvals.models import DutyException, Signoff
from service.approvals.rules import Meaning
from service.db import open_database, writing
from service.documents.queries import find_document, revisions
from service.organisations.queries import find_organisation
from web.reading import read

NUMBER = "JC/SH-CX-01"
PAGE = f"/organisations/JC/documents/{NUMBER}"


def signed_differently(home: Path) -> None:
    """Two countersigners, and 丁四 has approved what he prepared."""
    engine = open_database(database_of(home))
    with writing(engine) as session:
        firm = find_organisation(session, "JC")
        revision = revisions(session, find_document(session, firm.id, NUMBER))[-1]
        days: dict[str, Any] = {
            "valid_from": date(2026, 1, 1),
            "valid_until": date(2026, 12, 31),
            "granted_at": moment(1, 1),
            "granted_by": "jia",
        }
        words: dict[str, Any] = {"login": "ding", "name": "丁四", "meanings": ["prepare", "approve"], "reason": "<b>只有一人</b>"}
        exception = DutyException(organisation_id=firm.id, **words, **days)
        session.add(exception)
        session.flush()
        own = select(Signoff).where(Signoff.revision_id == revision.id, Signoff.meaning == Meaning.APPROVE)
        approved = session.exec(own).one()
        approved.login, approved.name, approved.post, approved.exception_id = "ding", "丁四", "服务部经理", exception.id
        for login, name, post in (("bing", "邴三", "文控员"), ("wu", "戊五", "质量部经理")):
            shared: dict[str, Any] = {
                "revision_id": revision.id,
                "meaning": Meaning.COUNTERSIGN,
                "at": approved.at,
                "fingerprint": revision.fingerprint,
            }
            session.add(Signoff(organisation_id=firm.id, login=login, name=name, post=post, post_key=login, seal="", **shared))
    engine.dispose()


def test_everybody_who_signed_stands_on_the_page_with_post_and_day(client: TestClient, home: Path) -> None:
    signed_differently(home)
    words = "".join(read(client.get(PAGE)).words.split())
    for name, post in (("邴三", "文控员"), ("戊五", "质量部经理")):
        assert f"会签{name}{post}2026年1月18日" in words
    assert "编制丁四服务部经理2026年1月18日" in words


def test_exception_is_told_with_reason_end_and_who_granted_it(client: TestClient, home: Path) -> None:
    assert "例外" not in read(client.get(PAGE)).words
    signed_differently(home)
    page = client.get(PAGE)
    note = "注：编制与批准由同一人（丁四）完成，依据例外批准（理由：<b>只有一人</b>；有效期至 2026-12-31；批准人 贾一）。"
    assert note in read(page).words
    assert "<b>只有一人</b>" not in page.text
