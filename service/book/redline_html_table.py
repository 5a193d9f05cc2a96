"""A redlined table as HTML, row by row and cell by cell."""

from __future__ import annotations

from markupsafe import escape

from service.book.html_text import Page, inlines
from service.book.redline_changes import cell_differs
from service.book.redline_html_text import TAGS, marked, pieces_html, spoken
from service.book.redline_model import MARK_NAMES, ChangedGrid, Line, Mark, RedCell, RedRow
from service.book.redline_runs import old_inlines, plain


def grid_html(grid: ChangedGrid, page: Page) -> str:
    """Both tables in one, in a box that scrolls by itself where the screen is narrower than the table."""
    total = sum(grid.widths) or 1
    columns = "".join(f'<col style="width:{100 * width / total:.2f}%">' for width in grid.widths)
    head = "".join(_row(row, page, "th") for row in grid.rows[: grid.head])
    body = "".join(_row(row, page, "td") for row in grid.rows[grid.head :])
    kind = ' class="small"' if grid.new.size == "small" else ""
    air = f";--air:{grid.new.air:.3g}" if grid.new.air else ""
    return (
        f'<div class="scroll" tabindex="0"><table{kind} style="--columns:{len(grid.new.widths)}{air}">{_caption(grid)}'
        f"<colgroup>{columns}</colgroup>{f'<thead>{head}</thead>' if head else ''}<tbody>{body}</tbody></table></div>"
    )


def _caption(grid: ChangedGrid) -> str:
    old, new = str(escape(grid.old.caption)), str(escape(grid.new.caption))
    if old != new:
        new = (marked(Mark.DELETED, old) if old else "") + (marked(Mark.INSERTED, new) if new else "")
    return f"<caption>{new}</caption>" if new else ""


def _row(row: RedRow, page: Page, tag: str) -> str:
    """A row that only one table has says so at its beginning."""
    kind = f' class="{row.mark.value}"' if row.mark is not Mark.KEPT else ""
    first = spoken(f"（{MARK_NAMES[row.mark]}行）") if row.mark is not Mark.KEPT else ""
    cells = [_cell(cell, row.mark, page, tag, "" if place else first) for place, cell in enumerate(row.cells)]
    return f"<tr{kind}>{''.join(cells)}</tr>"


def _cell(cell: RedCell, row: Mark, page: Page, tag: str, first: str) -> str:
    look = cell.new or cell.old
    if look is None:
        return ""
    spans = (f' colspan="{cell.width}"' if cell.width > 1 else "") + (f' rowspan="{cell.height}"' if cell.height > 1 else "")
    changed = row is Mark.KEPT and cell_differs(cell)
    names = (
        look.align if look.align in _ALIGNS else "",
        "bold" if look.bold else "",
        "shade" if look.shade else "",
        "changed" if changed else "",
    )
    kind = f' class="{" ".join(filter(None, names))}"' if any(names) else ""
    height = f' style="--lines:{look.lines}"' if look.lines > 1 else ""
    return f"<{tag}{spans}{kind}{height}>{first}{_content(cell, row, page)}</{tag}>"


_ALIGNS = frozenset({"center", "right"})


def _content(cell: RedCell, row: Mark, page: Page) -> str:
    if cell.serial and cell.new:
        before = "".join(plain(old_inlines(line.pieces)) for line in cell.lines)
        words = escape("".join(map(plain, cell.new.content)))
        return f'<span class="relabelled" title="{escape(f"原为 {before}")}">{words}</span>'
    return "<br>".join([_line(line, row, page) for line in cell.lines])


def _line(line: Line, row: Mark, page: Page) -> str:
    """Of a row that only one table has, it is not said again of every cell."""
    if row is Mark.KEPT or not line.pieces:
        return pieces_html(line.pieces, page)
    return f"<{TAGS[row]}>{inlines(tuple(piece.content for piece in line.pieces), page)}</{TAGS[row]}>"
