"""The trail entry of every act on a document, and the job that makes search follow it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlmodel import Session

from service.documents.models import Document
from service.jobs.actions import enqueue
from service.organisations.rules import Actor
from service.trail.actions import record

INDEX = "search:index"
"""The job by its name: search stands above documents."""


def record_about(session: Session, document: Document, action: str, *, by: Actor, at: datetime, details: Mapping[str, object]) -> None:
    """`details` are plain JSON. After what changes a text or where it stands, the organisation's index follows within a minute."""
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
    if action == "document:create" or action.startswith("revision:"):
        minute = at.replace(second=0, microsecond=0) + timedelta(minutes=1)
        enqueue(session, INDEX, {}, at=at, run_at=minute, key=minute.isoformat(), organisation=document.organisation_id)
