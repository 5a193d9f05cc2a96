"""A Book as a PDF by typst, and its layout: which printed page every anchor stands on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from service.book.model import Book, Layout, Numbering, RunningHead
from service.book.sections import Section, sections
from service.book.theme import Theme
from service.book.typesetter import typesetter
from service.book.typst_blocks import Setting, new_setting, part_blocks
from service.book.typst_prelude import prelude
from service.book.typst_text import string


@dataclass(frozen=True, slots=True)
class Pdf:
    """The file, and the layout that other renderers take their page numbers from."""

    data: bytes
    layout: Layout


def render_pdf(book: Book, theme: Theme, fonts: Path) -> Pdf:
    """The same bytes for the same book, theme and fonts, on any machine and day."""
    setting = new_setting(book, theme)
    source = book_source(book, theme, setting)
    with typesetter(source, fonts, setting.files) as compiler:
        data = compiler.compile(format="pdf")
        found = json.loads(compiler.query("<layout>", field="value", one=True))
    assert isinstance(data, bytes)  # noqa: S101  # one file for "pdf"; tells the type checker
    return Pdf(data, Layout({a: found["pages"][label] for a, label in setting.labels.items()}, found["total"], found["arabic"]))


def book_source(book: Book, theme: Theme, setting: Setting) -> str:
    """The whole typst source: definitions, every part, and a last element that tells where every anchor has come to stand."""
    stretches = sections(book)
    parts = [_part(section, setting) for section in stretches[:-1]]
    labels = ", ".join(f"{label}: pl(locate(<{label}>))" for label in setting.labels.values())
    last = "counter(page).at(<last>).first()" if any(part.numbering is Numbering.ARABIC for part in book.parts) else "0"
    tell = f"[#context [#metadata((pages: ({labels or ':'}), total: here().page(), arabic: {last}))<layout>]]"
    return "\n".join((prelude(book, theme), *parts, _part(stretches[-1], setting, tell)))


def _part(section: Section, setting: Setting, end: str = "") -> str:
    """A call of `part`; `end` is one more expression after its blocks."""
    part = section.part
    last = "[#metadata(none)<last>]" if section.last_numbered else ""
    body = "\n".join(block for block in (*part_blocks(part, setting), last, end) if block)
    kind, landscape = string(part.numbering.value), str(part.landscape).lower()
    return f"#part({kind}, {landscape}, {_head(part.head)}, {str(section.restart).lower()}, {{\n{body}\n}})"


def _head(head: RunningHead | None) -> str:
    return f"([#{string(head.left)}], [#{string(head.right)}])" if head else "none"
