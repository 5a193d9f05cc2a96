"""Tables as typst source: strips of rows, least heights, merged cells, repeated heads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby, pairwise

from service.book.drawing_shapes import number
from service.book.geometry import TABLE_GAP, column_twips, row_height, table_type
from service.book.measure import widest
from service.book.model import Break, Grid, GridCell, Inline, Span
from service.book.theme import Theme, Type
from service.book.typst_inline import inlines, plain
from service.book.typst_setting import Typesetting, stroke

_GAP = f"gap({number(TABLE_GAP)})"
_ENDING = f", {_GAP})"  # of a table as `grid_source` writes it


def without_gap(source: str) -> str:
    """A table's source without the gap below it: after a table that fills its page the gap would make an empty one."""
    return source.removesuffix(_ENDING) + ")" if source.endswith(_ENDING) else source


def grid_source(grid: Grid, setting: Typesetting) -> str:
    """A table with its caption above and a low gap below; a form is set in strips of rows that share their columns."""
    strips = [_table(strip, setting) for strip in _strips(grid)]
    caption = [f"cp({plain(grid.caption, setting.area[0] / setting.theme.caption.size)})"] if grid.caption else []
    return f"stack0({', '.join([*caption, *strips, _GAP])})"


def _strips(grid: Grid) -> Iterator[Grid]:
    """Rows with the same cell edges as tables of their own: a form's many edges in one table would cost ten times the memory."""
    if grid.head or any(cell.rowspan > 1 for row in grid.rows for cell in row):
        yield grid
        return
    for spans, rows in groupby(grid.rows, key=lambda row: tuple(cell.colspan for cell in row)):
        edges = [0, *accumulate(spans)]
        widths = tuple(sum(grid.widths[start:end]) for start, end in pairwise(edges))
        yield replace(grid, widths=widths, rows=tuple(tuple(replace(cell, colspan=1) for cell in row) for row in rows), caption="")


def _table(grid: Grid, setting: Typesetting) -> str:
    """A first column of no width gives each row its least height."""
    widths = [width / 20 for width in column_twips(grid.widths, setting.area[0])]
    columns = ", ".join(f"{number(width)}pt" for width in widths)
    heights = [row_height(setting.theme, grid, row) + setting.theme.rule for row in grid.rows]
    slots = list(placed(grid))
    room = _Lines(widths, table_type(setting.theme, grid), setting)
    rows = [_row(row, number(height), room, index in grid.loose) for index, (row, height) in enumerate(zip(slots, heights, strict=True))]
    tracks = ", ".join(_tracks(grid, slots, heights, room))
    head, lines = [], _lines(grid, setting.theme)
    if grid.head and grid.once:  # typst would keep a header's rows on one page
        lines = _head_lines(grid, setting.theme) + lines
    elif grid.head:
        head = [f"table.header({', '.join(rows[: grid.head])}{_head_lines(grid, setting.theme)})"]
    manner = ("r" if grid.head else "t") + ("n" if grid.size == "small" else "b")
    return f"{manner}(columns: (0pt, {columns}), rows: ({tracks},), {', '.join([*head, *(rows[grid.head :] if head else rows)])}{lines})"


def _head_lines(grid: Grid, theme: Theme) -> str:
    """The lines above and below the head where they differ from those between rows; they are repeated with it."""
    rules = theme.rules_of(grid)
    return _line("h", "y", 0, rules.edge, rules.across, theme) + _line("h", "y", grid.head, rules.head, rules.across, theme)


def _lines(grid: Grid, theme: Theme) -> str:
    """The lines around the table that differ from those inside."""
    rules, columns = theme.rules_of(grid), len(grid.widths)
    top = "" if grid.head else _line("h", "y", 0, rules.edge, rules.across, theme)
    sides = "".join(_line("v", "x", place, rules.side, rules.down, theme) for place in (1, columns + 1))
    return top + _line("h", "y", len(grid.rows), rules.edge, rules.across, theme) + sides


def _line(kind: str, axis: str, place: int, colour: str, usual: str, theme: Theme) -> str:
    return "" if colour == usual else f", table.{kind}line({axis}: {place}, stroke: {stroke(colour, theme)})"


@dataclass(frozen=True, slots=True)
class _Lines:
    """What decides how long the lines of a cell are: the columns' widths, the type."""

    widths: Sequence[float]
    type_: Type
    setting: Typesetting

    def room(self, start: int, end: int) -> float:
        """Ems of a line in a cell over these columns."""
        return (sum(self.widths[start:end]) - 2 * self.setting.theme.cell_padding) / self.type_.size


Slot = tuple[GridCell, int, int]
"""A cell and the columns it covers: from the first up to the second."""


def _tracks(grid: Grid, rows: Sequence[list[Slot]], heights: Sequence[float], lines: _Lines) -> Iterator[str]:
    """A fixed height where every cell surely fits, so that typst need not measure the row; else the row grows with its text."""
    for row, height, slots in zip(grid.rows, heights, rows, strict=True):
        sure = all(cell.rowspan == 1 and _fits(cell, lines.room(start, end), height, lines) for cell, start, end in slots)
        yield f"{number(height)}pt" if sure and len(slots) == len(row) else "auto"


def _fits(cell: GridCell, room: float, height: float, lines: _Lines) -> bool:
    if not cell.content:
        return True
    high = len(cell.content) * lines.type_.pitch + 2 * lines.setting.theme.cell_air
    return high < height and all(_ems(content) <= room for content in cell.content)


def _ems(content: Sequence[Inline]) -> float:
    return sum(widest(part.text) if isinstance(part, Span) else 99 if isinstance(part, Break) else 3 for part in content)


def placed(grid: Grid) -> Iterator[list[Slot]]:
    """Each row's cells with the columns they cover: from `start` up to `end`."""
    reaching: dict[int, int] = {}
    for row in grid.rows:
        slots, column = [], 0
        for cell in row:
            while reaching.get(column, 0):
                column += 1
            slots.append((cell, column, column + cell.colspan))
            column += cell.colspan
        reaching = {place: rows - 1 for place, rows in reaching.items() if rows > 1}
        reaching |= {place: cell.rowspan - 1 for cell, start, end in slots if cell.rowspan > 1 for place in range(start, end)}
        yield slots


def _row(row: Sequence[Slot], height: str, lines: _Lines, loose: bool) -> str:
    strut = f"st({height}, loose: true)" if loose else f"st({height})"
    return ", ".join([strut, *(_cell(cell, lines, lines.room(start, end), loose) for cell, start, end in row)])


def _cell(cell: GridCell, lines: _Lines, room: float, loose: bool) -> str:
    paragraphs = [inlines(content, lines.setting, room) for content in cell.content]
    body = paragraphs[0] if len(paragraphs) == 1 else " + parbreak() + ".join(paragraphs) or "[]"
    if cell.bold:
        body = f"strong({body})"
    facts = "".join(
        (
            f"colspan: {cell.colspan}, " if cell.colspan > 1 else "",
            f"rowspan: {cell.rowspan}, " if cell.rowspan > 1 else "",
            "fill: shade, " if cell.shade else "",
            f"align: top + {cell.align}, breakable: true, " if loose else "",
            f"align: horizon + {cell.align}, " if cell.align != "left" and not loose else "",
        )
    )
    return f"tc({facts}{body})"
