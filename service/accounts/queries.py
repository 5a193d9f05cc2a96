"""Selects of accounts: people, what is open of theirs, and who a secret belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, or_, select

from service.accounts.models import AccountEvent, AccountLink, ApiToken, LoginAttempt, LoginSession, User
from service.accounts.rules import LOGIN, LinkPurpose, is_session_open, plain_login
from service.accounts.secret import digest, same
from service.errors import NotFound


def user_by_login(session: Session, login: str, *, lock: bool = False) -> User | None:
    """The account with this log-in name; with `lock` as it is now, and nobody changes it until the transaction ends."""
    plain = plain_login(login)
    if not LOGIN.fullmatch(plain):
        return None
    query = select(User).where(User.login == plain)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.exec(query).one_or_none()


def find_user(session: Session, login: str) -> User:
    """The same, or NotFound; for administration, where it is no secret who has an account."""
    user = user_by_login(session, login)
    if user is None:
        raise NotFound(f"没有登录名为“{login}”的用户", code="user_not_found")
    return user


def list_users(session: Session) -> Sequence[User]:
    """All, in the order of their log-in names."""
    return session.exec(select(User).order_by(col(User.login))).all()


def session_with_user(session: Session, token: str) -> tuple[LoginSession, User] | None:
    """The log-in session of a token, open or not, and its user: one select."""
    hashed = digest(token)
    query = select(LoginSession, User).join(User, col(User.id) == LoginSession.user_id).where(LoginSession.token_hash == hashed)
    row = session.exec(query).one_or_none()
    return (row[0], row[1]) if row and same(row[0].token_hash, hashed) else None


def token_with_user(session: Session, token: str) -> tuple[ApiToken, User] | None:
    """The API token of a secret, valid or not, and its user: one select."""
    hashed = digest(token)
    query = select(ApiToken, User).join(User, col(User.id) == ApiToken.user_id).where(ApiToken.token_hash == hashed)
    row = session.exec(query).one_or_none()
    return (row[0], row[1]) if row and same(row[0].token_hash, hashed) else None


def link_with_user(
    session: Session, token: str, purpose: LinkPurpose, at: datetime, *, lock: bool = False
) -> tuple[AccountLink, User] | None:
    """The link of a secret, if it can be followed now, and whom it is for; None for every other, without saying why."""
    hashed = digest(token)
    query = (
        select(AccountLink, User)
        .join(User, col(User.id) == AccountLink.user_id)
        .where(AccountLink.token_hash == hashed, AccountLink.purpose == purpose, col(AccountLink.expires_at) > at)
        .where(col(AccountLink.used_at).is_(None), col(AccountLink.voided_at).is_(None), col(User.disabled_at).is_(None))
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = session.exec(query).one_or_none()
    return (row[0], row[1]) if row and same(row[0].token_hash, hashed) else None


def open_sessions(session: Session, user_id: UUID, at: datetime) -> list[LoginSession]:
    """Log-in sessions that hold at this moment, the newest first."""
    rows = unrevoked_sessions(session, user_id)
    return [row for row in rows if is_session_open(row.expires_at, row.last_seen_at, row.revoked_at, at)]


def find_session(session: Session, user_id: UUID, session_id: UUID, at: datetime) -> LoginSession:
    """One of a person's log-in sessions that hold at this moment, or NotFound."""
    found = next((row for row in open_sessions(session, user_id, at) if row.id == session_id), None)
    if found is None:
        raise NotFound("没有这个登录，或它已经结束", code="session_not_found")
    return found


def unrevoked_sessions(session: Session, user_id: UUID) -> list[LoginSession]:
    """The same with those that have run out."""
    query = select(LoginSession).where(LoginSession.user_id == user_id, col(LoginSession.revoked_at).is_(None))
    return list(session.exec(query.order_by(col(LoginSession.created_at).desc())))


def open_links(session: Session, user_id: UUID) -> list[AccountLink]:
    """Links neither followed nor voided, expired ones too."""
    unspent = (col(AccountLink.used_at).is_(None), col(AccountLink.voided_at).is_(None))
    return list(session.exec(select(AccountLink).where(AccountLink.user_id == user_id, *unspent)))


def api_tokens(session: Session, user_id: UUID | None = None) -> list[tuple[ApiToken, User]]:
    """Every API token, or those of one person, with the person, the newest first; revoked and expired ones too."""
    query = select(ApiToken, User).join(User, col(User.id) == ApiToken.user_id)
    if user_id is not None:
        query = query.where(ApiToken.user_id == user_id)
    return [(row, user) for row, user in session.exec(query.order_by(col(ApiToken.created_at).desc(), col(ApiToken.name)))]


def find_api_token(session: Session, token_id: str) -> tuple[ApiToken, User]:
    """By its id as text (not by its secret), or NotFound."""
    row = next(((row, user) for row, user in api_tokens(session) if str(row.id) == token_id), None)
    if row is None:
        raise NotFound(f"没有编号为“{token_id}”的 API 令牌", code="token_not_found")
    return row


def find_own_token(session: Session, user_id: UUID, token_id: UUID) -> ApiToken:
    """One of a person's API tokens, or NotFound."""
    row = session.exec(select(ApiToken).where(ApiToken.id == token_id, ApiToken.user_id == user_id)).one_or_none()
    if row is None:
        raise NotFound(f"没有编号为“{token_id}”的 API 令牌", code="token_not_found")
    return row


def login_attempt(session: Session, login_hash: str) -> LoginAttempt | None:
    """The counter of a log-in name as it is now; nobody else gets it until the transaction ends."""
    query = select(LoginAttempt).where(LoginAttempt.login_hash == login_hash)
    return session.exec(query.with_for_update().execution_options(populate_existing=True)).one_or_none()


def attempts_before(session: Session, moment: datetime) -> Sequence[LoginAttempt]:
    """Counters without a failure since; those of open log-ins (no failure at all) too."""
    quiet = or_(col(LoginAttempt.last_failed_at).is_(None), col(LoginAttempt.last_failed_at) < moment)
    return session.exec(select(LoginAttempt).where(quiet)).all()


def events(session: Session, user_id: UUID | None = None) -> list[AccountEvent]:
    """What happened, in order; or what happened to one account."""
    query = select(AccountEvent).order_by(col(AccountEvent.at))
    return list(session.exec(query if user_id is None else query.where(AccountEvent.user_id == user_id)))


def has_event_since(session: Session, subject_id: str, action: str, since: datetime) -> bool:
    query = select(AccountEvent.id).where(AccountEvent.subject_id == subject_id, AccountEvent.action == action)
    return session.exec(query.where(col(AccountEvent.at) > since).limit(1)).first() is not None
