"""`make bench`: the figures of the compiled manual beside those of its peers, as a table and as build/bench.json."""

from __future__ import annotations

import json
import platform
import shutil
import sys
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from bench import control, generate, measure, pages, peers, redline, search, trail
from bench.measure import Timed
from service.book.docx import render_docx
from service.book.links import without_dangling
from service.book.pdf import render_pdf
from service.db import open_database, reading
from service.manuals.assemble import assemble
from service.manuals.build import pictures
from service.manuals.queries import load_source
from service.manuals.rules import ManualSource
from service.manuals.workshop import default_workshop
from service.organisations.queries import find_organisation

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / "build" / "bench"
ON = date(2026, 6, 1)
STYLE = (
    "@page{size:A4;margin:30mm 26mm 25mm 28mm}body{font:12pt/22pt 'Noto Serif SC','Noto Serif CJK SC',serif}"
    "table{border-collapse:collapse;width:100%}td,th{border:.5pt solid}"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One comparison: ours, the peer's, their ratio and the bound it must keep."""

    what: str
    documents: int
    ours: float
    peer: str
    theirs: float
    ratio: float
    bound: float

    @property
    def holds(self) -> bool:
        return self.ratio <= self.bound


def source_of(url: str) -> ManualSource:
    workshop = default_workshop()
    with reading(open_database(url)) as session:
        return load_source(session, find_organisation(session, "HC"), workshop.standard, workshop.register, on=ON)


def build_command(url: str, folder: Path, formats: str) -> list[str]:
    base = [sys.executable, "-m", "service", "--database", url, "--data", str(folder / "data")]
    return [
        *base,
        "manual",
        "build",
        "--organisation",
        "HC",
        "--as-of",
        ON.isoformat(),
        "--format",
        formats,
        "--output",
        str(folder / "out"),
        "--fresh",
    ]


def peer_times(folder: Path, count: int, absent: list[str]) -> dict[str, Timed]:
    """Pandoc's DOCX and WeasyPrint's PDF of the same Markdown."""
    text = folder / "same.md"
    text.write_text(generate.markdown(count), "utf-8")
    times: dict[str, Timed] = {}
    pandoc = peers.pandoc()
    if pandoc is None:
        return times
    times["pandoc"] = measure.command([str(pandoc), str(text), "--toc", "-o", str(folder / "pandoc.docx")])
    if "weasyprint" not in absent:
        (folder / "style.css").write_text(STYLE, "utf-8")
        page = folder / "same.html"
        measure.command([str(pandoc), str(text), "-s", "--toc", "--metadata", "title=手册", "-c", "style.css", "-o", str(page)], times=1)
        times["weasyprint"] = measure.command([*peers.weasyprint(), str(page), str(folder / "weasyprint.pdf")], times=1)
    return times


def lines_for(count: int, absent: list[str]) -> tuple[list[Line], dict[str, Timed]]:
    folder = HOME / str(count)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    url = generate.prepare(folder, count)
    source, workshop = source_of(url), default_workshop()
    book = without_dangling(assemble(source)[0].book)
    pdf = render_pdf(book, workshop.theme, workshop.fonts)
    drawn = pictures(book, workshop.theme, workshop.fonts)
    ours = {
        "docx_render": measure.function(
            lambda: render_docx(without_dangling(assemble(source)[0].book), workshop.theme, pdf.layout, drawn),
            times=5 if count < 100 else 3,
        ),
        "pdf_render": measure.function(lambda: render_pdf(book, workshop.theme, workshop.fonts), times=3),
        "docx_command": measure.command(build_command(url, folder, "docx")),
        "pdf_command": measure.command(build_command(url, folder, "pdf")),
        "all_command": measure.command(build_command(url, folder, "docx,pdf,html")),
    }
    theirs = peer_times(folder, count, absent)
    wanted = (
        ("DOCX rendered in the process, from loaded source", "docx_render", "pandoc", 0.15),
        ("DOCX by the whole command, page numbers included", "docx_command", "pandoc", 1.5),
        ("PDF rendered in the process", "pdf_render", "weasyprint", 0.1),
        ("PDF by the whole command", "pdf_command", "weasyprint", 0.1),
    )
    found = [
        Line(what, count, ours[key].seconds, peer, theirs[peer].seconds, ours[key].seconds / theirs[peer].seconds, bound)
        for what, key, peer, bound in wanted
        if peer in theirs
    ]
    return found, ours


def demo_lines() -> list[Line]:
    """The complete manual of the demo manufacturer in all three formats, as a whole command: at most 5 s and 600 MB."""
    folder = HOME / "demo"
    environment = {"SERVICE_MANUAL_DATA": str(folder / "data"), "SERVICE_MANUAL_DATABASE": f"sqlite:///{folder / 'demo.sqlite'}"}
    shutil.rmtree(folder, ignore_errors=True)
    measure.command([sys.executable, "-m", "service.demo"], environment, times=1)
    build = [sys.executable, "-m", "service", "manual", "build", "--organisation", "HC", "--output", str(folder / "out"), "--fresh"]
    timed = measure.command(build, environment)
    what = "complete manual, DOCX + PDF + HTML"
    return [
        Line(f"{what}, seconds", 151, timed.seconds, "limit", 5, timed.seconds / 5, 1),
        Line(f"{what}, MB", 151, timed.megabytes, "limit", 600, timed.megabytes / 600, 1),
    ]


def control_lines() -> list[Line]:
    """Document control at size; the API read in seconds per request, where ours may take 1 ÷ 0.4 of the bare one's time."""
    found = control.measured()
    seconds, share = found.in_force.seconds, found.bare / found.ours
    return [
        Line(
            "in force on any day, 100 organisations", 60, seconds, "limit", control.IN_FORCE_SECONDS, seconds / control.IN_FORCE_SECONDS, 1
        ),
        Line("authorised API read, s per request", 60, 1 / found.ours, "bare FastAPI", 1 / found.bare, share, 1 / control.LEAST_SHARE),
    ]


def search_lines() -> list[Line]:
    """Search over 1,000 documents of 1,500 characters; a full build in seconds per document."""
    found = search.measured()
    asked = (
        ("search with snippets, p95, s", found.search, search.SEARCH_SECONDS),
        ("index of one changed document, s", found.change, search.CHANGE_SECONDS),
        ("full index, s per document", 1 / found.build, 1 / search.DOCUMENTS_A_SECOND),
    )
    return [Line(what, 1000, ours, "limit", limit, ours / limit, 1) for what, ours, limit in asked]


def redline_line(count: int = 60) -> Line:
    """Two editions of the generated manual, made by `lines_for`."""
    timed = redline.measured(source_of(f"sqlite:///{HOME / str(count) / 'service-manual.sqlite'}"))
    what = "redline of two manuals, DOCX + HTML, seconds"
    return Line(what, count, timed.seconds, "limit", redline.SECONDS, timed.seconds / redline.SECONDS, 1)


def main() -> None:
    absent = peers.install()
    results = {count: lines_for(count, absent) for count in (60, 600)}
    lines = [line for found, _ in results.values() for line in found]
    small, large = results[60][1], results[600][1]
    for key in small:
        ratio = large[key].seconds / small[key].seconds
        lines.append(Line(f"10 × documents: {key}", 600, large[key].seconds, "60 documents", small[key].seconds, ratio, 11))
    megabytes = max(timed.megabytes for timed in large.values())
    lines.append(Line("peak memory of a command, MB", 600, megabytes, "limit", 600, megabytes / 600, 1))
    lines.append(redline_line())
    lines += demo_lines()
    visited = pages.measured()
    lines.append(Line("pages, 20 people at once, p95, s", 151, visited.p95, "limit", pages.P95_SECONDS, visited.p95 / pages.P95_SECONDS, 1))
    proof = trail.verify(trail.HOME)
    lines.append(Line("trail verify, seconds", trail.ENTRIES, proof.seconds, "limit", trail.SECONDS, proof.seconds / trail.SECONDS, 1))
    lines.append(Line("trail verify, MB", trail.ENTRIES, proof.megabytes, "limit", trail.MEGABYTES, proof.megabytes / trail.MEGABYTES, 1))
    lines += control_lines()
    lines += search_lines()
    show(lines, absent)
    record = {
        "machine": platform.platform(),
        "python": platform.python_version(),
        "absent": absent,
        "lines": [asdict(x) | {"holds": x.holds} for x in lines],
    }
    (ROOT / "build" / "bench.json").write_text(json.dumps(record, ensure_ascii=False, indent=2) + "\n", "utf-8")


def show(lines: list[Line], absent: list[str]) -> None:
    out = sys.stdout.write
    out(f"{'what':<52}{'docs':>8}{'ours':>10}{'peer':>16}{'theirs':>10}{'ratio':>8}{'bound':>7}\n")
    for line in lines:
        mark = "" if line.holds else "  over"
        out(
            f"{line.what:<52}{line.documents:>8}{line.ours:>10.3f}{line.peer:>16}{line.theirs:>10.3f}{line.ratio:>8.3f}{line.bound:>7}{mark}\n"
        )
    out(f"{sum(line.holds for line in lines)} of {len(lines)} lines hold their bound\n")
    if absent:
        out(f"absent peers: {', '.join(absent)}\n")


if __name__ == "__main__":
    main()
