"""A build that is asked for, told step by step, called off and ended: what its row says. Whoever calls commits at once, for others watch."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col

from service.errors import Refused
from service.manuals.making_queries import find_making, running_making
from service.manuals.models import Making
from service.manuals.rules import Binding
from service.manuals.steps import Stage, Step, share_of
from service.organisations.actions import lock
from service.organisations.models import Organisation
from service.organisations.queries import names_of
from service.organisations.roles import Act
from service.organisations.rules import Actor, require

REMEMBERED = timedelta(hours=1)
"""How long one can still ask how a build ended."""


def begin(session: Session, organisation: Organisation, *, on: date, binding: Binding, by: Actor, at: datetime) -> tuple[Making, bool]:
    """A build to do, and whether it is a new one: who asks for the same that is under way is given that one. Refused while another of the
    organisation's runs."""
    require(by, Act.BUILD)
    lock(session, organisation)
    session.execute(delete(Making).where(col(Making.organisation_id) == organisation.id, col(Making.seen_at) < at - REMEMBERED))
    running = running_making(session, organisation.id, at)
    if running is None:
        row = Making(organisation_id=organisation.id, on=on, binding=binding, asked_by=by.login, started_at=at, seen_at=at)
        session.add(row)
        return row, True
    if (running.on, running.binding) == (on, binding):
        return running, False
    name = names_of(session, organisation.id, [running.asked_by]).get(running.asked_by, running.asked_by)
    raise Refused(f"{name}正在编制 {running.on} 的手册，请等它完成，或先取消", code="build_running")


def call_off(session: Session, organisation: Organisation, making: UUID, *, by: Actor) -> None:
    """It stops before its next step, or after a moment. One that has ended stays as it ended."""
    require(by, Act.BUILD)
    find_making(session, organisation.id, making).asked_to_stop = True


def note_step(row: Making, step: Step, *, at: datetime) -> None:
    """A step begins: the one before it is done."""
    row.share += share_of(row.step, row.binding)
    row.step, row.seen_at = step, at


def note_end(row: Making, stage: Stage, said: str, *, at: datetime, build: UUID | None = None) -> None:
    row.stage, row.said, row.manual_build_id, row.seen_at = stage, said, build, at
