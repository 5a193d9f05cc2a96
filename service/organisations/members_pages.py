"""The page of an organisation's members: who has which role, in which departments and until when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from service import clock
from service.accounts.models import User
from service.organisations.admission import admit, invite_member
from service.organisations.api import Member, allowed, allowed_to_write
from service.organisations.member_links import send_member_reset
from service.organisations.members import add_members_of_chart, end_membership
from service.organisations.models import Membership, PostHolder
from service.organisations.pages import organisation_page
from service.organisations.queries import chart_accounts, chart_on, find_person, members, rows_on
from service.organisations.roles import ROLE_NAMES, Act, Role
from service.organisations.rules import Chart, departments_of, names_by_key, posts_of
from service.web.depends import Reading, Writing
from service.web.forms import NOTHING, Filled, Form, attempt, see
from service.web.once import PageRoute

router = APIRouter(prefix="/organisations/{code}/members", route_class=PageRoute)
Manager = Annotated[Member, allowed(Act.MANAGE)]
ManagerWriting = Annotated[Member, allowed_to_write(Act.MANAGE)]
ROLE_WORDS = {
    Role.ADMINISTRATOR: "管理成员和通知渠道，不签署文件",
    Role.DOCUMENT_CONTROLLER: "编号、发布、发放、回收，维护企业档案",
    Role.AUTHOR: "编制和修改本部门的文件",
    Role.REVIEWER: "审核本部门的文件",
    Role.APPROVER: "批准文件、更改和审批规则",
    Role.READER: "阅读发放给自己的现行文件并确认",
    Role.AUDITOR: "在截止日期前查阅全部文件和记录，不能修改",
    Role.CONSULTANT: "编制文件、维护企业档案，不签署",
}


@dataclass(slots=True)
class MemberRow:
    """A person with his roles; `posts` are those held today."""

    user: User
    posts: str
    roles: list[RoleRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A role of a person; `departments` in words, empty: all of them."""

    role: Role
    name: str
    departments: str
    until: date | None
    is_over: bool


@router.get("")
def listed(member: Manager, session: Reading, q: Annotated[str, Query(max_length=200)] = "") -> HTMLResponse:
    return _page(session, member, q=q)


@router.post("")
def add(member: ManagerWriting, session: Writing, form: Form) -> Response:
    """Give somebody a role; one without an account is made one, and invited."""
    login = form.text("login", required="请填写登录名", longest=100)
    role = form.choice("role", Role, required="请选择角色")
    until = form.day("until")
    if role is Role.AUDITOR and until is None:
        form.faults.setdefault("until", "评审员须有截止日期")
    by, at = member.actor(session), clock.now()

    def give() -> User:
        assert role is not None  # noqa: S101  # `attempt` has refused the form without it; tells the type checker
        words = {"email": form.text("email", longest=200), "name": form.text("name", longest=100)}
        departments = form.texts("departments")
        return admit(
            session, member.organisation, login, role, **words, departments=departments, until=until, by=by, at=at, on=member.today
        )

    user = attempt(session, form, give)
    if user is None or role is None:
        return _page(session, member, filled=form)
    invited = "，邀请邮件已发出" if user.password_hash is None else ""
    return _back(member, f"{user.name}已是{ROLE_NAMES[role]}{invited}")


@router.post("/from-chart")
def add_from_chart(member: ManagerWriting, session: Writing) -> Response:
    owner, on = member.organisation, member.today
    users = chart_accounts(session, owner.id, on)
    rows = add_members_of_chart(session, owner, users, by=member.actor(session), at=clock.now(), on=on)
    people = len({row.user_id for row in rows})
    return _back(member, f"已按岗位给 {people} 人分配角色" if people else "组织机构图上没有可以按岗位分配角色的人员")


@router.post("/{login}/invite")
def invite(login: str, member: ManagerWriting, session: Writing, form: Form) -> Response:
    user = find_person(session, member.organisation.id, login)
    attempt(session, form, lambda: invite_member(session, member.organisation, user, by=member.actor(session), at=clock.now()))
    return _page(session, member, fault=form) if form.fault else _back(member, f"已重新邀请{user.name}，前一封邮件中的链接不再有效")


@router.post("/{login}/reset")
def reset(login: str, member: ManagerWriting, session: Writing, form: Form) -> Response:
    """Send a link by which the member chooses a new password himself; nobody else learns it."""
    user = find_person(session, member.organisation.id, login)
    attempt(session, form, lambda: send_member_reset(session, member.organisation, user, by=member.actor(session), at=clock.now()))
    return _page(session, member, fault=form) if form.fault else _back(member, f"已向{user.name}的邮箱发送重新设置密码的链接")


@router.post("/{login}/{role}/end")
def end(login: str, role: Role, member: ManagerWriting, session: Writing, form: Form) -> Response:
    user = find_person(session, member.organisation.id, login)
    attempt(session, form, lambda: end_membership(session, member.organisation, user, role, by=member.actor(session), at=clock.now()))
    return _page(session, member, fault=form) if form.fault else _back(member, f"{user.name}不再是{ROLE_NAMES[role]}")


def _back(member: Member, said: str) -> Response:
    return see(f"/organisations/{member.organisation.code}/members", said)


def _page(session: Session, member: Member, *, filled: Filled = NOTHING, fault: Filled | None = None, q: str = "") -> HTMLResponse:
    """`filled`: the form for a role, as typed; `fault`: another form that was refused."""
    owner, on = member.organisation, member.today
    chart = chart_on(session, owner.id, on)
    departments = names_by_key(departments_of(chart))
    everybody = _rows(members(session, owner.id), _posts_by_login(session, member, chart), departments, on)
    there = {row.user.login for row in everybody}
    shown = [row for row in everybody if q.strip().lower() in f"{row.user.login} {row.user.name} {row.user.email} {row.posts}".lower()]
    on_chart = {holder.login: holder.name for post in posts_of(chart) for holder in post.holders}
    refused = fault or filled
    return organisation_page(
        "organisations/members.html",
        member,
        "members",
        status=422 if refused.fault else 200,
        rows=shown,
        total=len(everybody),
        q=q,
        not_members=[(login, name) for login, name in on_chart.items() if login not in there],
        roles=[(role.value, ROLE_NAMES[role], ROLE_WORDS[role]) for role in Role],
        departments=[(node.key, node.name) for node in departments_of(chart)],
        own_range=f"{owner.code.lower()}.",
        me=member.caller.user.login,
        filled=refused,
        is_adding=bool(filled.fault),
    )


def _posts_by_login(session: Session, member: Member, chart: Chart) -> dict[str, str]:
    """{login: names of the posts held today}."""
    posts: dict[str, list[str]] = {}
    names = {key: post.name for post in posts_of(chart) for key in (post.key, *post.aliases)}
    for row in rows_on(session, PostHolder, member.organisation.id, member.today):
        if row.post_key in names:
            posts.setdefault(row.login, []).append(names[row.post_key])
    return {login: "、".join(held) for login, held in posts.items()}


def _rows(pairs: list[tuple[Membership, User]], posts: dict[str, str], departments: dict[str, str], on: date) -> list[MemberRow]:
    rows: dict[str, MemberRow] = {}
    for row, user in pairs:
        line = rows.setdefault(user.login, MemberRow(user, posts.get(user.login, "")))
        words = "、".join(departments.get(key, key) for key in row.departments)
        line.roles.append(RoleRow(row.role, ROLE_NAMES[row.role], words, row.until, row.until is not None and row.until < on))
    return list(rows.values())
