"""Pages of change requests: the list, one request with what may be done with it, and its printed forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from service import clock
from service.accounts.second_factor import has_second_factor
from service.approvals.signing_forms import identify
from service.changes import actions, decisions
from service.changes.api import Decider, Requester, Viewer, body_of, form_file, visible_request
from service.changes.guards import standing_against
from service.changes.models import ChangeRequest
from service.changes.queries import carried_out, documents_of, requests, status_of
from service.changes.rules import CHANGE_NAMES, DECISIONS, STATUS_NAMES, ChangeForm, ChangeKind, ChangeStatus, ChangeStep, FileFormat
from service.changes.schemas import RequestBody, request_line
from service.documents.choices import member_choices
from service.documents.rules import KIND_NAMES, Status, state_name
from service.organisations.api import Member, Reader
from service.organisations.pages import organisation_page
from service.organisations.queries import chart_on
from service.organisations.roles import Act, may
from service.organisations.rules import departments_of, names_by_key
from service.organisations.shipped import catalogue
from service.standards.shipped import standard
from service.web.depends import Reading, Writing
from service.web.forms import NOTHING, Filled, Form, attempt, see
from service.web.heavy import Heavy
from service.web.once import PageRoute
from service.web.portions import PageNumber, portion

router = APIRouter(prefix="/organisations/{code}/changes", route_class=PageRoute)

COLOURS = {
    ChangeStatus.DRAFT: "secondary",
    ChangeStatus.SUBMITTED: "indigo",
    ChangeStatus.APPROVED: "azure",
    ChangeStatus.REJECTED: "red",
    ChangeStatus.WITHDRAWN: "secondary",
    ChangeStatus.DONE: "green",
}
Words = Annotated[str, Query(max_length=200, description="编号、标题、文件编号或申请人中的文字")]
StatusChoice = Annotated[str, Query(max_length=20, description="申请的状态")]


@router.get("")
def changes(member: Reader, session: Reading, q: Words = "", status: StatusChoice = "", page: PageNumber = 1) -> HTMLResponse:
    """Whoever may not read all sees his own requests."""
    owner, sees_all = member.organisation.id, may(member.roles, Act.READ_ALL)
    done, documents = carried_out(session, owner), documents_of(session, owner)
    rows = requests(session, owner, None if sees_all else member.caller.user.login)
    lines = [request_line(row, status_of(row, done), documents.get(row.id, [])) for row in rows]
    words = q.strip().lower()
    found = [
        line
        for line in lines
        if status in ("", line.status.value) and words in " ".join((line.number, line.title, line.created_name, *line.documents)).lower()
    ]
    counted = {each: sum(line.status is each for line in lines) for each in ChangeStatus}
    shown = portion(found, page, {"q": q.strip(), "status": status})
    return organisation_page(
        "changes/list.html", member, "changes", shown=shown, counted=counted, q=q, chosen=status, names=STATUS_NAMES, colours=COLOURS
    )


@router.get("/{number}")
def change(number: str, member: Reader, session: Reading) -> HTMLResponse:
    return _change(session, member, visible_request(session, member, number))


@router.post("/{number}/submit")
def submit(number: str, member: Requester, session: Writing, form: Form) -> Response:
    found, by, at = visible_request(session, member, number), member.actor(session), clock.now()

    def act() -> None:
        actions.submit(session, member.organisation, found, standard=standard(), catalogue=catalogue(), by=by, at=at)

    return _done(session, member, found, form, act, "已提交，批准人会收到通知")


@router.post("/{number}/withdraw")
def withdraw(number: str, member: Requester, session: Writing, form: Form) -> Response:
    found, by, at = visible_request(session, member, number), member.actor(session), clock.now()
    return _done(session, member, found, form, lambda: actions.withdraw(session, found, by=by, at=at), "已撤回")


@router.post("/{number}/decide")
def decide(number: str, member: Decider, session: Writing, form: Form) -> Response:
    """Approve or reject, after the password once more: nobody signs at somebody else's screen."""
    found, by, at = visible_request(session, member, number), member.actor(session), clock.now()
    step = form.choice("step", ChangeStep, required="请选择批准或否决")
    comment = form.text("comment", longest=2000)
    if step is ChangeStep.REJECT and not comment:
        form.faults["comment"] = "否决时请写明理由"
    if step not in DECISIONS:
        form.faults["step"] = form.fault = "请选择批准或否决"
    status = 422 if form.faults else identify(session, member, form, at=at)
    if status != 200:
        form.fault = form.fault or "有的栏目需要更正，请看各栏下面的说明"
        return _change(session, member, found, form, status)
    decided = decisions.approve if step is ChangeStep.APPROVE else decisions.reject
    said = "已批准，各文件的草稿已经生成" if step is ChangeStep.APPROVE else "已否决，申请人会收到通知"
    owner = member.organisation
    return _done(session, member, found, form, lambda: decided(session, owner, found, by=by, at=at, comment=comment), said)


