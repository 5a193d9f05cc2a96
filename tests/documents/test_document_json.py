"""JSON that programs rely on."""

from __future__ import annotations

from small_firm import COMPLAINT, REPAIR, advance, day, found, moment, with_drafts
from sqlmodel import Session

from service.documents.queries import current
from service.documents.schemas import line, revision_json


def test_line_of_a_document_list_has_the_promised_fields(undone: Session) -> None:
    firm = with_drafts(undone)
    revision = advance(undone, firm, COMPLAINT, at=moment(2, 1), effective_on=day(3, 1))
    lines = {shown.title: shown.model_dump(mode="json") for shown in map(line, current(undone, firm.organisation.id, day(3, 1)))}
    assert lines[COMPLAINT] == {
        "number": "JC/SH-CX-02",
        "title": COMPLAINT,
        "kind": "procedure",
        "edition": "A",
        "revision_number": 0,
        "label": "A/0",
        "status": "released",
        "effective_on": "2026-03-01",
        "fingerprint": revision.fingerprint,
        "department": "service",
    }
    assert (lines[REPAIR]["status"], lines[REPAIR]["effective_on"], lines[REPAIR]["fingerprint"]) == ("draft", None, "")


def test_revision_as_json_says_what_changed_and_when(undone: Session) -> None:
    firm = with_drafts(undone)
    advance(undone, firm, COMPLAINT, at=moment(2, 1), effective_on=day(3, 1))
    revision = found(undone, firm, COMPLAINT)[1]
    assert revision_json(revision) == {
        "label": "A/0",
        "title": COMPLAINT,
        "status": "released",
        "change_summary": "首次发布",
        "released_on": day(2, 1),
        "effective_on": day(3, 1),
        "obsolete_on": None,
        "fingerprint": revision.fingerprint,
    }
