"""Pages on which copies are issued, and on which it is set whom a document is addressed to (发放范围)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from service import clock
from service.distribution.api import Controller, Viewer, recipients_tag
from service.distribution.issue import issue, issue_to_recipients
from service.distribution.models import Copy
from service.distribution.picking import labelled, teams, usable
from service.distribution.queries import copies_out, find_revision, numbers_of
from service.distribution.rules import LONGEST_NAME, LONGEST_NOTE, MEDIUM_NAMES, CopyHolder, Medium
from service.documents.choices import Choice, member_choices, picked
from service.documents.models import Document
from service.documents.queries import find_document
from service.documents.readers import lock_document, people_addressed, recipients, recipients_of
from service.documents.recipients import Addressees, addressees, set_recipients
from service.documents.rules import Status
from service.errors import Conflict, InputError
from service.organisations.api import Member, allowed
from service.organisations.pages import organisation_page
from service.organisations.queries import chart_on
from service.organisations.roles import Act
from service.organisations.rules import Chart, departments_of, names_by_key, posts_of
from service.text.model import Kind
from service.web.depends import Reading, Writing
from service.web.forms import NOTHING, Filled, Form, attempt, see
from service.web.once import PageRoute
from service.web.portions import PageNumber, portion

router = APIRouter(prefix="/organisations/{code}/copies", route_class=PageRoute)

Words = Annotated[str, Query(max_length=300)]
MayDistribute = Annotated[Member, allowed(Act.DISTRIBUTE)]
MOST_OUTSIDE = 50
"""Holders without a log-in name in one form."""


@router.get("/new")
def new(member: MayDistribute, session: Reading, document: Words = "", label: Annotated[str, Query(max_length=20)] = "") -> HTMLResponse:
    """First the document, then the holders: those whom it is addressed to and who have no copy yet are ticked."""
    offered = member_choices(session, member)
    chosen = picked(document, offered)
    return _issuing(session, member, offered, chosen, label=label, typed=document)


@router.post("")
def issue_copies(member: Controller, session: Writing, form: Form) -> Response:
    offered = member_choices(session, member)
    chosen = picked(form.text("document", required="请选择文件"), offered)
    if chosen is None:
        form.faults["document"] = form.fault = "没有这份文件，请输入编号或名称后从列表中选择"
        return _issuing(session, member, offered, None, form, 422)
    medium = form.choice("medium", Medium, required="请选择载体")
    on, remark, label = form.day("issued_on", required="请填写发放日期"), form.text("remark", longest=LONGEST_NOTE), form["label"]
    holders = [CopyHolder(login) for login in form.texts("login")] + _outside(form)

    def act() -> list[Copy]:
        if not holders:
            raise InputError("请至少选择一名持有人", code="holder_missing")
        document = find_document(session, member.organisation.id, chosen.number)
        revision = find_revision(session, document, label or None, member.today)
        by, at, kind = member.actor(session), clock.now(), medium or Medium.ELECTRONIC
        return issue(session, member.organisation, document, revision, holders, medium=kind, by=by, at=at, on=on, remark=remark)

    made = attempt(session, form, act)
    if made is None:
        return _issuing(session, member, offered, chosen, form, 422, label=label)
    return _led(member, chosen.number, f"已发放 {len(made)} 份受控本，持有人会收到签收通知")


@router.post("/to-recipients")
def issue_by_recipients(member: Controller, session: Writing, form: Form) -> Response:
    offered = member_choices(session, member)
    chosen = picked(form.text("document", required="请选择文件"), offered)

    def act() -> list[Copy]:
        if chosen is None:
            raise InputError("请先选择文件", code="document_missing")
        document = find_document(session, member.organisation.id, chosen.number)
        revision = find_revision(session, document, form["label"] or None, member.today)
        return issue_to_recipients(session, member.organisation, document, revision, by=member.actor(session), at=clock.now())

    made = attempt(session, form, act)
    if made is None or chosen is None:
        return _issuing(session, member, offered, chosen, Filled(fault=form.fault), 422, label=form["label"])
    return _led(member, chosen.number, f"已按发放范围发放 {len(made)} 份电子受控本")


@router.get("/recipients")
def scope(member: Viewer, session: Reading, document: Words = "", q: Words = "", page: PageNumber = 1) -> HTMLResponse:
    """Of one document; without one, of all."""
    offered = member_choices(session, member)
    chosen = picked(document, offered) if document else None
    if chosen:
        return _scope(session, member, find_document(session, member.organisation.id, chosen.number), chosen)
    named, chart = recipients(session, member.organisation.id), chart_on(session, member.organisation.id, member.today)
    words = q.strip().lower()
    rows = [(row, _in_words(row, addressees(named.get(row.id, [])), chart)) for row in offered if words in row.name.lower()]
    shown = portion(rows, page, {"q": q.strip()})
    return organisation_page("distribution/recipients_list.html", member, "copies", shown=shown, q=q, choices=offered)


@router.post("/recipients")
def address(member: Controller, session: Writing, form: Form) -> Response:
    number = form.text("document", required="请选择文件")
    document = find_document(session, member.organisation.id, number)
    wanted = Addressees(form["everybody"] == "yes", tuple(form.texts("department")), tuple(form.texts("post")))
    wanted = Addressees(True) if wanted.everybody else wanted  # the rest is hidden then

    def act() -> bool:
        lock_document(session, document)
        if form["standing"] != recipients_tag(recipients_of(session, document)):
            raise Conflict("发放范围已被他人修改，请核对后再保存", code="recipients_changed")
        set_recipients(session, member.organisation, document, wanted, by=member.actor(session), at=clock.now())
        return True

    if not attempt(session, form, act):
        chosen = picked(number, member_choices(session, member))
        return _scope(session, member, document, chosen, form, 422)
    return see(f"{_home(member)}/recipients?{urlencode({'document': number})}", f"{number} 的发放范围已保存")


def _home(member: Member) -> str:
    return f"/organisations/{member.organisation.code}/copies"


def _led(member: Member, number: str, said: str) -> Response:
    return see(f"{_home(member)}?{urlencode({'document': number})}", said)


def _outside(form: Filled) -> list[CopyHolder]:
    """Holders from outside: one a line, name and unit parted by a comma or blanks."""
    lines = [line.strip() for line in form.text("outside").splitlines() if line.strip()]
    if len(lines) > MOST_OUTSIDE:
        form.faults["outside"] = f"一次最多 {MOST_OUTSIDE} 行"
    found = []
    for line in lines[:MOST_OUTSIDE]:
        name, _, unit = line.replace("，", ",").replace("\t", ",").partition(",")
        if not unit.strip() or max(len(name), len(unit)) > LONGEST_NAME:
            form.faults["outside"] = f"“{line[:40]}”须写成：姓名，部门或单位"
        found.append(CopyHolder("", name.strip(), unit.strip()))
    return found


def _issuing(
    session: Session,
    member: Member,
    offered: Sequence[Choice],
    chosen: Choice | None,
    form: Filled = NOTHING,
    status: int = 200,
    *,
    label: str = "",
    typed: str = "",
) -> HTMLResponse:
    context: dict[str, Any] = {"teams": [], "labels": [], "label": label, "numbers": 0}
    if chosen:
        document = find_document(session, member.organisation.id, chosen.number)
        rows = usable(session, document, member, {Status.RELEASED})
        revision = next((row for row in rows if row.label == label), rows[0] if rows else None)
        out = copies_out(session, member.organisation.id, revision) if revision else []
        taken = {copy.holder_login: f"已持有分发号 {copy.copy_number:02}" for copy in out if copy.holder_login}
        context |= {
            "teams": teams(session, member, document, taken),
            "labels": labelled(rows, member),
            "label": revision.label if revision else "",
            "numbers": len(numbers_of(session, document)),
        }
    return organisation_page(
        "distribution/issue.html",
        member,
        "copies",
        status=status,
        filled=form,
        choices=offered,
        chosen=chosen,
        typed=typed,
        media=[(medium.value, name) for medium, name in MEDIUM_NAMES.items()],
        **context,
    )


def _scope(
    session: Session, member: Member, document: Document, chosen: Choice | None, form: Filled = NOTHING, status: int = 200
) -> HTMLResponse:
    rows, chart = recipients_of(session, document), chart_on(session, member.organisation.id, member.today)
    named = addressees(rows)
    return organisation_page(
        "distribution/recipients.html",
        member,
        "copies",
        status=status,
        filled=form,
        document=document,
        title=chosen.title if chosen else "",
        standing=recipients_tag(rows),
        named=named,
        departments=list(departments_of(chart)),
        own=names_by_key(departments_of(chart)).get(document.department, document.department),
        is_manual=document.kind is Kind.MANUAL,
        people=people_addressed(session, document, member.today),
    )


def _in_words(row: Choice, named: Addressees, chart: Chart) -> str:
    """发放范围 as a list tells it."""
    departments, posts = names_by_key(departments_of(chart)), names_by_key(posts_of(chart))
    if named.everybody or (named == Addressees() and row.kind is Kind.MANUAL):
        return "全公司"
    if named == Addressees():
        return f"{departments.get(row.department, row.department)}（归口部门）"
    return "、".join([*(departments.get(key, key) for key in named.departments), *(posts.get(key, key) for key in named.posts)])
