"""The stamp of a PDF: one page set by typst for each size of page, laid over every page of that size. By pikepdf."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import pikepdf
from pikepdf import Array, Name, Object, Page, Pdf, Stream

from service.book.drawing_shapes import number
from service.book.mark import Stamp, colour, large_mark, line
from service.book.stamp_place import AIR, CLEAR, FROM_EDGE, LINE, large_size
from service.book.theme import Theme
from service.book.typesetter import drawn, typesetter
from service.book.typst_prelude import manner
from service.book.typst_text import string
from service.kit.fingerprint import fingerprint

Size: TypeAlias = tuple[float, float]


def stamp_pdf(file: bytes, mark: Stamp, theme: Theme, fonts: Path) -> bytes:
    """The same pages with the stamp over each; its words can be selected and searched like those of the page.

    A PDF/A-2b file stays one: the stamp is typst's PDF/A-2b too (6.2.10 allows what shines through), and no part of the text: an
    artifact, so that readers aloud skip it.
    """
    with Pdf.open(io.BytesIO(file)) as pdf:
        sizes = list(dict.fromkeys(_size(page) for page in pdf.pages))
        source = _source(mark, sizes, theme)
        with typesetter(source, fonts) as compiler, Pdf.open(io.BytesIO(drawn(compiler, tagged=False))) as sheets:
            marks = {size: pdf.copy_foreign(sheet.as_form_xobject()) for size, sheet in zip(sizes, sheets.pages, strict=True)}
        name = Name(f"/Stamp{fingerprint(source)[:12]}")  # not add_overlay: it names the resource by chance
        before, after = pdf.make_stream(b"q"), pdf.make_stream(f"Q /Artifact BMC {name} Do EMC".encode())
        for page in pdf.pages:
            page.add_resource(marks[_size(page)], Name.XObject, name)
            page.obj.Contents = Array([before, *_contents(page), after])
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return out.getvalue()


def _size(page: Page) -> Size:
    left, bottom, right, top = (float(edge) for edge in page.mediabox)
    return right - left, top - bottom


def _contents(page: Page) -> list[Object]:
    found = page.obj.get("/Contents", Array())
    return [found] if isinstance(found, Stream) else list(found)


def _source(mark: Stamp, sizes: Sequence[Size], theme: Theme) -> str:
    """A page for each size: the line above the header, the large word across."""
    ink, word = f"rgb({string('#' + colour(mark))})", large_mark(mark)
    sheets = [f"#sheet({number(width)}pt, {number(height)}pt, {number(large_size(word, width, height))}pt)" for width, height in sizes]
    across = f"place(center + horizon, rotate(-45deg, text(size: large, fill: {ink}.transparentize({CLEAR}%), {string(word)})))"
    return (
        f'#set text(lang: "zh", region: "cn", cjk-latin-spacing: auto, hyphenate: false, {manner(replace(LINE, colour=colour(mark)), theme)})\n'
        "#set par(leading: 0pt, spacing: 0pt, justify: false)\n"
        "#let sheet(width, height, large) = page(width: width, height: height, margin: 0pt, foreground: {\n"
        f"  place(top + center, dy: {number(FROM_EDGE)}pt, block(width: width - {number(2 * AIR)}pt, align(center, {string(line(mark))})))\n"
        f"  {across if word else ''}\n"
        "})[]\n" + "\n".join(sheets)
    )
