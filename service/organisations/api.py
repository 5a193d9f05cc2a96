"""JSON of organisations, and the dependencies by which every route finds the organisation of its path and who may do what there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel
from sqlmodel import Session

from service.accounts.identity import Caller, Credentials, ReadingCaller, answer_once, known_writer, reading_caller, require_csrf
from service.accounts.rules import TokenScope
from service.clock import today
from service.errors import NotFound
from service.organisations.models import Organisation
from service.organisations.queries import actor, find_as_member, organisations_of, roles_of, values_on
from service.organisations.roles import Act, HeldRole, may
from service.organisations.rules import Actor, require
from service.organisations.shipped import catalogue
from service.web.depends import AsOf, Reading, RecordedOn, Writing
from service.web.faults import PROBLEMS
from service.web.once import OnceRoute
from service.web.paging import USUAL, Cursor, Limit, Page, paged

router = APIRouter(prefix="/organisations", tags=["organisations"], route_class=OnceRoute, responses=PROBLEMS)


@dataclass(frozen=True, slots=True)
class Member:
    """The caller as a member of the organisation in the path, today in its time zone."""

    organisation: Organisation
    caller: Caller
    roles: tuple[HeldRole, ...]
    today: date

    def actor(self, session: Session) -> Actor:
        """The member with the posts held today: who acts, signs and is named in the trail."""
        return actor(session, self.organisation, self.caller.user.login, self.today, self.roles, self.caller.user.name)

    @property
    def without_posts(self) -> Actor:
        """The member as far as reading needs: no select."""
        user = self.caller.user
        return Actor(user.login, user.name, (), "", self.roles)


def find_member(session: Session, code: str, caller: Caller, *acts: Act) -> Member:
    """NotFound for an unknown code and for a stranger alike: one learns nothing of organisations one is not a member of (domain.md §5).
    Forbidden for a member who may do none of these acts."""
    found = find_as_member(session, code, caller.user.id)
    day = today(found[0].time_zone) if found else None
    roles = roles_of(found[1], day) if found and day else ()
    if not found or not day or not roles:
        raise NotFound(f"找不到代号为“{code}”的企业", code="organisation_not_found")
    member = Member(found[0], caller, roles, day)
    if not any(may(roles, act) for act in acts):
        require(member.without_posts, acts[0])
    return member


def allowed(act: Act) -> Any:
    """Dependency of a reading route: the member, who may do this. One function, so that a request changes threads once for it."""

    def member(code: str, request: Request, session: Reading, sent: Credentials) -> Member:
        return find_member(session, code, reading_caller(request, session, sent), act)

    return Depends(member)


def allowed_to_write(*acts: Act) -> Any:
    """Dependency of a writing route: the member, who may do one of these, by a token (if it is one) that was made for it.

    Several acts: which one it takes depends on where the thing stands, and the action asks again.
    """
    scope = TokenScope.MANAGE if Act.MANAGE in acts else TokenScope.WRITE

    def member(code: str, request: Request, session: Writing, sent: Credentials) -> Member:
        caller = known_writer(request, session, sent)
        found = find_member(session, code, caller, *acts)
        caller.require_scope(scope)
        answer_once(request, session, caller, sent)
        return found

    return Depends(member, scope="function")


def allowed_to_write_later(act: Act) -> Any:
    """The same for a route that works for seconds before it writes: it reads in a session that keeps nobody else from writing,
    and writes at the end through `Noting`. It takes no Idempotency-Key."""

    def member(code: str, request: Request, session: Reading, sent: Credentials) -> Member:
        caller = reading_caller(request, session, sent)
        if caller.session is not None:
            require_csrf(caller.session, sent.csrf)
        found = find_member(session, code, caller, act)
        caller.require_scope(TokenScope.WRITE)
        return found

    return Depends(member)


Reader = Annotated[Member, allowed(Act.READ)]
"""Any member."""


class OrganisationLine(BaseModel):
    """An organisation that the caller is a member of, with his roles there."""

    code: str
    name: str
    number_pattern: str
    roles: list[str]


class OrganisationBody(BaseModel):
    """An organisation with its values of a day: {group: {key: value}}, and lists of outlets and persons."""

    code: str
    name: str
    values: dict[str, Any]


@router.get("")
def organisations(session: Reading, caller: ReadingCaller, limit: Limit = USUAL, cursor: Cursor = None) -> Page[OrganisationLine]:
    """本人所属的全部企业及在其中的角色。"""
    rows = [(row, roles_of(held, today(row.time_zone))) for row, held in organisations_of(session, caller.user.id)]
    lines = [
        OrganisationLine(code=row.code, name=row.name, number_pattern=row.number_pattern, roles=sorted({each.role.value for each in roles}))
        for row, roles in rows
        if roles
    ]
    return paged(lines, lambda each: each.code, limit, cursor)


@router.get("/{code}")
def organisation(member: Reader, session: Reading, as_of: AsOf, recorded_on: RecordedOn) -> OrganisationBody:
    """一家企业及其某日有效的参数。"""
    owner = member.organisation
    values = values_on(session, owner.id, as_of or member.today, recorded_on, catalogue=catalogue())
    return OrganisationBody(code=owner.code, name=owner.name, values=values)
