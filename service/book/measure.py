"""How wide text may be, never less than it is, and which runs of it are wider than their line and must be broken inside. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from math import floor

WIDEST = (
    dict.fromkeys(" fijlrtI.,:;'|!()[]{}/\\`-", 0.4)
    | dict.fromkeys("ABCDEGHKNOPQRSTUVXYZw&", 0.84)
    | dict.fromkeys("MWm@%", 1.04)
    | dict.fromkeys('abcdeghknopqsuvxyz0123456789FJL"#$*+<=>?^_~', 0.64)
)
"""Ems of the wider of the faces' bold and regular letters: Tinos and Arimo have the widths of Times New Roman and Arial."""


REGULAR = (
    dict.fromkeys(" fijlrtI.,:;'|!()[]/\\`-", 0.34)
    | dict.fromkeys("ABCDEGHKNOPQRSTUVXYZw&", 0.73)
    | dict.fromkeys("MWm@%", 0.95)
    | dict.fromkeys("abcdeghknopqsuvxyz0123456789{}#$*?^_~", 0.5)
    | dict.fromkeys('FJL"+<=>', 0.62)
)
"""Ems of the letters of Tinos, regular: for lines that are set in it."""


_HAN = r"\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
AIR = 0.25
"""Ems between Hanzi and Latin letters or digits (四分空)."""
_LATIN = r"#$%&0-9A-Za-z\u00c0-\u024f\u0370-\u04ff"
_MEETING = re.compile(rf"(?<=[{_HAN}])(?=[{_LATIN}])|(?<=[{_LATIN}])(?=[{_HAN}])")


def meetings(text: str) -> int:
    """How often Hanzi and Latin stand side by side in it."""
    return len(_MEETING.findall(text))


def widest(text: str, widths: Mapping[str, float] = WIDEST) -> float:
    """Ems that `text` takes at most."""
    return sum([widths.get(char, 1.0) for char in text]) + AIR * meetings(text)


_GLUE = "\u00a0\u202f\u2060\ufeff"  # keeps what stands beside it together, Hanzi too
_FREE = r"\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"  # a line may end on either side

_CLOSING = "、。，；：！？）》」』】〕"  # a line may end behind it, but not between two of them


_WHOLE = re.compile(  # one pattern for all lengths: compiling it takes longer than searching a page with it
    rf"(?:[^ \n{_FREE}{_CLOSING}]|[{_CLOSING}](?=[{_CLOSING}{_GLUE}])|[{_FREE}](?=[{_GLUE}])|(?<=[{_GLUE}])[{_FREE}])+"
)


def _runs(text: str, least: int) -> Iterator[re.Match[str]]:
    """Every run of `least` characters or more without a place to break."""
    if len(text) >= least:
        yield from (run for run in _WHOLE.finditer(text) if run.end() - run.start() >= least)


def overlong(text: str, room: float) -> list[tuple[int, int]]:
    """Start and end of every run without a place to break that may be wider than `room` ems."""
    return [run.span() for run in _runs(text, max(2, floor(room / 1.04))) if widest(run[0]) > room]


def longest_run(text: str, least: int) -> int:
    """Characters of the longest run without a place to break, or 0 if none has `least` of them."""
    return max((len(run[0]) for run in _runs(text, least)), default=0)


def shortened(text: str, ems: float, widths: Mapping[str, float] = WIDEST) -> str:
    """The text, or as much of its beginning as fits with … behind it."""
    if widest(text, widths) <= ems + 1e-9:
        return text
    kept = bisect_right(range(len(text)), ems - 1, key=lambda length: widest(text[:length], widths)) - 1
    return f"{text[: max(0, kept)].rstrip()}…"
