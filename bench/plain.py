"""A whole manual as plain Markdown: what its peers are given to render, so that all render the same words and the same tables.

They are given no drawings, no page headers and no merged cells: whoever writes Markdown for them has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from service.book.model import Block, Book, Figure, Grid, GridCell, Heading, Inlines, Item, Para, Photo, Span, Style

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|$^~@])")
_LABELLED = re.compile(r"\A(\d+)([.)])")


def markdown(book: Book) -> str:
    """Its headings, paragraphs, lists and tables in their order."""
    return "\n\n".join(text for part in book.parts for block in part.blocks if (text := _block(block)).strip()) + "\n"


def _block(block: Block) -> str:
    match block:
        case Heading(level, text, number):
            return f"{'#' * level} {_escaped(f'{number} {text}'.strip())}"
        case Para(content, style):
            return f"# {_words(content)}" if style is Style.PART_TITLE else _words(content)
        case Item(label, content, depth):
            return f"{'  ' * depth}- {_escaped(label)} {_words(content)}"
        case Grid():
            return "\n".join(_table(block))
        case Figure() | Photo():
            return _escaped(block.caption or block.alt)
        case _:  # the table of contents: peers make their own, or none
            return ""


def _table(grid: Grid) -> Iterator[str]:
    """A pipe table; the first row is its head, whatever it is."""
    if grid.caption:
        yield f"{_escaped(grid.caption)}\n"
    for place, row in enumerate(grid.rows):
        cells = [cell for each in row for cell in _spread(each)]
        yield f"| {' | '.join(cells + [''] * (len(grid.widths) - len(cells)))} |"
        if place == 0:
            yield f"|{'---|' * len(grid.widths)}"


def _spread(cell: GridCell) -> Sequence[str]:
    """A merged cell is its text and empty ones."""
    return (" ".join(map(_words, cell.content)), *[""] * (cell.colspan - 1))


def _words(content: Inlines) -> str:
    return "".join(_span(each) if isinstance(each, Span) else " " for each in content)


def _span(span: Span) -> str:
    text = _escaped(span.text.replace("\n", " "))
    return f"**{text}**" if span.bold and text.strip() == text and text else text


def _escaped(text: str) -> str:
    escaped = _SPECIAL.sub(r"\\\1", text.replace("\n", " "))
    return _LABELLED.sub(r"\1\\\2", escaped)
