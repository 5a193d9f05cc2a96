"""Runs of a paragraph as typst expressions: spans, links, slots for page numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from service.book.address import is_address
from service.book.model import Break, Inline, PageOf, Span
from service.book.typst_setting import UNKNOWN, Typesetting, link
from service.book.typst_text import string


def inlines(content: Sequence[Inline], setting: Typesetting) -> str:
    """Content of a paragraph as one typst expression."""
    return " + ".join([_INLINES[type(part)](part, setting) for part in content]) or "[]"


def _span(span: Span, setting: Typesetting) -> str:
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


def _page_of(slot: PageOf, setting: Typesetting) -> str:
    return link(slot.target, f"[{setting.numbers.get(slot.target, UNKNOWN)}]", setting) if slot.target in setting.known else "[—]"


def _break(_part: Break, _setting: Typesetting) -> str:
    return "linebreak()"


_INLINES: dict[type, Callable[[Any, Typesetting], str]] = {Span: _span, PageOf: _page_of, Break: _break}
