"""How an organisation stands today, in numbers; kept until something is recorded in its trail, so that a page of many clients stays quick."""

from __future__ import annotations

from collections import Counter, OrderedDict
from dataclasses import dataclass
from datetime import date
from threading import Lock
from uuid import UUID

from sqlmodel import Session

from service.approvals.queries import duty_exceptions
from service.checks.queries import find_problems, gather
from service.coverage.queries import Coverage, coverage_on
from service.coverage.rules import State
from service.documents.due_list import DueItem, due_items
from service.documents.queries import awaited, ended, in_force, running
from service.documents.review_rules import Task
from service.documents.rules import Standing
from service.organisations.models import Organisation
from service.organisations.queries import members
from service.organisations.roles import ROLE_NAMES
from service.organisations.shipped import catalogue
from service.standards.shipped import register, standard
from service.trail.models import TrailHead

EXPIRES_WITHIN = 60
"""Days ahead that the desk looks for what ends."""
KEPT = 400
_problems: OrderedDict[tuple[UUID, int, date], int] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Branch:
    """A second-level indicator with how many of those below it stand in each state."""

    code: str
    title: str
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Ending:
    """Something that ends soon: `page` below the organisation says more."""

    page: str
    title: str
    words: str
    on: date


def branches_of(coverage: Coverage) -> list[Branch]:
    """In the standard's order."""
    nodes = {node.code: node for node in coverage.standard.nodes}
    found: dict[str, Counter[str]] = {}
    for row in coverage.indicators:
        found.setdefault(row.indicator.parent or "", Counter())[row.state.value] += 1
    return [Branch(code, nodes[code].title, {state.value: counts[state.value] for state in State}) for code, counts in found.items()]


def coverage_of(session: Session, organisation: Organisation, on: date) -> Coverage:
    return coverage_on(session, organisation.id, standard(), on)


def documents_by_place(session: Session, organisation: Organisation, on: date) -> dict[Standing, int]:
    """How many documents stand where, as the list of documents counts them: one may be in force, awaited and drafted anew at once."""
    counts = Counter({Standing.IN_FORCE: len(in_force(session, organisation.id, on, texts=False))})
    counts[Standing.AWAITED] = len({pair.document.id for pair in awaited(session, organisation.id, on, texts=False)})
    counts[Standing.OBSOLETE] = len(ended(session, organisation.id, on))
    counts.update(Standing(pair.revision.status.value) for pair in running(session, organisation.id, texts=False))
    return {place: counts[place] for place in Standing if counts[place]}


def endings(session: Session, organisation: Organisation, on: date) -> list[Ending]:
    """Reviews and checks that fall due, exceptions from separate duties and memberships that end, within sixty days; the first one first."""
    due = (item for item in due_items(session, organisation, on, within=EXPIRES_WITHIN) if item.days_left >= 0)
    held = members(session, organisation.id)
    names = {user.login: user.name for _, user in held}
    exceptions = [row for row in duty_exceptions(session, organisation.id, on=on) if (row.valid_until - on).days <= EXPIRES_WITHIN]
    ending = [(row, user) for row, user in held if row.until and 0 <= (row.until - on).days <= EXPIRES_WITHIN]
    found = [
        *(_due(item) for item in due),
        *(Ending("approval-rules", f"职责分离例外：{names.get(row.login, row.name)}", row.reason, row.valid_until) for row in exceptions),
        *(
            Ending("members", f"成员：{user.name}", f"{ROLE_NAMES[row.role]}，到期后不能再进入", row.until)
            for row, user in ending
            if row.until
        ),
    ]
    return sorted(found, key=lambda each: each.on)


def _due(item: DueItem) -> Ending:
    page, words = ("external-documents", "外来文件核对") if item.task is Task.CHECK else ("reviews", "定期评审")
    return Ending(page, f"{item.number} {item.title}", words, item.due_on)


def overdue(session: Session, organisation: Organisation, on: date) -> int:
    """Reviews and checks whose day has passed."""
    return sum(1 for item in due_items(session, organisation, on, within=0) if item.days_left < 0)


def problem_count(session: Session, organisation: Organisation, on: date) -> int:
    """How many problems the checks find. Half a second of work, so it is kept as long as nothing is recorded in the trail."""
    head = session.get(TrailHead, organisation.id)
    key = (organisation.id, head.position if head else 0, on)
    with _lock:
        if key in _problems:
            _problems.move_to_end(key)
            return _problems[key]
    found = len(find_problems(gather(session, organisation, on, catalogue(), register())))
    with _lock:
        _problems[key] = found
        while len(_problems) > KEPT:
            _problems.popitem(last=False)
    return found
