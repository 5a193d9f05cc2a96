"""Paragraphs, headings and list items as WordprocessingML."""

from __future__ import annotations

from service.book.docx_looks import LIST_DEPTHS, STYLE_IDS
from service.book.docx_styles import twips
from service.book.docx_text import TAB, inlines, opened, run
from service.book.docx_writing import Writing, bookmarked, outlined, title_of
from service.book.geometry import NUMBER_GAP, fills, item_indents
from service.book.model import Heading, Item, Para, Style

KEEP = "<w:keepNext/>"


def paragraph(style: str, content: str, properties: str = "") -> str:
    """One w:p; `properties` are further children of w:pPr in the schema's order."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{content}</w:p>'


def para_xml(para: Para, writing: Writing) -> str:
    """A paragraph in its style."""
    keep = KEEP if para.keep_next or para.style is Style.CAPTION else ""
    return paragraph(STYLE_IDS[para.style], inlines(para.content, writing), keep)


def heading_xml(heading: Heading, writing: Writing) -> str:
    """A heading as its own bookmark, so that TOC, links and page numbers find it."""
    title = writing.mark_of(title_of(heading.anchor, heading.text))
    if not title:
        return heading_paragraph(heading, run(heading_text(heading)), writing)
    number = run(f"{heading.number}{NUMBER_GAP}") if heading.number else ""
    return heading_paragraph(heading, number + bookmarked(writing, title, run(heading.text)), writing)


def heading_paragraph(heading: Heading, text: str, writing: Writing) -> str:
    """A heading whose runs are `text`."""
    style = heading_style(heading)
    if heading.outline:
        text = outlined(writing, heading, text)
    elif heading.anchor:
        text = bookmarked(writing, writing.bookmarks[heading.anchor], text)
    return paragraph(style, text)


def heading_style(heading: Heading) -> str:
    return f"Heading{heading.level}" if heading.outline else f"PlainHeading{heading.level}"


def heading_text(heading: Heading) -> str:
    """Number and title as printed."""
    return f"{heading.number}{NUMBER_GAP}{heading.text}" if heading.number else heading.text


def item_xml(item: Item, writing: Writing) -> str:
    """A list item: label, tab, text on a hanging indent. Labels are literal, so nothing renumbers when Word edits the list."""
    start, text = item_indents(writing.theme, item.label, item.depth)
    usual = item_indents(writing.theme, "a)", item.depth)[1]
    style = f"List{item.depth + 1 if item.depth else ''}" if item.depth < LIST_DEPTHS else "List"
    if not item.label:
        return paragraph(style, inlines(item.content, writing), _indent(usual, 0))
    gap = "" if fills(item.label) else TAB  # after a label that fills its place a tab would jump to the next stop
    label = opened(run(item.label), writing) + gap
    direct = "" if text == usual and item.depth < LIST_DEPTHS else _indent(text, text - start)
    return paragraph(style, label + inlines(item.content, writing), direct)


def _indent(left: float, hanging: float) -> str:
    return f'<w:ind w:left="{twips(left)}" w:hanging="{twips(hanging)}"/>'


TINY = paragraph("Tiny", "")  # one point high: there only because something must carry a section or a field's end
