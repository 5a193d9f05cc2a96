"""`make bench`: the figures of the product beside those of its peers, as a table and as build/bench.json.

`python -m bench.run manual redline …` measures only some groups.
"""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

from bench import control, manual, pages, peers, rebuild, redline, search, subject, together, trail
from bench.line import Line, against, show, within

ROOT = Path(__file__).resolve().parent.parent


def manual_lines(absent: list[str]) -> Iterator[Line]:
    """The compiled manual: the demo's, and generated ones of 60 and 600 documents."""
    demo, small, large = (manual.measured(each, absent) for each in (subject.demo(), subject.generated(60), subject.generated(600)))
    yield manual.demo_line(demo)
    for each in (demo, large):
        yield from manual.lines(each)
    yield from manual.growth(small, large)


def service_lines(_absent: list[str]) -> Iterator[Line]:
    """Builds in a running service, and commands side by side."""
    demo = subject.demo()
    yield together.line(demo)
    yield from rebuild.lines(demo)


def redline_lines(_absent: list[str]) -> Iterator[Line]:
    """Two editions of a generated manual."""
    source = subject.generated(60).source()
    yield within("redline of two manuals, DOCX + HTML, s", len(source.documents), redline.measured(source).seconds, redline.SECONDS)


def page_lines(_absent: list[str]) -> Iterator[Line]:
    """Pages while people are about."""
    visited = pages.measured()
    yield within(f"pages, {pages.PEOPLE} people at once, p95, s", 151, visited.p95, pages.P95_SECONDS)


def trail_lines(_absent: list[str]) -> Iterator[Line]:
    """The proof of the audit trail."""
    proof = trail.verify(trail.HOME)
    yield within("trail verify, s", trail.ENTRIES, proof.seconds, trail.SECONDS)
    yield within("trail verify, MB", trail.ENTRIES, proof.megabytes, trail.MEGABYTES)


def control_lines(_absent: list[str]) -> Iterator[Line]:
    """Document control at size; the API read in seconds per request, where ours may take 1 ÷ 0.4 of the bare one's time."""
    found = control.measured()
    yield within("in force on any day, 100 organisations, s", 60, found.in_force.seconds, control.IN_FORCE_SECONDS)
    yield against("authorised API read, s per request", 60, 1 / found.ours, "bare FastAPI", 1 / found.bare, 1 / control.LEAST_SHARE)


def search_lines(_absent: list[str]) -> Iterator[Line]:
    """Search over 1,000 documents of 1,500 characters; a full build in seconds per document."""
    found = search.measured()
    yield within("search with snippets, p95, s", search.DOCUMENTS, found.search, search.SEARCH_SECONDS)
    yield within("index of one changed document, s", search.DOCUMENTS, found.change, search.CHANGE_SECONDS)
    yield within("full index, s per document", search.DOCUMENTS, 1 / found.build, 1 / search.DOCUMENTS_A_SECOND)


GROUPS: dict[str, Callable[[list[str]], Iterator[Line]]] = {
    "manual": manual_lines,
    "service": service_lines,
    "redline": redline_lines,
    "pages": page_lines,
    "trail": trail_lines,
    "control": control_lines,
    "search": search_lines,
}


def main(names: list[str]) -> None:
    """The groups named, or all."""
    absent = peers.install()
    lines = [line for name in names or GROUPS for line in GROUPS[name](absent)]
    show(lines, absent)
    machine = {"machine": platform.platform(), "python": platform.python_version(), "absent": absent}
    record = {**machine, "lines": [asdict(line) | {"holds": line.holds} for line in lines]}
    (ROOT / "build" / "bench.json").write_text(json.dumps(record, ensure_ascii=False, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
