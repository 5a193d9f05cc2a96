"""A table that its page would not hold → one or several that it does: smaller type, broad pages, stretches of columns, rows that break. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import ceil

from service.book.form_narrow import BROAD, shares
from service.book.geometry import row_height, table_type
from service.book.measure import widest
from service.book.model import Break, Grid, GridCell, Inlines, Span
from service.book.theme import Theme, Type
from service.book.typst_table import Slot, placed

USUAL = 8  # columns in the usual type
SMALL = 12  # columns in small type on an upright page: two Hanzi and more in each
MOST_OF_PAGE = 0.6  # of its height, that a row may take before it is allowed to break
MOST_HEAD = 0.35  # of its height, that rows may take that are repeated on every page

_TALL = f"高于页面的 {MOST_OF_PAGE:.0%}".replace("%", " %")

Done = list[tuple[str, str]]
"""What was met, and what was done."""


def columns_of(grid: Grid) -> int:
    """Columns as a reader counts them: a form's many cell edges are no columns."""
    return max(map(len, grid.rows), default=0) if grid.air else len(grid.widths)


def is_broad(grid: Grid) -> bool:
    """Whether a table belongs on a broad page."""
    return columns_of(grid) > SMALL


def fitted_grid(grid: Grid, theme: Theme, area: tuple[float, float]) -> tuple[list[Grid], Done]:
    """The table as it fits a text area of this width and height, with what was done for it."""
    columns, done = columns_of(grid), Done()
    if columns > (SMALL if grid.air else USUAL) and grid.size != "small":
        grid = replace(grid, size="small")
        done.append((f"表格 {columns} 列", "改为横排并缩小字号" if columns > SMALL else "缩小字号"))
    made = _stretches(grid) if columns > BROAD and not grid.air else [grid]
    if len(made) > 1:
        done = [(f"表格 {columns} 列", f"改为横排、缩小字号，按列分为 {len(made)} 段，首列各段重复")]
    return [_high(each, theme, area, done) for each in made], done


def _stretches(grid: Grid) -> list[Grid]:
    """As few tables of at most BROAD columns as hold all columns, about equally many in each; the first ones stand in all of them."""
    stub = min(grid.stub, BROAD // 2)
    found, rows = shares(len(grid.widths) - stub, BROAD - stub), list(placed(grid))
    return [
        _stretch(grid, rows, stub, stub + first, stub + end, f"（{place}/{len(found)}）") for place, (first, end) in enumerate(found, 1)
    ]


def _stretch(grid: Grid, rows: Sequence[list[Slot]], stub: int, first: int, end: int, behind: str) -> Grid:
    widths = (*grid.widths[:stub], *grid.widths[first:end])
    least = sum(widths) / len(widths) * 0.7
    caption = f"{grid.caption or '表'}第 {first + 1}～{end} 列{behind}"
    cells = tuple(tuple(_kept(row, stub, first, end)) for row in rows)
    return replace(grid, widths=tuple(max(width, least) for width in widths), rows=cells, caption=caption)


def _kept(row: Sequence[Slot], stub: int, first: int, end: int) -> Iterator[GridCell]:
    """The cells of a row that reach into these columns, as broad as they do so."""
    for cell, start, stop in row:
        span = max(0, min(stop, stub) - start) + max(0, min(stop, end) - max(start, first))
        if span:
            yield cell if span == cell.colspan else replace(cell, colspan=span)


def _high(grid: Grid, theme: Theme, area: tuple[float, float], done: Done) -> Grid:
    """The table with rows that break where they must, and a head that leaves room for the rows below it."""
    page = area[1]
    grid = _lower(grid, theme, page, done)
    heights = list(_heights(grid, theme, area[0]))
    tall = {place for place, height in enumerate(heights) if height > page * MOST_OF_PAGE}
    tall |= _joined(grid, heights, page * MOST_OF_PAGE)
    if tall:
        done.append(
            (f"表格第 {min(tall) + 1} 行{_TALL}" if len(tall) == 1 else f"表格有 {len(tall)} 行{_TALL}，或合并后如此", "允许跨页断开")
        )
    if grid.head and sum(heights[: grid.head]) > page * MOST_HEAD:
        done.append(("表头过高", "表头不再逐页重复"))
        grid = replace(grid, once=True)
    return replace(grid, loose=frozenset(tall)) if tall else grid


def _lower(grid: Grid, theme: Theme, page: float, done: Done) -> Grid:
    """Places to write in that are no higher than a row may be."""
    most = int((page * MOST_OF_PAGE) // table_type(theme, grid).pitch)
    highest = max((cell.lines for row in grid.rows for cell in row), default=1)
    if highest <= most:
        return grid
    done.append((f"空栏 {highest} 行，{_TALL}", f"改为 {most} 行"))
    return replace(grid, rows=tuple(tuple(replace(cell, lines=min(cell.lines, most)) for cell in row) for row in grid.rows))


def _joined(grid: Grid, heights: Sequence[float], most: float) -> set[int]:
    """The rows that a merged cell would hold together although no page holds them."""
    found: set[int] = set()
    for place, row in enumerate(grid.rows):
        for cell in row:
            if cell.rowspan > 1 and sum(heights[place : place + cell.rowspan]) > most:
                found.update(range(place, min(place + cell.rowspan, len(grid.rows))))
    return found


def _heights(grid: Grid, theme: Theme, width: float) -> Iterator[float]:
    """Points of each row, rather more than less; a merged cell counts in its first one."""
    type_, unit = table_type(theme, grid), width / sum(grid.widths)
    for row, slots in zip(grid.rows, placed(grid), strict=True):
        lines = max(
            (_lines(cell, unit * sum(grid.widths[start:end]) - 2 * theme.cell_padding, type_) for cell, start, end in slots), default=1
        )
        yield max(row_height(theme, grid, row), lines * type_.pitch + 2 * theme.cell_air) + theme.rule


def _lines(cell: GridCell, width: float, type_: Type) -> int:
    room = max(width / type_.size - 0.5, 1.0)
    return sum(max(1, ceil(widest(line) / room)) for content in cell.content for line in _words(content).split("\n"))


def _words(content: Inlines) -> str:
    return "".join([part.text if isinstance(part, Span) else "\n" if isinstance(part, Break) else "000" for part in content])
