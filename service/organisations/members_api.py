"""JSON of an organisation's members. How an administrator takes somebody in without learning whom else the server knows: admission.py."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from sqlmodel import Session

from service import clock
from service.organisations.admission import admit, invite_member
from service.organisations.api import Member, Reader, allowed_to_write
from service.organisations.members import add_members_of_chart, end_membership
from service.organisations.models import PostHolder
from service.organisations.queries import chart_accounts, find_person, members, rows_on
from service.organisations.roles import Act, Role, may
from service.organisations.rules import require
from service.organisations.schemas import AddedOfChart, MemberBody, MemberLine, Person, member_lines
from service.web.depends import Reading, Writing
from service.web.faults import PROBLEMS
from service.web.once import OnceRoute
from service.web.paging import USUAL, Cursor, Limit, Page, paged

router = APIRouter(prefix="/organisations/{code}/members", tags=["members"], route_class=OnceRoute, responses=PROBLEMS)
Manager = Annotated[Member, allowed_to_write(Act.MANAGE)]


@router.get("")
def list_members(member: Reader, session: Reading, limit: Limit = USUAL, cursor: Cursor = None) -> Page[MemberLine]:
    """成员及其角色，按登录名排列；邮箱和账号状态只有管理成员的人看得到。"""
    manages = may(member.roles, Act.MANAGE)
    if not manages:
        require(member.without_posts, Act.READ_ALL)
    lines = member_lines(members(session, member.organisation.id), with_account=manages)
    return paged(lines, lambda line: line.login, limit, cursor)


@router.post("", status_code=201)
def add(body: MemberBody, member: Manager, session: Writing) -> MemberLine:
    """给一个人一种角色；没有账号的，写明姓名和邮箱即新建并发出邀请。"""
    user = admit(
        session,
        member.organisation,
        body.login,
        body.role,
        email=body.email,
        name=body.name,
        departments=body.departments,
        until=body.until,
        by=member.actor(session),
        at=clock.now(),
        on=member.today,
    )
    return _lines(session, member, {user.login})[0]


@router.post("/from-chart")
def add_from_chart(member: Manager, session: Writing) -> AddedOfChart:
    """给组织机构图上有账号的人按岗位分配角色：登录名和姓名都相符、且不属于其他企业的。"""
    owner, on = member.organisation, member.today
    users = chart_accounts(session, owner.id, on)
    rows = add_members_of_chart(session, owner, users, by=member.actor(session), at=clock.now(), on=on)
    session.flush()
    new = {row.user_id for row in rows}
    there = {user.login for _, user in members(session, owner.id)}
    on_chart = {row.login: row.name for row in rows_on(session, PostHolder, owner.id, on)}
    return AddedOfChart(
        added=_lines(session, member, {user.login for user in users if user.id in new}),
        not_added=[Person(login=login, name=name) for login, name in on_chart.items() if login not in there],
    )


@router.post("/{login}/invite", status_code=202)
def invite(login: str, member: Manager, session: Writing) -> MemberLine:
    """重新发送邀请：前一封中的链接随之失效。"""
    user = find_person(session, member.organisation.id, login)
    invite_member(session, member.organisation, user, by=member.actor(session), at=clock.now())
    return _lines(session, member, {user.login})[0]


@router.delete("/{login}/{role}", status_code=204)
def end(login: str, role: Role, member: Manager, session: Writing) -> None:
    """收回一种角色，立即生效。"""
    user = find_person(session, member.organisation.id, login)
    end_membership(session, member.organisation, user, role, by=member.actor(session), at=clock.now())


def _lines(session: Session, member: Member, logins: set[str]) -> list[MemberLine]:
    rows = [(row, user) for row, user in members(session, member.organisation.id) if user.login in logins]
    return member_lines(rows, with_account=True)
