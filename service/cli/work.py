"""Command `work`: the worker as a process of its own."""

from __future__ import annotations

import signal
import threading
from dataclasses import asdict
from typing import Annotated

import typer

from service import worker
from service.cli.context import JsonOption, fail, guarded, migrated_database, print_json, say
from service.errors import ServiceError


@guarded
def work(once: Annotated[bool, typer.Option("--once", help="做完到期的事就结束")] = False, json: JsonOption = False) -> None:
    """发送通知、执行任务，每小时处理一次到期事项。"""
    engine, stop = migrated_database(), threading.Event()
    if once:
        tally = worker.work(engine, worker.transport(), stop)
        if json:
            print_json(asdict(tally))
        else:
            say(f"完成任务 {tally.done} 项，发出通知 {tally.sent} 条，未能发出 {tally.unsent} 条")
        if tally.failed:
            fail(ServiceError(f"{tally.failed} 项任务没有完成，详见日志", code="jobs_failed"))
        return
    for kind in (signal.SIGINT, signal.SIGTERM):
        signal.signal(kind, lambda *_: stop.set())
    say("任务进程已启动（按 Ctrl+C 停止）")
    worker.run(engine, stop)
    engine.dispose()
