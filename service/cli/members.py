"""Commands `member add | end | list | from-chart`: set-up by whoever has the command line, and with it the database."""

from __future__ import annotations

from typing import Annotated

import typer
from sqlmodel import Session

from service.accounts.queries import find_user
from service.cli.context import JsonOption, OrganisationOption, as_system, day, guarded, moment, print_json, print_table, read_session, say
from service.clock import today
from service.organisations.members import add_member, add_members_of_chart, end_membership
from service.organisations.models import Organisation, PostHolder
from service.organisations.queries import chart_accounts, find_organisation, members, rows_on
from service.organisations.roles import ROLE_NAMES, Role
from service.organisations.schemas import MemberLine, RoleLine, member_lines

app = typer.Typer(no_args_is_help=True, help="成员及其角色")
Login = Annotated[str, typer.Argument(help="登录名")]
_WORDS = "，".join(f"{role.value} {name}" for role, name in ROLE_NAMES.items())
RoleOption = Annotated[Role, typer.Option("--role", help=f"角色：{_WORDS}")]


@app.command("add")
@guarded
def add(
    login: Login,
    organisation: OrganisationOption,
    role: RoleOption,
    departments: Annotated[list[str] | None, typer.Option("--department", help="只限这个部门（键），可重复，默认全部")] = None,
    until: Annotated[str | None, typer.Option("--until", help="最后一天 YYYY-MM-DD；评审员必填")] = None,
) -> None:
    """给用户一种角色。"""
    with as_system(organisation) as (session, owner, by):
        user, last = find_user(session, login), day(until, owner) if until else None
        at, on = moment(), today(owner.time_zone)
        add_member(session, owner, user, role, departments=departments or (), until=last, by=by, at=at, on=on)
    say(f"{user.name}已成为{owner.name}的{ROLE_NAMES[role]}")


@app.command("end")
@guarded
def end(login: Login, organisation: OrganisationOption, role: RoleOption) -> None:
    """收回一种角色，立即生效。"""
    with as_system(organisation) as (session, owner, by):
        user = find_user(session, login)
        end_membership(session, owner, user, role, by=by, at=moment())
    say(f"{user.name}不再是{owner.name}的{ROLE_NAMES[role]}")


@app.command("list")
@guarded
def list_(organisation: OrganisationOption, json: JsonOption = False) -> None:
    """列出成员及其角色。"""
    with read_session() as session:
        owner = find_organisation(session, organisation)
        lines = member_lines(members(session, owner.id), with_account=True)
    if json:
        print_json([line.model_dump(mode="json") for line in lines])
    else:
        rows = [[line.login, line.name, "、".join(_words(role) for role in line.roles), line.email or "", _state(line)] for line in lines]
        print_table(["登录名", "姓名", "角色", "邮箱", "账号"], rows, title=f"{owner.code} {owner.name}")


@app.command("from-chart")
@guarded
def from_chart(organisation: OrganisationOption) -> None:
    """给组织机构图上有账号的人按岗位分配角色：登录名和姓名都相符、还不是成员、也不属于其他企业的。"""
    with as_system(organisation) as (session, owner, by):
        on = today(owner.time_zone)
        rows = add_members_of_chart(session, owner, chart_accounts(session, owner.id, on), by=by, at=moment(), on=on)
        session.flush()
        left = _not_members(session, owner)
    say(f"已分配 {len(rows)} 种角色")
    if left:
        say(f"仍不是成员的：{'、'.join(left)}（没有账号，或姓名不符，或属于其他企业，请用 member add 逐个添加）")


def _not_members(session: Session, owner: Organisation) -> list[str]:
    there = {user.login for _, user in members(session, owner.id)}
    holders = {row.login: row.name for row in rows_on(session, PostHolder, owner.id, today(owner.time_zone))}
    return [f"{login} {name}" for login, name in holders.items() if login not in there]


def _words(line: RoleLine) -> str:
    limits = [*line.departments, *([f"至 {line.until}"] if line.until else [])]
    return ROLE_NAMES[line.role] + (f"（{'，'.join(limits)}）" if limits else "")


def _state(line: MemberLine) -> str:
    return "已停用" if line.disabled else "已邀请" if line.invited else ""
