"""Recording: every state change of any domain calls `record` in its own transaction. Anchoring: the head is signed for those outside."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlmodel import Session, select

from service.errors import ServiceError
from service.trail.anchors import signed
from service.trail.models import TrailAnchor, TrailEntry, TrailHead
from service.trail.queries import has_read
from service.trail.rules import START, plain, seal


def record(
    session: Session,
    organisation: UUID,
    *,
    at: datetime,
    by: str,
    action: str,
    subject: str,
    subject_id: str,
    details: dict[str, Any] | None = None,
) -> TrailEntry:
    """Append one entry to the organisation's chain.

    `action` is `subject:verb` in the glossary's words (`revision:approve`); `details` holds plain JSON values only (see `plain`).
    The head row is locked, so that two transactions never take the same position.
    """
    head = _locked_head(session, organisation)
    position, details = head.position + 1, plain(details or {})
    at = at.astimezone(UTC)
    sealed = seal(head.seal, organisation, position, at, by, action, subject, subject_id, details)
    entry = TrailEntry(
        organisation_id=organisation,
        position=position,
        at=at,
        by=by,
        action=action,
        subject=subject,
        subject_id=subject_id,
        details=details,
        previous=head.seal,
        seal=sealed,
    )
    head.position, head.seal = position, sealed
    session.add(entry)
    session.add(head)
    session.flush()
    return entry


def record_reading(session: Session, organisation: UUID, subject: str, subject_id: str, *, by: str, at: datetime, since: datetime) -> None:
    """Record that somebody reads something sensitive (`trail:read`), unless he has since; two requests at once leave one entry."""
    _locked_head(session, organisation)
    if not has_read(session, organisation, subject, subject_id, by, since):
        record(session, organisation, at=at, by=by, action=f"{subject}:read", subject=subject, subject_id=subject_id)


def anchor(session: Session, organisation: UUID, code: str, key: Ed25519PrivateKey, *, at: datetime) -> TrailAnchor:
    """Sign how far the chain has come. The same head on the same day (UTC) → the anchor that is there already.

    Leaves no entry: that would move the head it speaks of. A head that is not the seal of the last entry is refused, never signed.
    """
    head = _locked_head(session, organisation)
    last = select(TrailEntry.seal).where(TrailEntry.organisation_id == organisation, TrailEntry.position == head.position)
    if session.exec(last).one_or_none() != head.seal:
        raise ServiceError(f"{code} 的审计追踪为空或链头不符，不能签署锚点，请先运行 trail verify", code="trail_not_anchorable")
    at = at.astimezone(UTC)
    same = select(TrailAnchor).where(TrailAnchor.organisation_id == organisation, TrailAnchor.count == head.position)
    standing = session.exec(same.where(TrailAnchor.day == at.date())).one_or_none()
    if standing is not None:
        return standing
    signature = signed(key, code, head.position, head.seal, at).signature
    row = TrailAnchor(
        organisation_id=organisation, code=code, count=head.position, seal=head.seal, at=at, day=at.date(), signature=signature
    )
    session.add(row)
    session.flush()
    return row


def _locked_head(session: Session, organisation: UUID) -> TrailHead:
    query = select(TrailHead).where(TrailHead.organisation_id == organisation).with_for_update()
    return session.exec(query).one_or_none() or TrailHead(organisation_id=organisation, position=0, seal=START)
