"""JSON of controlled documents."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from service.clock import today
from service.documents import queries
from service.documents.schemas import DocumentLine, line, revision_json
from service.organisations.api import Owner
from service.web.depends import AsOf, Reading

router = APIRouter(prefix="/organisations/{code}/documents", tags=["documents"])


@router.get("")
def documents(owner: Owner, session: Reading, as_of: AsOf) -> list[DocumentLine]:
    """文件清单：给日期时为当日现行有效的，不给时为现行和在途的。"""
    pairs = queries.in_force(session, owner.id, as_of) if as_of else queries.current(session, owner.id, today(owner.time_zone))
    return [line(pair) for pair in pairs]


@router.get("/{number:path}")
def document(number: str, owner: Owner, session: Reading) -> dict[str, Any]:
    """一份文件及其全部修订。"""
    found = queries.find_document(session, owner.id, number)
    history = queries.revisions(session, found)
    return {
        "number": found.number,
        "kind": found.kind.value,
        "department": found.department,
        "revisions": [revision_json(revision) for revision in history],
        "text": history[-1].text or history[-1].source,
    }
