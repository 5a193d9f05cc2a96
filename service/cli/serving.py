"""The applications that `serve` starts: every template compiled; with the worker in a thread of its own, which ends with it, or without."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from service import worker
from service.app import create_app
from service.web.templating import compile_all

PATIENCE = 20.0
"""Seconds that the worker gets to finish what it is doing; what it cannot finish is done again after the lease."""


def app_with_worker() -> FastAPI:
    """create_app() with a worker from start-up to shutdown."""
    app = create_app(working)
    settle()
    return app


def app_alone() -> FastAPI:
    """create_app() beside which `work` is run as a process of its own."""
    app = create_app()
    settle()
    return app


def settle() -> None:
    """Before the first visit: templates compiled, and what now lives stays out of the garbage collector's rounds.

    A round over everything the program holds stops all pages for about 150 ms; what requests leave behind is freed without rounds.
    """
    compile_all()
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@asynccontextmanager
async def working(app: FastAPI) -> AsyncIterator[None]:
    """The worker's life within the application's."""
    stop = threading.Event()
    thread = threading.Thread(target=worker.run, args=(app.state.engine, stop), name="worker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        await asyncio.to_thread(thread.join, PATIENCE)
