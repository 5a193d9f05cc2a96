"""Work that keeps a processor busy for seconds: only so much of it at a time, so that everybody else is still answered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
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
    app.state.building = asyncio.Semaphore(1)


async def heavy(request: Request) -> AsyncIterator[None]:
    """Wait for a turn; Busy (503) if none comes in time. Stands before the dependencies that open a session: who waits holds no connection."""
    async with _turn(request.app.state.heavy):
        yield


async def building(request: Request) -> AsyncIterator[None]:
    """The same for a request that waits for minutes while the builder's own process works: one at a time, and it takes no turn from others."""
    async with _turn(request.app.state.building):
        yield


@asynccontextmanager
async def _turn(turns: asyncio.Semaphore) -> AsyncIterator[None]:
    try:
        await asyncio.wait_for(turns.acquire(), PATIENCE)
    except TimeoutError as fault:
        raise Busy("正在处理的生成任务较多，请稍后再试", until=clock.now() + timedelta(seconds=PATIENCE)) from fault
    try:
        yield
    finally:
        turns.release()


Heavy: Any = Depends(heavy)
Building: Any = Depends(building)
