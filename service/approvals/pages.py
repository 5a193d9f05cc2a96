"""The page on which a revision is read, compared, commented, signed or returned."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from service import clock
from service.accounts.second_factor import has_second_factor
from service.approvals.case import Case
from service.approvals.claimed import carried_forms, claimed_indicators
from service.approvals.comment_queries import comments_on, find_comment
from service.approvals.comments import comment, resolve
from service.approvals.models import Comment
from service.approvals.notices import NEXT
from service.approvals.permission import obsolete_refusal, refusals
from service.approvals.queries import exceptions_by_id, return_reasons, returned, signoffs
from service.approvals.rules import SIGNS, STEP_ACTS, STEP_NAMES, Step, steps_from
from service.approvals.signing_forms import OBSOLETE, carry_out, identify, make_obsolete, seen_of
from service.approvals.steps import exception_notes, stages
from service.approvals.waiting import waiting
from service.documents.models import Document, Revision
from service.documents.queries import find_document, of_day, revisions
from service.documents.rules import Status, state_name
from service.documents.texts import Compared, SetText, compared, set_text, text_html
from service.errors import ServiceError
from service.organisations.api import Member, allowed, allowed_to_write
from service.organisations.pages import organisation_page
from service.organisations.roles import Act, may
from service.settings import settings
from service.standards.shipped import standard
from service.web.depends import Reading, Writing
from service.web.forms import Filled, Form, attempt, see
from service.web.once import PageRoute

router = APIRouter(prefix="/organisations/{code}/documents", route_class=PageRoute)
View = Literal["text", "changes"]
Viewer = Annotated[Member, allowed(Act.READ_ALL)]
Taker = Annotated[Member, allowed_to_write(*dict.fromkeys(STEP_ACTS.values()))]
"""Which act a step takes depends on the step; the action asks."""
Commenter = Annotated[Member, allowed_to_write(Act.COMMENT)]


@router.get("/{number:path}/approval")
def approval(number: str, member: Viewer, session: Reading, view: View = "text") -> HTMLResponse:
    return _page(session, member, find_document(session, member.organisation.id, number), view)


@router.post("/{number:path}/approval")
def take_step(number: str, member: Taker, session: Writing, form: Form) -> Response:
    """The step that the form names; a signature takes the password again."""
    member.caller.require_person()
    document, at = find_document(session, member.organisation.id, number), clock.now()
    wanted = form["step"]
    step = Step(wanted) if wanted in set(Step) else None
    if step is None and wanted != OBSOLETE:
        form.fault = "请选择要办理的步骤"
    _check(form, step)
    status = 422
    if step in SIGNS and not form.faults and not form.fault:
        status = identify(session, member, form, at=at)
    said = None
    if not form.faults and not form.fault:
        said = attempt(
            session,
            form,
            lambda: (
                carry_out(session, member, document, step, form, at=at) if step else make_obsolete(session, member, document, form, at=at)
            ),
        )
    if said is None:
        return _page(session, member, document, _view(form), filled=form, status=422 if status == 200 else status)
    return see(_address(member, document), f"{document.number}：{said}")


@router.post("/{number:path}/approval/comments")
def add_comment(number: str, member: Commenter, session: Writing, form: Form) -> Response:
    document = find_document(session, member.organisation.id, number)
    text = form.text("text", required="请写明意见", longest=1000)
    revision = revisions(session, document)[-1]
    made = attempt(
        session,
        form,
        lambda: comment(session, document, revision, form["section"], text, by=member.actor(session), at=clock.now()),
    )
    if made is None:
        return _page(session, member, document, _view(form), filled=form, status=422)
    return see(f"{_address(member, document, _view(form))}#comments", "意见已记录，编制人会在本页看到")


@router.post("/{number:path}/approval/comments/{comment_id}/resolve")
def resolve_comment(number: str, comment_id: UUID, member: Commenter, session: Writing, form: Form) -> Response:
    document = find_document(session, member.organisation.id, number)
    row = find_comment(session, document, comment_id)
    attempt(session, form, lambda: resolve(session, document, row, by=member.actor(session), at=clock.now()))
    if form.fault:
        return _page(session, member, document, _view(form), filled=form, status=422)
    return see(f"{_address(member, document, _view(form))}#comments", "意见已标记为已处理")


def _check(form: Filled, step: Step | None) -> None:
    """What can be told at its field before the action is asked."""
    if step is Step.RELEASE:
        form.day("effective_on", required="请填写实施日期")
    elif step is Step.RETURN:
        form.text("reason", required="请写明退回的原因", longest=2000)
    elif step in SIGNS:
        form.text("comment", longest=2000)
    elif form["step"] == OBSOLETE:
        form.text("reason", required="请写明作废的原因", longest=2000)
        form.day("on", required="请填写作废日期")


def _view(form: Filled) -> View:
    return "changes" if form["view"] == "changes" else "text"


def _address(member: Member, document: Document, view: View = "text") -> str:
    asked = "?view=changes" if view == "changes" else ""
    return f"/organisations/{member.organisation.code}/documents/{quote(document.number)}/approval{asked}"


def _page(session: Session, member: Member, document: Document, view: View, *, status: int = 200, **context: Any) -> HTMLResponse:
    owner, history = member.organisation, revisions(session, document)
    revision, at = history[-1], clock.now()
    case = Case(session, revision, member.actor(session), at)
    signed = signoffs(session, revision)
    refused = refusals(session, revision, case.by, at=at)
    released = next((row for row in reversed(history) if row.status is Status.RELEASED), revision)
    forms = carried_forms(session, revision)
    current = of_day(history, member.today)
    return organisation_page(
        "approvals/approval.html",
        member,
        "signing",
        status=status,
        document=document,
        revision=revision,
        current=current if current is not revision else None,
        state=state_name(revision.status, revision.effective_on, revision.obsolete_on, member.today),
        stages=stages(case, signed),
        notes=exception_notes(signed, exceptions_by_id(session, owner.id)),
        turn=next(iter(waiting(session, owner, at=at, document=document.id)), None),
        steps=[step for step in steps_from(revision.status) if refused[step] is None],
        refusal=_refusal(revision, refused),
        may_obsolete=revision.status is Status.RELEASED and obsolete_refusal(document, released, case.by, revision) is None,
        step_names=STEP_NAMES,
        may_draft=may(member.roles, Act.DRAFT, document.department),
        seen=seen_of(revision),
        second_factor=has_second_factor(member.caller.user),
        claims=claimed_indicators(session, [(document, revision), *forms], standard()),
        carrier=_carrier(session, revision),
        forms=[(each, one, _read(session, member, each, one)) for each, one in forms],
        **_text(session, member, document, revision, current, view),
        **_comments(session, member, document, revision),
        **context,
    )


def _refusal(revision: Revision, refused: dict[Step, ServiceError | None]) -> str:
    """Why this member may not take the step that is next; "" if he may."""
    step = Step.SUBMIT if revision.status is Status.DRAFT else NEXT.get(revision.status)
    fault = refused[step] if step else None
    return fault.message if fault else ""


def _carrier(session: Session, revision: Revision) -> Document | None:
    """The document together with which this record form is signed."""
    if revision.carrier_id is None:
        return None
    return session.get_one(Document, session.get_one(Revision, revision.carrier_id).document_id)


def _set(session: Session, member: Member, document: Document, revision: Revision) -> SetText:
    return set_text(session, member.organisation, document, revision, settings().data)


def _read(session: Session, member: Member, document: Document, revision: Revision) -> str:
    return text_html(_set(session, member, document, revision))


def _text(session: Session, member: Member, document: Document, revision: Revision, current: Revision | None, view: View) -> dict[str, Any]:
    """The text or the changes against the revision in force. A draft that cannot be read as it is says why."""
    other = current if current is not revision else None
    found: dict[str, Any] = {
        "view": "changes" if view == "changes" and other else "text",
        "text": "",
        "found": None,
        "sections": (),
        "prefix": "",
    }
    try:
        new = _set(session, member, document, revision)
        changes: Compared | None = compared(_set(session, member, document, other), new) if other and view == "changes" else None
    except ServiceError as fault:
        return found | {"unreadable": str(fault)}
    text = "" if changes else text_html(new)
    return found | {"unreadable": "", "text": text, "found": changes, "sections": new.sections, "prefix": new.prefix}


def _comments(session: Session, member: Member, document: Document, revision: Revision) -> dict[str, Any]:
    rows = comments_on(session, revision)

    def resolvable(row: Comment) -> bool:
        own = row.login == member.caller.user.login
        return may(member.roles, Act.COMMENT) and (own or may(member.roles, Act.DRAFT, document.department))

    last = returned(session, document.organisation_id).get(revision.id) if revision.status is Status.DRAFT else None
    return {
        "open_comments": [(row, resolvable(row)) for row in rows if row.resolved_at is None],
        "resolved_comments": [row for row in rows if row.resolved_at is not None],
        "may_comment": may(member.roles, Act.COMMENT) and revision.status is not Status.RELEASED,
        "sent_back": return_reasons(session, document.organisation_id, [document.number]).get(document.number) if last else None,
    }
