"""Blocks of a book as typst source (code mode), one function per type; measures are those of geometry.py, as in the DOCX."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from service.book.drawing_shapes import number
from service.book.drawing_typst import drawing_source
from service.book.geometry import (
    FIGURE_GAP,
    NUMBER_GAP,
    cover_logo,
    cover_logo_side,
    fit,
    item_indents,
    note_indents,
    photo_area,
    picture_area,
    text_area,
    toc_indent,
)
from service.book.model import (
    Block,
    Figure,
    Grid,
    Heading,
    Item,
    Numbering,
    Para,
    Part,
    Photo,
    Style,
    Toc,
)
from service.book.photo import photo_extension, photo_size
from service.book.theme import Type
from service.book.typst_inline import inlines, plain
from service.book.typst_setting import LOGO, UNKNOWN, Typesetting, link, mark
from service.book.typst_table import grid_source, without_gap
from service.book.typst_text import string


def part_blocks(part: Part, setting: Typesetting) -> list[str]:
    """The part's blocks as expressions; the part's own anchor stands before them unless a heading bears it."""
    setting.area = text_area(setting.theme, part.landscape)
    cover = [_cover(setting)] if part.numbering is Numbering.NONE else []
    own = any(isinstance(block, Heading) and block.anchor == part.anchor for block in part.blocks)
    first = [] if own or not part.anchor else [mark(part.anchor, setting)]
    sources = [block_source(block, setting) for block in part.blocks]
    if part.blocks and isinstance(part.blocks[-1], Grid):
        sources[-1] = without_gap(sources[-1])
    return cover + first + sources


def _cover(setting: Typesetting) -> str:
    """What the theme puts on a cover beside its words; nothing of it moves them."""
    theme = setting.theme
    band = "band()" if theme.cover_band else "[]"
    if theme.logo is None:
        return band
    width, height = cover_logo(theme.logo)
    image = f"image({string('/' + LOGO + theme.logo.ending)}, width: {number(width)}pt, height: {number(height)}pt)"
    return f"{band} + place(top + {cover_logo_side(theme)}, {image})"


def block_source(block: Block, setting: Typesetting) -> str:
    return _BLOCKS[type(block)](block, setting)


def _para(para: Para, setting: Typesetting) -> str:
    content = inlines(para.content, setting, _room(setting, setting.theme.type_of(para.style)))
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
    Style.FINE: "fi",
    Style.PART_TITLE: "ti",
    Style.COVER_COMPANY: "cc",
    Style.COVER_TITLE: "cv",
    Style.COVER_SUBTITLE: "cs",
    Style.COVER_LINE: "cl",
    Style.SPACER: "sp",
}


def _heading(heading: Heading, setting: Typesetting) -> str:
    words = heading_words(heading, _room(setting, setting.theme.headings[heading.level - 1]))
    label = ""
    if heading.anchor and heading.anchor not in setting.used:
        setting.used.add(heading.anchor)
        label = f"<{setting.labels[heading.anchor]}>"
    return f"[#heading(level: {heading.level}, bookmarked: false, {words}){label}]"


def heading_words(heading: Heading, room: float) -> str:
    text = f"{heading.number}{NUMBER_GAP}{heading.text}" if heading.number else heading.text
    return plain(text, room)


def _room(setting: Typesetting, type_: Type, indent: float = 0) -> float:
    """Ems of a line of this type; an indent by two characters counts, which most types have."""
    return (setting.area[0] - indent) / type_.size - 2


def _item(item: Item, setting: Typesetting) -> str:
    start, indent = item_indents(setting.theme, item.label, item.depth)
    words = inlines(item.content, setting, _room(setting, setting.theme.body, indent))
    if not item.label:
        indent = item_indents(setting.theme, "a)", item.depth)[1]
        return f"it({number(indent)}, {number(indent)}, none, {words})"
    width = f"{number(indent - start)}pt"
    return f"it({number(start)}, {number(indent)}, box(width: {width}, {string(item.label)}), {words})"


def _figure(figure: Figure, setting: Typesetting) -> str:
    drawing = figure.drawing
    size = fit(drawing.width, drawing.height, picture_area(setting.area, setting.theme, figure.caption))
    shown = f"scaled({number(size[0] / drawing.width * 100)}%, {drawing_source(drawing, setting.theme)})"
    return _picture(f"figure({shown}, alt: {_instead(figure)})", figure.caption, setting)


def _photo(photo: Photo, setting: Typesetting) -> str:
    width, height = photo_size(photo, photo_area(setting.area, setting.theme, photo.caption))
    name = f"p{len(setting.files)}.{photo_extension(photo)}"
    setting.files[name] = photo.data
    facts = f"width: {number(width)}pt, height: {number(height)}pt, alt: {_instead(photo)}"
    return _picture(f"image({string('/' + name)}, {facts})", photo.caption, setting)


def _instead(picture: Figure | Photo) -> str:
    """What is read aloud instead of a picture. Nothing in it looks like a reference to an object of the PDF, whose bytes are renumbered
    when pieces are joined: with a space that is not ASCII typst writes it in hex."""
    return string((picture.alt or picture.caption or "图").replace(" 0 R", "\u00a00 R"))


def _picture(content: str, caption: str, setting: Typesetting) -> str:
    below = plain(caption, _room(setting, setting.theme.caption)) if caption else "none"
    return f"pic({number(FIGURE_GAP)}, {content}, {below})"


def _toc(toc: Toc, setting: Typesetting) -> str:
    room = _room(setting, setting.theme.body, toc_indent(setting.theme, toc.depth)) - 2
    entries = [
        f"te({number(toc_indent(setting.theme, h.level))}, c => {link(h.anchor, 'c', setting)}, {heading_words(h, room)}, "
        f"[{setting.numbers.get(h.anchor, UNKNOWN)}])"
        for h in setting.entries
        if h.level <= toc.depth
    ]
    return " + ".join(entries) or "[]"


_BLOCKS: dict[type, Callable[[Any, Typesetting], str]] = {
    Para: _para,
    Heading: _heading,
    Item: _item,
    Grid: grid_source,
    Figure: _figure,
    Photo: _photo,
    Toc: _toc,
}
