"""The trail entry of every act on copies, questions and acknowledgements: about a document, with the label of the revision."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session

from service.documents import recording
from service.documents.models import Document, Revision
from service.organisations.rules import Actor


def record_about(
    session: Session, document: Document, revision: Revision, action: str, *, by: Actor, at: datetime, details: dict[str, Any]
) -> None:
    """`details` are plain JSON. What was added to the session is written first, so that a refusal of the database leaves no entry."""
    session.flush()
    recording.record_about(session, document, action, by=by, at=at, details={"label": revision.label} | details)
