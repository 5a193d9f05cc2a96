"""Taking people in: what an administrator does who must not learn whom else this server knows.

The rule. Somebody who has an account is named by login *and* e-mail, which only those know who know him; a current member by the login
alone. Accounts are made only under names that are the organisation's own: of persons on its chart (which the operator sets up), and names
that begin with its code and a dot (`jc.wang`). Whatever else is asked for gets one and the same answer, whether such a name exists or not.
By the chart, the roles of a post go to accounts of the same login and name that no other organisation has ever had as a member.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlmodel import Session

from service.accounts.actions import create_user
from service.accounts.mails import send_invitation
from service.accounts.models import User
from service.accounts.queries import user_by_login
from service.accounts.rules import LOGIN, plain_login
from service.errors import InputError, Refused
from service.organisations.members import add_member
from service.organisations.models import Organisation
from service.organisations.queries import memberships, posts_held
from service.organisations.roles import Act, Role
from service.organisations.rules import Actor, require
from service.trail.actions import record


def admit(
    session: Session,
    organisation: Organisation,
    login: str,
    role: Role,
    *,
    email: str = "",
    name: str = "",
    departments: Collection[str] = (),
    until: date | None = None,
    by: Actor,
    at: datetime,
    on: date,
) -> User:
    """Give a role to somebody by the rule above; with a name, one who has no account gets it, and an invitation by e-mail.

    InputError `user_not_matched` where the rule does not let him in; Refused if the chart knows the login as somebody else.
    """
    require(by, Act.MANAGE)
    login = plain_login(login)
    held = posts_held(session, organisation.id, login, on) if LOGIN.fullmatch(login) else []
    user, is_new = _known(session, organisation, login, email), False
    if user is None:
        user, is_new = _made(session, organisation, login, name, email, bool(held), by, at), True
    if held and held[0][1] != user.name:
        raise Refused(f"组织机构图上的“{user.login}”是{held[0][1]}，与账号的姓名“{user.name}”不符", code="name_differs")
    add_member(session, organisation, user, role, departments=departments, until=until, by=by, at=at, on=on)
    if is_new:
        send_invitation(session, user, organisation.name, by=by.login, at=at)
    return user


def invite_member(session: Session, organisation: Organisation, user: User, *, by: Actor, at: datetime) -> None:
    """Send a member without a password a new invitation; the former one no longer works."""
    require(by, Act.MANAGE)
    send_invitation(session, user, organisation.name, by=by.login, at=at)
    record(session, organisation.id, at=at, by=by.login, action="member:invite", subject="member", subject_id=user.login)


def is_own_name(organisation: Organisation, login: str) -> bool:
    """Whether a log-in name lies in the organisation's own range: its code, a dot, and a rest without a dot (that could be another code's)."""
    start, _, own = login.rpartition(".")
    return start == organisation.code.lower() and bool(own)


def _known(session: Session, organisation: Organisation, login: str, email: str) -> User | None:
    user = user_by_login(session, login)
    if user is None:
        return None
    is_same = bool(email.strip()) and email.strip().casefold() == user.email.casefold()
    return user if is_same or memberships(session, organisation.id, user.id) else None


def _made(
    session: Session, organisation: Organisation, login: str, name: str, email: str, is_on_chart: bool, by: Actor, at: datetime
) -> User:
    may_make = (is_on_chart or is_own_name(organisation, login)) and name.strip() and email.strip()
    if not may_make or user_by_login(session, login) is not None:
        words = f"用户与邮箱不符或不存在；新建用户须填写姓名和邮箱，登录名须在本企业的组织机构图上，或以“{organisation.code.lower()}.”开头"
        raise InputError(words, code="user_not_matched")
    return create_user(session, login, name, email, by=by.login, at=at)
