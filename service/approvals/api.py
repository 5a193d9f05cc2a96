"""JSON of the lifecycle: taking steps, what may be done now, and who has signed."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Response
from sqlmodel import Session

from service import clock
from service.accounts.identity import unauthenticated
from service.accounts.login import confirm_identity
from service.approvals import actions
from service.approvals.permission import allowed_steps, obsolete_refusal, refusals
from service.approvals.queries import exceptions_by_id, signoffs, signoffs_of_document
from service.approvals.rules import OBSOLETE_ACT, RETURN_ACTS, STEP_ACTS, Step
from service.approvals.schemas import (
    MakingObsolete,
    Releasing,
    Returning,
    Reviewing,
    Signing,
    SigningText,
    SignoffLine,
    StepAnswer,
    StepsBody,
    signoff_line,
    steps_body,
)
from service.documents import queries
from service.documents.api import draft_tag
from service.documents.models import Document, Revision
from service.documents.rules import STATUS_NAMES, Status
from service.errors import InputError, Refused, Stale
from service.organisations.api import Member, allowed, allowed_to_write
from service.organisations.roles import Act
from service.organisations.shipped import catalogue
from service.standards.shipped import standard
from service.web.depends import Reading, Writing
from service.web.etag import IfMatch, require_match
from service.web.faults import PROBLEMS
from service.web.once import OnceRoute
from service.web.paging import USUAL, Cursor, Limit, Page, paged

router = APIRouter(prefix="/organisations/{code}/documents", tags=["signoffs"], route_class=OnceRoute, responses=PROBLEMS)
Preparer = Annotated[Member, allowed_to_write(STEP_ACTS[Step.SUBMIT])]
Reviewer = Annotated[Member, allowed_to_write(STEP_ACTS[Step.REVIEW])]
Countersigner = Annotated[Member, allowed_to_write(STEP_ACTS[Step.COUNTERSIGN])]
Approver = Annotated[Member, allowed_to_write(STEP_ACTS[Step.APPROVE])]
Controller = Annotated[Member, allowed_to_write(OBSOLETE_ACT)]
Returner = Annotated[Member, allowed_to_write(*RETURN_ACTS.values())]
"""Who may return depends on where the text stands; the action asks."""
AllReader = Annotated[Member, allowed(Act.READ_ALL)]


@router.post("/{number:path}/submit")
def submit(number: str, body: Signing, member: Preparer, session: Writing, response: Response, if_match: IfMatch = None) -> StepAnswer:
    """提交审核：编制人签署，正文按当日企业参数定稿。"""
    document, revision = _running(session, member, number, if_match)
    known: dict[str, Any] = {"standard": standard(), "catalogue": catalogue()}
    signing = _signing(session, member, body)
    actions.submit(session, member.organisation, document, revision, **known, **signing)
    return _answer(session, member, document, revision, response)


@router.post("/{number:path}/review")
def review(number: str, body: Reviewing, member: Reviewer, session: Writing, response: Response, if_match: IfMatch = None) -> StepAnswer:
    """审核：审核人签署，并确认指标对应。"""
    document, revision = _seen(session, member, number, if_match, body)
    signing = _signing(session, member, body)
    count = actions.review(session, document, revision, standard=standard(), confirmed=body.confirmed, **signing)
    return _answer(session, member, document, revision, response).model_copy(update={"confirmed": count})


@router.post("/{number:path}/countersign")
def countersign(
    number: str, body: SigningText, member: Countersigner, session: Writing, response: Response, if_match: IfMatch = None
) -> StepAnswer:
    """会签：按审批规则列出的岗位签署，不分先后。"""
    document, revision = _seen(session, member, number, if_match, body)
    actions.countersign(session, document, revision, **_signing(session, member, body))
    return _answer(session, member, document, revision, response)


@router.post("/{number:path}/approve")
def approve(number: str, body: SigningText, member: Approver, session: Writing, response: Response, if_match: IfMatch = None) -> StepAnswer:
    """批准：批准人签署；发布后才生效。"""
    document, revision = _seen(session, member, number, if_match, body)
    actions.approve(session, document, revision, **_signing(session, member, body))
    return _answer(session, member, document, revision, response)


@router.post("/{number:path}/release")
def release(number: str, body: Releasing, member: Controller, session: Writing, response: Response, if_match: IfMatch = None) -> StepAnswer:
    """发布：自实施日期起现行有效。"""
    member.caller.require_person()
    document, revision = _running(session, member, number, if_match)
    on, by = body.effective_on or member.today, member.actor(session)
    actions.release(session, member.organisation, document, revision, by=by, at=clock.now(), effective_on=on)
    return _answer(session, member, document, revision, response)


@router.post("/{number:path}/return")
def return_(number: str, body: Returning, member: Returner, session: Writing, response: Response, if_match: IfMatch = None) -> StepAnswer:
    """退回：回到编制中，已有的签署作废。"""
    member.caller.require_person()
    document, revision = _running(session, member, number, if_match)
    actions.return_(session, document, revision, by=member.actor(session), at=clock.now(), reason=body.reason)
    return _answer(session, member, document, revision, response)


@router.post("/{number:path}/withdraw")
def withdraw(number: str, member: Preparer, session: Writing, response: Response, if_match: IfMatch = None) -> StepAnswer:
    """撤回：编制人在批准之前取回。"""
    member.caller.require_person()
    document, revision = _running(session, member, number, if_match)
    actions.withdraw(session, document, revision, by=member.actor(session), at=clock.now())
    return _answer(session, member, document, revision, response)


@router.post("/{number:path}/obsolete")
def obsolete(
    number: str, body: MakingObsolete, member: Controller, session: Writing, response: Response, if_match: IfMatch = None
) -> StepAnswer:
    """作废：自作废日期起该文件不再有效，只有它引用的记录表单随之作废。"""
    member.caller.require_person()
    document = queries.find_document(session, member.organisation.id, number)
    released = [row for row in queries.revisions(session, document) if row.status is Status.RELEASED]
    if not released:
        raise Refused(f"文件 {number} 没有发布过，不能作废", code="not_in_force")
    revision = released[-1]
    _match(if_match, revision)
    on, by = body.on or member.today, member.actor(session)
    forms = actions.obsolete(session, document, revision, on=on, by=by, at=clock.now(), reason=body.reason)
    along = [form.number for form in forms]
    return _answer(session, member, document, revision, response).model_copy(update={"along": along})


@router.get("/{number:path}/signoffs")
def signed(number: str, member: AllReader, session: Reading, limit: Limit = USUAL, cursor: Cursor = None) -> Page[SignoffLine]:
    """全部修订的签署，包括已作废的；凭例外签署的附有理由。"""
    document = queries.find_document(session, member.organisation.id, number)
    exceptions = exceptions_by_id(session, member.organisation.id)
    page = paged(signoffs_of_document(session, document), lambda row: row[1].id.hex, limit, cursor)
    return Page(items=[signoff_line(revision, row, exceptions) for revision, row in page.items], next_cursor=page.next_cursor)


@router.get("/{number:path}/steps")
def steps(number: str, member: AllReader, session: Reading, response: Response) -> StepsBody:
    """本人现在可以对在途（没有时为最新）修订做什么，不能做的说明原因。"""
    document = queries.find_document(session, member.organisation.id, number)
    history = queries.revisions(session, document)
    revision, by = history[-1], member.actor(session)
    response.headers["ETag"] = draft_tag(revision)
    refused = refusals(session, revision, by, at=clock.now())
    released = next((row for row in reversed(history) if row.status is Status.RELEASED), revision)
    return steps_body(document, revision, refused, obsolete_refusal(document, released, by, revision))


def _running(session: Session, member: Member, number: str, if_match: str | None) -> tuple[Document, Revision]:
    """The document with its revision under way, locked; Stale if the caller has seen another state of it."""
    document = queries.find_document(session, member.organisation.id, number)
    revision = queries.running_revision(session, document, lock=True)
    _match(if_match, revision)
    return document, revision


def _seen(session: Session, member: Member, number: str, if_match: str | None, body: SigningText) -> tuple[Document, Revision]:
    """The same for a signature; Stale if the signer has seen another text than the one that stands there now."""
    document, revision = _running(session, member, number, if_match)
    if body.fingerprint is not None and body.fingerprint != revision.fingerprint:
        raise Stale("正文已不是您看到的内容，请重新阅读后再签署")
    return document, revision


def _match(if_match: str | None, revision: Revision) -> None:
    if if_match is not None:
        require_match(if_match, draft_tag(revision))


def _signing(session: Session, member: Member, body: Signing) -> dict[str, Any]:
    """Who signs now, and what he says: only the person himself, who has just shown again that it is he."""
    member.caller.require_person()
    if not body.password and not body.code:
        raise InputError("签署时请再次输入密码，或输入动态验证码", code="identity_missing")
    at = clock.now()
    denied = confirm_identity(session, member.caller.user, password=body.password, code=body.code, at=at)
    if denied is not None:
        raise unauthenticated(denied)
    return {"by": member.actor(session), "at": at, "comment": body.comment}


def _answer(session: Session, member: Member, document: Document, revision: Revision, response: Response) -> StepAnswer:
    response.headers["ETag"] = draft_tag(revision)
    exceptions = exceptions_by_id(session, member.organisation.id)
    return StepAnswer(
        number=document.number,
        label=revision.label,
        status=revision.status,
        status_name=STATUS_NAMES[revision.status],
        effective_on=revision.effective_on,
        steps=list(allowed_steps(session, revision, member.actor(session), at=clock.now())),
        signoffs=[signoff_line(revision, row, exceptions) for row in signoffs(session, revision)],
    )
