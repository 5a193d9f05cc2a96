"""Pages under 20 people at once: the demo served by the product's own command, visited by locust. `python -m bench.pages`.

The 20 log in one after the other (a password costs a third of a second on purpose), then each opens a page a second for half a minute;
the figure is the 95th percentile of all pages that they open from then on.
"""

from __future__ import annotations

import csv
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import peers

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / "build" / "bench" / "pages"
VISITS = Path(__file__).resolve().parent / "visits.py"
PEOPLE, A_SECOND, SECONDS = 20, 2, 40
P95_SECONDS = 0.200
PATIENCE = 60.0
DEMO = "import sys, pathlib; from service.demo import main; main(pathlib.Path(sys.argv[1]))"


@dataclass(frozen=True, slots=True)
class Visited:
    """Pages that were opened, how many failed, seconds of the 95th percentile of all, and of the slowest page with its name."""

    pages: int
    failed: int
    p95: float
    slowest: str
    slowest_p95: float


def measured() -> Visited:
    """Make the demo if it is not there yet, serve it, and let people visit it."""
    environment = {**os.environ, "SERVICE_MANUAL_DATA": str(HOME / "data"), "SERVICE_MANUAL_DATABASE": ""}
    HOME.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-c", DEMO, str(HOME / "out")], env=environment, check=True, stdout=subprocess.DEVNULL)
    peers.install()
    with _served(environment) as address:
        words = [
            "--headless",
            "--users",
            str(PEOPLE),
            "--spawn-rate",
            str(A_SECOND),
            "--reset-stats",
            "--run-time",
            f"{SECONDS}s",
            "--host",
            address,
        ]
        command = [str(peers.HOME / "bin" / "locust"), "-f", str(VISITS), *words, "--csv", str(HOME / "figures"), "--only-summary"]
        subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return _read(HOME / "figures_stats.csv")


@contextmanager
def _served(environment: dict[str, str]) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [sys.executable, "-m", "service", "serve", "--port", str(port)]
    process = subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    end = time.monotonic() + PATIENCE
    try:
        while time.monotonic() < end:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


def _read(file: Path) -> Visited:
    rows = list(csv.DictReader(file.open(encoding="utf-8")))
    total = next(row for row in rows if row["Name"] == "Aggregated")
    slowest = max((row for row in rows if row is not total and row["Type"] == "GET"), key=lambda row: float(row["95%"]))
    return Visited(
        int(total["Request Count"]), int(total["Failure Count"]), float(total["95%"]) / 1000, slowest["Name"], float(slowest["95%"]) / 1000
    )


def say(found: Visited) -> None:
    verdict = "holds" if found.p95 <= P95_SECONDS and not found.failed else "OVER"
    print(
        f"pages, {PEOPLE} people at once: {found.pages} opened, {found.failed} failed, p95 {found.p95 * 1000:.0f} ms ({verdict} {P95_SECONDS * 1000:.0f});"
    )
    print(f"  slowest {found.slowest}: p95 {found.slowest_p95 * 1000:.0f} ms")


if __name__ == "__main__":
    say(measured())
