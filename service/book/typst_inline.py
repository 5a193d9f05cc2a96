"""Runs of a paragraph as typst expressions: spans, links, slots for page numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import repeat
from typing import Any

from service.book.address import is_address
from service.book.measure import overlong
from service.book.model import Break, Inline, PageOf, Span
from service.book.typst_setting import UNKNOWN, Typesetting, link
from service.book.typst_text import loosened, string

Cuts = Sequence[tuple[int, int]]
"""Start and end of each stretch of a text that has no place to break and is wider than its line."""


def inlines(content: Sequence[Inline], setting: Typesetting, room: float) -> str:
    """Content of a paragraph as one typst expression; a word wider than `room` ems, the line, breaks within itself."""
    texts = [part.text if isinstance(part, Span) else "\n" if isinstance(part, Break) else UNKNOWN for part in content]
    cuts = overlong("".join(texts), room)  # a word may begin in one span and end in another, so all are one text
    own: Iterable[Cuts] = _shares(texts, cuts) if cuts else repeat(())
    return " + ".join([_INLINES[type(part)](part, setting, each) for part, each in zip(content, own, strict=False)]) or "[]"


def plain(text: str, room: float) -> str:
    """Text of one manner as typst content, under the same rule."""
    return f"[#{loosened(text, overlong(text, room))}]"


def _shares(texts: Sequence[str], cuts: Cuts) -> Iterator[Cuts]:
    """What of the stretches lies in each of the texts, by its own places."""
    at = 0
    for text in texts:
        end = at + len(text)
        yield [(max(start, at) - at, min(stop, end) - at) for start, stop in cuts if start < end and stop > at]
        at = end


def _span(span: Span, setting: Typesetting, cuts: Cuts) -> str:
    words = loosened(span.text, cuts)
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
    return words if words.startswith(("cd(", "strong(", "emph(")) else f"[#{words}]"


def _page_of(slot: PageOf, setting: Typesetting, _cuts: Cuts) -> str:
    return link(slot.target, f"[{setting.numbers.get(slot.target, UNKNOWN)}]", setting) if slot.target in setting.known else "[—]"


def _break(_part: Break, _setting: Typesetting, _cuts: Cuts) -> str:
    return "linebreak()"


_INLINES: dict[type, Callable[[Any, Typesetting, Cuts], str]] = {Span: _span, PageOf: _page_of, Break: _break}
