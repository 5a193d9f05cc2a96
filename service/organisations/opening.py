"""Opening an organisation in the application: by a consultant, for a client (domain.md §5); the first of a server comes by the command line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session

from service.accounts.models import User
from service.clock import local_date, today
from service.errors import Forbidden, InputError
from service.organisations.actions import LONGEST_NAME, create_organisation
from service.organisations.members import add_member
from service.organisations.models import Organisation
from service.organisations.profile import DatedValue, Profile
from service.organisations.profile_faults import CODE, DEFAULT_NUMBER_PATTERN, DEFAULT_TIME_ZONE
from service.organisations.queries import organisations_of, roles_of
from service.organisations.roles import HeldRole, Role
from service.organisations.rules import Actor, number_pattern_fault
from service.organisations.values import is_text

OPENERS = (Role.CONSULTANT, Role.ADMINISTRATOR)
"""What whoever opens an organisation is there: he fills in its profile, and takes its own people in, who then can end both."""
LONGEST_PATTERN = 100


def may_open(session: Session, user: User) -> bool:
    """Whether somebody is a consultant in any organisation today."""
    return any(_is_consultant(roles_of(held, today(row.time_zone))) for row, held in organisations_of(session, user.id))


def open_organisation(
    session: Session, user: User, *, code: str, name: str, number_pattern: str = DEFAULT_NUMBER_PATTERN, at: datetime
) -> Organisation:
    """A new organisation with nothing but its name, and this person as its consultant and administrator.

    Forbidden but for a consultant; InputError for a wrong code, name or pattern; Conflict if the code is taken.
    """
    if not may_open(session, user):
        raise Forbidden(f"{user.name}不能建立企业：由咨询师完成，或由系统运维人员在服务器上建立", code="not_allowed")
    if not CODE.fullmatch(code):
        raise InputError("企业代号由字母、数字、点和短横组成，最多 20 位", code="bad_organisation")
    if not is_text(name) or len(name) > LONGEST_NAME:
        raise InputError(f"请填写企业全称，最多 {LONGEST_NAME} 个字，不能有控制字符", code="bad_organisation")
    fault = number_pattern_fault(number_pattern) or (
        f"编号规则最多 {LONGEST_PATTERN} 个字符" if len(number_pattern) > LONGEST_PATTERN else None
    )
    if fault:
        raise InputError(fault, code="bad_organisation")
    on = local_date(at, DEFAULT_TIME_ZONE)
    value = DatedValue("company.legal_name", name, on)
    profile = Profile(code, name, on, DEFAULT_TIME_ZONE, number_pattern, (value,), (), (), (), ())
    by = Actor(user.login, user.name, (), "", tuple(HeldRole(role) for role in OPENERS))
    organisation = create_organisation(session, profile, at=at, by=by)
    for role in OPENERS:
        add_member(session, organisation, user, role, by=by, at=at, on=on)
    return organisation


def _is_consultant(held: Iterable[HeldRole]) -> bool:
    return any(each.role is Role.CONSULTANT for each in held)
