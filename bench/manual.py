"""The compiled manual beside its peers: pandoc, naive python-docx, WeasyPrint, LibreOffice. Whole commands, and rendering alone."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import measure, peers
from bench.line import Line, against, within
from bench.measure import Timed
from bench.subject import Subject
from service.book.docx import render_docx
from service.book.fitting import fitted
from service.book.pdf import layout_of
from service.book.pictured import pictures
from service.manuals.workshop import default_workshop

MEGABYTES = 600
SECONDS = 5.0
"""For the demo's manual in three formats."""
STYLE = (
    "@page{size:A4;margin:30mm 26mm 25mm 28mm}body{font:12pt/22pt 'Noto Serif SC','Noto Serif CJK SC',serif}"
    "table{border-collapse:collapse;width:100%}td,th{border:.5pt solid}"
)
BOUNDS: tuple[tuple[str, str, str, float | None], ...] = (
    ("DOCX rendered in the process", "docx_render", "pandoc", 0.1),
    ("DOCX rendered in the process", "docx_render", "python-docx", 0.05),
    ("DOCX by the whole command, page numbers included", "docx_command", "pandoc", 1.0),
    ("DOCX by the first command of all, for information", "docx_first", "pandoc", None),
    ("PDF by the whole command", "pdf_command", "weasyprint", 0.1),
    ("PDF by the whole command", "pdf_command", "libreoffice", 0.25),
    ("PDF by the first command of all, for information", "pdf_first", "weasyprint", None),
    ("PDF by the first command of all, for information", "pdf_first", "libreoffice", None),
)


@dataclass(frozen=True, slots=True)
class Measured:
    """Ours and theirs by name."""

    subject: Subject
    ours: dict[str, Timed]
    theirs: dict[str, Timed]


def measured(subject: Subject, absent: Sequence[str]) -> Measured:
    ours = {"docx_render": _render(subject)}
    for format_ in ("docx", "pdf"):
        subject.forget()
        ours[f"{format_}_first"] = measure.command(subject.command(format_), subject.environment, times=1)
    for name, formats in (("docx_command", "docx"), ("pdf_command", "pdf"), ("all_command", "docx,pdf,html")):
        ours[name] = measure.command(subject.command(formats), subject.environment)
    return Measured(subject, ours, dict(_peers(subject, absent)))


def _render(subject: Subject) -> Timed:
    """From the assembled book to the bytes of the file, nothing kept from the time before."""
    workshop = default_workshop()
    theme, fonts = workshop.theme, workshop.fonts
    book, _ = fitted(subject.book(), theme, fonts)
    layout, drawn = layout_of(book, theme, fonts), pictures(book, theme, fonts)
    return measure.function(lambda: render_docx(book, theme, layout, drawn))


def _peers(subject: Subject, absent: Sequence[str]) -> Iterator[tuple[str, Timed]]:
    """Each as a whole process on the same manual; python-docx too, whose start is a fraction of what it takes."""
    folder, text = subject.folder, str(subject.markdown)
    yield "python-docx", measure.command([sys.executable, "-m", "bench.naive", text, str(folder / "naive.docx")], times=1)
    pandoc = peers.pandoc()
    if pandoc is not None:
        yield "pandoc", measure.command([str(pandoc), text, "--toc", "-o", str(folder / "pandoc.docx")])
        if "weasyprint" not in absent:
            page = _page(pandoc, folder, text)
            yield "weasyprint", measure.command([*peers.weasyprint(), str(page), str(folder / "weasyprint.pdf")], times=1)
    if peers.OFFICE not in absent:
        yield "libreoffice", measure.command(peers.to_pdf(folder / "out" / "manual.docx", folder / "office"), times=1)


def _page(pandoc: Path, folder: Path, text: str) -> Path:
    """The HTML that WeasyPrint prints."""
    (folder / "style.css").write_text(STYLE, "utf-8")
    page = folder / "same.html"
    measure.command([str(pandoc), text, "-s", "--toc", "--metadata", "title=手册", "-c", "style.css", "-o", str(page)], times=1)
    return page


def lines(found: Measured) -> Iterator[Line]:
    subject = found.subject
    for what, key, peer, bound in BOUNDS:
        if peer in found.theirs:
            yield against(f"{what}, {subject.name}", subject.documents, found.ours[key].seconds, peer, found.theirs[peer].seconds, bound)
    most = max(timed.megabytes for timed in found.ours.values())
    yield within(f"peak memory of a command, MB, {subject.name}", subject.documents, most, MEGABYTES)


def demo_line(found: Measured) -> Line:
    """The demo's manual as people build it."""
    return within("complete manual, DOCX + PDF + HTML, s, demo", found.subject.documents, found.ours["all_command"].seconds, SECONDS)


def growth(small: Measured, large: Measured) -> Iterator[Line]:
    """10 × documents at most 11 × time."""
    few, many = small.subject.documents, large.subject.documents
    for key, timed in small.ours.items():
        yield against(f"10 × documents: {key}", many, large.ours[key].seconds, f"{few} documents", timed.seconds, 11)