@router.get("/{number}/form.{file_format}", dependencies=[Heavy])
def form(number: str, file_format: FileFormat, member: Reader, session: Reading) -> Response:
    return form_file(session, member, number, ChangeForm.FORM, file_format, whole=may(member.roles, Act.READ_ALL))


@router.get("/{number}/notice.{file_format}", dependencies=[Heavy])
def notice(number: str, file_format: FileFormat, member: Viewer, session: Reading) -> Response:
    return form_file(session, member, number, ChangeForm.NOTICE, file_format)


@router.get("/{number}/change-pages.{file_format}", dependencies=[Heavy])
def change_pages(number: str, file_format: FileFormat, member: Viewer, session: Reading) -> Response:
    return form_file(session, member, number, ChangeForm.CHANGE_PAGES, file_format)


def _done(session: Session, member: Member, found: ChangeRequest, form: Filled, act: Callable[[], object], said: str) -> Response:
    attempt(session, form, act)
    if form.fault:
        return _change(session, member, found, form, 422)
    return see(f"/organisations/{member.organisation.code}/changes/{found.number}", f"申请 {found.number} {said}")


def _change(session: Session, member: Member, found: ChangeRequest, filled: Filled = NOTHING, status: int = 200) -> HTMLResponse:
    body = body_of(session, member, found)
    by, waiting = member.actor(session), body.status is ChangeStatus.SUBMITTED
    against = standing_against(found, ChangeStep.APPROVE, by) if waiting and may(member.roles, Act.DECIDE_CHANGE) else None
    return organisation_page(
        "changes/change.html",
        member,
        "changes",
        status=status,
        filled=filled,
        change=body,
        titles={row.number: row.title for row in member_choices(session, member)},
        files=_files(body, may(member.roles, Act.READ_ALL)),
        against=against,
        second_factor=has_second_factor(member.caller.user),
        states={item.number: state_name(item.status, item.effective_on, None, member.today) for item in body.items if item.status},
        departments=names_by_key(departments_of(chart_on(session, member.organisation.id, member.today))),
        names=STATUS_NAMES,
        kinds=CHANGE_NAMES,
        document_kinds=KIND_NAMES,
        colours=COLOURS,
    )


def _files(body: RequestBody, whole: bool) -> list[tuple[str, ChangeForm]]:
    """The printed forms that exist: the notice once something is released or ended, the pages of changes once a draft is approved."""
    found = [("文件更改申请单", ChangeForm.FORM)]
    if not whole or (body.decision and body.decision.fault):
        return [] if body.decision and body.decision.fault else found
    released = any(item.status is Status.RELEASED for item in body.items)
    ended = body.status is ChangeStatus.DONE and any(item.kind is ChangeKind.OBSOLETE for item in body.items)
    approved = any(item.status in (Status.APPROVED, Status.RELEASED) and item.former_label for item in body.items)
    found += [("文件更改通知", ChangeForm.NOTICE)] if released or ended else []
    found += [("修改页", ChangeForm.CHANGE_PAGES)] if approved else []
    return found
