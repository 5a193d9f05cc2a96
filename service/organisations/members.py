"""Members: who has which role in an organisation, from when, in which departments and until when."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from service.accounts.models import User
from service.clock import local_date
from service.errors import Conflict, InputError, NotFound, Refused
from service.organisations.actions import lock
from service.organisations.models import Membership, Organisation
from service.organisations.queries import chart_on, members, memberships, posts_held
from service.organisations.roles import ROLE_NAMES, Act, Role, roles_for_posts
from service.organisations.rules import Actor, departments_of, names_by_key, require
from service.trail.actions import record


def add_member(
    session: Session,
    organisation: Organisation,
    user: User,
    role: Role,
    *,
    departments: Collection[str] = (),
    until: date | None = None,
    by: Actor,
    at: datetime,
    on: date,
) -> Membership:
    """Give a person a role. Conflict if he has it; InputError for an unknown department, a last day that is over, or an auditor without one.

    An 评审员 reads "of one organisation until a date" (domain.md §5): the last day is required.
    """
    require(by, Act.MANAGE)
    if user.disabled_at is not None:
        raise Refused(f"用户“{user.login}”已停用，不能成为成员", code="user_disabled")
    lock(session, organisation)  # the same role given twice at once is given once
    held = next((row for row in memberships(session, organisation.id, user.id) if row.role is role), None)
    if held is not None and (held.until is None or on <= held.until):
        raise Conflict(f"{user.name}已经是{ROLE_NAMES[role]}", code="member_exists")
    _check_departments(session, organisation, departments, on)
    if until is not None and until < on:
        raise InputError(f"截止日期 {until} 已经过去", code="until_over")
    if role is Role.AUDITOR and until is None:
        raise InputError("评审员须有截止日期", code="until_missing")
    if held is not None:
        _end(session, held, by, at)
    row = Membership(
        organisation_id=organisation.id,
        user_id=user.id,
        role=role,
        departments=sorted(set(departments)),
        until=until,
        created_at=at,
        created_by=by.login,
    )
    session.add(row)
    details = {"role": role.value, "departments": row.departments, "until": until.isoformat() if until else None}
    _trail(session, organisation, "member:add", user, by, at, details)
    return row


def end_membership(session: Session, organisation: Organisation, user: User, role: Role, *, by: Actor, at: datetime) -> None:
    """Take a role away, at once. NotFound if he has not got it; refused for the last 系统管理员, who would leave nobody to add another."""
    require(by, Act.MANAGE)
    lock(session, organisation)  # of two administrators who end each other at once, one stays
    row = next((each for each in memberships(session, organisation.id, user.id) if each.role is role), None)
    if row is None:
        raise NotFound(f"{user.login} 不是{ROLE_NAMES[role]}", code="member_not_found")
    if role is Role.ADMINISTRATOR and _administrators(session, organisation, at) == {user.id}:
        raise Refused("这是最后一名系统管理员，请先指定另一名", code="last_administrator")
    _end(session, row, by, at)
    _trail(session, organisation, "member:end", user, by, at, {"role": role.value})


def add_members_of_chart(
    session: Session, organisation: Organisation, users: Collection[User], *, by: Actor, at: datetime, on: date
) -> list[Membership]:
    """Give everybody on the organisation chart the roles proposed for his posts, if he has none yet."""
    added = []
    for user in users:
        posts = [key for post, _ in posts_held(session, organisation.id, user.login, on) for key in (post.key, *post.aliases)]
        if posts and not memberships(session, organisation.id, user.id):
            roles = sorted(roles_for_posts(posts))
            added += [add_member(session, organisation, user, role, by=by, at=at, on=on) for role in roles]
    return added


def _administrators(session: Session, organisation: Organisation, at: datetime) -> set[UUID]:
    """Those who can act as such now: not disabled, not past their last day."""
    on = local_date(at, organisation.time_zone)
    held = [(row, user) for row, user in members(session, organisation.id) if row.role is Role.ADMINISTRATOR and user.disabled_at is None]
    return {user.id for row, user in held if row.until is None or on <= row.until}


def _check_departments(session: Session, organisation: Organisation, departments: Collection[str], on: date) -> None:
    known = names_by_key(departments_of(chart_on(session, organisation.id, on)))
    unknown = sorted(set(departments) - set(known))
    if unknown:
        raise InputError(f"组织机构图上没有部门 {'、'.join(unknown)}", code="unknown_department")


def _end(session: Session, row: Membership, by: Actor, at: datetime) -> None:
    row.ended_at, row.ended_by = at, by.login
    session.add(row)
    session.flush()  # before a new row: at most one per role is open


def _trail(session: Session, organisation: Organisation, action: str, user: User, by: Actor, at: datetime, details: dict[str, Any]) -> None:
    session.flush()
    record(session, organisation.id, at=at, by=by.login, action=action, subject="member", subject_id=user.login, details=details)
