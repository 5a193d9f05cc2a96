"""When a review is due and when people are told: tables without a database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.documents.review_rules import (
    NEEDS_COMMENT,
    NOTICE_DAYS,
    PENDING,
    TASK_NAMES,
    VERDICT_NAMES,
    Stage,
    Task,
    Verdict,
    days_words,
    months_later,
    stage_of,
)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 2, 1), 12, date(2027, 2, 1)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 11, 30), 60, date(2031, 11, 30)),
        (date(9999, 6, 1), 12, date.max),
    ],
)
def test_months_are_calendar_months_and_end_with_the_month(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)), st.integers(1, 60))
def test_due_day_is_in_the_right_month_and_never_after_the_same_day_of_it(day: date, months: int) -> None:
    later = months_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


DUE = date(2027, 1, 31)


@pytest.mark.parametrize(
    ("on", "stage"),
    [
        (date(2026, 12, 31), None),
        (date(2027, 1, 1), (Stage.BEFORE, 0)),
        (date(2027, 1, 30), (Stage.BEFORE, 0)),
        (date(2027, 1, 31), (Stage.DUE, 0)),
        (date(2027, 2, 27), (Stage.DUE, 0)),
        (date(2027, 2, 28), (Stage.OVERDUE, 1)),
        (date(2027, 3, 30), (Stage.OVERDUE, 1)),
        (date(2027, 3, 31), (Stage.OVERDUE, 2)),
        (date(2028, 1, 31), (Stage.OVERDUE, 12)),
    ],
)
def test_people_are_told_thirty_days_before_on_the_day_and_every_month_after(on: date, stage: tuple[Stage, int] | None) -> None:
    assert stage_of(DUE, on) == stage


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)), st.integers(-400, 400))
def test_a_stage_is_never_left_for_an_earlier_one(due_on: date, days: int) -> None:
    order = tuple(Stage)
    reached = [stage_of(due_on, due_on + timedelta(days=days + more)) for more in (0, 1)]
    places = [(-1, 0) if stage is None else (order.index(stage[0]), stage[1]) for stage in reached]
    assert places[0] <= places[1]
    assert (reached[0] is None) == (days < -NOTICE_DAYS)


@pytest.mark.parametrize(("days", "words"), [(30, "还有 30 天"), (1, "还有 1 天"), (0, "今天到期"), (-1, "已超期 1 天")])
def test_days_left_in_words(days: int, words: str) -> None:
    assert days_words(days) == words


def test_every_verdict_and_task_has_its_words_and_what_leaves_work_needs_a_reason() -> None:
    assert set(VERDICT_NAMES) == set(Verdict)
    assert set(TASK_NAMES) == set(Task)
    assert set(PENDING) == NEEDS_COMMENT == {Verdict.REVISE, Verdict.MAKE_OBSOLETE}
