"""Where a stamp stands on a page: measures that PDF and DOCX share. Above the header, whose place the theme gives, on any size of page."""

from __future__ import annotations

from service.book.theme import MM, Type

LINE = Type(8, 10, sans=True)
FROM_EDGE = 7 * MM  # printers leave about 5 mm blank; two lines end 3 mm above the header
AIR = 10 * MM  # left and right
CLEAR = 86  # per cent: how much shines through the large word


def large_size(word: str, width: float, height: float) -> float:
    """Size in points at which a word set at 45° across a page of these measures spans seven tenths of its shorter side."""
    return round(0.99 * min(width, height) / (len(word) + 1))
