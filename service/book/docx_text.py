"""Runs of text as WordprocessingML: characters, manners, links and fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from service.book.address import is_address
from service.book.docx_writing import Writing, relate, title_of
from service.book.model import Break, Inlines, PageOf, Span

# Marks that stand in Latin and in Chinese fonts alike (“ ” … — × ≤): Word takes them from the Chinese one only if told so.
_SHARED_MARKS = re.compile("[§°±·×÷\u2010-\u2e7f]")
_HINT = '<w:rFonts w:hint="eastAsia"/>'
BOLD = "<w:b/><w:bCs/>"
TAB = "<w:r><w:tab/></w:r>"


def escape(text: str) -> str:
    """Text for element content."""
    if "&" in text or "<" in text or ">" in text:
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text


def attribute(text: str) -> str:
    """Text for an attribute in double quotes."""
    return escape(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")


def run(text: str, manner: str = "", style: str = "") -> str:
    """One w:r; `manner` are elements of w:rPr (bold, italic), `style` names a character style."""
    hint = _HINT if _SHARED_MARKS.search(text) else ""
    if manner or style or hint:
        named = f'<w:rStyle w:val="{style}"/>' if style else ""
        return f'<w:r><w:rPr>{named}{hint}{manner}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def field(instruction: str, cached: str, manner: str = "") -> str:
    """A field with its cached result; Word shows the cache until someone updates the fields."""
    return f'<w:fldSimple w:instr=" {attribute(instruction)} ">{run(cached, manner)}</w:fldSimple>'


def page_field(bookmark: str, cached: str, manner: str = "") -> str:
    """The page number of a bookmark as a field that is also a link."""
    return field(f"PAGEREF {bookmark} \\h", cached, manner)


def inlines(content: Inlines, writing: Writing, manner: str = "") -> str:
    """The runs of a paragraph whose text is `manner` throughout (a bold cell)."""
    return opened("".join([_INLINE[type(each)](each, writing, manner) for each in content]), writing)


def opened(runs: str, writing: Writing) -> str:
    """Shared marks that open a paragraph (“ □ ①) get a run of their own that knows the Chinese face only.

    LibreOffice, which does not heed the hint, goes by the character before and would set them from the Latin face.
    """
    if not runs.startswith(_HINTED):
        return runs
    marks = _OPENING_MARKS.match(runs, len(_HINTED))
    if not marks:
        return runs
    face = attribute(writing.hanzi)
    own = f'<w:r><w:rPr><w:rFonts w:ascii="{face}" w:hAnsi="{face}" w:hint="eastAsia"/></w:rPr><w:t>{marks[0]}</w:t></w:r>'
    rest = runs[marks.end() :]
    return own + (rest.removeprefix("</w:t></w:r>") if rest.startswith("</w:t></w:r>") else _HINTED + rest)


_HINTED = f'<w:r><w:rPr>{_HINT}</w:rPr><w:t xml:space="preserve">'
_OPENING_MARKS = re.compile("[§°±·×÷\u2010-\u2013\u2015-\u2e7f]+")  # dashes are one em wide in both faces


def _span(span: Span, writing: Writing, manner: str) -> str:
    if span.bold or span.italic:
        manner = (BOLD if span.bold or manner else "") + ("<w:i/><w:iCs/>" if span.italic else "")
    if span.target or span.href:
        return _link(span, writing, manner)
    return run(span.text, manner, "Code" if span.code else "")


def _link(span: Span, writing: Writing, manner: str) -> str:
    """A link; one whose target is not in the book (a part left out), or whose address no file may open, is plain text."""
    mark = writing.mark_of(span.target) if span.target else ""
    if mark:
        return f'<w:hyperlink w:anchor="{mark}" w:history="1">{_titled(span, writing, manner)}</w:hyperlink>'
    if span.href and is_address(span.href):
        relation = relate(writing, "hyperlink", span.href, external=True)
        return f'<w:hyperlink r:id="{relation}" w:history="1">{run(span.text, manner, "Hyperlink")}</w:hyperlink>'
    return run(span.text, manner)


def _titled(span: Span, writing: Writing, manner: str) -> str:
    """The words of a link; a title of the book among them, in 《》 or at their end, is a field that repeats it.

    Not in a redline: a title that changes would be repeated with its changes.
    """
    for before, title, after in () if writing.counting else _titles(span.text):
        mark = writing.mark_of(title_of(span.target, title))
        if mark:
            return _around(before, manner) + field(f"REF {mark} \\h", title, manner) + _around(after, manner)
    return run(span.text, manner)


def _titles(words: str) -> Iterator[tuple[str, str, str]]:
    """Where a title may stand: 《title》, title, number title."""
    if words.startswith("《") and words.endswith("》"):
        yield "《", words[1:-1], "》"
        return
    yield "", words, ""
    number, _, title = words.partition(" ")
    if title:
        yield f"{number} ", title, ""


def _around(words: str, manner: str) -> str:
    return run(words, manner) if words else ""


def _page_of(slot: PageOf, writing: Writing, manner: str) -> str:
    name = writing.mark_of(slot.target)
    return page_field(name, writing.page(slot.target), manner) if name else ""


def _break(_: Break, __: Writing, ___: str) -> str:
    return "<w:r><w:br/></w:r>"


_INLINE: dict[type, Callable[[Any, Writing, str], str]] = {Span: _span, PageOf: _page_of, Break: _break}
