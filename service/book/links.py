"""Links that lead nowhere: in a volume, a title may name a document that stands in another volume. Pure."""

from __future__ import annotations

from dataclasses import replace
from operator import is_

from service.book.model import Block, Book, Grid, GridCell, Heading, Inlines, Item, PageOf, Para, Part, Span
from service.book.pdf_shelf import Shelf
from service.kit.fingerprint import fingerprint

SCHEME = "book:"  # a PDF is set with links inside the book as this address plus the anchor; joining makes them real


def anchors_of(book: Book) -> frozenset[str]:
    """Every anchor of the book: parts and headings."""
    headings = {block.anchor for part in book.parts for block in part.blocks if isinstance(block, Heading) and block.anchor}
    return frozenset({part.anchor for part in book.parts} | headings)


def without_dangling(book: Book, shelf: Shelf | None = None) -> Book:
    """The same book; a link to an absent anchor is plain text, its page number a dash. With a `shelf` parts seen before are taken from there."""
    known = anchors_of(book)
    if shelf is None:
        return replace(book, parts=tuple(_part(part, known) for part in book.parts))
    made_with = fingerprint(sorted(known))
    return replace(book, parts=tuple(_taken(part, known, made_with, shelf) for part in book.parts))


def _taken(part: Part, known: frozenset[str], made_with: str, shelf: Shelf) -> Part:
    return shelf.take(("linked", made_with, part), lambda: _part(part, known), lambda _: 64, lambda made: (part, made))


def _part(part: Part, known: frozenset[str]) -> Part:
    blocks = tuple(_block(block, known) for block in part.blocks)
    return part if _same(blocks, part.blocks) else replace(part, blocks=blocks)


def _block(block: Block, known: frozenset[str]) -> Block:
    if isinstance(block, Para | Item):
        content = _inlines(block.content, known)
        return block if content is block.content else replace(block, content=content)
    if isinstance(block, Grid):
        rows = tuple(tuple(_cell(cell, known) for cell in row) for row in block.rows)
        return block if all(map(_same, rows, block.rows)) else replace(block, rows=rows)
    return block


def _same(new: tuple[object, ...], old: tuple[object, ...]) -> bool:
    """Whether nothing was replaced: then what is there is kept, and whoever compares it sees at once that it is the same."""
    return all(map(is_, new, old))


def _cell(cell: GridCell, known: frozenset[str]) -> GridCell:
    content = tuple(_inlines(inlines, known) for inlines in cell.content)
    return cell if _same(content, cell.content) else replace(cell, content=content)


def _inlines(content: Inlines, known: frozenset[str]) -> Inlines:
    """The same tuple if nothing dangles: most do not, and copying them all would cost more than printing."""
    if all(getattr(part, "target", "") in known or not getattr(part, "target", "") for part in content):
        return content
    return tuple(_inline(part, known) for part in content)


def _inline(part: object, known: frozenset[str]) -> Span | PageOf:
    if isinstance(part, PageOf):
        return part if part.target in known else Span("—")
    if isinstance(part, Span) and part.target and part.target not in known:
        return replace(part, target="")
    return part  # type: ignore[return-value]  # a Break has no target and stays as it is
