"""The reader's pages of 阅读确认: what waits for me; the document with its questions and the button that says I have read it."""

from __future__ import annotations

import re
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from service import clock
from service.distribution.acknowledgement_api import Acknowledger
from service.distribution.acknowledgement_queries import (
    acknowledgement_rows,
    find_acknowledgement,
    questions_by_acknowledgement,
    questions_of,
)
from service.distribution.acknowledging import acknowledge, standing_against
from service.distribution.queries import former_since
from service.distribution.rows import AskedPerson, acknowledgement_row
from service.distribution.rules import ACKNOWLEDGEMENT_STATE_NAMES, MISSING, AcknowledgementState, Verdict
from service.documents.readers import is_for
from service.documents.rules import Status
from service.documents.texts import set_text, text_html
from service.errors import NotFound
from service.organisations.api import Member, Reader
from service.organisations.pages import organisation_page
from service.organisations.roles import Act, may
from service.settings import settings
from service.web.depends import Reading, Writing
from service.web.forms import NOTHING, Filled, Form, attempt, see
from service.web.once import PageRoute

router = APIRouter(prefix="/organisations/{code}/acknowledgements", route_class=PageRoute)

STATE_COLOURS = {
    AcknowledgementState.OPEN: "azure",
    AcknowledgementState.OVERDUE: "red",
    AcknowledgementState.ACKNOWLEDGED: "green",
    AcknowledgementState.EXCUSED: "secondary",
    AcknowledgementState.ENDED: "secondary",
}
READ_SHOWN = 50
"""Of what I have read, the last ones only."""


@router.get("")
def mine(member: Reader, session: Reading) -> HTMLResponse:
    rows = acknowledgement_rows(session, member.organisation, member.today, login=member.caller.user.login)
    waiting = sorted((row for row in rows if row.state in MISSING), key=lambda row: row.due_on)
    read = sorted((row for row in rows if row.acknowledged_at), key=lambda row: row.acknowledged_at or clock.now(), reverse=True)
    put = questions_by_acknowledgement(session, member.organisation.id, [row.id for row in waiting])
    return organisation_page(
        "distribution/my_acknowledgements.html",
        member,
        "acknowledgements",
        waiting=waiting,
        questions={row.id: len(put.get(row.id, [])) for row in waiting},
        read=read[:READ_SHOWN],
        names=ACKNOWLEDGEMENT_STATE_NAMES,
        colours=STATE_COLOURS,
    )


@router.get("/{acknowledgement_id}")
def read(acknowledgement_id: UUID, member: Reader, session: Reading) -> HTMLResponse:
    return _read(session, member, _own(session, member, acknowledgement_id))


@router.post("/{acknowledgement_id}/confirm")
def confirm(acknowledgement_id: UUID, member: Acknowledger, session: Writing, form: Form) -> Response:
    """Wrong answers are counted and may be mended; an unanswered question is told by its number and counts nothing."""
    member.caller.require_person()
    asked = _own(session, member, acknowledgement_id, lock=True)
    put = questions_of(session, asked.revision)
    answers = [_answer(form, question.position, len(question.options)) for question in put]
    for question, given in zip(put, answers, strict=True):
        if not given:
            form.faults[f"answer-{question.position}"] = "请选择答案"

    def act() -> Verdict:
        return acknowledge(session, member.organisation, asked, answers, by=member.actor(session), at=clock.now())

    verdict = attempt(session, form, act)
    if verdict is not None and not verdict.acknowledged:
        form.fault = f"{verdict.questions} 道题中答错 {verdict.wrong} 道，请对照正文再答；这是第 {verdict.attempts} 次作答"
    if form.fault:
        return _read(session, member, asked, form, 422)
    home = f"/organisations/{member.organisation.code}/acknowledgements"
    return see(home, f"已确认阅读 {asked.document.number} {asked.revision.label}")


def _own(session: Session, member: Member, acknowledgement_id: UUID, *, lock: bool = False) -> AskedPerson:
    """A request to the caller himself; another one is not found."""
    asked = find_acknowledgement(session, member.organisation.id, acknowledgement_id, lock=lock)
    if asked.row.login != member.caller.user.login:
        raise NotFound("没有这项阅读确认", code="acknowledgement_not_found")
    return asked


def _answer(form: Filled, position: int, options: int) -> list[int]:
    """The positions of the options that were ticked; what is no option is none."""
    found = [int(value) for value in form.texts(f"answer-{position}") if re.fullmatch(r"\d{1,2}", value, re.ASCII)]
    return sorted({value for value in found if value < options})


def _read(session: Session, member: Member, asked: AskedPerson, filled: Filled = NOTHING, status: int = 200) -> HTMLResponse:
    row = acknowledgement_row(asked.row, asked.document, asked.revision, {}, member.organisation.time_zone, member.today)
    waits = row.state in MISSING and may(member.roles, Act.ACKNOWLEDGE)
    return organisation_page(
        "distribution/read.html",
        member,
        "acknowledgements",
        status=status,
        filled=filled,
        row=row,
        revision=asked.revision,
        waits=waits,
        questions=questions_of(session, asked.revision) if waits else [],
        not_yet=standing_against(session, asked.document, asked.revision, member.today) if waits else None,
        text=_text(session, member, asked) if _may_read(session, member, asked, waits=waits) else "",
        names=ACKNOWLEDGEMENT_STATE_NAMES,
        colours=STATE_COLOURS,
    )


def _may_read(session: Session, member: Member, asked: AskedPerson, *, waits: bool) -> bool:
    """What is released and not out of use, while one is asked to read it or it is addressed to one; staff always."""
    if may(member.roles, Act.READ_ALL):
        return True
    if asked.revision.status is not Status.RELEASED or former_since(session, asked.revision, member.today) is not None:
        return False
    return waits or is_for(session, member.actor(session), asked.document, member.today)


def _text(session: Session, member: Member, asked: AskedPerson) -> str:
    return text_html(set_text(session, member.organisation, asked.document, asked.revision, settings().data))
