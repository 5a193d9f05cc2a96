"""Two tables compared: rows by what stands in them, cells one by one; a table whose columns changed is another table."""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise, zip_longest

from service.book.model import Grid, GridCell, Inlines
from service.book.redline_align import Row, aligned, profile, resemblance
from service.book.redline_model import ChangedGrid, Line, Mark, RedCell, RedRow
from service.book.redline_runs import new_inlines, old_inlines, plain, redlined, wholly
from service.book.redline_spans import Shape, column_starts, heights

ALIKE = 0.3
"""Rows that resemble each other less are told as one deleted and one inserted."""
NAMED_ALIKE = 0.5
"""How alike two rows are at least that begin with the same words: they speak of the same thing."""

Cells = tuple[GridCell, ...]


def redlined_grid(old: Grid, new: Grid) -> ChangedGrid | None:
    """None if the columns differ, or cells are merged so that both tables do not fit into one: then the old table is to be told as
    deleted and the new one as inserted."""
    if not same_columns(old, new):
        return None
    rows = _row_pairs(old, new)
    spans = heights(rows, old, new)
    if spans is None:
        return None
    olds, news, widths = _columns(old, new)
    red = tuple(
        _row(row, old, new, spans[place], news[row[1]] if row[1] is not None else olds[row[0] or 0]) for place, row in enumerate(rows)
    )
    return ChangedGrid(old, new, widths, red, sum(1 for i, j in rows if _in_head(i, old) or _in_head(j, new)))


def _in_head(row: int | None, grid: Grid) -> bool:
    return row is not None and row < grid.head


def same_columns(old: Grid, new: Grid) -> bool:
    """Whether the tables can be compared by cells: two forms without merged rows always, two tables with as many columns under heads
    that are not other ones, or in another order."""
    if _is_form(old) or _is_form(new):
        return _is_form(old) and _is_form(new)
    if len(old.widths) != len(new.widths) or bool(old.head) != bool(new.head):
        return False
    if not (old.head and old.rows and new.rows):
        return True
    before, after = _titles(old), _titles(new)
    places = {title: place for place, title in enumerate(before) if title and before.count(title) == after.count(title) == 1}
    return before == after or (bool(places) and all(places.get(title, place) == place for place, title in enumerate(after)))


def same_titles(old: Grid, new: Grid) -> bool:
    """Whether both have a head, in the same words."""
    return bool(old.head and new.head and old.rows and new.rows) and list(map(_words, old.rows[0])) == list(map(_words, new.rows[0]))


def _titles(grid: Grid) -> list[str]:
    """The words of the first row, by column."""
    found = [""] * len(grid.widths)
    for start, cell in zip(column_starts(grid)[0], grid.rows[0], strict=True):
        found[start] = _words(cell)
    return found


def _is_form(grid: Grid) -> bool:
    """A form's rows have cells of their own; its columns are only the edges of all of them."""
    return grid.air > 0 and all(cell.rowspan == 1 for row in grid.rows for cell in row)


def _columns(old: Grid, new: Grid) -> tuple[list[list[int]], list[list[int]], tuple[float, ...]]:
    """How many columns of the redlined table each cell of the old and of the new table covers, and the widths of those columns."""
    if not _is_form(new):
        return [[cell.colspan for cell in row] for row in old.rows], [[cell.colspan for cell in row] for row in new.rows], new.widths
    edges = sorted({*_edges(old), *_edges(new)})
    place = {edge: number for number, edge in enumerate(edges)}
    widths = tuple(float(end - start) for start, end in pairwise(edges))
    olds, news = ([[place[b] - place[a] for a, b in row] for row in _cell_edges(grid)] for grid in (old, new))
    return olds, news, widths


FINE = 10_000  # parts of a form's width; edges nearer than that are one


def _edges(grid: Grid) -> list[int]:
    total = sum(grid.widths)
    return [round(FINE * edge / total) for edge in accumulate(grid.widths, initial=0.0)]


def _cell_edges(grid: Grid) -> list[list[tuple[int, int]]]:
    edges = _edges(grid)
    return [
        [(edges[start], edges[start + cell.colspan]) for start, cell in zip(starts, row, strict=True)]
        for starts, row in zip(column_starts(grid), grid.rows, strict=True)
    ]


