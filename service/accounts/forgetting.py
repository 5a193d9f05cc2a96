"""What the hourly job forgets of accounts: log-in sessions and links that have long been over. The events stay."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col, or_

from service.accounts.models import AccountLink, LoginSession

KEPT = timedelta(days=90)


def forget_old_sessions(session: Session, *, at: datetime) -> None:
    """Those that expired or were revoked three months ago."""
    over = or_(col(LoginSession.expires_at) < at - KEPT, col(LoginSession.revoked_at) < at - KEPT)
    session.execute(delete(LoginSession).where(over))


def forget_old_links(session: Session, *, at: datetime) -> None:
    """Those that expired, were followed or overtaken three months ago."""
    ends = (AccountLink.expires_at, AccountLink.used_at, AccountLink.voided_at)
    session.execute(delete(AccountLink).where(or_(*(col(end) < at - KEPT for end in ends))))
