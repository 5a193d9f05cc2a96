"""Reading the trail and verifying its chain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import String, Text, cast, type_coerce
from sqlalchemy import select as columns_of
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, col, select

from service.trail.anchors import Anchor
from service.trail.chain import Head, Link, Verdict, verify_chain
from service.trail.models import TrailAnchor, TrailEntry, TrailHead

BATCH = 2000


def entries(session: Session, organisation: UUID, subject_id: str | None = None) -> list[TrailEntry]:
    """All entries in order, or those about one object."""
    query = select(TrailEntry).where(TrailEntry.organisation_id == organisation)
    if subject_id is not None:
        query = query.where(TrailEntry.subject_id == subject_id)
    return list(session.exec(query.order_by(col(TrailEntry.position))))


def newest(
    session: Session,
    organisation: UUID,
    limit: int,
    *,
    before: int | None = None,
    subject_id: str | None = None,
    by: str | None = None,
    action: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[TrailEntry]:
    """The last `limit` entries before a position (or at all), the newest first; with `subject_id` those about one object, with `by` and
    `action` those of one person and one kind, from `since` on and before `until`."""
    query = select(TrailEntry).where(TrailEntry.organisation_id == organisation)
    if before is not None:
        query = query.where(col(TrailEntry.position) < before)
    if subject_id is not None:
        query = query.where(TrailEntry.subject_id == subject_id)
    if by is not None:
        query = query.where(TrailEntry.by == by)
    if action is not None:
        query = query.where(TrailEntry.action == action)
    if since is not None:
        query = query.where(col(TrailEntry.at) >= since)
    if until is not None:
        query = query.where(col(TrailEntry.at) < until)
    if by is not None:
        query = query.where(TrailEntry.by == by)
    if action is not None:
        query = query.where(TrailEntry.action == action)
    if since is not None:
        query = query.where(col(TrailEntry.at) >= since)
    if until is not None:
        query = query.where(col(TrailEntry.at) < until)
    return list(session.exec(query.order_by(col(TrailEntry.position).desc()).limit(limit)))


def actors(session: Session, organisation: UUID) -> list[str]:
    """Log-in names of everybody who has left an entry."""
    return sorted(session.exec(select(TrailEntry.by).where(TrailEntry.organisation_id == organisation).distinct()))


def has_read(session: Session, organisation: UUID, subject: str, subject_id: str, by: str, since: datetime) -> bool:
    """Whether it is recorded that somebody read something since a moment (see `record_reading`)."""
    query = select(TrailEntry.id).where(
        TrailEntry.organisation_id == organisation, TrailEntry.subject_id == subject_id, TrailEntry.action == f"{subject}:read"
    )
    return session.exec(query.where(TrailEntry.by == by, col(TrailEntry.at) >= since).limit(1)).first() is not None


def anchors_of(session: Session, organisation: UUID) -> tuple[Anchor, ...]:
    """The organisation's anchors, oldest first."""
    query = select(TrailAnchor).where(TrailAnchor.organisation_id == organisation)
    rows = session.exec(query.order_by(col(TrailAnchor.count), col(TrailAnchor.at)))
    return tuple(Anchor(row.code, row.count, row.seal, row.at, row.signature) for row in rows)


def head_of(session: Session, organisation: UUID) -> Head:
    """How far the organisation's chain goes."""
    row = session.get(TrailHead, organisation)
    return Head(row.position, row.seal) if row else Head()


def verify(session: Session, organisation: UUID, anchors: Iterable[Anchor] = (), public_key: Ed25519PublicKey | None = None) -> Verdict:
    """Walk the whole chain in a stream, against its head and the organisation's `anchors`."""
    head = head_of(session, organisation)
    return verify_chain(organisation, links(session, organisation), head, anchors, public_key)


def links(session: Session, organisation: UUID) -> Iterator[Link]:
    """The entries as texts in order of position, a batch at a time. One that the database cannot even read comes as a link that fits nowhere."""
    position = 0
    try:
        for link in _stream(session, organisation, position, BATCH):
            yield link
            position = link.position
        return
    except DatabaseError:
        pass  # some entry of this batch; one by one it is found
    try:
        yield from _stream(session, organisation, position, 1)
    except DatabaseError:
        yield Link(position + 1, "", "", ())


def _stream(session: Session, organisation: UUID, after: int, batch: int) -> Iterator[Link]:
    """Plain columns without the types' conversions: these would fail on what somebody has written past us, and cost more than the hash."""
    entry = TrailEntry
    texts = [col(column) for column in (entry.by, entry.action, entry.subject, entry.subject_id)]
    moment, details = type_coerce(col(entry.at), String), cast(col(entry.details), Text)
    query = (
        columns_of(col(entry.position), col(entry.previous), col(entry.seal), moment, *texts, details)
        .where(col(entry.organisation_id) == organisation, col(entry.position) > after)
        .order_by(col(entry.position))
    )
    for position, previous, seal, at, *own in session.connection().execute(query, execution_options={"yield_per": batch}):
        yield Link(position, previous, seal, (_moment(at), *own))


def _moment(value: Any) -> str:
    """As it was sealed: ISO in UTC. SQLite keeps `2026-03-01 02:30:15.123456`; anything else there was not written by us."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if not isinstance(value, str) or len(value) != 26 or value[10] != " ":
        return ""
    second = value if value[19:] != ".000000" else value[:19]
    return f"{second[:10]}T{second[11:]}+00:00"