def _row_pairs(old: Grid, new: Grid) -> list[Row]:
    shapes = (_shapes(old), _shapes(new))
    words = [[[_words(cell) for cell in row] for row in grid.rows] for grid in (old, new)]
    profiles = [[profile(" ".join(row)) for row in rows] for rows in words]

    def likeness(i: int, j: int) -> float:
        if shapes[0][i] != shapes[1][j]:
            return 0
        found = resemblance(profiles[0][i], profiles[1][j])
        if (name := _name(words[0][i])) and name == _name(words[1][j]):
            found = max(found, NAMED_ALIKE)
        return found if found >= ALIKE else 0

    return aligned(_keys(old, shapes[0]), _keys(new, shapes[1]), likeness)


def _shapes(grid: Grid) -> list[Shape]:
    """What two rows must have in common to be compared by cells: where their cells begin and how far they reach; in a form, how many."""
    if _is_form(grid):
        return [((0, len(row)),) for row in grid.rows]
    return [
        ((-1, int(place < grid.head)), *((start, cell.colspan) for start, cell in zip(starts, row, strict=True)))
        for place, (starts, row) in enumerate(zip(column_starts(grid), grid.rows, strict=True))
    ]


def _keys(grid: Grid, shapes: Sequence[Shape]) -> list[Hashable]:
    """Rows are the same that say the same; a serial number at the beginning says nothing."""
    return [
        (shape, tuple(None if _is_serial(at, row) else cell.content for at, cell in enumerate(row)))
        for shape, row in zip(shapes, grid.rows, strict=True)
    ]


def _is_serial(place: int, row: Cells) -> bool:
    return place == 0 and len(row) > 1 and _SERIAL.fullmatch(_words(row[0])) is not None


_SERIAL = re.compile("[1-9][0-9]{0,3}")


def _name(words: Sequence[str]) -> str:
    """What a row speaks of: its first words that are no serial number."""
    return next((each for each in words if each and not each.isdecimal()), "")


def _words(cell: GridCell) -> str:
    return "\n".join(plain(content) for content in cell.content)


def _row(row: Row, old: Grid, new: Grid, spans: Sequence[int], widths: Sequence[int]) -> RedRow:
    i, j = row
    mark = Mark.INSERTED if i is None else Mark.DELETED if j is None else Mark.KEPT
    pairs = zip_longest(old.rows[i] if i is not None else (), new.rows[j] if j is not None else ())
    serial = _is_serial_of_both(row, old, new)
    return RedRow(
        mark,
        tuple(
            RedCell(one, other, _lines(one, other), width, height, serial and place == 0)
            for place, ((one, other), width, height) in enumerate(zip(pairs, widths, spans, strict=True))
        ),
    )


def _is_serial_of_both(row: Row, old: Grid, new: Grid) -> bool:
    """Whether the row begins with a number in both tables that differs by as much as its place does."""
    i, j = row
    if i is None or j is None or not (_is_serial(0, old.rows[i]) and _is_serial(0, new.rows[j])):
        return False
    before, after = int(_words(old.rows[i][0])), int(_words(new.rows[j][0]))
    return before != after and after - before == j - i


def _lines(old: GridCell | None, new: GridCell | None) -> tuple[Line, ...]:
    before: Sequence[Inlines] = old.content if old else ()
    after: Sequence[Inlines] = new.content if new else ()
    return tuple(_line(one, other) for one, other in zip_longest(before, after))


def _line(old: Inlines | None, new: Inlines | None) -> Line:
    if old is not None and new is not None:
        return Line(Mark.KEPT, redlined(old, new))
    mark = Mark.INSERTED if old is None else Mark.DELETED
    return Line(mark, wholly(old or new or (), mark))


def new_grid(grid: ChangedGrid) -> Grid:
    """The new table, put together from the redlined cells."""
    rows = (row.cells for row in grid.rows if row.mark is not Mark.DELETED)
    return replace(grid.new, rows=tuple(tuple(_new_cell(cell) for cell in row) for row in rows))


def old_grid(grid: ChangedGrid) -> Grid:
    """The old table, put together from the redlined cells."""
    rows = (row.cells for row in grid.rows if row.mark is not Mark.INSERTED)
    return replace(grid.old, rows=tuple(tuple(_old_cell(cell) for cell in row) for row in rows))


def _new_cell(cell: RedCell) -> GridCell:
    lines = (new_inlines(line.pieces) for line in cell.lines if line.mark is not Mark.DELETED)
    return replace(cell.new or _NOTHING, content=tuple(lines))


def _old_cell(cell: RedCell) -> GridCell:
    lines = (old_inlines(line.pieces) for line in cell.lines if line.mark is not Mark.INSERTED)
    return replace(cell.old or _NOTHING, content=tuple(lines))


_NOTHING = GridCell(())
