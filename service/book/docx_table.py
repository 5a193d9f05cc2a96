"""Ruled tables as WordprocessingML: fixed widths, merged cells, repeated heads, rows that never break."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from service.book.docx_fill import fill_paragraphs
from service.book.docx_paragraph import KEEP, para_xml, paragraph
from service.book.docx_styles import head_border, twips
from service.book.docx_text import BOLD, inlines
from service.book.docx_writing import Writing
from service.book.geometry import column_twips, row_height, table_type
from service.book.model import Grid, GridCell, Para, Span, Style
from service.errors import InputError

EMPTY = GridCell(())
GAP = paragraph("TableGap", "")
SMALL = "TableTextSmall"


@dataclass(frozen=True, slots=True)
class Slot:
    """A w:tc: a cell over `width` twips and `columns` columns; `merge` is restart, continue or empty."""

    cell: GridCell
    columns: int
    width: int
    merge: str = ""


CellText = Callable[[GridCell, str, bool, Writing], str]
"""The paragraphs of a cell, from its style and whether it is in the head."""
RowText = Callable[[Grid, int, Sequence[Slot], Writing], str]
"""A row of a table by its place, with its slots."""


def grid_xml(grid: Grid, writing: Writing) -> str:
    """A table with its caption above and a low empty line below, without which two tables would grow together."""
    caption = para_xml(Para((Span(grid.caption),), Style.CAPTION), writing) if grid.caption else ""
    return f"{caption}{table_xml(grid, writing, row_xml)}{GAP}"


def table_xml(grid: Grid, writing: Writing, row: RowText) -> str:
    """The w:tbl, its rows written by `row`."""
    columns = column_twips(grid.widths, writing.area[0])
    around, writing.hanzi = writing.hanzi, writing.theme.names_of(table_type(writing.theme, grid))[1]
    rows = "".join([row(grid, index, slots, writing) for index, slots in enumerate(slot_rows(grid, columns))])
    writing.hanzi = around
    widths = "".join(f'<w:gridCol w:w="{width}"/>' for width in columns)
    style = "Register" if grid.head else "TableGrid"
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/><w:tblW w:w="{sum(columns)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{widths}</w:tblGrid>{rows}</w:tbl>'
    )


def slot_rows(grid: Grid, columns: Sequence[int]) -> Iterator[list[Slot]]:
    """Each row with the cells that rows above reach into; a row with too few cells is filled up with empty ones."""
    reaching: dict[int, tuple[Slot, int]] = {}  # first column → the cell above and how many rows it still covers
    for row in grid.rows:
        slots, cells, column = [], iter(row), 0
        while column < len(columns):
            slot, rows = reaching.pop(column) if column in reaching else _opened(next(cells, EMPTY), columns, column, reaching)
            if rows > 1:
                reaching[column] = (replace(slot, merge="continue"), rows - 1)
            slots.append(slot)
            column += slot.columns
        if next(cells, None):
            raise InputError("表格中有一行的单元格多于列数，请核对合并单元格。", code="broken_table")
        yield slots


def _opened(cell: GridCell, columns: Sequence[int], at: int, reaching: Mapping[int, tuple[Slot, int]]) -> tuple[Slot, int]:
    """A cell that begins here, as wide as it asks for unless the table's edge or a cell from above stands in its way."""
    most = min(cell.colspan, len(columns) - at)
    span = next((width for width in range(1, most) if at + width in reaching), most) if most > 1 else 1
    return Slot(cell, span, sum(columns[at : at + span]), "restart" if cell.rowspan > 1 else ""), cell.rowspan


def row_xml(grid: Grid, index: int, slots: Sequence[Slot], writing: Writing, text: CellText | None = None) -> str:
    """A w:tr that breaks only where it is loose; `text` writes the cells of a redline."""
    head, theme = index < grid.head, writing.theme
    style = SMALL if grid.size == "small" else "TableText"
    height = twips(row_height(theme, grid, grid.rows[index]) + theme.rule)  # the rule counts as part of the row
    border = head_border(theme.rules_of(grid), theme) if index == grid.head - 1 else ""
    cells = []
    for slot in slots:
        content = text(slot.cell, style, head, writing) if text else _cell_text(slot, style, head, writing)
        cells.append(_cell(slot, paragraph(style, "") if slot.merge == "continue" else content, border, index in grid.loose, writing))
    repeated = "<w:tblHeader/>" if head and not grid.once else ""
    whole = "" if index in grid.loose else "<w:cantSplit/>"
    return f'<w:tr><w:trPr>{whole}<w:trHeight w:val="{height}" w:hRule="atLeast"/>{repeated}</w:trPr>{"".join(cells)}</w:tr>'


def _cell(slot: Slot, content: str, border: str, loose: bool, writing: Writing) -> str:
    span = f'<w:gridSpan w:val="{slot.columns}"/>' if slot.columns > 1 else ""
    merge = _MERGES[slot.merge]
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{writing.theme.shade}"/>' if slot.cell.shade else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{slot.width}" w:type="dxa"/>{span}{merge}{border}{shade}<w:vAlign w:val="{"top" if loose else "center"}"/></w:tcPr>'
        f"{content}</w:tc>"
    )


_MERGES = {"": "", "restart": '<w:vMerge w:val="restart"/>', "continue": "<w:vMerge/>"}


def _cell_text(slot: Slot, style: str, head: bool, writing: Writing) -> str:
    """The paragraphs of a cell: as it is printed, or with controls in the places of a fillable form."""
    cell = slot.cell
    properties, manner = cell_properties(cell, head), BOLD if cell.bold else ""
    if not cell.content and writing.filling is None:  # most cells of forms
        return paragraph(style, "", properties)
    filled = fill_paragraphs(cell, slot.width / 20, style == SMALL, writing)
    lines = filled if filled is not None else [inlines(content, writing, manner) for content in cell.content or ((),)]
    return "".join([paragraph(style, line, properties) for line in lines])


def cell_properties(cell: GridCell, head: bool) -> str:
    """What the paragraphs of a cell have beside their style."""
    return (KEEP if head else "") + ("" if cell.align == "left" else f'<w:jc w:val="{cell.align}"/>')
