"""The code in the corner of a document's pages: a QR symbol (ISO/IEC 18004) that leads a phone to an address. Pure."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby

import segno

QUIET = 4  # modules of blank on every side, as ISO/IEC 18004, 9.1 asks for
DOTS = 4  # pixels of a module in the PNG: 278 dpi on 15 mm
MASK = 0  # a chequer
WORDS = "二维码：核对本修订是否现行有效"
"""What is read aloud instead of the symbol."""
_REMEMBERED = 2048

Rows = tuple[tuple[bool, ...], ...]


@lru_cache(maxsize=_REMEMBERED)
def modules(address: str) -> Rows:
    """The symbol's dark modules, row by row, with the quiet zone around them. Level M: a fold or a spot does no harm.

    The mask is given: finding the best of the eight takes four fifths of the time, and what it would spare no phone notices on paper.
    """
    drawn = segno.make_qr(address, error="m", mask=MASK).matrix
    blank = [(False,) * (len(drawn) + 2 * QUIET)] * QUIET
    side = (False,) * QUIET
    return (*blank, *((*side, *map(bool, row), *side) for row in drawn), *blank)


@lru_cache(maxsize=_REMEMBERED)
def code_svg(address: str) -> bytes:
    """The symbol on white as an SVG of one path, so that no viewer shows seams between its rows."""
    rows = modules(address)
    size = len(rows)
    path = "".join(f"M{start} {row}h{length}v1h-{length}z" for row, cells in enumerate(rows) for start, length in runs(cells))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" viewBox="0 0 {size} {size}">'
        f'<path fill="#fff" d="M0 0h{size}v{size}h-{size}z"/><path d="{path}"/></svg>'
    ).encode()


def runs(cells: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """First place and length of every stretch of dark modules."""
    place = 0
    for dark, stretch in groupby(cells):
        length = len(list(stretch))
        if dark:
            yield place, length
        place += length


@lru_cache(maxsize=_REMEMBERED)
def code_png(address: str) -> bytes:
    """The symbol as a PNG of one bit a pixel, for what shows no SVG."""
    rows = modules(address)
    size = len(rows) * DOTS
    lines = b"".join(_line(cells) * DOTS for cells in rows)
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", size, size, 1, 0, 0, 0, 0)), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def _line(cells: Sequence[bool]) -> bytes:
    """One line of pixels behind the byte that says it is not filtered; 1 is white."""
    bits = "".join(("0" if dark else "1") * DOTS for dark in cells)
    bits += "0" * (-len(bits) % 8)
    return b"\0" + int(bits, 2).to_bytes(len(bits) // 8, "big")
