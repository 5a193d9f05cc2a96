"""The table of contents as a TOC field whose cached entries already hold links and page numbers."""

from __future__ import annotations

from service.book.docx_paragraph import heading_text, paragraph
from service.book.docx_text import TAB, page_field, run
from service.book.docx_writing import Writing, heading_bookmark, toc_headings
from service.book.model import Heading, Toc


def toc_xml(toc: Toc, writing: Writing) -> str:
    """One field over as many paragraphs as there are entries, its end in one more, as Word writes it.

    Without an entry there is no field, for which Word would print an error.
    """
    begin = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> TOC \\o "1-{toc.depth}" \\h \\z </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    entries = [_entry(heading, place, writing) for place, heading in toc_headings(writing, toc)]
    if not entries:
        return paragraph("TOC1", "")
    entries[0] = (entries[0][0], begin + entries[0][1])
    return "".join(paragraph(style, content) for style, content in entries) + paragraph("Tiny", end)


def _entry(heading: Heading, place: int, writing: Writing) -> tuple[str, str]:
    """Style and content of an entry."""
    bookmark = heading_bookmark(writing, heading, place)
    page = page_field(bookmark, writing.page(heading.anchor))
    text = run(heading_text(heading))
    return f"TOC{heading.level}", f'<w:hyperlink w:anchor="{bookmark}" w:history="1">{text}{TAB}{page}</w:hyperlink>'
