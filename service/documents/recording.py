"""The trail entry of every act on a document."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from service.documents.models import Document
from service.organisations.rules import Actor
from service.trail.actions import record


def record_about(session: Session, document: Document, action: str, *, by: Actor, at: datetime, details: Mapping[str, object]) -> None:
    """`details` are plain JSON."""
    record(
        session,
        document.organisation_id,
        at=at,
        by=by.login,
        action=action,
        subject="document",
        subject_id=document.number,
        details=dict(details),
    )
