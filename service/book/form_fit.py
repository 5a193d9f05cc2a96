"""A record form on one page: its empty rows are as many as the page holds. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import accumulate
from math import ceil

from service.book.from_form import AIR, form_grid
from service.book.geometry import row_height, table_type
from service.book.model import Grid, GridCell, Span
from service.book.theme import Theme, Type
from service.book.widths import display_width
from service.text.model import Form, FormRow
from service.text.model import Grid as Rows

LEAST = 0.6  # of the rows that the form asks for; with fewer it would not serve its use
MOST = 2.0  # times the rows that the form asks for, at most
MANNERS = (("body", AIR), ("body", 0.25), ("body", 0.12), ("small", 0.4), ("small", 0.25))  # tried in turn; rows of 17 points at least


def fit_forms(forms: Sequence[Form], height: float, theme: Theme) -> list[Grid]:
    """The tables of a form's file; each gets the share of the page that its rows ask for."""
    heights = [form_height(form_grid(form), theme) for form in forms] if len(forms) > 1 else [1.0]
    return [fit_form(form, height * own / sum(heights), theme) for form, own in zip(forms, heights, strict=True)]


def fit_form(form: Form, height: float, theme: Theme) -> Grid:
    """The form's table, at most `height` points high if that can be: empty rows as many as fill the page, rows lower if need be.

    A form that cannot be brought onto the page keeps the rows it asks for, and runs over two pages.
    """
    for size, air in MANNERS:
        fitted = fit_rows(form, height, theme, air, size)
        if fitted is not None:
            return form_grid(fitted, air, size)
    return form_grid(form)


def fit_rows(form: Form, height: float, theme: Theme, air: float, size: str = "body") -> Form | None:
    """The form with its grids' empty rows changed so that it fills `height` points without exceeding them; None if it cannot."""
    counts = [row.rows for row in form.rows if isinstance(row, Rows)]
    written = replace(_written(form), air=air, size=size)
    pitch = table_type(theme, written).pitch
    row = max((1 + air) * pitch, pitch + 2 * theme.cell_air) + theme.rule
    spare = height - form_height(written, theme) - sum(counts) * row
    if not counts:
        return form if spare >= 0 else None
    fitted = spread(counts, int(spare // row))
    return with_rows(form, fitted) if fitted else None


@lru_cache(maxsize=64)
def _written(form: Form) -> Grid:
    """The form without the empty rows, which are all alike; asked for in every manner."""
    return form_grid(with_rows(form, [0] * sum(isinstance(row, Rows) for row in form.rows)))


def form_height(grid: Grid, theme: Theme) -> float:
    """Points, by an estimate of the lines that each cell takes."""
    type_ = table_type(theme, grid)
    edges = list(accumulate(grid.widths, initial=0.0))
    unit = theme.text_width / edges[-1]
    total = theme.rule
    for cells in grid.rows:
        start, lines = 0, 1
        for cell in cells:
            end = start + cell.colspan
            if cell.content:
                width = unit * (edges[end] - edges[start]) - 2 * theme.cell_padding
                lines = max(lines, _lines(cell, width, type_))
            start = end
        total += max(row_height(theme, grid, cells), lines * type_.pitch + 2 * theme.cell_air) + theme.rule
    return total


def _lines(cell: GridCell, width: float, type_: Type) -> int:
    half = type_.size / 2
    words = [sum(display_width(part.text) for part in content if isinstance(part, Span)) * half for content in cell.content]
    return sum(max(1, ceil(length / max(width, 1))) for length in words)


def spread(rows: Sequence[int], spare: int) -> list[int] | None:
    """Rows of each grid after `spare` rows are added (or taken, if negative), the largest grid first; None if too few would be left."""
    counts, least = list(rows), [ceil(count * LEAST) for count in rows]
    while spare < 0:
        place = max(range(len(counts)), key=lambda index: counts[index] - least[index])
        if counts[place] <= least[place]:
            return None
        counts[place], spare = counts[place] - 1, spare + 1
    place = max(range(len(counts)), key=lambda index: rows[index])
    counts[place] = max(counts[place], min(counts[place] + spare, int(rows[place] * MOST)))
    return counts


def with_rows(form: Form, counts: Sequence[int]) -> Form:
    left = iter(counts)
    rows: tuple[FormRow, ...] = tuple(replace(row, rows=next(left)) if isinstance(row, Rows) else row for row in form.rows)
    return replace(form, rows=rows)
