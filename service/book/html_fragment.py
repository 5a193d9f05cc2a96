"""Blocks as a piece of HTML for a page of our own: no style, no script, everything escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from service.book.html import inline_svg
from service.book.html_blocks import block as block_html
from service.book.html_text import Page
from service.book.model import Block, Drawing, Heading


def render_fragment(
    blocks: Sequence[Block],
    pictures_svg: Mapping[Drawing, bytes],
    addresses: Mapping[bytes, str] | None = None,
    links: Mapping[str, str] | None = None,
) -> str:
    """The blocks in order; headings keep their anchors as ids, links inside the fragment lead to them. `addresses`: where the page can
    fetch a photo, by its bytes; `links`: where a target outside the fragment is (an address of ours), by its anchor."""
    anchors = frozenset(block.anchor for block in blocks if isinstance(block, Heading) and block.anchor)
    page = Page(anchors, None, {drawing: inline_svg(data) for drawing, data in pictures_svg.items()}, addresses or {}, links or {})
    return "\n".join(block_html(block, page) for block in blocks)
