"""What is due: periodic reviews, what their verdicts left to be done, and checks of external documents, in one list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from service.documents.external_queries import ExternalEntry, external_entries
from service.documents.review_queries import ReviewState, review_states
from service.documents.review_rules import NOTICE_DAYS, Task
from service.organisations.models import Organisation
from service.organisations.queries import chart_on
from service.organisations.rules import departments_of, names_by_key


@dataclass(frozen=True, slots=True)
class DueItem:
    """One thing to be done. `department` owns the document or keeps the external one; `last_on` is the day of the last review or check.

    `comment` is what the last review said.
    """

    task: Task
    number: str
    title: str
    label: str
    department: str
    department_name: str
    last_on: date | None
    comment: str
    due_on: date
    days_left: int


def due_items(
    session: Session, organisation: Organisation, on: date, recorded_on: datetime | None = None, *, within: int = NOTICE_DAYS
) -> list[DueItem]:
    """What is due on day `on` or within so many days after it, the most urgent first; what a verdict asks for stands above all."""
    names = names_by_key(departments_of(chart_on(session, organisation.id, on, recorded_on)))
    reviews = (_review(state, on, names) for state in review_states(session, organisation.id, on, recorded_on))
    checks = (_check(entry, entry.due_on, on, names) for entry in external_entries(session, organisation, on, recorded_on) if entry.due_on)
    items = [item for item in (*reviews, *checks) if is_pending(item) or item.days_left <= within]
    return sorted(items, key=lambda item: (not is_pending(item), item.due_on))


def is_pending(item: DueItem) -> bool:
    """Whether a verdict is waiting to be carried out."""
    return item.task in (Task.REVISE, Task.MAKE_OBSOLETE)


def _review(state: ReviewState, on: date, names: dict[str, str]) -> DueItem:
    document, revision, last = state.document, state.revision, state.last
    return DueItem(
        task=state.pending or Task.REVIEW,
        number=document.number,
        title=revision.title,
        label=revision.label,
        department=document.department,
        department_name=names.get(document.department, document.department),
        last_on=last.reviewed_on if last else None,
        comment=last.comment if last else "",
        due_on=state.due_on,
        days_left=(state.due_on - on).days,
    )


def _check(entry: ExternalEntry, due_on: date, on: date, names: dict[str, str]) -> DueItem:
    row = entry.row
    return DueItem(
        task=Task.CHECK,
        number=row.number,
        title=row.title,
        label=entry.latest.edition,
        department=row.keeper,
        department_name=names.get(row.keeper, row.keeper),
        last_on=entry.check.checked_on if entry.check else None,
        comment="",
        due_on=due_on,
        days_left=(due_on - on).days,
    )
