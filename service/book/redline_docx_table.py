"""A redlined table as WordprocessingML: rows put in and taken out, cells compared by their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from service.book.docx_paragraph import para_xml, paragraph
from service.book.docx_table import GAP, Slot, cell_properties, row_xml, table_xml
from service.book.docx_text import BOLD
from service.book.docx_writing import Writing
from service.book.model import Grid, GridCell, Para, Span, Style
from service.book.redline_docx_marks import Reviser, Track, marked, with_mark, with_properties
from service.book.redline_docx_text import TRACKS, changed_xml, pieces_xml
from service.book.redline_model import Changed, ChangedGrid, Line, Mark, RedCell
from service.book.redline_runs import redlined


def changed_grid_xml(each: ChangedGrid, writing: Writing, reviser: Reviser) -> str:
    """Both tables in one, with the caption above and the low empty line below that every table has."""
    looks = tuple(tuple(_look(cell) for cell in row.cells) for row in each.rows)
    cells = {id(look): cell for row, held in zip(each.rows, looks, strict=True) for cell, look in zip(row.cells, held, strict=True)}

    def text(look: GridCell, style: str, head: bool, writing: Writing) -> str:
        return _cell_text(cells.get(id(look), _NOTHING), style, head, writing, reviser)  # a row with too few cells is filled up

    def row(grid: Grid, index: int, slots: Sequence[Slot], writing: Writing) -> str:
        mark = each.rows[index].mark
        if mark is Mark.KEPT:
            return row_xml(grid, index, slots, writing, text)
        return marked(row_xml(grid, index, slots, writing), TRACKS[mark], reviser)

    grid = replace(each.new, widths=each.widths, rows=looks, head=each.head)
    return f"{_caption(each.old.caption, each.new.caption, writing, reviser)}{table_xml(grid, writing, row)}{GAP}"


_NOTHING = RedCell(None, None, (), 1, 1)


def _look(cell: RedCell) -> GridCell:
    """How a cell looks in the redlined table: as in the new one, if that has it."""
    look = cell.new or cell.old or GridCell(())
    return replace(look, colspan=cell.width, rowspan=cell.height)


def _cell_text(cell: RedCell, style: str, head: bool, writing: Writing, reviser: Reviser) -> str:
    """The last mark of a cell stays whatever goes, so a line that comes or goes at its end takes the mark before it along."""
    lines = cell.lines or (Line(Mark.KEPT, ()),)
    marks = [line.mark for line in lines[1:]] + [Mark.KEPT]
    old, new = cell.old or GridCell(()), cell.new or GridCell(())
    manners = (BOLD if old.bold else "", BOLD if new.bold else "")
    former = paragraph(style, "", cell_properties(old, head))
    found = []
    for line, mark in zip(lines, marks, strict=True):
        reviser.next_paragraph()
        xml = paragraph(style, pieces_xml(line.pieces, writing, reviser, manners), cell_properties(new, head))
        xml = with_mark(xml, TRACKS[mark], reviser) if mark in TRACKS else xml
        found.append(with_properties(xml, former, reviser))
    return "".join(found)


def _caption(old: str, new: str, writing: Writing, reviser: Reviser) -> str:
    before, after = (Para((Span(words),), Style.CAPTION) for words in (old, new))
    if old and new:
        return changed_xml(Changed(before, after, redlined(before.content, after.content)), writing, reviser)
    if new:
        return marked(para_xml(after, writing), Track.INSERTED, reviser)
    return marked(para_xml(before, writing), Track.DELETED, reviser) if old else ""
