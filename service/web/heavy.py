"""Work that keeps a processor busy for seconds: only so much of it at a time, so that everybody else is still answered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

from fastapi import Depends, FastAPI, Request

from service import clock
from service.errors import Busy

AT_ONCE = 2
"""Renderings and verifications of one process at a time."""
PATIENCE = 20.0
"""Seconds that a request waits for its turn."""


def install(app: FastAPI) -> None:
    app.state.heavy = asyncio.Semaphore(AT_ONCE)


async def heavy(request: Request) -> AsyncIterator[None]:
    """Wait for a turn; Busy (503) if none comes in time. Stands before the dependencies that open a session: who waits holds no connection."""
    turn: asyncio.Semaphore = request.app.state.heavy
    try:
        await asyncio.wait_for(turn.acquire(), PATIENCE)
    except TimeoutError as fault:
        raise Busy("正在处理的生成任务较多，请稍后再试", until=clock.now() + timedelta(seconds=PATIENCE)) from fault
    try:
        yield
    finally:
        turn.release()


Heavy: Any = Depends(heavy)
