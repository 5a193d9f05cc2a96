"""Widths of a table's columns, chosen from what stands in them. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from math import ceil

from service.book.measure import AIR, meetings

PAGE_CAPACITY = 80  # half-width characters across a portrait page in 五号
CELL_CAP = 56  # a long text takes no more than this before it wraps
LEAST = 5


@lru_cache(maxsize=4096)
def display_width(text: str) -> int:
    """Half-width characters: Hanzi and full-width marks count two, the air between Hanzi and Latin a quarter of that."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text) + ceil(2 * AIR * meetings(text))


def column_widths(columns: Sequence[Sequence[str]], capacity: int = PAGE_CAPACITY) -> tuple[float, ...]:
    """Relative widths: each column gets its longest cell; if that is too much in all, long columns give way first."""
    wanted = [max([LEAST, *(min(display_width(text) + 2, CELL_CAP) for text in cells)]) for cells in columns]
    if sum(wanted) <= capacity:
        return tuple(float(width) for width in wanted)
    fair = capacity / len(wanted)
    short = [width for width in wanted if width <= fair]
    room = capacity - sum(short)
    long = sum(width**0.75 for width in wanted if width > fair)
    return tuple(float(width) if width <= fair else room * width**0.75 / long for width in wanted)
