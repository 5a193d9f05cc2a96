"""The life of an account: made, given a password, disabled, enabled; and the ending of what is open."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from service.accounts.events import note
from service.accounts.models import LoginSession, User
from service.accounts.queries import api_tokens, open_links, unrevoked_sessions, user_by_login
from service.accounts.rules import password_fault, person_fault, plain_login
from service.accounts.secret import hash_password
from service.errors import Conflict, InputError, Refused


def create_user(session: Session, login: str, name: str, email: str = "", *, password: str | None = None, by: str, at: datetime) -> User:
    """A new account; without a password it waits for an invitation to be accepted. Conflict if the log-in name is taken."""
    login, name, email = plain_login(login), name.strip(), email.strip()
    if fault := person_fault(login, name, email):
        raise InputError(fault, code="bad_user")
    if user_by_login(session, login):
        raise Conflict(f"登录名“{login}”已被使用", code="user_exists")
    user = User(login=login, name=name, email=email, created_at=at)
    if password is not None:
        _give(user, password, at)
    try:
        with session.begin_nested():
            session.add(user)
    except IntegrityError as taken:  # by somebody else, just now
        raise Conflict(f"登录名“{login}”已被使用", code="user_exists") from taken
    note(session, "user:create", user, by=by, at=at, details={"login": login})
    return user


def set_password(session: Session, user: User, password: str, *, by: str, at: datetime, keep: UUID | None = None) -> None:
    """A new password: all log-in sessions but `keep` end, and no link sent before works any more. API tokens stay."""
    require_active(user)
    _give(user, password, at)
    session.add(user)
    session.flush()  # waits for a log-in under the old password, whose session then ends with the others
    ended = end_sessions(session, user, at, keep)
    void_links(session, user, at)
    note(session, "user:set_password", user, by=by, at=at, details={"sessions_ended": ended})


def disable_user(session: Session, user: User, *, by: str, at: datetime) -> None:
    """Nobody gets in as this person from now on: log-in sessions, links and API tokens end in the same transaction."""
    if user.disabled_at is not None:
        raise Conflict(f"用户“{user.login}”已经停用", code="user_disabled")
    user.disabled_at = at
    session.add(user)
    session.flush()
    ended = {"sessions_ended": end_sessions(session, user, at), "tokens_ended": end_tokens(session, user, at)}
    void_links(session, user, at)
    note(session, "user:disable", user, by=by, at=at, details=ended)


def enable_user(session: Session, user: User, *, by: str, at: datetime) -> None:
    """May log in again with the old password; what was ended stays ended."""
    if user.disabled_at is None:
        raise Conflict(f"用户“{user.login}”没有停用", code="user_enabled")
    user.disabled_at = None
    session.add(user)
    note(session, "user:enable", user, by=by, at=at)


def revoke_all_sessions(session: Session, user: User, *, by: str, at: datetime, keep: UUID | None = None) -> int:
    """Log the person out everywhere, but for the session `keep`; how many were ended."""
    ended = end_sessions(session, user, at, keep)
    note(session, "session:revoke_all", user, by=by, at=at, details={"sessions_ended": ended})
    return ended


def revoke_session(session: Session, row: LoginSession, user: User, *, by: str, at: datetime) -> None:
    """End one log-in session of this person, at once."""
    row.revoked_at = at
    session.add(row)
    note(session, "session:revoke", user, by=by, at=at, subject=row.id)


def require_active(user: User) -> None:
    """Refused if the account is disabled."""
    if user.disabled_at is not None:
        raise Refused(f"用户“{user.login}”已停用", code="user_disabled")


def end_sessions(session: Session, user: User, at: datetime, keep: UUID | None = None) -> int:
    """End what is not yet revoked, expired or not; no event of its own."""
    rows = [row for row in unrevoked_sessions(session, user.id) if row.id != keep]
    for row in rows:
        row.revoked_at = at
        session.add(row)
    return len(rows)


def void_links(session: Session, user: User, at: datetime) -> None:
    for row in open_links(session, user.id):
        row.voided_at = at
        session.add(row)


def end_tokens(session: Session, user: User, at: datetime) -> int:
    """Revoke every API token of this person; how many."""
    rows = [row for row, _ in api_tokens(session, user.id) if row.revoked_at is None]
    for row in rows:
        row.revoked_at = at
        session.add(row)
    return len(rows)


def _give(user: User, password: str, at: datetime) -> None:
    if fault := password_fault(password, user.login, user.name, user.email):
        raise InputError(fault, code="weak_password")
    user.password_hash = hash_password(password)
    user.password_set_at = at
