"""Commands `user create | list | disable | enable | password | revoke-sessions | reset-second-factor` and `token create | list | revoke`."""

from __future__ import annotations

from typing import Annotated

import typer

from service.accounts.actions import create_user, disable_user, enable_user, revoke_all_sessions, set_password
from service.accounts.api_tokens import create_api_token, revoke_api_token
from service.accounts.models import ApiToken, User
from service.accounts.queries import api_tokens, find_api_token, find_user, list_users
from service.accounts.rules import TokenScope
from service.accounts.second_factor import disable_second_factor, has_second_factor
from service.cli.context import (
    JsonOption,
    ask,
    guarded,
    migrated_database,
    moment,
    print_json,
    print_table,
    read_session,
    say,
    write_session,
)
from service.organisations.rules import SYSTEM

app = typer.Typer(no_args_is_help=True, help="用户")
tokens = typer.Typer(no_args_is_help=True, help="API 令牌")
Login = Annotated[str, typer.Argument(help="登录名")]


@app.command("create")
@guarded
def create(
    login: Login,
    name: Annotated[str, typer.Option("--name", help="姓名")],
    email: Annotated[str, typer.Option("--email", help="邮箱")] = "",
    invited: Annotated[bool, typer.Option("--no-password", help="不设密码，等待邀请")] = False,
) -> None:
    """建立用户；密码在提示后输入（不回显），或从标准输入读一行。"""
    migrated_database()
    password = None if invited else ask("密码", twice=True)
    with write_session() as session:
        user = create_user(session, login, name, email, password=password, by=SYSTEM.login, at=moment())
    say(f"用户 {user.login} {user.name} 已建立")


@app.command("list")
@guarded
def list_(json: JsonOption = False) -> None:
    """列出全部用户。"""
    with read_session() as session:
        rows = [_user_row(user) for user in list_users(session)]
    if json:
        print_json(rows)
    else:
        words = {True: "是", False: "否"}
        heads = ["登录名", "姓名", "邮箱", "已设密码", "动态验证码", "停用"]
        print_table(heads, [[words[v] if isinstance(v, bool) else str(v or "") for v in row.values()] for row in rows])


@app.command("disable")
@guarded
def disable(login: Login) -> None:
    """停用用户：其登录、链接和 API 令牌立即失效。"""
    with write_session() as session:
        disable_user(session, find_user(session, login), by=SYSTEM.login, at=moment())
    say(f"用户 {login} 已停用")


@app.command("enable")
@guarded
def enable(login: Login) -> None:
    """恢复已停用的用户；已失效的登录和令牌不恢复。"""
    with write_session() as session:
        enable_user(session, find_user(session, login), by=SYSTEM.login, at=moment())
    say(f"用户 {login} 已恢复")


@app.command("password")
@guarded
def password_command(login: Login) -> None:
    """设置新密码；该用户的全部登录随之结束。"""
    with read_session() as session:
        find_user(session, login)
    password = ask("密码", twice=True)
    with write_session() as session:
        set_password(session, find_user(session, login), password, by=SYSTEM.login, at=moment())
    say(f"用户 {login} 的密码已更换")


@app.command("revoke-sessions")
@guarded
def revoke_sessions(login: Login) -> None:
    """结束该用户的全部登录。"""
    with write_session() as session:
        ended = revoke_all_sessions(session, find_user(session, login), by=SYSTEM.login, at=moment())
    say(f"用户 {login} 的 {ended} 个登录已结束")


@app.command("reset-second-factor")
@guarded
def reset_second_factor(login: Login) -> None:
    """停用动态验证码（手机遗失时）。"""
    with write_session() as session:
        disable_second_factor(session, find_user(session, login), by=SYSTEM.login, at=moment())
    say(f"用户 {login} 的动态验证码已停用")


@tokens.command("create")
@guarded
def create_token(
    login: Login,
    name: Annotated[str, typer.Option("--name", help="用途")],
    scope: Annotated[list[TokenScope], typer.Option("--scope", help="权限范围，可重复")],
    days: Annotated[int, typer.Option("--days", help="有效天数")] = 90,
    json: JsonOption = False,
) -> None:
    """建立 API 令牌；令牌只在此时显示一次。"""
    with write_session() as session:
        secret, row = create_api_token(session, find_user(session, login), name, scope, days=days, by=SYSTEM.login, at=moment())
    if json:
        print_json({"id": row.id, "token": secret, "expires_at": row.expires_at.isoformat()})
    else:
        say(f"{secret}\n令牌只显示这一次，请立即保存；编号 {row.id}，{row.expires_at:%Y-%m-%d} 到期")


@tokens.command("list")
@guarded
def list_tokens(login: Annotated[str | None, typer.Option("--user", help="登录名，默认全部")] = None, json: JsonOption = False) -> None:
    """列出 API 令牌（不含令牌本身）。"""
    with read_session() as session:
        chosen = find_user(session, login).id if login else None
        rows = [_token_row(row, user) for row, user in api_tokens(session, chosen)]
    if json:
        print_json(rows)
    else:
        print_table(["编号", "用户", "用途", "范围", "到期", "上次使用", "撤销"], [[str(v or "") for v in row.values()] for row in rows])


@tokens.command("revoke")
@guarded
def revoke_token(token_id: Annotated[str, typer.Argument(help="令牌编号")]) -> None:
    """撤销 API 令牌，立即生效。"""
    with write_session() as session:
        row, user = find_api_token(session, token_id)
        revoke_api_token(session, row, user, by=SYSTEM.login, at=moment())
    say(f"API 令牌 {row.name} 已撤销")


def _user_row(user: User) -> dict[str, str | bool | None]:
    return {
        "login": user.login,
        "name": user.name,
        "email": user.email,
        "has_password": user.password_hash is not None,
        "second_factor": has_second_factor(user),
        "disabled_at": user.disabled_at.isoformat() if user.disabled_at else None,
    }


def _token_row(row: ApiToken, user: User) -> dict[str, str | None]:
    moments = {"expires_at": row.expires_at, "last_used_at": row.last_used_at, "revoked_at": row.revoked_at}
    return {
        "id": str(row.id),
        "user": user.login,
        "name": row.name,
        "scopes": ",".join(row.scopes),
        **{key: value.isoformat() if value else None for key, value in moments.items()},
    }
