"""The outline of a PDF, the names that links lead to, and the labels of its pages. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from service.book.model import Heading, Numbering
from service.book.paging import Paging, Spot
from service.book.pdf_block import Leaf
from service.book.pdf_facts import words

_STYLES = {Numbering.ARABIC: b"<</S/D>>", Numbering.ROMAN: b"<</S/r>>", Numbering.NONE: b"<<>>"}


@dataclass(slots=True)
class _Entry:
    heading: Heading | None
    below: list[_Entry] = field(default_factory=list)
    number: int = 0


def name(anchor: str) -> bytes:
    """The string by which an anchor is named."""
    return b"<" + anchor.encode().hex().encode() + b">"


def names(spots: Mapping[str, Spot], leaves: Sequence[Leaf]) -> bytes:
    """The name tree: each anchor's page and the height a little above it, names in the order of their bytes."""
    heights = [leaf.height for leaf in leaves]
    entries = (
        b"%s[%d 0 R/XYZ 0 %s 0]" % (name(anchor), leaves[spot.page].number, _number(heights[spot.page] - max(0.0, spot.y - 4)))
        for anchor, spot in sorted(spots.items(), key=lambda item: item[0].encode())
    )
    return b"<</Names[" + b"".join(entries) + b"]>>"


def outline(headings: Iterable[Heading], root: int, first: int) -> list[bytes]:
    """The outline's root, then its entries, numbered `root` and from `first`; a level that skips one hangs below the last higher one."""
    top = _Entry(None, number=root)
    stack: list[tuple[int, _Entry]] = [(0, top)]
    entries: list[_Entry] = []
    for number, heading in enumerate(headings, first):
        entry = _Entry(heading, number=number)
        while stack[-1][0] >= heading.level:
            stack.pop()
        stack[-1][1].below.append(entry)
        stack.append((heading.level, entry))
        entries.append(entry)
    bodies = {root: b"<</Type/Outlines" + _ends(top) + b">>"}
    for parent in (top, *entries):
        for place, entry in enumerate(parent.below):
            bodies[entry.number] = _body(entry, parent, place)
    return [bodies[number] for number in (root, *(entry.number for entry in entries))]


def _body(entry: _Entry, parent: _Entry, place: int) -> bytes:
    heading = entry.heading
    assert heading is not None  # noqa: S101  # only the root has none
    title = f"{heading.number} {heading.text}" if heading.number else heading.text
    before = b"/Prev %d 0 R" % parent.below[place - 1].number if place else b""
    after = b"/Next %d 0 R" % parent.below[place + 1].number if place + 1 < len(parent.below) else b""
    return b"<</Title%s/Dest%s/Parent %d 0 R%s%s%s>>" % (words(title), name(heading.anchor), parent.number, before, after, _ends(entry))


def _ends(entry: _Entry) -> bytes:
    """First and last below it; closed but at the top, so that a long manual opens as a list of its documents."""
    if not entry.below:
        return b""
    count = len(entry.below) if entry.heading is None else -len(entry.below)
    return b"/First %d 0 R/Last %d 0 R/Count %d" % (entry.below[0].number, entry.below[-1].number, count)


def labels(paging: Paging) -> bytes:
    """Ranges of pages with one manner of numbers: from which page, how."""
    found: list[bytes] = []
    previous: Numbering | None = None
    for place, (kind, label) in enumerate(zip(paging.kinds, paging.labels, strict=True)):
        if kind is not previous or label in ("1", "i"):
            found.append(b"%d%s" % (place, _STYLES[kind]))
        previous = kind
    return b"<</Nums[" + b"".join(found) + b"]>>"


def _number(value: float) -> bytes:
    return f"{round(value, 2):g}".encode() if abs(value) < 1e5 else b"0"
