"""A redline as a piece of HTML for a page of our own (its looks: static/redline.css): no style, no script, everything escaped."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from markupsafe import escape

from service.book.html import inline_svg
from service.book.html_blocks import block as block_html
from service.book.html_text import Page, address, given_id
from service.book.model import Block, Drawing, Figure, Grid, Heading, Item, Para, Photo
from service.book.redline_changes import change_of, heading_of, old_number, set_otherwise
from service.book.redline_html_table import grid_html
from service.book.redline_html_text import changed_html, spoken
from service.book.redline_model import Changed, ChangedGrid, Deleted, Inserted, Kept, MovedFrom, MovedTo, RedBlock, Redline
from service.book.redline_summary import count, former_anchor, red_sections


@dataclass(slots=True)
class _Sheet:
    """One run: the page's links, the names of places that blocks moved from and to, blocks (by id) that took each other's place, how many
    changes were told."""

    page: Page
    places: Mapping[int, tuple[str, str]]
    replaced: Collection[int]
    prefix: str
    changes: int = 0

    def next_id(self) -> str:
        self.changes += 1
        return f"{self.prefix}-{self.changes}"


def render_redline(found: Redline, pictures_svg: Mapping[Drawing, bytes], prefix: str = "change") -> str:
    """Both texts in one, each section with its anchor as id (what only the old text has: `former_anchor`), each change with the id
    `{prefix}-1`, `{prefix}-2` … in reading order, as many as `summary(found).counts.total`.

    `pictures_svg` holds an SVG of our own making for each of `drawings(found)`. A photo that is neither PNG nor JPEG raises
    InputError(code="bad_image").
    """
    headings = [(heading, isinstance(each, (Deleted, MovedFrom))) for each in found if (heading := heading_of(each)) and heading.anchor]
    anchors = frozenset(former_anchor(heading.anchor) if former else heading.anchor for heading, former in headings)
    page = Page(anchors, None, {drawing: inline_svg(data) for drawing, data in pictures_svg.items()})
    sheet = _Sheet(page, _places(found), _replaced(found), prefix)
    sections = (
        f'<section data-changes="{count(section.blocks).total}">\n'
        + "\n".join(_told(each, sheet) for each in section.blocks)
        + "\n</section>"
        for section in red_sections(found)
    )
    return '<div class="redline">\n' + "\n".join(sections) + "\n</div>"


def _places(found: Redline) -> dict[int, tuple[str, str]]:
    """Number of each move → the names of the sections it went from and to, in the old and in the new text."""
    starts: dict[int, str] = {}
    ends: dict[int, str] = {}
    old = new = ""
    for block in found:
        if heading := heading_of(block):
            old = old if isinstance(block, (Inserted, MovedTo)) else old_number(block) or heading.text
            new = new if isinstance(block, (Deleted, MovedFrom)) else heading.number or heading.text
        if isinstance(block, MovedFrom):
            starts.setdefault(block.pair, old)
        elif isinstance(block, MovedTo):
            ends.setdefault(block.pair, new)
    return {number: (starts[number], ends.get(number, "")) for number in starts}


def _replaced(found: Redline) -> set[int]:
    """A table or picture that was deleted right before one of its kind was inserted, and that one."""
    return {
        id(each)
        for one, other in pairwise(found)
        if isinstance(one, Deleted) and isinstance(other, Inserted) and type(one.block) is type(other.block)
        for each in (one, other)
    }


def _told(block: RedBlock, sheet: _Sheet) -> str:
    return _TELLERS[type(block)](block, sheet)


def _kept(each: Kept, sheet: _Sheet) -> str:
    return block_html(each.block, sheet.page)


def _inserted(each: Inserted, sheet: _Sheet) -> str:
    tag = _tag("改后" if id(each) in sheet.replaced else "新增", each.block)
    return f'<ins class="whole" id="{sheet.next_id()}">{tag}{block_html(each.block, sheet.page)}</ins>'


def _deleted(each: Deleted, sheet: _Sheet) -> str:
    tag = _tag("改前" if id(each) in sheet.replaced else "删除", each.block)
    return f'<del class="whole" id="{sheet.next_id()}">{tag}{block_html(_former(each.block), sheet.page)}</del>'


def _former(block: Block) -> Block:
    return replace(block, anchor=former_anchor(block.anchor)) if isinstance(block, Heading) else block


_TEXTS: dict[type, str] = {Para: "段落", Item: "列项", Heading: "标题"}
_PICTURES: dict[type, str] = {Grid: "表格", Figure: "插图", Photo: "图片"}
_SAID = {"改前": "删除", "改后": "新增"}


def _tag(word: str, block: Block) -> str:
    """What a table or a picture cannot show by a line under or through its words is written above it; of a text it is only spoken."""
    if kind := _PICTURES.get(type(block)):
        words = f"{word}{kind}（{_SAID[word]}）" if word in _SAID else f"{word}{kind}"
        return f'<span class="tag">{words}</span>'
    return spoken(f"{_SAID.get(word, word)}{_TEXTS.get(type(block), '内容')}：")


def _moved_from(each: MovedFrom, sheet: _Sheet) -> str:
    """Told, but counted where it is now."""
    start, end = sheet.places[each.pair]
    words = "移动：本条内移至他处" if start == end else f"移动：移至 {end}"
    link = _moved_link(each.pair, ("from", "to"), words, sheet)
    return f'<del class="whole moved">{link}{block_html(_former(each.block), sheet.page)}</del>'


def _moved_to(each: MovedTo, sheet: _Sheet) -> str:
    start, end = sheet.places[each.pair]
    words = "移动：本条内移至此处" if start == end else f"移动：原在 {start}"
    link = _moved_link(each.pair, ("to", "from"), words, sheet)
    id_ = f' id="{sheet.next_id()}"' if link else ""
    return f'<ins class="whole moved"{id_}>{link}{block_html(each.block, sheet.page)}</ins>'


def _moved_link(pair: int, ends: tuple[str, str], words: str, sheet: _Sheet) -> str:
    """At the first block of a move: where it went to or came from; it leads there."""
    here, there = (f"{sheet.prefix}-move-{pair}-{end}" for end in ends)
    id_ = given_id(here, sheet.page)
    return f'<a class="tag"{id_} href="{address(there)}">{escape(words)}</a>' if id_ else ""


def _changed(each: Changed, sheet: _Sheet) -> str:
    block = changed_html(each, sheet.page)
    if change_of(each) is None:
        return block
    note = '<span class="tag">编排改变</span>' if set_otherwise(each) else ""
    return f'<div class="changed" id="{sheet.next_id()}">{note}{block}</div>'


def _changed_grid(each: ChangedGrid, sheet: _Sheet) -> str:
    table = grid_html(each, sheet.page)
    return f'<div class="changed" id="{sheet.next_id()}">{table}</div>' if change_of(each) else table


_TELLERS: dict[type, Callable[[Any, _Sheet], str]] = {
    Kept: _kept,
    Inserted: _inserted,
    Deleted: _deleted,
    MovedFrom: _moved_from,
    MovedTo: _moved_to,
    Changed: _changed,
    ChangedGrid: _changed_grid,
}
