"""Blocks of a book as typst source (code mode), one function per type; measures are those of geometry.py, as in the DOCX."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, groupby, pairwise
from typing import Any

from service.book.address import is_address
from service.book.drawing_shapes import number
from service.book.drawing_text import em_width
from service.book.drawing_typst import drawing_source
from service.book.geometry import (
    FIGURE_GAP,
    NUMBER_GAP,
    TABLE_GAP,
    column_twips,
    fit,
    item_indents,
    note_indents,
    picture_area,
    row_height,
    table_type,
    text_area,
    toc_indent,
)
from service.book.links import SCHEME, anchors_of
from service.book.model import (
    Block,
    Book,
    Break,
    Figure,
    Grid,
    GridCell,
    Heading,
    Inline,
    Item,
    PageOf,
    Para,
    Part,
    Photo,
    Span,
    Style,
    Toc,
)
from service.book.photo import photo_extension, photo_size
from service.book.theme import Theme, Type
from service.book.typst_text import string

_GAP = f"gap({number(TABLE_GAP)})"
_ENDING = f", {_GAP})"  # of a table as `_grid` writes it
UNKNOWN = "000"  # stands for a page number until it is known


@dataclass(slots=True)
class Setting:
    """One piece of a book: its own anchors as short labels, the anchors of the whole book, the entries of its TOC, the photos it uses,
    the page's text area, and the printed page of every anchor as far as it is known."""

    theme: Theme
    labels: dict[str, str]
    known: frozenset[str]
    entries: tuple[Heading, ...]
    numbers: Mapping[str, str]
    area: tuple[float, float]
    files: dict[str, bytes] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)


def new_setting(book: Book, parts: Sequence[Part], theme: Theme, numbers: Mapping[str, str]) -> Setting:
    """For the piece of `book` that consists of `parts`; `numbers`: anchor → printed page, empty on the first run."""
    own = dict.fromkeys([part.anchor for part in parts if part.anchor] + [h.anchor for h in headings_of(parts) if h.anchor])
    labels = {anchor: f"a{position}" for position, anchor in enumerate(own)}
    entries = tuple(h for h in headings_of(book.parts) if h.outline and h.anchor)
    return Setting(theme, labels, anchors_of(book), entries, numbers, text_area(theme, False))


def headings_of(parts: Sequence[Part]) -> list[Heading]:
    return [block for part in parts for block in part.blocks if isinstance(block, Heading)]


def link(anchor: str, words: str, setting: Setting) -> str:
    """Words that lead to an anchor, by an address that joining the pieces turns into a link."""
    return f"link({string(SCHEME + anchor)}, {words})" if anchor in setting.known else words


def part_blocks(part: Part, setting: Setting) -> list[str]:
    """The part's blocks as expressions; the part's own anchor stands before them unless a heading bears it."""
    setting.area = text_area(setting.theme, part.landscape)
    own = any(isinstance(block, Heading) and block.anchor == part.anchor for block in part.blocks)
    first = [] if own or not part.anchor else [mark(part.anchor, setting)]
    sources = [block_source(block, setting) for block in part.blocks]
    if part.blocks and isinstance(part.blocks[-1], Grid) and sources[-1].endswith(_ENDING):
        sources[-1] = sources[-1].removesuffix(_ENDING) + ")"  # the gap below a table that fills its page would make an empty one
    return first + sources


def block_source(block: Block, setting: Setting) -> str:
    return _BLOCKS[type(block)](block, setting)


def mark(anchor: str, setting: Setting) -> str:
    """An invisible element that bears an anchor's label, once."""
    if anchor in setting.used:
        return ""
    setting.used.add(anchor)
    return f"[#metadata({string(anchor)})<{setting.labels[anchor]}>]"


def edges(type_: Type) -> tuple[float, float]:
    """Top and bottom edge of a line in points from the baseline: together the exact pitch, the Hanzi's em box in the middle."""
    above = type_.pitch / 2 + 0.38 * type_.size
    return above, above - type_.pitch


def inlines(content: Sequence[Inline], setting: Setting) -> str:
    """Content of a paragraph as one typst expression."""
    return " + ".join([_INLINES[type(part)](part, setting) for part in content]) or "[]"


def _span(span: Span, setting: Setting) -> str:
    words = string(span.text)
    if span.code:
        words = f"cd({words})"
    if span.bold:
        words = f"strong({words})"
    if span.italic:
        words = f"emph({words})"
    if span.target in setting.known:
        return link(span.target, words, setting)
    if is_address(span.href):
        return f"link({string(span.href)}, {words})"
    return f"[#{words}]" if words.startswith('"') else words


def _page_of(slot: PageOf, setting: Setting) -> str:
    return link(slot.target, f"[{setting.numbers.get(slot.target, UNKNOWN)}]", setting) if slot.target in setting.known else "[—]"


def _break(_part: Break, _setting: Setting) -> str:
    return "linebreak()"


_INLINES: dict[type, Callable[[Any, Setting], str]] = {Span: _span, PageOf: _page_of, Break: _break}


def _para(para: Para, setting: Setting) -> str:
    content = inlines(para.content, setting)
    if para.style is Style.NOTE:
        start, indent = (number(value) for value in note_indents(setting.theme))
        return f"nt({start}, {indent}, {content})"
    return f"{_PARAS[para.style]}({content})"


_PARAS = {
    Style.BODY: "bd",
    Style.FLUSH: "fl",
    Style.CENTER: "ct",
    Style.RIGHT: "rt",
    Style.CAPTION: "cp",
    Style.PART_TITLE: "ti",
    Style.COVER_COMPANY: "cc",
    Style.COVER_TITLE: "cv",
    Style.COVER_SUBTITLE: "cs",
    Style.COVER_LINE: "cl",
    Style.SPACER: "sp",
}


