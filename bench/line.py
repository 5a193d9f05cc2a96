"""One line of the bench: what was measured, beside what, and the bound that it must keep; none for what is told for information only."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 70


@dataclass(frozen=True, slots=True)
class Line:
    """One comparison: ours, the peer's, their ratio and the bound it must keep. `documents`: how many there are."""

    what: str
    documents: int
    ours: float
    peer: str
    theirs: float
    ratio: float
    bound: float | None

    @property
    def holds(self) -> bool:
        return self.bound is None or self.ratio <= self.bound


def against(what: str, documents: int, ours: float, peer: str, theirs: float, bound: float | None) -> Line:
    """Ours at most `bound` times theirs."""
    return Line(what, documents, ours, peer, theirs, ours / theirs, bound)


def within(what: str, documents: int, ours: float, limit: float) -> Line:
    """Ours at most a fixed limit."""
    return against(what, documents, ours, "limit", limit, 1)


def show(lines: Sequence[Line], absent: Sequence[str]) -> None:
    """The table, and which peers could not be had."""
    out = sys.stdout.write
    out(f"{'what':<{WIDTH}}{'docs':>9}{'ours':>10}{'peer':>18}{'theirs':>10}{'ratio':>8}{'bound':>7}\n")
    for line in lines:
        mark = "" if line.holds else "  over"
        bound = f"{line.bound:>7.4g}" if line.bound is not None else f"{'–':>7}"
        out(
            f"{line.what:<{WIDTH}}{line.documents:>9}{line.ours:>10.3f}{line.peer:>18}{line.theirs:>10.3f}{line.ratio:>8.3f}{bound}{mark}\n"
        )
    bounded = [line for line in lines if line.bound is not None]
    out(f"{sum(line.holds for line in bounded)} of {len(bounded)} lines hold their bound\n")
    if absent:
        out(f"absent peers: {', '.join(absent)}\n")
