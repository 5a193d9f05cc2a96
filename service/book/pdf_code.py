"""The code in the corner of a page of a PDF, written as what draws it: rectangles, one stream for all pages of a document. Pure.

Set by typst as a picture on each page it would be there as often as there are pages, and cost a third of all the time.
"""

from __future__ import annotations

import zlib
from functools import lru_cache

from service.book.code import modules, runs
from service.book.drawing_shapes import number
from service.book.geometry import code_place
from service.book.paging import Paging
from service.book.theme import Theme


def drawn_codes(paging: Paging, theme: Theme) -> list[bytes]:
    """For every page of a book the compressed contents that draw its code; empty for a page without one."""
    places = {broad: code_place(theme, broad) for broad in (False, True)}
    heights = {False: theme.page_height, True: theme.page_width}
    found = []
    for code, broad in zip(paging.codes, paging.broad, strict=True):
        left, top, side = places[broad]
        found.append(_contents(code, left, heights[broad] - top, side) if code else b"")
    return found


@lru_cache(maxsize=2048)
def _contents(code: str, left: float, top: float, side: float) -> bytes:
    """Drawn from the top left corner, a module as the unit; an artifact, which readers aloud skip (ISO 32000-1, 14.8.2.2)."""
    rows = modules(code)
    dark = "".join(f"{start} {row} {length} 1 re\n" for row, cells in enumerate(rows) for start, length in runs(cells))
    scale = f"{side / len(rows):.4f}"
    words = (
        f"/Artifact<</Type/Pagination>>BDC\nq {scale} 0 0 -{scale} {number(left)} {number(top)} cm\n"
        f"1 g 0 0 {len(rows)} {len(rows)} re f\n0 g\n{dark}f\nQ\nEMC\n"
    )
    return zlib.compress(words.encode(), 6)
