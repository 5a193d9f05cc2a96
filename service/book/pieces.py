"""A book in pieces that typst sets one after the other, so that a long book needs no more memory than a short one. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from zlib import crc32

from service.book.model import Figure, Grid, Heading, Inlines, Item, PageOf, Para, Part, Photo, Span, Toc
from service.book.pdf_shelf import Shelf

LARGEST = 20.0  # pages of a piece, by estimate: fewer are set again after a change, more share their fonts
PAGE = 1000  # weight of a page: characters of running text


@dataclass(frozen=True, slots=True)
class Piece:
    """Neighbouring parts set together. `waits`: they print page numbers of other pages, known only when all else is laid out."""

    first: int
    parts: tuple[Part, ...]
    waits: bool


def pieces(parts: tuple[Part, ...], shelf: Shelf | None = None) -> list[Piece]:
    """The whole book as one piece if it is short; else pieces of at most about LARGEST pages, those that wait apart.

    From half that size on a piece may end before a part whose anchor says so: then a document that grows moves the ends of its own
    piece and perhaps of the next, and all others are the pieces they were. With a `shelf` parts seen before are not weighed again.
    """
    loads = [_load(part, shelf) for part in parts]
    if sum(load.pages for load in loads) <= LARGEST:
        return [Piece(0, parts, any(load.waits for load in loads))]
    return list(_cut(parts, loads))


@dataclass(frozen=True, slots=True)
class Load:
    """What is asked of a part to cut a book: pages, by estimate, and whether it waits."""

    pages: float
    waits: bool


def _load(part: Part, shelf: Shelf | None) -> Load:
    if shelf is None:
        return weighed(part)
    return shelf.take(("weighed", part), lambda: weighed(part), lambda _: 64, lambda _: (part,))


def weighed(part: Part) -> Load:
    return Load(weight(part), waits(part))


def _cut(parts: tuple[Part, ...], loads: list[Load]) -> Iterator[Piece]:
    first, pages = 0, 0.0
    for index, (part, load) in enumerate(zip(parts, loads, strict=True)):
        full = pages + load.pages > LARGEST or (pages > LARGEST / 2 and opens(part))
        if index > first and (full or load.waits != loads[first].waits):
            yield Piece(first, parts[first:index], loads[first].waits)
            first, pages = index, 0.0
        pages += load.pages
    yield Piece(first, parts[first:], loads[first].waits)


def opens(part: Part) -> bool:
    """Whether a piece may begin here: half of all parts, by their anchors alone."""
    return crc32(part.anchor.encode()) % 2 == 0


def waits(part: Part) -> bool:
    return any(isinstance(block, Toc) or _slots(block) for block in part.blocks)


def _slots(block: object) -> bool:
    if isinstance(block, Para | Item):
        return _has_slot(block.content)
    if isinstance(block, Grid):
        return any(_has_slot(content) for row in block.rows for cell in row for content in cell.content)
    return False


def _has_slot(content: Inlines) -> bool:
    return any(isinstance(part, PageOf) for part in content)


def weight(part: Part) -> float:
    """Pages, roughly: at least one, more by text, rows of tables and pictures."""
    return max(1.0, sum(_weight(block) for block in part.blocks) / PAGE)


def _weight(block: object) -> float:
    if isinstance(block, Para | Item):
        return 15 + _length(block.content)
    if isinstance(block, Grid):
        return sum(22 + 0.6 * sum(_length(content) for cell in row for content in cell.content) for row in block.rows)
    if isinstance(block, Figure | Photo):
        return PAGE / 2
    return 60 if isinstance(block, Heading) else 0


def _length(content: Inlines) -> int:
    return sum(len(part.text) for part in content if isinstance(part, Span))
