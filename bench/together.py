"""Eight commands at once, as when nobody shares a service: at most nine times one, and nobody runs out of memory."""

from __future__ import annotations

import subprocess
import time

from bench.line import Line, against
from bench.measure import command, surroundings
from bench.subject import Subject

AT_ONCE, FACTOR = 8, 9.0


def line(subject: Subject) -> Line:
    words = subject.command("docx,pdf")
    one = command(words, subject.environment).seconds
    start = time.perf_counter()
    processes = [
        subprocess.Popen(
            [*words, "--output", str(subject.folder / f"out-{number}")], env=surroundings(subject.environment), stdout=subprocess.DEVNULL
        )
        for number in range(AT_ONCE)
    ]
    codes = [process.wait() for process in processes]
    assert codes == [0] * AT_ONCE
    return against(f"{AT_ONCE} commands at once, s", subject.documents, time.perf_counter() - start, "one command", one, FACTOR)
