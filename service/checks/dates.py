"""Date logic: prepare ≤ review ≤ countersign ≤ approve ≤ release ≤ effective (practice, domain.md §6)."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from service.approvals.rules import MEANING_NAMES
from service.checks.rules import Checked, Context, Problem, Problems, Severity


def check_dates(context: Context) -> Problems:
    for document in context.documents:
        for (earlier, first), (later, second) in pairwise(_steps(document)):
            if second < first:
                message = f"{later}日期 {second} 早于{earlier}日期 {first}"
                yield Problem("date_order", Severity.ERROR, document.number, "", message, f"{earlier} {first}，{later} {second}")


def _steps(document: Checked) -> list[tuple[str, date]]:
    steps = [(MEANING_NAMES[meaning], day) for meaning, day in document.dates.signed]
    ends = [("发布", document.dates.released_on), ("实施", document.dates.effective_on)]
    return steps + [(name, day) for name, day in ends if day is not None]
