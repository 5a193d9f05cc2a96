"""The controller's pages of 阅读确认: how far everybody is, whom to ask until when, the questions of a revision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from service import clock
from service.distribution.acknowledgement_api import Controller, Viewer
from service.distribution.acknowledgement_queries import acknowledgement_rows, acknowledgements_of, find_acknowledgement, questions_of
from service.distribution.acknowledging import excuse
from service.distribution.asking import Asked, ask
from service.distribution.models import Acknowledgement
from service.distribution.picking import labelled, teams, usable
from service.distribution.queries import find_revision
from service.distribution.reading_pages import STATE_COLOURS
from service.distribution.rows import AcknowledgementRow
from service.distribution.rules import ACKNOWLEDGEMENT_STATE_NAMES, LONGEST_NOTE, MISSING, AcknowledgementState
from service.documents.choices import Choice, member_choices, picked
from service.documents.queries import find_document
from service.documents.readers import people_addressed
from service.documents.rules import Status
from service.errors import InputError
from service.organisations.api import Member, allowed
from service.organisations.pages import organisation_page
from service.organisations.roles import Act
from service.web.depends import AsOf, Reading, Writing
from service.web.forms import NOTHING, Filled, Form, attempt, see
from service.web.once import PageRoute
from service.web.portions import PageNumber, portion

router = APIRouter(prefix="/organisations/{code}/acknowledgements", route_class=PageRoute)

Words = Annotated[str, Query(max_length=300)]
Short = Annotated[str, Query(max_length=20)]
MayDistribute = Annotated[Member, allowed(Act.DISTRIBUTE)]
USUAL_TERM = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a revision is read: `asked` counts whoever has (had) to, without those excused and ended."""

    document: str
    title: str
    label: str
    asked: int
    read: int
    overdue: int
    due_on: date
    last: bool

    @property
    def percent(self) -> int:
        return round(100 * self.read / self.asked) if self.asked else 0


@router.get("/progress")
def progress(
    member: Viewer,
    session: Reading,
    as_of: AsOf,
    document: Words = "",
    person: Words = "",
    state: Short = "",
    page: PageNumber = 1,
) -> HTMLResponse:
    """By document; person by person once a document, a person or a state is asked for."""
    offered = member_choices(session, member)
    chosen, words, who = picked(document, offered), document.strip(), person.strip()
    rows = acknowledgement_rows(session, member.organisation, as_of or member.today)
    about = [row for row in rows if (row.document == chosen.number if chosen else words.lower() in f"{row.document} {row.title}".lower())]
    about = [row for row in about if who in f"{row.name} {row.login} {row.department}"]
    states = {each.value for each in MISSING} if state == "missing" else {state}
    found = [row for row in about if not state or row.state.value in states]
    filters = {"document": words, "person": who, "state": state, "as_of": as_of}
    single = bool(words or who or state)
    return organisation_page(
        "distribution/progress.html",
        member,
        "acknowledgements",
        as_of=as_of,
        any_row=bool(rows),
        single=single,
        people=portion(found, page, filters),
        documents=portion(_by_revision(rows), page, filters),
        filters=filters,
        typed=chosen.name if chosen else words,
        chosen=chosen,
        choices=offered,
        names=ACKNOWLEDGEMENT_STATE_NAMES,
        colours=STATE_COLOURS,
        missing=[each.value for each in MISSING],
    )


@router.get("/new")
def new(member: MayDistribute, session: Reading, document: Words = "", label: Short = "") -> HTMLResponse:
    offered = member_choices(session, member)
    return _asking(session, member, offered, picked(document, offered), label=label, typed=document)


@router.post("")
def ask_to_read(member: Controller, session: Writing, form: Form) -> Response:
    offered = member_choices(session, member)
    chosen = picked(form.text("document", required="请选择文件"), offered)
    if chosen is None:
        form.faults["document"] = form.fault = "没有这份文件，请输入编号或名称后从列表中选择"
        return _asking(session, member, offered, None, form, 422)
    due_on, label = form.day("due_on", required="请填写截止日期"), form["label"]
    whom = Asked() if form["whom"] != "some" else Asked(logins=frozenset(form.texts("login")))

    def act() -> list[Acknowledgement]:
        if form["whom"] == "some" and not whom.logins:
            raise InputError("请至少选择一人", code="nobody_chosen")
        document = find_document(session, member.organisation.id, chosen.number)
        revision = find_revision(session, document, label or None, member.today)
        by, at = member.actor(session), clock.now()
        return ask(session, member.organisation, document, revision, whom, due_on=due_on or member.today, by=by, at=at)

    made = attempt(session, form, act)
    if made is None:
        return _asking(session, member, offered, chosen, form, 422, label=label)
    return see(_progress_of(member, chosen.number), f"已请 {len(made)} 人阅读 {chosen.number}，系统会通知并提醒他们")


