"""Pages of the register of external documents: the list, entering one, checking it, and taking it out."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Response
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from service import clock
from service.documents import external
from service.documents.external_queries import ExternalEntry, checks_of, external_entries, find_external
from service.documents.external_rules import EXTERNAL_KIND_NAMES, ExternalKind
from service.documents.models import ExternalDocument
from service.documents.review_rules import NOTICE_DAYS, days_words
from service.organisations.api import Member, allowed, allowed_to_write
from service.organisations.pages import organisation_page
from service.organisations.queries import chart_on
from service.organisations.roles import Act
from service.organisations.rules import departments_of, names_by_key
from service.standards.rules import REFERENCE_STATUS_NAMES, ReferenceStatus
from service.standards.shipped import register
from service.web.depends import AsOf, Reading, Writing
from service.web.forms import NOTHING, Filled, Form, attempt, see
from service.web.heavy import Heavy
from service.web.once import PageRoute
from service.web.portions import Chosen, PageNumber, portion

router = APIRouter(prefix="/organisations/{code}/external-documents", route_class=PageRoute)
Viewer = Annotated[Member, allowed(Act.READ_ALL)]
Keeper = Annotated[Member, allowed_to_write(Act.REGISTER)]
Registrar = Annotated[Member, allowed(Act.REGISTER)]
Words = Annotated[str, Query(max_length=200)]
COLOURS = {
    ReferenceStatus.IN_FORCE: "green",
    ReferenceStatus.REPLACED: "orange",
    ReferenceStatus.WITHDRAWN: "red",
    ReferenceStatus.UNKNOWN: "secondary",
}


@router.get("")
def entries(
    member: Viewer,
    session: Reading,
    as_of: AsOf,
    page: PageNumber = 1,
    q: Words = "",
    kind: Annotated[ExternalKind | None, Chosen] = None,
    status: Annotated[ReferenceStatus | None, Chosen] = None,
) -> HTMLResponse:
    on = as_of or member.today
    everything = external_entries(session, member.organisation, on)
    wanted = [each for each in everything if _is_wanted(each, q.strip(), kind, status)]
    kept = {"q": q.strip(), "kind": kind.value if kind else "", "status": status.value if status else ""}
    names = _departments(session, member, on)
    return organisation_page(
        "documents/external.html",
        member,
        "external-documents",
        as_of=as_of,
        kept={name: value for name, value in kept.items() if value},
        chosen=kept,
        shown=portion([_row(each, on, names) for each in wanted], page, {"as_of": as_of, **kept}),
        total=len(everything),
        due=sum(1 for each in everything if each.due_on and each.due_on <= on),
        unchecked=sum(1 for each in everything if each.check is None),
        kinds=_kinds(),
        statuses=_statuses(),
    )


@router.get("/new")
def new(member: Registrar, session: Reading, number: Words = "", title: Words = "") -> HTMLResponse:
    return _new(session, member, number=number, title=title)


@router.post("")
def add(member: Keeper, session: Writing, form: Form) -> Response:
    entered = external.NewExternal(
        number=form.text("number", required="请填写文号或编号", longest=100),
        title=form.text("title", required="请填写文件名称", longest=200),
        kind=form.choice("kind", ExternalKind, required="请选择类别") or ExternalKind.OTHER,
        edition=form.text("edition", longest=60),
        keeper=form.text("keeper", longest=80),
        note=form.text("note", longest=1000),
    )
    by = member.actor(session)
    made = attempt(session, form, lambda: external.add_external(session, member.organisation, entered, by=by, at=clock.now()))
    if made is None:
        return _new(session, member, filled=form)
    return see(_address(member, made.number), f"已登记 {made.number}，请核对其现行状态")


@router.post("/adopt", dependencies=[Heavy])
def adopt(member: Keeper, session: Writing) -> Response:
    """Enter what the texts in force cite and the register lacks."""
    rows = external.adopt_cited(session, member.organisation, register(), by=member.actor(session), at=clock.now())
    said = f"已登记 {len(rows)} 份，状态为未核对" if rows else "现行文件引用的法规标准都已登记"
    return see(f"/organisations/{member.organisation.code}/external-documents", said)


@router.post("/{number:path}/checks")
def check(number: str, member: Keeper, session: Writing, form: Form) -> Response:
    row = find_external(session, member.organisation.id, number)
    status = form.choice("status", ReferenceStatus, required="请选择核对结果") or ReferenceStatus.UNKNOWN
    replaced_by = form.text("replaced_by", longest=100)
    if status is ReferenceStatus.REPLACED and not replaced_by:
        form.faults["replaced_by"] = "请写明代替它的文件编号"
    finding = external.Finding(
        status=status,
        checked_on=form.day("checked_on", required="请填写核对日期") or member.today,
        checked_where=form.text("checked_where", required="请写明在何处查的", longest=300),
        edition=form.text("edition", longest=60),
        replaced_by=replaced_by if status is ReferenceStatus.REPLACED else "",
    )
    by = member.actor(session)
    attempt(session, form, lambda: external.check_external(session, member.organisation, row, finding, by=by, at=clock.now()))
    if form.fault:
        return _one(session, member, row, filled=form)
    return see(_address(member, row.number), f"已记录核对结果“{REFERENCE_STATUS_NAMES[status]}”")


@router.post("/{number:path}/end")
def end(number: str, member: Keeper, session: Writing, form: Form) -> Response:
    row = find_external(session, member.organisation.id, number)
    reason = form.text("reason", required="请写明移出的理由", longest=1000)
    by = member.actor(session)
    attempt(session, form, lambda: external.end_external(session, row, reason=reason, by=by, at=clock.now()))
    if form.fault:
        return _one(session, member, row, filled=form)
    return see(f"/organisations/{member.organisation.code}/external-documents", f"{row.number} 已移出外来文件清单")


@router.get("/{number:path}")
def one(number: str, member: Viewer, session: Reading) -> HTMLResponse:
    return _one(session, member, find_external(session, member.organisation.id, number))


def _is_wanted(entry: ExternalEntry, q: str, kind: ExternalKind | None, status: ReferenceStatus | None) -> bool:
    row = entry.row
    has_words = not q or q.casefold() in f"{row.number} {row.title} {row.note}".casefold()
    return has_words and kind in (None, row.kind) and status in (None, entry.latest.status)


def _row(entry: ExternalEntry, on: date, names: dict[str, str]) -> dict[str, Any]:
    row, latest = entry.row, entry.latest
    return {
        "number": row.number,
        "title": row.title,
        "note": row.note,
        "address": quote(row.number) if row.ended_at is None else "",
        "kind": EXTERNAL_KIND_NAMES[row.kind],
        "edition": latest.edition,
        "status": REFERENCE_STATUS_NAMES[latest.status],
        "colour": COLOURS[latest.status],
        "replaced_by": latest.replaced_by,
        "checked_on": entry.check.checked_on if entry.check else None,
        "due_on": entry.due_on,
        "due_colour": "red" if entry.due_on and entry.due_on < on else "orange",
        "due_words": days_words((entry.due_on - on).days) if entry.due_on and (entry.due_on - on).days <= NOTICE_DAYS else "",
        "keeper": names.get(row.keeper, row.keeper),
        "kept_since": entry.kept_since,
    }


def _one(session: Session, member: Member, row: ExternalDocument, *, filled: Filled = NOTHING) -> HTMLResponse:
    entry = next(each for each in external_entries(session, member.organisation, member.today) if each.row.id == row.id)
    return organisation_page(
        "documents/external_document.html",
        member,
        "external-documents",
        status=422 if filled.fault else 200,
        filled=filled,
        row=_row(entry, member.today, _departments(session, member, member.today)),
        checks=[(each, REFERENCE_STATUS_NAMES[each.status], COLOURS[each.status]) for each in reversed(checks_of(session, row))],
        statuses=_statuses(),
        address=_address(member, row.number),
    )


def _new(session: Session, member: Member, *, number: str = "", title: str = "", filled: Filled = NOTHING) -> HTMLResponse:
    return organisation_page(
        "documents/external_new.html",
        member,
        "external-documents",
        status=422 if filled.fault else 200,
        filled=filled,
        number=number,
        document_title=title,
        kinds=_kinds(),
        departments=list(_departments(session, member, member.today).items()),
    )


def _departments(session: Session, member: Member, on: date) -> dict[str, str]:
    return names_by_key(departments_of(chart_on(session, member.organisation.id, on)))


def _kinds() -> list[tuple[str, str]]:
    return [(kind.value, name) for kind, name in EXTERNAL_KIND_NAMES.items()]


def _statuses() -> list[tuple[str, str]]:
    return [(status.value, name) for status, name in REFERENCE_STATUS_NAMES.items()]


def _address(member: Member, number: str) -> str:
    return f"/organisations/{member.organisation.code}/external-documents/{quote(number)}"
