"""Cells, tables and dates that the forms of changes share. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from math import ceil

from service.book.model import Block, Book, Grid, GridCell, Heading, Inlines, Para, Part, RunningHead, Span, Style
from service.book.theme import FORMAL
from service.book.widths import display_width
from service.kit.dates import chinese_date

CHUNK = 500
"""Characters in one row of a table: a row never breaks across pages, so a long text goes on in the next one."""
LINE = 30
MOST_NAMED = 20


def words(text: str, *, bold: bool = False) -> tuple[Span, ...]:
    return (Span(text, bold=bold),) if text else ()


def cell(text: str, *, align: str = "left", colspan: int = 1, lines: int = 1) -> GridCell:
    """A cell with one paragraph for each line of the text."""
    return GridCell(tuple(words(line) for line in text.split("\n") if line), colspan, align=align, lines=lines)


def centred(text: str, *, colspan: int = 1) -> GridCell:
    return cell(text, align="center", colspan=colspan)


def head(text: str, *, colspan: int = 1) -> GridCell:
    """What names a field or a column: centred, bold, shaded."""
    return GridCell((words(text),) if text else (), colspan, align="center", bold=True, shade=True)


def fields(rows: Iterable[Sequence[GridCell]], widths: tuple[float, ...], caption: str = "") -> Grid:
    """Named fields in the size of a form."""
    return _spaced(Grid(widths, tuple(tuple(row) for row in rows), caption=caption, air=0.5))


def table(heads: Iterable[str], rows: Iterable[Sequence[GridCell]], widths: tuple[float, ...], caption: str = "") -> Grid:
    """A list in small print; its head repeats on every page."""
    first = tuple(head(title) for title in heads)
    return _spaced(Grid(widths, (first, *(tuple(row) for row in rows)), head=1, size="small", caption=caption, air=0.4))


def _spaced(grid: Grid) -> Grid:
    """Every cell asks for the lines that its text will need, so that a row of several lines has the same air as a row of one."""
    em = (FORMAL.table_small if grid.size == "small" else FORMAL.table).size
    rows = []
    for row in grid.rows:
        start, cells = 0, []
        for each in row:
            share = sum(grid.widths[start : start + each.colspan]) / sum(grid.widths)
            room = (share * FORMAL.text_width - 2 * FORMAL.cell_padding) / em * 2
            cells.append(replace(each, lines=max(each.lines, sum(_lines(content, room) for content in each.content))))
            start += each.colspan
        rows.append(tuple(cells))
    return replace(grid, rows=tuple(rows))


def _lines(content: Inlines, room: float) -> int:
    """Lines of a paragraph in a cell that takes `room` half-width characters; Latin letters and marks are narrower than half a Hanzi."""
    return max(1, ceil(sum(display_width(each.text) for each in content if isinstance(each, Span)) / max(room, 2.0) - 0.06))


def text_rows(label: str, text: str, columns: int, *, lines: int = 1) -> Iterator[tuple[GridCell, GridCell]]:
    """A named text over the other columns, in as many rows as its length needs."""
    for index, piece in enumerate(chunks(text)):
        yield head(label if index == 0 else f"{label}（续）"), cell(piece, colspan=columns - 1, lines=lines if index == 0 else 1)


def chunks(text: str) -> list[str]:
    """A text in pieces of at most CHUNK characters, a line counting as LINE at least; at the ends of lines and sentences where it can be."""
    found: list[str] = []
    weight = CHUNK + 1
    for line in (piece for whole in text.split("\n") for piece in _cut(whole)):
        weight += max(len(line), LINE)
        if weight > CHUNK:
            found.append(line)
            weight = max(len(line), LINE)
        else:
            found[-1] += f"\n{line}"
    return found


def _cut(line: str) -> Iterator[str]:
    """A long line in pieces, cut behind a mark where there is one in the second half of what fits."""
    while len(line) > CHUNK:
        cut = max(line.rfind(mark, CHUNK // 2, CHUNK) for mark in "。；;，") + 1 or CHUNK
        yield line[:cut]
        line = line[cut:]
    yield line


def some(names: Sequence[str]) -> str:
    """Names in a list, the first ones if there are many."""
    return "、".join(names[:MOST_NAMED]) + (f" 等，共 {len(names)} 个" if len(names) > MOST_NAMED else "")


def title_blocks(title: str, line: str) -> tuple[Block, ...]:
    """The heading of a form, and below it to the right what it is about."""
    return (Heading(1, title, anchor="form"), Para(words(line), Style.RIGHT))


def signature(name: str, post: str, on: date | None) -> GridCell:
    """Name, post and day below each other."""
    return GridCell(tuple(words(text) for text in (name, post, chinese_date(on)) if text), align="center")


def part(anchor: str, blocks: Iterable[Block], organisation: str, right: str) -> Part:
    return Part(anchor, tuple(blocks), RunningHead(organisation, right))


def book(title: str, organisation: str, number: str, parts: Iterable[Part]) -> Book:
    return Book(f"{title} {number}", organisation, title, tuple(parts))
