"""What the steps of a request share: who may take them, from where, on which documents; and their entry in the trail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from service.changes.models import ChangeRequest
from service.changes.queries import ItemRow, find_request, open_on
from service.changes.rules import DECISIONS, STATUS_NAMES, STEP_NAMES, TRANSITIONS, ChangeStatus, ChangeStep, steps_from
from service.documents.models import Document, Revision
from service.documents.queries import revisions
from service.documents.rules import Status
from service.errors import Forbidden, Refused, ServiceError
from service.organisations.roles import Act, Role, may, may_words
from service.organisations.rules import Actor, require
from service.trail.actions import record
from service.trail.models import TrailEntry

STEP_ACTS: Mapping[ChangeStep, Act] = {step: Act.DECIDE_CHANGE if step in DECISIONS else Act.REQUEST_CHANGE for step in ChangeStep}


def allowed_steps(request: ChangeRequest, by: Actor) -> tuple[ChangeStep, ...]:
    """The steps that this person may take now: the one question behind buttons and guards."""
    return tuple(step for step in steps_from(request.status) if standing_against(request, step, by) is None)


def begin(session: Session, request: ChangeRequest, step: ChangeStep, by: Actor) -> ChangeRequest:
    """The request as it is now, kept from others until the transaction ends, for somebody who takes a step.

    Forbidden for whoever may not take it at all; Refused if the request does not stand where it begins, to whoever asked for the change
    himself or edited the request (a decision), and without a post to sign under.
    """
    require(by, STEP_ACTS[step])
    request = find_request(session, request.organisation_id, request.number, lock=True)
    if (request.status, step) not in TRANSITIONS:
        possible = "、".join(STEP_NAMES[other] for other in steps_from(request.status)) or "无"
        message = f"申请 {request.number} {STATUS_NAMES[request.status]}，不能{STEP_NAMES[step]}；现在可以做的是：{possible}"
        raise Refused(message, code="step_refused")
    fault = standing_against(request, step, by)
    if fault:
        raise fault
    return request


def standing_against(request: ChangeRequest, step: ChangeStep, by: Actor) -> ServiceError | None:
    """Why this person may not take this step on this request, where it stands; None if he may."""
    what = f"{by.name}不能{STEP_NAMES[step]}申请 {request.number}"
    if not may(by.roles, STEP_ACTS[step]):
        return Forbidden(f"{what}：由{may_words(STEP_ACTS[step])}完成", code="not_allowed")
    if step not in DECISIONS:
        controls = any(each.role is Role.DOCUMENT_CONTROLLER for each in by.roles)
        own = by.login == request.created_by or controls
        return None if own else Forbidden(f"{what}：由申请人{request.created_name}或文控员完成", code="not_allowed")
    if by.login in (request.created_by, request.submitted_by):
        return Refused(f"{what}：申请人不能审批自己的申请", code="own_request")
    if by.login in request.edited_by:
        return Refused(f"{what}：修改过申请的人不能审批", code="own_request")
    return None if by.post_name else Refused(f"{what}：签署须注明岗位，而{by.name}目前没有岗位", code="post_missing")


def refuse_unchangeable(session: Session, request: ChangeRequest, rows: Iterable[ItemRow]) -> None:
    """Refused if a document of the request has nothing released that could be changed, or another approved request is at it."""
    documents = {row.document.id: row.document for row in rows if row.document}
    taken = open_on(session, request.organisation_id, documents, {ChangeStatus.APPROVED})
    for document in documents.values():
        newest = newest_released(session, document)
        if newest is None:
            raise Refused(f"文件 {document.number} 尚未发布，不用申请更改，请直接修改草稿", code="not_released")
        if newest.obsolete_on is not None:
            raise Refused(f"文件 {document.number} 已经作废，不能申请更改", code="document_obsolete")
        if document.id in taken:
            message = f"文件 {document.number} 的更改申请 {'、'.join(taken[document.id])} 已批准，尚未完成，请待其完成后再申请"
            raise Refused(message, code="change_open")


def newest_released(session: Session, document: Document) -> Revision | None:
    """The last revision that was released, whether in force yet or not."""
    released = [row for row in revisions(session, document) if row.status is Status.RELEASED]
    return released[-1] if released else None


def record_change(session: Session, request: ChangeRequest, verb: str, by: Actor, at: datetime, details: dict[str, Any]) -> TrailEntry:
    """Write what has changed, and one entry of the trail about it."""
    session.flush()
    return record(
        session,
        request.organisation_id,
        at=at,
        by=by.login,
        action=f"change:{verb}",
        subject="change_request",
        subject_id=request.number,
        details=details,
    )
