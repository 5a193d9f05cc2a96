"""Blocks of a book as typst source (code mode), one function per type; measures are those of geometry.py, as in the DOCX."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from service.book.drawing_shapes import number
from service.book.drawing_typst import drawing_source
from service.book.geometry import (
    FIGURE_GAP,
    NUMBER_GAP,
    TABLE_GAP,
    column_twips,
    fills,
    fit,
    item_indents,
    note_indents,
    picture_area,
    row_height,
    table_type,
    text_area,
    toc_indent,
)
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


@dataclass(slots=True)
class Setting:
    """One run of the renderer: the book's anchors as short labels, the entries of its TOC, the photos it uses, the page's text area."""

    theme: Theme
    labels: dict[str, str]
    entries: tuple[Heading, ...]
    area: tuple[float, float]
    files: dict[str, bytes] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)


def new_setting(book: Book, theme: Theme) -> Setting:
    headings = tuple(block for part in book.parts for block in part.blocks if isinstance(block, Heading))
    anchors = dict.fromkeys([part.anchor for part in book.parts if part.anchor] + [h.anchor for h in headings if h.anchor])
    labels = {anchor: f"a{position}" for position, anchor in enumerate(anchors)}
    return Setting(theme, labels, tuple(h for h in headings if h.outline and h.anchor), text_area(theme, False))


def part_blocks(part: Part, setting: Setting) -> list[str]:
    """The part's blocks as expressions; the part's own anchor stands before them unless a heading bears it."""
    setting.area = text_area(setting.theme, part.landscape)
    own = any(isinstance(block, Heading) and block.anchor == part.anchor for block in part.blocks)
    first = [] if own or not part.anchor else [mark(part.anchor, setting)]
    return first + [block_source(block, setting) for block in part.blocks]


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
    if span.target in setting.labels and span.target:
        return f"link(<{setting.labels[span.target]}>, {words})"
    return f"link({string(span.href)}, {words})" if span.href else words if words.startswith('"') is False else f"[#{words}]"


def _page_of(slot: PageOf, setting: Setting) -> str:
    label = setting.labels.get(slot.target)
    return f"pg(<{label}>)" if label else "[—]"


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
    width = "auto" if fills(item.label) else f"{number(indent - start)}pt"
    return f"it({number(start)}, {number(indent)}, box(width: {width}, {string(item.label)}), {inlines(item.content, setting)})"


def _grid(grid: Grid, setting: Setting) -> str:
    """A table with a first column of no width whose cells give each row its least height."""
    type_ = table_type(setting.theme, grid)
    columns = ", ".join(f"{number(width / 20)}pt" for width in column_twips(grid.widths, setting.area[0]))
    rows = [_row(row, number(row_height(setting.theme, grid, row) + setting.theme.rule), setting) for row in grid.rows]
    head = f"table.header({', '.join(rows[: grid.head])}), " if grid.head else ""
    small = "tn" if type_ is setting.theme.table_small else "tb"
    table = f"{small}(columns: (0pt, {columns}), {head}{', '.join(rows[grid.head :])})"
    caption = f"cp([#{string(grid.caption)}]), " if grid.caption else ""
    return f"stack0({caption}{table}, gap({number(TABLE_GAP)}))"


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
        f"te({number(toc_indent(setting.theme, h.level))}, <{setting.labels[h.anchor]}>, {heading_words(h)})"
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
