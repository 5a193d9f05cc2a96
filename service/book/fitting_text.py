"""What the characters of a block have that a printer must know: some without a glyph, some in a word longer than a line. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from service.book.coverage import unprintable
from service.book.measure import longest_run
from service.book.model import Block, Drawing, Figure, Grid, Heading, Inlines, Item, Para, Part, Photo, Span

Absent = frozenset[str]
"""Characters that no font holds."""
LONG = 100  # characters of a word: longer ones are worth a remark


def absent_of(part: Part, fonts: Path) -> Absent:
    """Those of a part."""
    seen: set[str] = set()
    for block in part.blocks:
        seen.update(text_of(block))
    return unprintable(seen, fonts)


def long_word(text: str) -> int:
    """Characters of the longest word if it is too long for any line, or 0."""
    return longest_run(text, LONG)


def text_of(block: Block) -> str:
    """All that a block prints, cells and paragraphs apart."""
    return "\n".join(_texts(block))


def _texts(block: Block) -> Iterator[str]:
    if isinstance(block, Para | Item):
        yield _words(block.content)
    elif isinstance(block, Heading):
        yield block.text
    elif isinstance(block, Grid):
        yield block.caption
        yield from [_words(content) for row in block.rows for cell in row for content in cell.content]
    elif isinstance(block, Figure):
        yield block.caption
        yield from _drawn(block.drawing)
    elif isinstance(block, Photo):
        yield block.caption


def _words(content: Inlines) -> str:
    return "".join([part.text for part in content if isinstance(part, Span)])


def _drawn(drawing: Drawing) -> Iterator[str]:
    yield from (line for box in (*drawing.lanes, *drawing.boxes) for line in box.lines)
    yield from (wire.label for wire in drawing.wires)
