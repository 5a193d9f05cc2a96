"""The small things that every part of a manual is put together from: words, dates, cells, registers, empty lines. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from service.book.model import Block, Grid, GridCell, Para, Span, Style


def words(content: str, *, bold: bool = False, target: str = "") -> tuple[Span, ...]:
    return (Span(content, bold=bold, target=target),) if content else ()


def cell(content: str, *, align: str = "left", head: bool = False, target: str = "", colspan: int = 1, rowspan: int = 1) -> GridCell:
    """A table cell of one paragraph; a head cell is centred, bold and shaded."""
    spans = words(content, bold=False, target=target)
    return GridCell((spans,) if spans else (), colspan, rowspan, "center" if head else align, bold=head, shade=head)


def table(
    heads: Iterable[str], rows: Iterable[Iterable[GridCell]], widths: tuple[float, ...], *, size: str = "body", caption: str = ""
) -> Grid:
    """A register: one head row that repeats, then `rows`."""
    first = tuple(cell(head, head=True) for head in heads)
    return Grid(widths, (first, *(tuple(row) for row in rows)), head=1, size=size, caption=caption)


def space(lines: int) -> tuple[Block, ...]:
    return tuple(Para((), Style.SPACER) for _ in range(lines))
