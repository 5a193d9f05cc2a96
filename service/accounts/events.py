"""Noting what happens to accounts: a table of their own, since the trail belongs to organisations."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from service.accounts.models import AccountEvent, User
from service.accounts.queries import has_event_since
from service.accounts.rules import REFUSAL_NOTED_EVERY


def note(
    session: Session,
    action: str,
    user: User | None,
    *,
    by: str,
    at: datetime,
    subject: UUID | str = "",
    details: dict[str, Any] | None = None,
) -> None:
    """Add one event; `action` is `subject:verb`, `subject` the session, link or token it is about (default: the account)."""
    user_id = user.id if user else None
    session.add(AccountEvent(at=at, by=by, action=action, user_id=user_id, subject_id=str(subject or user_id or ""), details=details or {}))


def note_refusal(session: Session, action: str, user: User, subject: UUID, at: datetime, reason: str) -> None:
    """The same once an hour for a session or token that goes on being tried: a program in a loop must not fill the table."""
    if not has_event_since(session, str(subject), action, at - REFUSAL_NOTED_EVERY):
        note(session, action, user, by="", at=at, subject=subject, details={"reason": reason})
