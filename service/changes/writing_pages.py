"""Pages on which a change request is written: a new one, a draft of it, one over changed values; and what a change would touch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from service import clock
from service.changes import actions
from service.changes.api import Requester, Viewer, request_tag, visible_request
from service.changes.gather import impact_on
from service.changes.guards import allowed_steps
from service.changes.models import ChangeRequest
from service.changes.queries import rows_of
from service.changes.rules import (
    CHANGE_NAMES,
    CREATABLE,
    LONGEST_TEXT,
    LONGEST_TITLE,
    MOST_ITEMS,
    STATUS_NAMES,
    ChangeKind,
    ChangeStep,
    Wanted,
)
from service.changes.typed import positions, typed_items, usual_items
from service.changes.values import TITLE, open_for_values, propose_for_values, shown
from service.documents.choices import Choice, member_choices, picked
from service.documents.queries import find_document
from service.documents.rules import KIND_NAMES
from service.errors import Conflict, Refused
from service.organisations.api import Member, allowed, allowed_to_write
from service.organisations.pages import organisation_page
from service.organisations.queries import chart_on
from service.organisations.roles import Act, may
from service.organisations.rules import departments_of, require
from service.organisations.shipped import catalogue
from service.standards.shipped import standard
from service.web.depends import Reading, Writing
from service.web.forms import NOTHING, Filled, Form, attempt, see
from service.web.once import PageRoute

router = APIRouter(prefix="/organisations/{code}/changes", route_class=PageRoute)

DocumentNumber = Annotated[str, Query(max_length=300, description="文件编号或名称")]
MayRequest = Annotated[Member, allowed(Act.REQUEST_CHANGE)]


@router.get("/new")
def new(member: MayRequest, session: Reading, document: DocumentNumber = "") -> HTMLResponse:
    rows = member_choices(session, member)
    chosen = picked(document, rows) if document else None
    items = [Wanted(ChangeKind.REVISE, chosen.number)] if chosen else []
    return _form(session, member, rows, usual=usual_items(items, rows))


@router.post("")
def open_request(member: Requester, session: Writing, form: Form) -> Response:
    rows = member_choices(session, member)
    if form["then"] == "add":
        return _form(session, member, rows, form, more=1)
    wanted, (title, reason) = typed_items(form, rows), _words(form)
    by, at = member.actor(session), clock.now()

    def act() -> ChangeRequest:
        made = actions.open_request(session, member.organisation, title=title, reason=reason, items=wanted, by=by, at=at)
        _submit_if_wanted(session, member, made, form)
        return made

    made = attempt(session, form, act)
    if made is None:
        return _form(session, member, rows, form, status=422)
    return _led(member, made.number, form, "已保存")


@router.get("/from-values")
def from_values(member: Viewer, session: Reading) -> HTMLResponse:
    return _outdated(session, member)


@router.post("/from-values")
def open_from_values(member: Annotated[Member, allowed_to_write(Act.REQUEST_CHANGE)], session: Writing, form: Form) -> Response:
    by, at = member.actor(session), clock.now()
    require(by, Act.READ_ALL)  # the page itself tells of documents
    numbers, title = form.texts("document"), form.text("title", required="请填写更改标题", longest=LONGEST_TITLE)

    def act() -> ChangeRequest:
        if not numbers:
            raise Refused("请勾选需要更改的文件", code="nothing_chosen")
        return open_for_values(session, member.organisation, catalogue=catalogue(), by=by, at=at, numbers=numbers, title=title)

    made = attempt(session, form, act)
    if made is None:
        return _outdated(session, member, form, 422)
    return see(_address(member, made.number), f"已填写申请 {made.number}，核对后请提交审批")


@router.get("/impact")
def impact(request: Request, member: Viewer, session: Reading, document: DocumentNumber = "") -> HTMLResponse:
    """What a change of a document would touch; asked by htmx, only the list itself."""
    rows = member_choices(session, member)
    chosen = picked(document, rows) if document else None
    found = None
    if chosen:
        row = find_document(session, member.organisation.id, chosen.number)
        found = impact_on(session, member.organisation, row, member.today, standard=standard(), catalogue=catalogue())
    template = "changes/_impact_found.html" if "hx-request" in request.headers else "changes/impact.html"
    return organisation_page(template, member, "changes", choices=rows, typed=document, chosen=chosen, impact=found)


@router.get("/{number}/edit")
def edit(number: str, member: MayRequest, session: Reading) -> HTMLResponse:
    found = visible_request(session, member, number)
    return _editing(session, member, found)


@router.post("/{number}/edit")
def save(number: str, member: Requester, session: Writing, form: Form) -> Response:
    found = visible_request(session, member, number, lock=True)
    rows = member_choices(session, member)
    if form["then"] == "add":
        return _editing(session, member, found, form, more=1)
    wanted, (title, reason) = typed_items(form, rows), _words(form)
    by, at = member.actor(session), clock.now()

    def act() -> bool:
        if form["standing"] != request_tag(found, rows_of(session, found)):
            raise Conflict("申请已被他人修改；您填写的内容还在下面，请先在另一页核对最新内容再保存", code="request_changed")
        actions.edit(session, member.organisation, found, title=title, reason=reason, items=wanted, by=by, at=at)
        _submit_if_wanted(session, member, found, form)
        return True

    if not attempt(session, form, act):
        return _editing(session, member, found, form, status=422)
    return _led(member, number, form, "已保存")


def _submit_if_wanted(session: Session, member: Member, made: ChangeRequest, form: Filled) -> None:
    if form["then"] == "submit":
        by, at = member.actor(session), clock.now()
        actions.submit(session, member.organisation, made, standard=standard(), catalogue=catalogue(), by=by, at=at)


def _led(member: Member, number: str, form: Filled, said: str) -> Response:
    said = "已提交，批准人会收到通知" if form["then"] == "submit" else f"{said}，核对后请提交审批"
    return see(_address(member, number), f"申请 {number} {said}")


def _address(member: Member, number: str) -> str:
    return f"/organisations/{member.organisation.code}/changes/{number}"


def _words(form: Filled) -> tuple[str, str]:
    title = form.text("title", required="请填写更改标题", longest=LONGEST_TITLE)
    needed = "提交审批前请填写更改原因" if form["then"] == "submit" else ""
    return title, form.text("reason", required=needed, longest=LONGEST_TEXT)


def _editing(
    session: Session, member: Member, found: ChangeRequest, form: Filled = NOTHING, *, status: int = 200, more: int = 0
) -> HTMLResponse:
    """The form of a draft; refused to whoever may not edit it now."""
    if ChangeStep.EDIT not in allowed_steps(found, member.actor(session)):
        message = f"申请 {found.number} {STATUS_NAMES[found.status]}，只有填写中的申请可以由申请人或文控员修改"
        raise Refused(message, code="step_refused")
    stored, rows = rows_of(session, found), member_choices(session, member)
    usual = usual_items(actions.wanted_of(stored), rows) | {"title": found.title, "reason": found.reason}
    standing = form["standing"] or request_tag(found, stored)
    return _form(session, member, rows, form, usual=usual, standing=standing, number=found.number, status=status, more=more)


def _form(
    session: Session, member: Member, rows: Sequence[Choice], form: Filled = NOTHING, *, more: int = 0, status: int = 200, **context: Any
) -> HTMLResponse:
    """`more`: how many empty items are added to those that are there."""
    usual = context.get("usual", {})
    items = positions(form if form.values else Filled({name: (value,) for name, value in usual.items()}))
    items += [items[-1] + step for step in range(1, more + 1) if len(items) < MOST_ITEMS]
    departments = departments_of(chart_on(session, member.organisation.id, member.today))
    return organisation_page(
        "changes/form.html",
        member,
        "changes",
        status=status,
        filled=form,
        choices=rows,
        items=items,
        kinds=[(kind.value, name) for kind, name in CHANGE_NAMES.items()],
        document_kinds=[(kind.value, KIND_NAMES[kind]) for kind in CREATABLE],
        departments=[(row.key, row.name) for row in departments],
        **{"usual": {}, "standing": "", "number": "", **context},
    )


def _outdated(session: Session, member: Member, form: Filled = NOTHING, status: int = 200) -> HTMLResponse:
    rows = propose_for_values(session, member.organisation, member.today, catalogue=catalogue())
    return organisation_page(
        "changes/from_values.html",
        member,
        "changes",
        status=status,
        filled=form,
        rows=rows,
        free=[row for row in rows if not row.waiting],
        in_words=shown,
        usual_title=TITLE,
        may_open=may(member.roles, Act.REQUEST_CHANGE),
    )
