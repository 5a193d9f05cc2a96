"""Selects of not-applicable decisions."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from service.standards.models import NotApplicable
from service.standards.rules import code_key


def not_applicable_on(
    session: Session, organisation_id: UUID, standard: str, on: date, recorded_on: datetime | None = None
) -> dict[str, NotApplicable]:
    """{indicator code: decision} that hold on day `on`, in natural order; with `recorded_on`, as the system knew it then."""
    query = select(NotApplicable).where(
        NotApplicable.organisation_id == organisation_id, NotApplicable.standard == standard, col(NotApplicable.decided_on) <= on
    )
    holding = [row for row in session.exec(query) if _holds(row, on, recorded_on)]
    return {row.indicator: row for row in sorted(holding, key=lambda row: (code_key(row.indicator), row.decided_on))}


def standing_decision(session: Session, organisation_id: UUID, standard: str, indicator: str) -> NotApplicable | None:
    """The decision on this indicator that nobody has withdrawn, whatever its date."""
    query = select(NotApplicable).where(
        NotApplicable.organisation_id == organisation_id,
        NotApplicable.standard == standard,
        NotApplicable.indicator == indicator,
        col(NotApplicable.withdrawn_on).is_(None),
    )
    return session.exec(query).one_or_none()


def _holds(row: NotApplicable, on: date, recorded_on: datetime | None) -> bool:
    if recorded_on is not None and row.recorded_at > recorded_on:
        return False
    known_end = row.withdrawn_on if recorded_on is None or (row.withdrawn_at and row.withdrawn_at <= recorded_on) else None
    return known_end is None or on < known_end
