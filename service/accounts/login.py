"""Getting in and out: log-in with lock-out, sessions, and showing once more who one is."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from service.accounts.actions import set_password
from service.accounts.events import note, note_refusal
from service.accounts.models import LoginAttempt, LoginSession, User
from service.accounts.queries import attempts_before, login_attempt, session_with_user, user_by_login
from service.accounts.rules import (
    COUNTED,
    FAILURES_FORGOTTEN,
    SEEN_EVERY,
    SESSION_LIFETIME,
    Denial,
    Denied,
    is_session_open,
    lock_seconds,
    plain_login,
    standing_failures,
)
from service.accounts.second_factor import has_second_factor, use_code
from service.accounts.secret import check_password, digest, new_token


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A log-in session and its secret, which is told once and never stored."""

    token: str
    session: LoginSession
    user: User


def log_in(session: Session, login: str, password: str, *, code: str = "", at: datetime) -> LoggedIn | Denied:
    """A new log-in session. An unknown name, a wrong password and a disabled account get the same answer in the same time.

    The counter of the name is locked first: many at once are tried one after the other, and no more than the lock-out allows.
    """
    return _opened(session, identify(session, login, password, code=code, at=at), at)


def log_in_by_code(session: Session, login: str, code: str, *, at: datetime) -> LoggedIn | Denied:
    """The second step of a log-in: the caller vouches that this person has just shown his password (see `first_step.py`)."""
    return _opened(session, _attempt(session, login, at, lambda user: _code(user, code, at)), at)


def identify(session: Session, login: str, password: str, *, code: str = "", at: datetime) -> User | Denied:
    """Who this is, without a log-in session: for the command line. Counts and locks as a log-in does."""
    return _attempt(session, login, at, lambda user: _password_and_code(user, password, code, at))


def confirm_identity(session: Session, user: User, *, password: str = "", code: str = "", at: datetime) -> Denied | None:
    """Before a sign-off: the password again, or a code of the second factor. Failures count as those of a log-in do."""
    if code and not password:
        answer = _attempt(session, user.login, at, lambda known: _code(known, code, at))
    else:
        answer = _attempt(session, user.login, at, lambda known: _password(known, password))
    return answer if isinstance(answer, Denied) else None


def change_password(session: Session, user: User, old: str, new: str, *, at: datetime, keep: UUID | None = None) -> Denied | None:
    """A new password by the person, who shows the old one; every other log-in session ends."""
    denied = confirm_identity(session, user, password=old, at=at)
    if denied is None:
        set_password(session, user, new, by=user.login, at=at, keep=keep)
    return denied


def authenticate_session(session: Session, token: str, *, at: datetime) -> tuple[LoginSession, User] | Denied:
    """Whose log-in session this is: one select. (In a reading session nothing is written: neither being seen nor a refusal.)"""
    found = session_with_user(session, token)
    if found is None:
        return Denied(Denial.SESSION)
    row, user = found
    if user.disabled_at is not None or row.revoked_at is not None:
        note_refusal(session, "session:refuse", user, row.id, at, "disabled" if user.disabled_at else "revoked")
        return Denied(Denial.SESSION)
    if not is_session_open(row.expires_at, row.last_seen_at, row.revoked_at, at):
        return Denied(Denial.SESSION)
    if at - row.last_seen_at >= SEEN_EVERY:
        row.last_seen_at = at
        session.add(row)
    return row, user


def log_out(session: Session, token: str, *, at: datetime) -> None:
    """End the log-in session of this token; one that is over stays over."""
    found = session_with_user(session, token)
    if found is None or found[0].revoked_at is not None:
        return
    row, user = found
    row.revoked_at = at
    session.add(row)
    note(session, "session:close", user, by=user.login, at=at, subject=row.id)


def forget_failures(session: Session, login: str) -> None:
    """Lift a lock-out: the person has shown in another way who he is."""
    _clear(session, _counter(session, login))


def forget_old_attempts(session: Session, *, at: datetime) -> int:
    """For the hourly job: delete counters that no longer count, which strangers could pile up; how many."""
    rows = attempts_before(session, at - FAILURES_FORGOTTEN)
    for row in rows:
        session.delete(row)
    return len(rows)


def _opened(session: Session, answer: User | Denied, at: datetime) -> LoggedIn | Denied:
    if isinstance(answer, Denied):
        return answer
    token = new_token("sms")
    row = LoginSession(user_id=answer.id, token_hash=digest(token), created_at=at, expires_at=at + SESSION_LIFETIME, last_seen_at=at)
    session.add(row)
    note(session, "session:open", answer, by=answer.login, at=at, subject=row.id)
    session.flush()
    return LoggedIn(token, row, answer)


def _attempt(session: Session, login: str, at: datetime, check: Callable[[User | None], Denial | None]) -> User | Denied:
    """One try under a log-in name: refused unseen while locked, counted if it fails, forgiven if it succeeds."""
    counter = _counter(session, login)
    if counter.locked_until is not None and at < counter.locked_until:
        return Denied(Denial.LOCKED, counter.locked_until)
    user = user_by_login(session, login, lock=True)
    active = user if user and user.disabled_at is None else None
    denial = check(active)
    if denial is None and active is not None:
        _clear(session, counter)
        return active
    if denial in COUNTED:
        _count(session, counter, user, denial, at)
    return Denied(denial or Denial.WRONG)


def _password_and_code(user: User | None, password: str, code: str, at: datetime) -> Denial | None:
    denial = _password(user, password)
    if denial is not None or user is None or not has_second_factor(user):
        return denial
    return _code(user, code, at) if code.strip() else Denial.SECOND_FACTOR_NEEDED


def _password(user: User | None, password: str) -> Denial | None:
    right, stronger = check_password(password, user.password_hash if user else None)
    if user is not None and stronger is not None:
        user.password_hash = stronger
    return None if right else Denial.WRONG


def _code(user: User | None, code: str, at: datetime) -> Denial | None:
    return None if user is not None and use_code(user, code, at) else Denial.SECOND_FACTOR_WRONG


def _counter(session: Session, login: str) -> LoginAttempt:
    hashed = digest(plain_login(login))
    found = login_attempt(session, hashed)
    if found is not None:
        return found
    with suppress(IntegrityError), session.begin_nested():  # somebody else may make it at the same moment
        session.add(LoginAttempt(login_hash=hashed))
    return login_attempt(session, hashed) or _counter(session, login)


def _count(session: Session, counter: LoginAttempt, user: User | None, denial: Denial, at: datetime) -> None:
    counter.failures = standing_failures(counter.failures, counter.last_failed_at, at) + 1
    counter.last_failed_at = at
    seconds = lock_seconds(counter.failures)
    counter.locked_until = at + timedelta(seconds=seconds) if seconds else None
    session.add(counter)
    details = {"reason": denial.value, "failures": counter.failures, "locked_seconds": seconds}
    note(session, "session:deny", user, by="", at=at, subject=counter.login_hash, details=details)


def _clear(session: Session, counter: LoginAttempt) -> None:
    counter.failures, counter.last_failed_at, counter.locked_until = 0, None, None
    session.add(counter)
