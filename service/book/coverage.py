"""Which characters the fonts hold. PDF/A must not print a character without a glyph, so such a one is printed as 〓, the mark for it."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from struct import iter_unpack, unpack_from

from service.book.fonts import font_files

GETA = "〓"


def legible(text: str, fonts: Path) -> str:
    """The text with 〓 for each character that no font holds; those that only steer others are left out."""
    absent = {char for char in set(text) if char >= "\x7f" and not is_covered(char, fonts)}
    return text.translate({ord(char): None if _steers(char) else GETA for char in absent}) if absent else text


def unprintable(chars: Iterable[str], fonts: Path) -> frozenset[str]:
    """Those of the characters that are printed as 〓."""
    return frozenset(char for char in chars if char >= "\x7f" and _lost(char, fonts))


@lru_cache(maxsize=1 << 16)
def _lost(char: str, fonts: Path) -> bool:
    return not is_covered(char, fonts) and not _steers(char)


def is_covered(char: str, fonts: Path) -> bool:
    """Whether any of the needed fonts below `fonts` holds it."""
    firsts, lasts = _covered(fonts)
    place = bisect_right(firsts, ord(char)) - 1
    return place >= 0 and ord(char) <= lasts[place]


@lru_cache(maxsize=4)
def _covered(fonts: Path) -> tuple[list[int], list[int]]:
    """First and last code point of each stretch that the fonts hold together, in order."""
    found = {each for file in font_files(fonts) for each in _mapped(file.read_bytes())}
    firsts: list[int] = []
    lasts: list[int] = []
    for first, last in sorted(found):
        if lasts and first <= lasts[-1] + 1:
            lasts[-1] = max(last, lasts[-1])
        else:
            firsts.append(first)
            lasts.append(last)
    return firsts, lasts


def _steers(char: str) -> bool:
    """Joiners, marks of direction, selectors of variants."""
    return unicodedata.category(char) == "Cf" or "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


def _mapped(font: bytes) -> Iterator[tuple[int, int]]:
    """Stretches of code points in the font's table `cmap`: in its subtable of format 12, or else in that of format 4 (OpenType, cmap)."""
    tables = {tag: start for tag, _, start, _ in iter_unpack(">4sIII", font[12 : 12 + 16 * unpack_from(">H", font, 4)[0]])}
    start = tables[b"cmap"]
    subtables = (start + unpack_from(">HHI", font, start + 4 + 8 * place)[2] for place in range(unpack_from(">H", font, start + 2)[0]))
    forms = {unpack_from(">H", font, table)[0]: table for table in subtables}
    if 12 in forms:
        head = forms[12] + 16
        for first, last, _ in iter_unpack(">III", font[head : head + 12 * unpack_from(">I", font, head - 4)[0]]):
            yield first, last
    elif 4 in forms:
        yield from ((point, point) for point in _points(font, forms[4]))


def _points(font: bytes, table: int) -> Iterator[int]:
    """Code points of a subtable of format 4 that are not mapped to the glyph of what is absent."""
    count = unpack_from(">H", font, table + 6)[0] // 2
    ends = unpack_from(f">{count}H", font, table + 14)
    starts, deltas, offsets = (unpack_from(f">{count}H", font, table + 16 + 2 * count * column) for column in (1, 2, 3))
    for segment, (first, last, delta, offset) in enumerate(zip(starts, ends, deltas, offsets, strict=True)):
        at = table + 16 + 6 * count + 2 * segment + offset
        for point in range(first, min(last, 0xFFFE) + 1):
            glyph = unpack_from(">H", font, at + 2 * (point - first))[0] if offset else point
            if (glyph + delta) & 0xFFFF and (glyph or not offset):
                yield point
