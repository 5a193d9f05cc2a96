"""Text, links and anchors of the HTML: everything from the book is escaped here."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from markupsafe import escape

from service.book.address import is_address
from service.book.model import Break, Drawing, Inlines, Layout, PageOf, Span


@dataclass(slots=True)
class Page:
    """One run of the renderer: what links may point at, and which ids have been given. `addresses`: where a photo can be fetched, by its
    bytes; one that is not among them stands in the file itself. `links`: where a target outside this run is, by its anchor."""

    anchors: Collection[str]
    layout: Layout | None
    drawings: dict[Drawing, str] = field(default_factory=dict)
    addresses: Mapping[bytes, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)


def identifier(anchor: str) -> str:
    """An anchor as an id, which may hold anything but white space."""
    return re.sub(r"\s+", "-", anchor)


def address(anchor: str) -> str:
    """The link to an anchor of this file, ready for an attribute."""
    return "#" + quote(identifier(anchor))


def embedded(data: bytes, media: str) -> str:
    """The address of a picture that stands in the file itself."""
    return f"data:{media};base64,{b64encode(data).decode()}"


def given_id(anchor: str, page: Page) -> str:
    """The attribute ` id="…"` at the first place of an anchor, nothing at a second one or without an anchor."""
    if not anchor or anchor in page.given:
        return ""
    page.given.add(anchor)
    return f' id="{escape(identifier(anchor))}"'


def inlines(content: Inlines, page: Page) -> str:
    """The text of a paragraph."""
    return "".join([_INLINE[type(each)](each, page) for each in content])


def _span(span: Span, page: Page) -> str:
    text = str(escape(span.text))
    for wanted, tag in ((span.code, "code"), (span.italic, "em"), (span.bold, "strong")):
        text = f"<{tag}>{text}</{tag}>" if wanted else text
    if span.target and span.target in page.anchors:
        return f'<a href="{address(span.target)}">{text}</a>'
    if span.target in page.links:
        return f'<a class="reference" href="{escape(page.links[span.target])}">{text}</a>'
    if span.href and is_address(span.href):
        return f'<a class="out" href="{escape(span.href)}" rel="noopener noreferrer">{text}</a>'
    return text


def _page_of(slot: PageOf, page: Page) -> str:
    """The page of the printed book as a link; a dash if the book was not laid out."""
    label = page.layout.pages.get(slot.target, "") if page.layout else ""
    text = str(escape(label or "—"))
    return f'<a href="{address(slot.target)}">{text}</a>' if slot.target in page.anchors else text


def _break(_: Break, __: Page) -> str:
    return "<br>"


_INLINE: dict[type, Callable[[Any, Page], str]] = {Span: _span, PageOf: _page_of, Break: _break}
