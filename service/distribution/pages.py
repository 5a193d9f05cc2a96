"""Pages of controlled copies: the register, one copy with its history and what may be done with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from service import clock
from service.distribution import actions
from service.distribution.api import Controller, FileFormat, Holder, Viewer, registered, visible_copy
from service.distribution.history import told
from service.distribution.queries import copy_rows, department_names, former_since
from service.distribution.register import register_on
from service.distribution.rows import CopyRow, HeldCopy, copy_row
from service.distribution.rules import (
    COPY_STATUS_NAMES,
    LONGEST_NAME,
    LONGEST_NOTE,
    MEDIUM_NAMES,
    OUTCOME_NAMES,
    CopyStatus,
    Medium,
    Outcome,
)
from service.documents.choices import member_choices, name_of, picked
from service.documents.queries import find_document
from service.errors import InputError, NotFound
from service.organisations.api import Member, Reader
from service.organisations.pages import organisation_page
from service.organisations.roles import Act, may
from service.web.depends import AsOf, Reading, Writing
from service.web.forms import NOTHING, Filled, Form, attempt, see
from service.web.heavy import Heavy
from service.web.once import PageRoute
from service.web.portions import PageNumber, portion

router = APIRouter(prefix="/organisations/{code}/copies", route_class=PageRoute)

COLOURS = {
    CopyStatus.ISSUED: "azure",
    CopyStatus.HELD: "green",
    CopyStatus.RECALL_DUE: "orange",
    CopyStatus.RECALLED: "purple",
    CopyStatus.DESTROYED: "secondary",
    CopyStatus.RETAINED: "secondary",
    CopyStatus.LOST: "red",
}
Words = Annotated[str, Query(max_length=300)]
Short = Annotated[str, Query(max_length=20)]


@router.get("")
def copies(
    member: Reader,
    session: Reading,
    as_of: AsOf,
    document: Words = "",
    holder: Words = "",
    status: Short = "",
    medium: Short = "",
    page: PageNumber = 1,
) -> HTMLResponse:
    """The register of a day; whoever may not read all finds his own copies."""
    filters = {"document": document.strip(), "holder": holder.strip(), "status": status, "medium": medium, "as_of": as_of}
    return _copies(session, member, filters, page)


@router.post("/recall")
def recall_several(member: Controller, session: Writing, form: Form) -> Response:
    """What came back on one day: all of it or nothing."""
    ids, on = [_copy_id(value) for value in form.texts("copy")], form.day("recalled_on", required="请填写回收日期")

    def act() -> int:
        if not ids:
            raise InputError("请勾选已收回的受控本", code="copy_missing")
        by, at = member.actor(session), clock.now()
        for copy_id in sorted(set(ids)):
            actions.recall(session, member.organisation, visible_copy(session, member, copy_id, lock=True), by=by, at=at, on=on)
        return len(set(ids))

    done = attempt(session, form, act)
    if done is None:
        return _copies(session, member, {"document": "", "holder": "", "status": "recall_due", "medium": "", "as_of": None}, 1, form, 422)
    home = f"/organisations/{member.organisation.code}/copies"
    return see(f"{home}?status={CopyStatus.RECALLED.value}", f"已登记回收 {done} 份受控本，请接着登记处置")


def _copy_id(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError as fault:
        raise NotFound("没有这份受控本", code="copy_not_found") from fault


def _copies(
    session: Session, member: Member, filters: Mapping[str, Any], page: int, filled: Filled = NOTHING, status: int = 200
) -> HTMLResponse:
    """The register; `filters` as the query names them."""
    owner, sees_all, as_of = member.organisation, may(member.roles, Act.READ_ALL), filters["as_of"]
    offered = member_choices(session, member)
    words = filters["document"]
    chosen = picked(words, offered)
    rows = copy_rows(session, owner, as_of or member.today, holder=None if sees_all else member.caller.user.login)
    about = [row for row in rows if _is_about(row, chosen.number if chosen else words, exactly=chosen is not None)]
    about = [row for row in about if filters["holder"] in f"{row.holder_name} {row.holder_login or ''} {row.department}"]
    found = [row for row in about if filters["status"] in ("", row.status.value) and filters["medium"] in ("", row.medium.value)]
    return organisation_page(
        "distribution/copies.html",
        member,
        "copies",
        status=status,
        filled=filled,
        recalling=filters["status"] == CopyStatus.RECALL_DUE.value and not as_of and may(member.roles, Act.DISTRIBUTE),
        as_of=as_of,
        shown=portion(found, page, filters),
        any_copy=bool(rows),
        counted=Counter(row.status.value for row in about),
        filters=filters,
        typed=chosen.name if chosen else name_of(words, offered),
        chosen=chosen,
        choices=offered,
        names=COPY_STATUS_NAMES,
        media=MEDIUM_NAMES,
        colours=COLOURS,
        me=member.caller.user.login,
    )


def _is_about(row: CopyRow, words: str, *, exactly: bool) -> bool:
    return row.document == words if exactly else words.lower() in f"{row.document} {row.title}".lower()


@router.get("/register.{file_format}", dependencies=[Heavy])
def register(file_format: FileFormat, member: Viewer, session: Reading, as_of: AsOf, document: Words = "") -> Response:
    only = find_document(session, member.organisation.id, document) if document else None
    return registered(register_on(session, member.organisation, as_of or member.today, None, only), member, file_format)


@router.get("/{copy_id}")
def copy(copy_id: UUID, member: Reader, session: Reading) -> HTMLResponse:
    return _copy(session, member, visible_copy(session, member, copy_id))


@router.post("/{copy_id}/receive")
def receive(copy_id: UUID, member: Holder, session: Writing, form: Form) -> Response:
    member.caller.require_person()
    held = visible_copy(session, member, copy_id, lock=True)
    own = held.copy.holder_login == member.caller.user.login
    on, remark = form.day("received_on"), form.text("receipt", required="" if own else "请写明签收记录在哪里", longest=LONGEST_NOTE)

    def act() -> None:
        day = None if own else on
        actions.receive(session, member.organisation, held, by=member.actor(session), at=clock.now(), on=day, remark=remark)

    return _done(session, member, held, form, act, "已签收")


@router.post("/{copy_id}/recall")
def recall(copy_id: UUID, member: Controller, session: Writing, form: Form) -> Response:
    held = visible_copy(session, member, copy_id, lock=True)
    on, remark = form.day("recalled_on", required="请填写回收日期"), form.text("remark", longest=LONGEST_NOTE)

    def act() -> None:
        actions.recall(session, member.organisation, held, by=member.actor(session), at=clock.now(), on=on, remark=remark)

    return _done(session, member, held, form, act, "已登记回收")


@router.post("/{copy_id}/settle")
def settle(copy_id: UUID, member: Controller, session: Writing, form: Form) -> Response:
    held = visible_copy(session, member, copy_id, lock=True)
    outcome = form.choice("outcome", Outcome, required="请选择处置方式")
    on, note = form.day("settled_on", required="请填写处置日期"), form.text("settlement", longest=LONGEST_NOTE)
    witness = form.text("witness", required="销毁须有见证人" if outcome is Outcome.DESTROYED else "", longest=LONGEST_NAME)
    if outcome is Outcome.LOST and not note:
        form.faults["settlement"] = "请写明遗失经过"

    def act() -> None:
        by, at, kind = member.actor(session), clock.now(), outcome or Outcome.DESTROYED
        actions.settle(session, member.organisation, held, kind, witness=witness, by=by, at=at, on=on, remark=note)

    return _done(session, member, held, form, act, f"已登记{OUTCOME_NAMES[outcome]}" if outcome else "")


def _done(session: Session, member: Member, held: HeldCopy, form: Filled, act: Callable[[], None], said: str) -> Response:
    attempt(session, form, act)
    if form.fault:
        return _copy(session, member, held, form, 422)
    back, home = form["back"], f"/organisations/{member.organisation.code}/copies"
    return see(home if back == "list" else f"{home}/{held.copy.id}", f"分发号 {held.copy.copy_number:02}（{held.copy.holder_name}）{said}")


def _copy(session: Session, member: Member, held: HeldCopy, filled: Filled = NOTHING, status: int = 200) -> HTMLResponse:
    owner, today = member.organisation, member.today
    own, controls = held.copy.holder_login == member.caller.user.login, may(member.roles, Act.DISTRIBUTE)
    row = copy_row(held.copy, held.document, held.revision, department_names(session, owner.id, today), today)
    waits = row.received_on is None and row.recalled_on is None and row.outcome is None
    return organisation_page(
        "distribution/copy.html",
        member,
        "copies",
        status=status,
        filled=filled,
        row=row,
        history=told(session, owner, held),
        former=former_since(session, held.revision, today),
        own=own,
        may_receive=waits and may(member.roles, Act.ACKNOWLEDGE) and (own or (controls and held.copy.medium is Medium.PAPER)),
        may_recall=controls and row.recalled_on is None and row.outcome is None,
        may_settle=controls and row.outcome is None,
        names=COPY_STATUS_NAMES,
        media=MEDIUM_NAMES,
        outcomes=[(outcome.value, name) for outcome, name in OUTCOME_NAMES.items()],
        colours=COLOURS,
    )
