"""Commands `migrate`, `serve` and `trail verify`."""

from __future__ import annotations

from typing import Annotated

import typer

from service.cli.context import database, fail, guarded, migrated_database, read_session, say
from service.errors import InputError, ServiceError
from service.migrations import migrate
from service.organisations.queries import find_organisation, list_organisations
from service.trail.queries import first_break

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

trail = typer.Typer(no_args_is_help=True, help="审计追踪")


@guarded
def migrate_command() -> None:
    """建立数据库或更新到最新结构。"""
    migrate(database())
    say("数据库已是最新")


@guarded
def serve(
    host: Annotated[str, typer.Option(help="监听地址")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="端口")] = 8000,
    workers: Annotated[int, typer.Option(help="进程数")] = 1,
) -> None:
    """启动网页服务。"""
    import uvicorn

    if host not in LOOPBACK:  # until there are accounts, whoever reaches the port may do everything
        raise InputError(f"尚无用户登录，服务只能在本机地址上启动，不能监听 {host}", code="not_loopback")
    migrated_database()  # else every worker process would fail for itself
    uvicorn.run("service.app:create_app", factory=True, host=host, port=port, workers=workers, log_level="warning")


@trail.command("verify")
@guarded
def verify(organisation: Annotated[str | None, typer.Option("--organisation", help="企业代号，默认全部")] = None) -> None:
    """核对审计追踪的哈希链。"""
    broken = []
    with read_session() as session:
        chosen = [find_organisation(session, organisation)] if organisation else list_organisations(session)
        for each in chosen:
            position = first_break(session, each.id)
            say(f"{each.code}：" + ("完整" if position is None else f"第 {position} 条起不一致"))
            broken += [f"{each.code} 第 {position} 条"] if position is not None else []
    if broken:
        fail(ServiceError(f"审计追踪不完整：{'、'.join(broken)}", code="trail_broken"))
