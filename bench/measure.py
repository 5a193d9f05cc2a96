"""Timing: a function inside this process, or a whole command with its peak memory. The median of several runs counts."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


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


def surroundings(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment of a process that the bench starts."""
    return {**os.environ, **environment}


def command(words: Sequence[str], environment: dict[str, str] | None = None, times: int = 3) -> Timed:
    """A whole process, after one warm-up unless it runs only once; a failing command is an error with its output."""
    runs = [_process(words, environment) for _ in range(times + 1 if times > 1 else 1)][-times:]
    return Timed(statistics.median(seconds for seconds, _ in runs), max(megabytes for _, megabytes in runs))


def _process(words: Sequence[str], environment: dict[str, str] | None) -> tuple[float, float]:
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "result.json"
        subprocess.run([sys.executable, "-m", "bench.launch", str(result), *words], env=surroundings(environment or {}), check=True)
        found = json.loads(result.read_text("utf-8"))
    if found["code"]:
        raise RuntimeError(f"{' '.join(words)} → {found['code']}: {found['errors']}")
    return found["seconds"], found["megabytes"]
