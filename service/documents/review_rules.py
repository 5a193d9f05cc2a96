"""定期评审: verdicts, when a review or a check of an external document is due, and when to tell people. Pure."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date
from enum import StrEnum


class Verdict(StrEnum):
    """What a periodic review comes to."""

    KEEP = "keep"
    REVISE = "revise"
    MAKE_OBSOLETE = "make_obsolete"


VERDICT_NAMES: Mapping[Verdict, str] = {Verdict.KEEP: "继续有效", Verdict.REVISE: "需修订", Verdict.MAKE_OBSOLETE: "应作废"}
NEEDS_COMMENT = frozenset({Verdict.REVISE, Verdict.MAKE_OBSOLETE})

REVIEW_MONTHS = range(1, 61)
USUAL_REVIEW_MONTHS = 12
"""Yearly by default (practice, domain.md §1)."""
CHECK_MONTHS = 12
"""How long a check of an external document counts, unless the organisation's own rule (targets.law_review_months) says otherwise."""
NOTICE_DAYS = 30
"""How long before it is due a review stands in the list and people are told."""


class Task(StrEnum):
    """What a line of the due list asks for."""

    REVIEW = "review"
    REVISE = "revise"
    MAKE_OBSOLETE = "make_obsolete"
    CHECK = "check"


TASK_NAMES: Mapping[Task, str] = {
    Task.REVIEW: "定期评审",
    Task.REVISE: "评审后待修订",
    Task.MAKE_OBSOLETE: "评审后待作废",
    Task.CHECK: "外来文件核对",
}
PENDING: Mapping[Verdict, Task] = {Verdict.REVISE: Task.REVISE, Verdict.MAKE_OBSOLETE: Task.MAKE_OBSOLETE}
"""What a verdict leaves to be done."""


class Stage(StrEnum):
    """How near a due day is."""

    BEFORE = "before"
    DUE = "due"
    OVERDUE = "overdue"


def months_later(day: date, months: int) -> date:
    """The same day so many calendar months later, or that month's last day: 31 January + 1 → 28 February. Never after the last date there is."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def stage_of(due_on: date, on: date) -> tuple[Stage, int] | None:
    """(stage, whole months overdue) on day `on`; None while it is more than `NOTICE_DAYS` away."""
    if on < due_on:
        return (Stage.BEFORE, 0) if (due_on - on).days <= NOTICE_DAYS else None
    months = (on.year - due_on.year) * 12 + on.month - due_on.month
    if months_later(due_on, months) > on:
        months -= 1
    return (Stage.OVERDUE, months) if months else (Stage.DUE, 0)


def days_words(days_left: int) -> str:
    """还有 12 天, 今天到期 or 已超期 3 天."""
    if days_left == 0:
        return "今天到期"
    return f"还有 {days_left} 天" if days_left > 0 else f"已超期 {-days_left} 天"
