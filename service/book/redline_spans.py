"""Merged cells of two tables in one: where each cell begins, and how many rows of the redlined table it covers."""

from __future__ import annotations

from collections.abc import Sequence

from service.book.model import Grid
from service.book.redline_align import Row

Shape = tuple[tuple[int, int], ...]


def column_starts(grid: Grid) -> list[list[int]]:
    """The first column of every cell; cells that reach down from rows above take their place."""
    found: list[list[int]] = []
    taken: dict[tuple[int, int], bool] = {}
    for y, row in enumerate(grid.rows):
        x, starts = 0, []
        for cell in row:
            while (x, y) in taken:
                x += 1
            starts.append(x)
            if cell.rowspan > 1:
                taken.update({(x + right, y + down): True for right in range(cell.colspan) for down in range(1, cell.rowspan)})
            x += cell.colspan
        found.append(starts)
    return found


def heights(rows: Sequence[Row], old: Grid, new: Grid) -> list[list[int]] | None:
    """How many of `rows` each cell of each row covers; None if a merged cell would have to cover a row that is not its own."""
    found = [[_height(place, k, rows, old, new) for k in range(_width(row, old, new))] for place, row in enumerate(rows)]
    return None if any(0 in row for row in found) else found


def _width(row: Row, old: Grid, new: Grid) -> int:
    i, j = row
    return len(new.rows[j]) if j is not None else len(old.rows[i or 0])


def _height(place: int, cell: int, rows: Sequence[Row], old: Grid, new: Grid) -> int:
    """0 if there is none."""
    i, j = rows[place]
    olds = _reach(i, cell, old)
    news = _reach(j, cell, new)
    if len(olds) <= 1 and len(news) <= 1:
        return 1
    end = place
    left = len(olds) + len(news)
    while left and end < len(rows):
        below, beside = rows[end]
        if not (below is None or below in olds) or not (beside is None or beside in news):
            return 0
        left -= (below is not None) + (beside is not None)
        end += 1
    return end - place


def _reach(row: int | None, cell: int, grid: Grid) -> range:
    """The rows of its own table that a cell covers."""
    return range(0) if row is None else range(row, min(row + grid.rows[row][cell].rowspan, len(grid.rows)))
