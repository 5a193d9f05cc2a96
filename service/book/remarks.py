"""What had to be done so that a book could be printed: no glyph, a table too broad, a picture that is none. Data, not log lines. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from service.book.measure import shortened

MOST = 300
"""Remarks of one volume that are kept; a text made to break things would otherwise fill the record of the build."""
PLACE = 60.0
"""Ems of a title in a remark: as much as tells it apart."""
WHAT = 100.0
"""Ems of what was met; a picture's title may be as long as a page."""


@dataclass(frozen=True, slots=True)
class Remark:
    """`document`: number and title; `section`: clause and heading, empty for the document as a whole; what was met, and what was done."""

    document: str
    section: str
    what: str
    done: str


def collected(remarks: Iterable[Remark]) -> tuple[Remark, ...]:
    """Each once, in their order, long words shortened, with （3 处） behind what was met three times in a section; after MOST only how many more
    there are."""
    counts: dict[Remark, int] = {}
    for said in remarks:
        remark = Remark(shortened(said.document, PLACE), shortened(said.section, PLACE), shortened(said.what, WHAT), said.done)
        counts[remark] = counts.get(remark, 0) + 1
    each = [replace(remark, what=f"{remark.what}（{count} 处）") if count > 1 else remark for remark, count in counts.items()]
    if len(each) <= MOST:
        return tuple(each)
    return (*each[: MOST - 1], Remark("", "", f"另有 {len(each) - MOST + 1} 条说明", "未逐条列出"))
