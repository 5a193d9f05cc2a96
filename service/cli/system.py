"""Commands `migrate` and `serve`."""

from __future__ import annotations

from typing import Annotated

import typer

from service.cli.context import guarded, migrated_database, new_database, say
from service.errors import InputError
from service.migrations import migrate

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@guarded
def migrate_command() -> None:
    """建立数据库或更新到最新结构。"""
    migrate(new_database())
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
    say(f"已启动：http://{host}:{port}（按 Ctrl+C 停止）")
    uvicorn.run("service.app:create_app", factory=True, host=host, port=port, workers=workers, log_level="warning")