def _heading(heading: Heading, setting: Setting) -> str:
    words = heading_words(heading)
    label = ""
    if heading.anchor and heading.anchor not in setting.used:
        setting.used.add(heading.anchor)
        label = f"<{setting.labels[heading.anchor]}>"
    shown = "true" if heading.outline else "false"
    return f"[#heading(level: {heading.level}, bookmarked: {shown}, {words}){label}]"


def heading_words(heading: Heading) -> str:
    text = f"{heading.number}{NUMBER_GAP}{heading.text}" if heading.number else heading.text
    return f"[#{string(text)}]"


def _item(item: Item, setting: Setting) -> str:
    start, indent = item_indents(setting.theme, item.label, item.depth)
    if not item.label:
        indent = item_indents(setting.theme, "a)", item.depth)[1]
        return f"it({number(indent)}, {number(indent)}, none, {inlines(item.content, setting)})"
    width = f"{number(indent - start)}pt"
    return f"it({number(start)}, {number(indent)}, box(width: {width}, {string(item.label)}), {inlines(item.content, setting)})"


def _grid(grid: Grid, setting: Setting) -> str:
    """A table with its caption above and a low gap below; a form is set in strips of rows that share their columns."""
    strips = [_table(strip, setting) for strip in _strips(grid)]
    caption = [f"cp([#{string(grid.caption)}])"] if grid.caption else []
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


def _table(grid: Grid, setting: Setting) -> str:
    """A first column of no width gives each row its least height."""
    widths = [width / 20 for width in column_twips(grid.widths, setting.area[0])]
    columns = ", ".join(f"{number(width)}pt" for width in widths)
    heights = [row_height(setting.theme, grid, row) + setting.theme.rule for row in grid.rows]
    rows = [_row(row, number(height), setting) for row, height in zip(grid.rows, heights, strict=True)]
    tracks = ", ".join(_tracks(grid, widths, heights, setting.theme))
    head = f"table.header({', '.join(rows[: grid.head])}), " if grid.head else ""
    small = "tn" if grid.size == "small" else "tb"
    return f"{small}(columns: (0pt, {columns}), rows: ({tracks},), {head}{', '.join(rows[grid.head :])})"


def _tracks(grid: Grid, widths: Sequence[float], heights: Sequence[float], theme: Theme) -> Iterator[str]:
    """A fixed height where every cell surely fits, so that typst need not measure the row; else the row grows with its text."""
    type_ = table_type(theme, grid)
    for row, height, slots in zip(grid.rows, heights, placed(grid), strict=True):
        sure = all(cell.rowspan == 1 and _fits(cell, sum(widths[start:end]), height, type_, theme) for cell, start, end in slots)
        yield f"{number(height)}pt" if sure and len(slots) == len(row) else "auto"


def _fits(cell: GridCell, width: float, height: float, type_: Type, theme: Theme) -> bool:
    if not cell.content:
        return True
    room = (width - 2 * theme.cell_padding) / type_.size * 0.94
    return len(cell.content) * type_.pitch < height and all(_ems(content) <= room for content in cell.content)


def _ems(content: Sequence[Inline]) -> float:
    return sum(em_width(part.text) if isinstance(part, Span) else 99 if isinstance(part, Break) else 3 for part in content)


def placed(grid: Grid) -> Iterator[list[tuple[GridCell, int, int]]]:
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


def _row(row: Sequence[GridCell], height: str, setting: Setting) -> str:
    return ", ".join([f"st({height})", *(_cell(cell, setting) for cell in row)])


def _cell(cell: GridCell, setting: Setting) -> str:
    paragraphs = [inlines(content, setting) for content in cell.content]
    body = paragraphs[0] if len(paragraphs) == 1 else " + parbreak() + ".join(paragraphs) or "[]"
    if cell.bold:
        body = f"strong({body})"
    facts = "".join(
        (
            f"colspan: {cell.colspan}, " if cell.colspan > 1 else "",
            f"rowspan: {cell.rowspan}, " if cell.rowspan > 1 else "",
            "fill: shade, " if cell.shade else "",
            f"align: horizon + {cell.align}, " if cell.align != "left" else "",
        )
    )
    return f"tc({facts}{body})"


def _figure(figure: Figure, setting: Setting) -> str:
    drawing = figure.drawing
    size = fit(drawing.width, drawing.height, picture_area(setting.area, setting.theme, figure.caption))
    return _picture(f"scaled({number(size[0] / drawing.width * 100)}%, {drawing_source(drawing, setting.theme)})", figure.caption)


def _photo(photo: Photo, setting: Setting) -> str:
    width, height = photo_size(photo, picture_area(setting.area, setting.theme, photo.caption))
    name = f"p{len(setting.files)}.{photo_extension(photo)}"
    setting.files[name] = photo.data
    return _picture(f"image({string('/' + name)}, width: {number(width)}pt, height: {number(height)}pt)", photo.caption)


def _picture(content: str, caption: str) -> str:
    below = f"[#{string(caption)}]" if caption else "none"
    return f"pic({number(FIGURE_GAP)}, {content}, {below})"


def _toc(toc: Toc, setting: Setting) -> str:
    entries = [
        f"te({number(toc_indent(setting.theme, h.level))}, c => {link(h.anchor, 'c', setting)}, {heading_words(h)}, "
        f"[{setting.numbers.get(h.anchor, UNKNOWN)}])"
        for h in setting.entries
        if h.level <= toc.depth
    ]
    return " + ".join(entries) or "[]"


_BLOCKS: dict[type, Callable[[Any, Setting], str]] = {
    Para: _para,
    Heading: _heading,
    Item: _item,
    Grid: _grid,
    Figure: _figure,
    Photo: _photo,
    Toc: _toc,
}
