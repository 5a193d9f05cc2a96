"""A part's XML as a fragment that can be kept: what depends on the parts before it, and on page numbers, is a slot that is filled last.

So one changed document costs one document, although bookmarks and pictures are numbered through the whole file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from service.book.docx_writing import (
    Bookmark,
    Image,
    PageNumber,
    PictureNumber,
    Recording,
    Relation,
    Slot,
    Writing,
    bookmark_ends,
    embed,
    picture_number,
    relate,
)
from service.book.model import Part, Toc
from service.book.pdf_shelf import Shelf


@dataclass(frozen=True, slots=True)
class Fragment:
    """`texts`: XML and, at every second place, the number of a slot ("3", or "3/" for the end of a bookmark); `headings`: how many stand in
    the outline; `asked`: anchors, and whether the book has them."""

    texts: tuple[str, ...]
    slots: tuple[Slot, ...]
    headings: int
    asked: tuple[tuple[str, bool], ...]

    @property
    def weight(self) -> int:
        """Bytes, about."""
        return 2 * sum(map(len, self.texts)) + 120 * (len(self.texts) + len(self.slots))


def part_xml(part: Part, writing: Writing, write: Callable[[Part, Writing], str], shelf: Shelf | None, made_with: str) -> str:
    """What `write` makes of a part's blocks; with a `shelf` from there, if it was made before `made_with` the same theme.

    A table of contents speaks of the whole book, and a form that is filled in on a screen counts its controls: neither is kept. All others
    are recorded and filled even without a shelf, so that everything is numbered in one order.
    """
    if writing.filling or any(isinstance(block, Toc) for block in part.blocks):
        return write(part, writing)
    if shelf is None:
        return filled(recorded(part, writing, write), writing)
    fragment = shelf.take(("docx", made_with, part), lambda: recorded(part, writing, write), lambda made: made.weight, lambda _: (part,))
    if any((anchor in writing.bookmarks) is not known for anchor, known in fragment.asked):
        fragment = recorded(part, writing, write)
    return filled(fragment, writing)


def recorded(part: Part, writing: Writing, write: Callable[[Part, Writing], str]) -> Fragment:
    """The part written with its slots open; `writing` is only read."""
    recording = Recording()
    own = replace(writing, headings_written=0, recording=recording)
    texts = write(part, own).split("\0")
    return Fragment(tuple(texts), tuple(recording.slots), own.headings_written, tuple(recording.asked.items()))


def filled(fragment: Fragment, writing: Writing) -> str:
    """The fragment with its slots filled, in the order in which they stand."""
    values: dict[str, str] = {}
    parts = list(fragment.texts)
    for place in range(1, len(parts), 2):
        key = parts[place]
        if key not in values:
            start, end = _value(fragment.slots[int(key)], writing)
            values |= {key: start, f"{key}/": end}
        parts[place] = values[key]
    writing.headings_written += fragment.headings
    return "".join(parts)


def _value(slot: Slot, writing: Writing) -> tuple[str, str]:
    """What stands in a slot, and for a bookmark at its end."""
    match slot:
        case Bookmark(name, place):
            return bookmark_ends(writing, name or f"_0h{writing.headings_written + place}")
        case Relation(kind, target, external):
            return relate(writing, kind, target, external=external), ""
        case Image(of, ending):
            return embed(writing, of, ending), ""
        case PictureNumber():
            return picture_number(writing), ""
        case PageNumber(target):
            return writing.page(target), ""
