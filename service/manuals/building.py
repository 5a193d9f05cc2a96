"""The server's end of the process that builds manuals: started when it is first needed, watched, ended when it takes too much."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

from service.errors import Refused
from service.manuals.orders import Answer, Fault, Message, Order, Stop, Stopped
from service.manuals.prepared import Prepared
from service.manuals.steps import Step
from service.settings import ROOT

log = logging.getLogger(__name__)
LOOK = 0.1
"""Seconds between two looks at the process."""
GRACE = 2.0
"""Seconds that an order called off has to stop between two steps; then its process is ended."""
FULL = 0.7
"""Share of its memory above which a process is not kept for the next order."""
FOLDER = "service-manual-builder-"
"""What the name of a builder's folder of temporary files begins with."""
NOTHING_LEFT = "编制已停止，没有留下任何结果"
ENDED = (EOFError, ConnectionError)
"""What a connection says whose other end is gone."""


class Cancelled(Exception):
    """Somebody called the build off."""


class Broken(Exception):
    """A fault of the program; it stands in the log."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one build may take."""

    megabytes: int
    seconds: int


@dataclass(slots=True)
class Worker:
    """A running builder: its process, our end of the socket, and the folder of its temporary files."""

    process: subprocess.Popen[bytes]
    connection: Connection
    folder: tempfile.TemporaryDirectory[str]

    @property
    def megabytes(self) -> float:
        """Memory in use; 0 where the system does not tell it as Linux does."""
        try:
            pages = int(Path(f"/proc/{self.process.pid}/statm").read_text("ascii").split()[1])
        except (OSError, ValueError, IndexError):
            return 0.0
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    def end(self) -> None:
        """At once, with everything that it has put down."""
        self.connection.close()
        self.process.kill()
        self.process.wait()
        self.folder.cleanup()


def start() -> Worker:
    """A builder with this process's settings. It is told nothing by its command line that others must not see."""
    ours, theirs = Pipe()
    folder = tempfile.TemporaryDirectory(prefix=FOLDER, ignore_cleanup_errors=True)
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    process = subprocess.Popen(  # noqa: S603  # our own program, no word of it from outside
        [sys.executable, "-m", "service.builder", str(theirs.fileno())],
        stdin=subprocess.DEVNULL,
        pass_fds=(theirs.fileno(),),
        env={**os.environ, "PYTHONPATH": path, "TMPDIR": folder.name},
    )
    theirs.close()
    return Worker(process, ours, folder)


class Builder:
    """One warm builder process, which does one order at a time. For many threads."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._turn = threading.Lock()
        self._worker: Worker | None = None

    def prepare(self, order: Order, *, tell: Callable[[Step], None] | None = None, stop: threading.Event | None = None) -> Prepared:
        """The manual that was ordered; `tell` is told each step, `stop` is set by whoever calls it off.

        ServiceError as if it had been made here; Refused(code="build_memory" | "build_time" | "build_ended") for a builder that took too much
        or ended by itself; Cancelled; Broken.
        """
        stop = stop or threading.Event()
        while not self._turn.acquire(timeout=LOOK):
            if stop.is_set():
                raise Cancelled
        try:
            answer = self._done(order, tell or (lambda _step: None), stop)
        finally:
            self._turn.release()
        if isinstance(answer, Stopped):
            raise Cancelled
        if isinstance(answer, Fault):
            if answer.refusal is not None:
                raise answer.refusal
            log.error("building a manual: %s", answer.log)
            raise Broken
        return answer

    def close(self) -> None:
        """End the process, whatever it does: the server ends."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.end()

    def _done(self, order: Order, tell: Callable[[Step], None], stop: threading.Event) -> Answer:
        if self._worker is None or self._worker.process.poll() is not None:
            self.close()
            self._worker = start()
        worker = self._worker
        kept = False
        try:
            answer = _watched(worker, order, self._limits, tell, stop)
            kept = worker.megabytes < FULL * self._limits.megabytes
            return answer
        except ENDED as fault:
            log.error("the builder of manuals ended by itself: %s", worker.process.poll())
            raise Refused(f"编制手册的进程意外中断，{NOTHING_LEFT}，请再试一次", code="build_ended") from fault
        finally:
            if not kept:
                self.close()


def _watched(worker: Worker, order: Order, limits: Limits, tell: Callable[[Step], None], stop: threading.Event) -> Answer:
    """What the builder answers; whatever is raised, the builder must be ended."""
    worker.connection.send(order)
    deadline, patience = time.monotonic() + limits.seconds, float("inf")
    while True:
        if worker.connection.poll(LOOK):
            message: Message = worker.connection.recv()
            if not isinstance(message, Step):
                return message
            tell(message)
        if stop.is_set() and patience == float("inf"):
            patience = time.monotonic() + GRACE
            with suppress(ConnectionError):  # it has ended: the next look says so
                worker.connection.send(Stop())
        if time.monotonic() > patience:
            return _ended_for_stop(worker)
        _require_within(worker, limits, deadline)


def _ended_for_stop(worker: Worker) -> Stopped:
    worker.process.kill()
    worker.process.wait()
    return Stopped()


def _require_within(worker: Worker, limits: Limits, deadline: float) -> None:
    if worker.megabytes > limits.megabytes:
        words = f"编制手册占用的内存超过了 {limits.megabytes} MB 的上限，{NOTHING_LEFT}；请改为分册编制、缩小图片，或由管理员提高上限"
        raise Refused(words, code="build_memory")
    if time.monotonic() > deadline:
        words = f"编制手册的时间超过了 {limits.seconds} 秒的上限，{NOTHING_LEFT}；请改为分册编制，或由管理员提高上限"
        raise Refused(words, code="build_time")
