"""Recording: every state change of any domain calls `record` in its own transaction."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from service.trail.models import TrailEntry, TrailHead
from service.trail.rules import START, seal


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

    `action` is `subject:verb` in the glossary's words (`revision:approve`); `details` holds plain JSON values only.
    The head row is locked, so that two transactions never take the same position.
    """
    head = _locked_head(session, organisation)
    position, details = head.position + 1, details or {}
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


def _locked_head(session: Session, organisation: UUID) -> TrailHead:
    query = select(TrailHead).where(TrailHead.organisation_id == organisation).with_for_update()
    return session.exec(query).one_or_none() or TrailHead(organisation_id=organisation, position=0, seal=START)
