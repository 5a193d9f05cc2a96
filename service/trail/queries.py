"""Reading the trail and verifying its chain."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session, col, select

from service.trail.models import TrailEntry, TrailHead
from service.trail.rules import START, seal


def entries(session: Session, organisation: UUID, subject_id: str | None = None) -> list[TrailEntry]:
    """All entries in order, or those about one object."""
    query = select(TrailEntry).where(TrailEntry.organisation_id == organisation)
    if subject_id is not None:
        query = query.where(TrailEntry.subject_id == subject_id)
    return list(session.exec(query.order_by(col(TrailEntry.position))))


def first_break(session: Session, organisation: UUID) -> int | None:
    """The position of the first entry that does not follow from the one before it (or of a missing tail); None if the chain holds."""
    previous, expected = START, 0
    for entry in entries(session, organisation):
        expected += 1
        remade = seal(previous, organisation, expected, entry.at, entry.by, entry.action, entry.subject, entry.subject_id, entry.details)
        if entry.position != expected or entry.previous != previous or entry.seal != remade:
            return expected
        previous = entry.seal
    head = session.get(TrailHead, organisation)
    last = (head.position, head.seal) if head else (0, START)
    return None if last == (expected, previous) else expected + 1
