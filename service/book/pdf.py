"""A Book as a PDF by typst, and its layout: which printed page every anchor stands on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from service.book.model import Book, Layout, Numbering, Part, RunningHead
from service.book.sections import sections
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
    return Pdf(bytes(data), Layout({a: found["pages"][label] for a, label in setting.labels.items()}, found["total"], found["arabic"]))


def book_source(book: Book, theme: Theme, setting: Setting) -> str:
    """The whole typst source: definitions, every part, and a last element that tells where every anchor has come to stand."""
    parts = [_part(section.part, setting, section.restart, section.last_numbered) for section in sections(book)]
    labels = ", ".join(f"{label}: pl(locate(<{label}>))" for label in setting.labels.values())
    last = "counter(page).at(<last>).first()" if any(part.numbering is Numbering.ARABIC for part in book.parts) else "0"
    tell = f"#context [#metadata((pages: ({labels or ':'}), total: here().page(), arabic: {last}))<layout>]"
    return "\n".join((prelude(book, theme), *parts[:-1], parts[-1].replace("/*end*/", tell_end(tell))))


def tell_end(tell: str) -> str:
    return f"[{tell}]"


def _part(part: Part, setting: Setting, restart: bool, last: bool) -> str:
    blocks = [block for block in part_blocks(part, setting) if block]
    if last:
        blocks.append("[#metadata(none)<last>]")
    body = "\n".join(blocks)
    kind, landscape = string(part.numbering.value), str(part.landscape).lower()
    return f"#part({kind}, {landscape}, {_head(part.head)}, {str(restart).lower()}, {{\n{body}\n/*end*/\n}})"


def _head(head: RunningHead | None) -> str:
    return f"([#{string(head.left)}], [#{string(head.right)}])" if head else "none"
