"""Selects of periodic reviews: when the next one of each document in force is due, and what the last one left to be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from service.documents.models import Document, PeriodicReview, Revision
from service.documents.queries import Controlled, in_force
from service.documents.review_rules import PENDING, Task, months_later
from service.documents.rules import was_known


@dataclass(frozen=True, slots=True)
class ReviewState:
    """A document in force on a day: its last review by then, when the next one is due, and what the last verdict left to be done."""

    document: Document
    revision: Revision
    last: PeriodicReview | None
    due_on: date
    pending: Task | None


def review_states(
    session: Session, organisation: UUID, on: date, recorded_on: datetime | None = None, pairs: Sequence[Controlled] | None = None
) -> list[ReviewState]:
    """Every document in force on day `on`, as known at `recorded_on`, in the order of the master list; two selects, or one with the `pairs`
    that are in force.

    One whose end is decided (作废 on a later day) needs no review and is left out.
    """
    last = _last_reviews(session, organisation, on, recorded_on)
    pairs = in_force(session, organisation, on, recorded_on, texts=False) if pairs is None else pairs
    return [_state(p.document, p.revision, last.get(p.document.id)) for p in pairs if not _ends(p.revision, recorded_on)]


def review_state(
    session: Session, document: Document, revision: Revision, on: date, recorded_on: datetime | None = None
) -> ReviewState | None:
    """The same of one document by its revision in force; None if its end is decided."""
    if _ends(revision, recorded_on):
        return None
    last = _last_reviews(session, document.organisation_id, on, recorded_on).get(document.id)
    return _state(document, revision, last)


def _last_reviews(session: Session, organisation: UUID, on: date, recorded_on: datetime | None) -> dict[UUID, PeriodicReview]:
    query = select(PeriodicReview).where(PeriodicReview.organisation_id == organisation, col(PeriodicReview.reviewed_on) <= on)
    if recorded_on is not None:
        query = query.where(col(PeriodicReview.recorded_at) <= recorded_on)
    ordered = query.order_by(col(PeriodicReview.reviewed_on), col(PeriodicReview.recorded_at))
    return {row.document_id: row for row in session.exec(ordered)}


def _ends(revision: Revision, recorded_on: datetime | None) -> bool:
    return revision.obsolete_on is not None and was_known(revision.obsoleted_at, recorded_on)


def _state(document: Document, revision: Revision, last: PeriodicReview | None) -> ReviewState:
    """Due after the later of the last review and the day the revision took force. A verdict is done with once another revision is in force."""
    days = [day for day in (revision.effective_on, last.reviewed_on if last else None) if day is not None]
    pending = PENDING.get(last.verdict) if last and last.revision_id == revision.id else None
    return ReviewState(document, revision, last, months_later(max(days), document.review_months), pending)


def reviews_of(session: Session, document: Document) -> list[tuple[PeriodicReview, Revision]]:
    """The reviews of one document with the revisions that were reviewed, oldest first."""
    query = (
        select(PeriodicReview, Revision)
        .join(Revision, col(Revision.id) == PeriodicReview.revision_id)
        .where(PeriodicReview.organisation_id == document.organisation_id, PeriodicReview.document_id == document.id)
        .order_by(col(PeriodicReview.reviewed_on), col(PeriodicReview.recorded_at))
    )
    return [(review, revision) for review, revision in session.exec(query)]