@router.post("/{acknowledgement_id}/excuse")
def excuse_from_reading(acknowledgement_id: UUID, member: Controller, session: Writing, form: Form) -> Response:
    asked = find_acknowledgement(session, member.organisation.id, acknowledgement_id, lock=True)
    reason = form.text("reason", required="请写明免予确认的原因", longest=LONGEST_NOTE)

    def act() -> bool:
        excuse(session, asked, reason=reason, by=member.actor(session), at=clock.now())
        return True

    if not attempt(session, form, act):
        return _excusing(session, member, acknowledgement_id, form, 422)
    return see(_progress_of(member, asked.document.number), f"{asked.row.name}免予确认 {asked.document.number} {asked.revision.label}")


@router.get("/{acknowledgement_id}/excuse")
def excusing(acknowledgement_id: UUID, member: MayDistribute, session: Reading) -> HTMLResponse:
    return _excusing(session, member, acknowledgement_id)


def _progress_of(member: Member, number: str) -> str:
    return f"/organisations/{member.organisation.code}/acknowledgements/progress?{urlencode({'document': number})}"


def _by_revision(rows: Iterable[AcknowledgementRow]) -> list[Progress]:
    """One line a revision: what is not read by everybody first, then by the day until which it was asked for."""
    groups: dict[tuple[str, str], list[AcknowledgementRow]] = defaultdict(list)
    for row in rows:
        groups[row.document, row.label].append(row)
    newest = dict(groups.keys())  # rows come by label, so the last one stays
    made = [_progress(group, last=newest[number] == label) for (number, label), group in groups.items()]
    return sorted(made, key=lambda row: (row.read == row.asked, row.due_on))


def _progress(group: Sequence[AcknowledgementRow], *, last: bool) -> Progress:
    counted = [row for row in group if row.state in MISSING or row.state is AcknowledgementState.ACKNOWLEDGED]
    return Progress(
        group[0].document,
        group[0].title,
        group[0].label,
        asked=len(counted),
        read=sum(row.state is AcknowledgementState.ACKNOWLEDGED for row in counted),
        overdue=sum(row.state is AcknowledgementState.OVERDUE for row in counted),
        due_on=max(row.due_on for row in group),
        last=last,
    )


def _asking(
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
    context: dict[str, Any] = {"teams": [], "labels": [], "label": label, "addressed": [], "questions": 0}
    if chosen:
        document = find_document(session, member.organisation.id, chosen.number)
        rows = usable(session, document, member, {Status.APPROVED, Status.RELEASED})
        revision = next((row for row in rows if row.label == label), rows[0] if rows else None)
        asked = acknowledgements_of(session, revision) if revision else []
        taken = {row.login: "已确认" if row.acknowledged_at else "已请其阅读" for row in asked if not row.excused_at and not row.ended_at}
        context |= {
            "teams": teams(session, member, document, taken),
            "labels": labelled(rows, member),
            "label": revision.label if revision else "",
            "addressed": [row.name for row in people_addressed(session, document, member.today) if row.login not in taken],
            "questions": len(questions_of(session, revision)) if revision else 0,
        }
    return organisation_page(
        "distribution/ask.html",
        member,
        "acknowledgements",
        status=status,
        filled=form,
        choices=offered,
        chosen=chosen,
        typed=typed,
        usual_due=member.today + USUAL_TERM,
        **context,
    )


def _excusing(session: Session, member: Member, acknowledgement_id: UUID, form: Filled = NOTHING, status: int = 200) -> HTMLResponse:
    asked = find_acknowledgement(session, member.organisation.id, acknowledgement_id)
    return organisation_page("distribution/excuse.html", member, "acknowledgements", status=status, filled=form, asked=asked)
