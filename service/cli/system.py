"""Commands `migrate`, `serve` and `health`."""

from __future__ import annotations

from typing import Annotated

import typer

from service.cli.context import guarded, migrated_database, new_database, say
from service.db import open_database
from service.errors import InputError, ServiceError
from service.migrations import migrate
from service.settings import require_secret, settings

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
"""What only this machine reaches."""


def require_production(host: str) -> None:
    """InputError unless this server may be reached from elsewhere: meant for it, with a secret of its own, knowing its names."""
    chosen = settings()
    if chosen.environment != "production":
        words = "只有在生产环境（SERVICE_MANUAL_ENVIRONMENT=production）中服务才能监听本机以外的地址"
        raise InputError(f"{words}，不能监听 {host}", code="not_loopback")
    require_secret(chosen)
    if not chosen.host_names:
        raise InputError("对外服务须用 SERVICE_MANUAL_HOSTS 写明访问所用的主机名，多个以逗号分隔", code="hosts_missing")


@guarded
def migrate_command() -> None:
    """建立数据库或更新到最新结构。"""
    migrate(new_database())
    say("数据库已是最新")


@guarded
def serve(
    host: Annotated[str, typer.Option(help="监听地址")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="端口")] = 8000,
    workers: Annotated[int, typer.Option(help="进程数；每个进程编制手册时另用一个进程")] = 1,
    worker: Annotated[bool, typer.Option("--worker/--no-worker", help="同时发送通知、执行任务；否则另行运行 work")] = True,
) -> None:
    """启动网页服务。"""
    import uvicorn

    if host not in LOOPBACK:
        require_production(host)
    migrated_database()  # else every worker process would fail for itself
    say(f"已启动：http://{host}:{port}（按 Ctrl+C 停止）")
    app = f"service.cli.serving:{'app_with_worker' if worker else 'app_alone'}"
    uvicorn.run(app, factory=True, host=host, port=port, workers=workers, log_level="warning")


@guarded
def health() -> None:
    """检查数据库和数据文件夹是否可用（供容器健康检查，serve 和 work 通用）。"""
    from service.web.health import missing_for

    missing = missing_for(open_database(settings().database_url))
    if missing:
        raise ServiceError(f"不可用：{'、'.join(missing)}", code="not_ready")
    say("可用")
