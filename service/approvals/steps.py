"""The course of a revision as a page tells it: which steps there are, who signed them when, whose turn it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from service.approvals.case import Case
from service.approvals.models import DutyException, Signoff
from service.approvals.notices import NEXT
from service.approvals.rules import MEANING_NAMES, SIGNS, STEP_NAMES, Meaning, Step
from service.documents.rules import Status


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the course. `state`: done, now, later. `asked`: the posts that may take it, with who holds them."""

    step: Step
    name: str
    state: str
    asked: str
    signed: tuple[Signoff, ...]
    at: datetime | None = None


def stages(case: Case, signed: Iterable[Signoff]) -> list[Stage]:
    """编制, 审核, 会签 (if the route asks for it), 批准, 发布 of one revision, each with its sign-offs."""
    signed, revision, route = list(signed), case.revision, case.route
    now = Step.SUBMIT if revision.status is Status.DRAFT else NEXT.get(revision.status)
    words = case.staff.words
    asked = {
        Step.REVIEW: words(route.reviewers, "或") if route.reviewers else "",
        Step.COUNTERSIGN: f"{words(route.countersigners)}，须 {route.needed} 个岗位会签" if route.needed else "",
        Step.APPROVE: words(route.approvers, "或"),
    }
    steps = [step for step in (*SIGNS, Step.RELEASE) if step is not Step.COUNTERSIGN or route.needed or _has(signed, Meaning.COUNTERSIGN)]
    passed = steps.index(now) if now in steps else len(steps)
    return [
        Stage(
            step,
            MEANING_NAMES[SIGNS[step]] if step in SIGNS else STEP_NAMES[step],
            "done" if position < passed else "now" if position == passed else "later",
            asked.get(step, ""),
            tuple(row for row in signed if step in SIGNS and row.meaning is SIGNS[step]),
            revision.released_at if step is Step.RELEASE else None,
        )
        for position, step in enumerate(steps)
    ]


def _has(signed: Iterable[Signoff], meaning: Meaning) -> bool:
    return any(row.meaning is meaning for row in signed)


def exception_notes(signed: Iterable[Signoff], exceptions: Mapping[UUID, DutyException]) -> list[DutyException]:
    """The exceptions that sign-offs of this revision stand on, each once."""
    return [exceptions[key] for key in dict.fromkeys(row.exception_id for row in signed) if key is not None]
