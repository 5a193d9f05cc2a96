"""Timing: a function inside this process, or a whole command with its peak memory. The median of several runs counts."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timed:
    """Median wall seconds and the largest peak memory (MB; 0 where it was not measured)."""

    seconds: float
    megabytes: float = 0.0


def function(run: Callable[[], object], times: int = 5) -> Timed:
    """After one warm-up."""
    run()
    return Timed(statistics.median(_clocked(run) for _ in range(times)))


def _clocked(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def command(words: Sequence[str], environment: dict[str, str] | None = None, times: int = 3) -> Timed:
    """A whole process, after one warm-up unless it runs only once; a failing command is an error with its output."""
    runs = [_process(words, environment) for _ in range(times + 1 if times > 1 else 1)][-times:]
    return Timed(statistics.median(seconds for seconds, _ in runs), max(megabytes for _, megabytes in runs))


def _process(words: Sequence[str], environment: dict[str, str] | None) -> tuple[float, float]:
    start = time.perf_counter()
    process = subprocess.Popen(words, env={**os.environ, **(environment or {})}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = process.stderr.read() if process.stderr else b""
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(words)} → {process.returncode}: {errors.decode(errors='replace')[-800:]}")
    return seconds, usage.ru_maxrss / 1024
