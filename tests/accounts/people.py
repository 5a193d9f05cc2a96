"""A person with an account, moments, and the shortest ways to log in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyotp
from sqlmodel import Session

from service.accounts.actions import create_user
from service.accounts.login import LoggedIn, log_in
from service.accounts.models import User
from service.accounts.queries import events
from service.accounts.rules import Denial, Denied
from service.accounts.second_factor import confirm_second_factor, start_second_factor

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
PASSWORD = "秋天的红色拖拉机 7"
WRONG = "wrong password"
OTHER = "冬天的蓝色自行车 8"


def after(**span: float) -> datetime:
    return NOW + timedelta(**span)


def person(session: Session, login: str = "ding", password: str | None = PASSWORD) -> User:
    return create_user(session, login, "丁四", f"{login}@example.com", password=password, by="admin", at=NOW)


def logged_in(session: Session, login: str = "ding", password: str = PASSWORD, at: datetime = NOW, code: str = "") -> LoggedIn:
    answer = log_in(session, login, password, code=code, at=at)
    assert isinstance(answer, LoggedIn), answer
    return answer


def denied(answer: object) -> Denial:
    """The reason of a refusal, which the answer must be."""
    assert isinstance(answer, Denied), answer
    return answer.reason


def tried(session: Session, password: str = WRONG, login: str = "ding", at: datetime = NOW) -> Denial:
    return denied(log_in(session, login, password, at=at))


def with_second_factor(session: Session, user: User, at: datetime = NOW) -> pyotp.TOTP:
    """The phone of a person whose second factor is confirmed at `at`."""
    phone = pyotp.TOTP(start_second_factor(session, user, at=at).secret)
    confirm_second_factor(session, user, phone.at(at), at=at)
    return phone


def actions_noted(session: Session, user: User | None = None) -> list[str]:
    session.flush()
    return [row.action for row in events(session, user.id if user else None)]
