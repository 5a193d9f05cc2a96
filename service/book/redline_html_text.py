"""Redlined paragraphs, items and headings as HTML: what was put in and taken out is marked for the eye and said to the ear."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any

from markupsafe import escape

from service.book.html_text import Page, address, given_id, inlines
from service.book.model import Heading, Item, Para
from service.book.redline_changes import old_number, remade
from service.book.redline_model import MARK_NAMES, Changed, Mark, Piece

TAGS = {Mark.INSERTED: "ins", Mark.DELETED: "del"}


def pieces_html(pieces: Iterable[Piece], page: Page) -> str:
    """The pieces in order; neighbours of one kind are one element."""
    grouped = groupby(pieces, key=lambda piece: (piece.mark, remade(piece)))
    return "".join([_stretch(mark, other, inlines(tuple(piece.content for piece in group), page)) for (mark, other), group in grouped])


def _stretch(mark: Mark, other_manner: bool, content: str) -> str:
    if mark in TAGS:
        return marked(mark, content)
    return f'<span class="remade" title="文字相同，字体改变">{content}</span>' if other_manner else content


def marked(mark: Mark, content: str) -> str:
    """Inserted or deleted words; who listens hears which, and where they end."""
    tag = TAGS[mark]
    return f"<{tag}>{spoken(f'（{MARK_NAMES[mark]}：')}{content}{spoken('）')}</{tag}>"


def spoken(words: str) -> str:
    """Words for a screen reader only."""
    return f'<span class="spoken">{escape(words)}</span>'


def changed_html(each: Changed, page: Page) -> str:
    """The block as the new text has it, with the words of both."""
    return _CHANGED[type(each.new)](each.new, each, page)


def _para(para: Para, each: Changed, page: Page) -> str:
    return f'<p class="{para.style.value}">{pieces_html(each.pieces, page)}</p>'


def _item(item: Item, each: Changed, page: Page) -> str:
    """The new label; the old one stands in a title, because it changes with every item put in above."""
    before = each.old.label if isinstance(each.old, Item) else item.label
    former = f' class="relabelled" title="{escape(f"原为 {before}")}"' if before != item.label else ""
    label = f"<span{former}>{escape(item.label)}</span>"
    return f'<div class="item" style="--depth:{item.depth}">{label}<p>{pieces_html(each.pieces, page)}</p></div>'


def _heading(heading: Heading, each: Changed, page: Page) -> str:
    """The new number; the old one is noted once, here."""
    tag, id_ = f"h{heading.level + 1}", given_id(heading.anchor, page)
    number = f'<span class="number">{escape(heading.number)}</span> ' if heading.number else ""
    before = old_number(each)
    former = f'<small class="former">原 {escape(before)}</small>' if before and before != heading.number else ""
    sign = f'<a class="here" href="{address(heading.anchor)}" aria-label="本条链接">§</a>' if heading.anchor else ""
    return f"<{tag}{id_}>{number}<span>{pieces_html(each.pieces, page)}</span>{former}{sign}</{tag}>"


_CHANGED: dict[type, Callable[[Any, Changed, Page], str]] = {Para: _para, Item: _item, Heading: _heading}
