"""The Markdown dialect: CommonMark with tables, without raw HTML, with emphasis that knows Chinese punctuation."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.rules_inline.state_inline import Delimiter, StateInline
from markdown_it.token import Token

from service.text.characters import is_wide

_TEMPLATE = re.compile(r"\{\{[^{}]{0,300}\}\}|\{%[^{}]{0,300}%\}")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


def _flanks(before: str, after: str) -> tuple[bool, bool, bool]:
    """(left-flanking, right-flanking, before is punctuation) for a run of marks between two characters.

    CommonMark 0.31 §6.2, with one change: Chinese characters on either side count like a space, because Chinese writes no
    spaces: in **《报修单》**由 the second ** closes.
    """
    space_before, space_after = isWhiteSpace(ord(before)), isWhiteSpace(ord(after))
    mark_before = isMdAsciiPunct(ord(before)) or isPunctChar(before)
    mark_after = isMdAsciiPunct(ord(after)) or isPunctChar(after)
    left = not space_after and (not mark_after or space_before or mark_before or is_wide(before) or is_wide(after))
    right = not space_before and (not mark_before or space_after or mark_after or is_wide(before) or is_wide(after))
    return left, right, mark_before


def _scan(source: str, start: int, end: int) -> tuple[bool, bool, int]:
    """(can open, can close, length) of the run of * or _ at `start`."""
    marker, stop = source[start], start
    while stop < end and source[stop] == marker:
        stop += 1
    before = source[start - 1] if start else " "
    after = source[stop] if stop < end else " "
    left, right, mark_before = _flanks(before, after)
    if marker == "*":
        return left, right, stop - start
    mark_after = isMdAsciiPunct(ord(after)) or isPunctChar(after)
    return left and (not right or mark_before), right and (not left or mark_after), stop - start


def _emphasis(state: StateInline, silent: bool) -> bool:
    marker = state.src[state.pos]
    if silent or marker not in "*_":
        return False
    opens, closes, length = _scan(state.src, state.pos, state.posMax)
    for _ in range(length):
        state.push("text", "", 0).content = marker
        state.delimiters.append(Delimiter(ord(marker), length, len(state.tokens) - 1, -1, opens, closes))
    state.pos += length
    return True


def _template(state: StateInline, silent: bool) -> bool:
    """A variable or condition that is not filled yet is plain text as it stands: its _ and * are no marks."""
    found = _TEMPLATE.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    if not silent:
        state.pending += found.group().replace("\n", " ")
    state.pos = found.end()
    return True


def _cell_break(state: StateInline, silent: bool) -> bool:
    """<br> is a line break inside table cells, where Markdown has no other; elsewhere it is text like all HTML."""
    found = _BREAK.match(state.src, state.pos, state.posMax) if state.env.get("cell") else None
    if not found:
        return False
    if not silent:
        state.push("hardbreak", "br", 0)
    state.pos = found.end()
    return True


def _markdown() -> MarkdownIt:
    """Indented code and reference definitions are off: they would swallow text. Inline parsing is called by hand (see `inline`)."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["code", "reference", "html_block", "html_inline"])
    markdown.core.ruler.disable(["inline", "text_join"])
    markdown.inline.ruler.at("emphasis", _emphasis)
    markdown.inline.ruler.before("escape", "template", _template)
    markdown.inline.ruler.before("autolink", "cell_break", _cell_break)
    return markdown


_MARKDOWN = _markdown()


def block_tokens(body: str) -> list[Token]:
    """The block tokens of a body; inline content is left as written in the `inline` tokens."""
    return _MARKDOWN.parse(body)


def inline_tokens(content: str, *, cell: bool) -> list[Token]:
    """The inline tokens of one paragraph, heading or cell."""
    tokens: list[Token] = []
    _MARKDOWN.inline.parse(content, _MARKDOWN, {"cell": cell}, tokens)
    return tokens
