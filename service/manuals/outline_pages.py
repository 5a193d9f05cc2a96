"""The outline's page: documents in the order of the manual, moved by hand or by buttons, bound or left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from service import clock
from service.manuals.outline import AFTERWARDS, SLOT_NAMES, OutlineLine, moved, outline_from
from service.manuals.outline_actions import save_outline
from service.manuals.outline_queries import outline_at, outline_lines, outlines
from service.manuals.rules import Outline
from service.organisations.api import Member, allowed, allowed_to_write
from service.organisations.pages import organisation_page
from service.organisations.queries import names_of
from service.organisations.roles import Act
from service.web.depends import Reading, Writing
from service.web.forms import NOTHING, Filled, Form, attempt, see
from service.web.once import PageRoute

router = APIRouter(prefix="/organisations/{code}/manuals/outline", route_class=PageRoute)
STEPS = {"up": -1, "down": 1}


@router.get("")
def outline(member: Annotated[Member, allowed(Act.READ_ALL)], session: Reading) -> HTMLResponse:
    used = outline_at(session, member.organisation.id)
    return _page(session, member, outline_lines(session, member.organisation.id, member.today, used), used.version)


@router.post("")
def save(member: Annotated[Member, allowed_to_write(Act.BUILD)], session: Writing, form: Form) -> Response:
    """Save the outline as it was sent; with `move` only show it with one document moved; with `usual` go back to the usual order."""
    owner, version = member.organisation, form.number("version", required="请重新打开页面") or 0
    sent = _sent(session, member, form, version)
    if form["move"]:
        direction, _, number = form["move"].partition(":")
        order = moved(sent, number, STEPS.get(direction, 0))
        lines = {line.number: line for line in sent}
        return _page(session, member, [lines[each] for each in order], version, is_changed=True)
    usual = [line.number for line in outline_lines(session, owner.id, member.today, Outline())]
    order = [line.number for line in sent]
    wanted = ([], []) if form["usual"] else ([] if order == usual else order, [line.number for line in sent if line.is_left_out])
    by, at = member.actor(session), clock.now()
    saved = attempt(
        session, form, lambda: save_outline(session, owner, order=wanted[0], left_out=wanted[1], based_on=version, by=by, at=at)
    )
    if form.fault or saved is None:
        return _page(session, member, sent, version, form, status=422)
    said = "编排没有变化" if saved.version == version else f"编排已保存为第 {saved.version} 版，下次编制手册时使用"
    return see(f"/organisations/{owner.code}/manuals/outline", said)


def _sent(session: Session, member: Member, form: Filled, version: int) -> list[OutlineLine]:
    """The documents as they were sent: in the order of the fields `order`, bound if `bound` names them."""
    order, bound = form.texts("order"), set(form.texts("bound"))
    lines = outline_lines(session, member.organisation.id, member.today, outline_from(order, (), version))
    return [replace(line, is_left_out=line.number not in bound) for line in lines]


def _page(
    session: Session,
    member: Member,
    lines: Sequence[OutlineLine],
    version: int,
    filled: Filled = NOTHING,
    *,
    is_changed: bool = False,
    status: int = 200,
) -> HTMLResponse:
    history = outlines(session, member.organisation.id)
    return organisation_page(
        "manuals/outline.html",
        member,
        "manuals",
        status=status,
        filled=filled,
        slots=[(slot, SLOT_NAMES[slot], AFTERWARDS.get(slot, ""), list(found)) for slot, found in groupby(lines, lambda line: line.slot)],
        version=version,
        is_changed=is_changed,
        history=history,
        people=names_of(session, member.organisation.id, [row.saved_by for row in history]),
    )
