"""Builds under way: which one an organisation has, and how far it is. Every process of the server sees the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from service.errors import NotFound
from service.manuals.models import Making
from service.manuals.rules import Binding
from service.manuals.steps import STEP_NAMES, Stage, Step

LOST = timedelta(seconds=30)
"""After so long without a sign of life the process that did a build is gone."""
LOST_WORDS = "服务在编制途中停止，没有留下任何结果，请再编制一次"


@dataclass(frozen=True, slots=True)
class Progress:
    """How a build stood at a moment: `words` say what is being done, or how it ended; `build` is what came of it."""

    id: UUID
    on: date
    binding: Binding
    asked_by: str
    started_at: datetime
    stage: Stage
    step: Step
    percent: int
    words: str
    build: UUID | None


def progress_of(row: Making, at: datetime) -> Progress:
    lost = row.stage is Stage.RUNNING and not _lives(row, at)
    stage, said = (Stage.FAILED, LOST_WORDS) if lost else (row.stage, row.said)
    percent = 100 if stage is Stage.DONE else min(99, round(row.share))
    words = STEP_NAMES[row.step] if stage is Stage.RUNNING else said
    return Progress(row.id, row.on, row.binding, row.asked_by, row.started_at, stage, row.step, percent, words, row.manual_build_id)


def _lives(row: Making, at: datetime) -> bool:
    return at - row.seen_at < LOST


def running_making(session: Session, organisation: UUID, at: datetime) -> Making | None:
    """The organisation's build under way; one whose process is gone is none."""
    rows = session.exec(select(Making).where(Making.organisation_id == organisation, col(Making.stage) == Stage.RUNNING))
    return next((row for row in rows if _lives(row, at)), None)


def find_making(session: Session, organisation: UUID, making: UUID) -> Making:
    """A build of this organisation that is under way or ended lately; NotFound otherwise."""
    row = session.exec(select(Making).where(Making.organisation_id == organisation, Making.id == making)).one_or_none()
    if row is None:
        raise NotFound("没有这次编制，或者它早已结束，请看手册列表", code="making_not_found")
    return row
