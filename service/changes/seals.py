"""The seal of a decision: SHA-256 over everything that was decided on and by whom, kept beside it and in the trail."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime

from sqlmodel import Session

from service.changes.models import ChangeRequest
from service.changes.queries import ItemRow, decisions_told, entry_at, requests, rows_of
from service.changes.rules import DECIDED, DECISION_ACTIONS
from service.organisations.models import Organisation
from service.trail.rules import canonical, canonical_json


def decision_seal(code: str, request: ChangeRequest, rows: Iterable[ItemRow]) -> str:
    """64 hex digits over the organisation's code, the request, its items in their order, and the decision; each field by its length
    (see `canonical`), moments in UTC, no database id."""
    own = (
        code,
        request.number,
        request.title,
        request.reason,
        _moment(request.created_at),
        request.created_by,
        request.created_name,
        request.created_post,
        _moment(request.submitted_at),
        request.submitted_by,
        canonical_json(request.impact),
        request.status.value,
        _moment(request.decided_at),
        request.decided_by,
        request.decided_name,
        request.decided_post,
        request.comment,
    )
    return hashlib.sha256(canonical((*own, *(field for row in rows for field in _item(row))))).hexdigest()


def _item(row: ItemRow) -> tuple[str, ...]:
    item = row.item
    return (
        str(item.position),
        item.kind.value,
        row.document.number if row.document else "",
        item.title,
        item.document_kind.value if item.document_kind else "",
        item.department,
        item.section,
        item.proposed,
        row.former.label if row.former else "",
        row.revision.label if row.revision else "",
    )


def _moment(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat() if at else ""


def seal_fault(session: Session, organisation: Organisation, request: ChangeRequest, rows: Iterable[ItemRow] | None = None) -> str | None:
    """Why the decision can no longer be trusted (one Chinese sentence); None if it holds, or nothing was decided.

    `rows`: its items, if they are at hand.
    """
    if request.status not in DECIDED:
        traces = request.seal or request.decided_by or request.decided_entry
        return f"申请 {request.number} 已有审批记录，状态却被改成未审批" if traces else None
    entry = entry_at(session, organisation.id, request.decided_entry or 0)
    if entry is None or entry.action not in DECISION_ACTIONS or entry.subject_id != request.number:
        return f"申请 {request.number} 的审批在审计追踪中没有记录"
    if decision_seal(organisation.code, request, rows_of(session, request) if rows is None else rows) != request.seal:
        return f"申请 {request.number} 的内容或审批记录在审批之后被改动"
    return None if request.seal == entry.details.get("seal") else f"申请 {request.number} 的审批记录与审计追踪不符"


def verify_decisions(session: Session, organisation: Organisation) -> list[str]:
    """Everything that is wrong with the decisions of an organisation, also those that somebody deleted or took back unseen.

    It trusts the trail, which is to be verified first (`service.trail.queries.verify`).
    """
    found = requests(session, organisation.id)
    faults = [fault for request in reversed(found) if (fault := seal_fault(session, organisation, request))]
    decided = {request.decided_entry for request in found}
    lost = [entry for entry in decisions_told(session, organisation.id) if entry.position not in decided]
    return [*faults, *(f"审计追踪第 {entry.position} 条所记申请 {entry.subject_id} 的审批已不在数据库中" for entry in lost)]
