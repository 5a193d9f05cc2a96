"""A Book as a Word file: every block becomes a fragment of XML, the fragments are joined once and packed with the theme's base parts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from service.book.docx_fragment import part_xml
from service.book.docx_package import package
from service.book.docx_paragraph import TINY, heading_xml, item_xml, para_xml
from service.book.docx_picture import figure_xml, photo_xml
from service.book.docx_section import section_xml
from service.book.docx_table import GAP, grid_xml
from service.book.docx_toc import toc_xml
from service.book.docx_writing import END, Filling, Pictures, Writing, bookmarked, new_writing
from service.book.geometry import text_area
from service.book.model import Block, Book, Figure, Grid, Heading, Item, Layout, Para, Part, Photo, Toc
from service.book.pdf_shelf import Shelf
from service.book.sections import Section, sections
from service.book.theme import Theme
from service.kit.fingerprint import fingerprint

_BLOCKS: dict[type, Callable[[Any, Writing], str]] = {
    Para: para_xml,
    Heading: heading_xml,
    Item: item_xml,
    Grid: grid_xml,
    Figure: figure_xml,
    Photo: photo_xml,
    Toc: toc_xml,
}


def render_docx(
    book: Book, theme: Theme, layout: Layout | None, pictures: Pictures, *, fillable: bool = False, shelf: Shelf | None = None
) -> bytes:
    """The bytes of a .docx, the same for the same input.

    `layout` gives the page numbers that TOC, cross-references and 共 N 页 show without anyone updating fields; without it they
    stay empty until someone does. `pictures` holds a Picture for every drawing and SVG photo of the book. A photo of another kind
    raises InputError(code="bad_image"). `fillable`: the places of the forms in it are content controls, everything else is locked.
    With a `shelf` parts that were written before are taken from there: the same bytes, sooner.
    """
    writing = new_writing(book, theme, layout, pictures)
    writing.filling = Filling() if fillable else None
    parts = sections(book)
    made_with = fingerprint(theme)
    body = "".join([_part(section, writing, shelf, made_with, last=section is parts[-1]) for section in parts])
    return package(book, body, writing)


def block_xml(block: Block, writing: Writing) -> str:
    """A block as paragraphs or a table with what stands around it."""
    return _BLOCKS[type(block)](block, writing)


def _blocks(part: Part, writing: Writing) -> str:
    return "".join([block_xml(block, writing) for block in part.blocks])


def _part(section: Section, writing: Writing, shelf: Shelf | None, made_with: str, *, last: bool) -> str:
    """A part's blocks and its section properties, which stand in its last paragraph, or after it at the end of the book."""
    writing.area = text_area(writing.theme, section.part.landscape)
    xml = part_xml(section.part, writing, _blocks, shelf, made_with)
    if xml.endswith(GAP):  # a lower line than below other tables: at a page's foot it must not make an empty page
        xml = xml.removesuffix(GAP) + TINY
    elif not xml or isinstance(section.part.blocks[-1], Toc):  # LibreOffice loses the footer of a section that ends in a field's end
        xml += TINY
    if xml.startswith(_SPACED):  # Word keeps the space above at the top of a section, typst does not
        xml = xml.replace("</w:pPr>", '<w:spacing w:before="0"/></w:pPr>', 1)
    if section.part.anchor:
        place = bookmarked(writing, writing.bookmarks[section.part.anchor], "")
        xml = xml.replace("</w:pPr>", f"</w:pPr>{place}", 1)  # inside a paragraph: LibreOffice loses others when one stands between them
    if section.last_numbered:
        xml = xml.removesuffix("</w:p>") + bookmarked(writing, END, _END_MARK) + "</w:p>"
    properties = section_xml(section, writing)
    if last:
        return xml + properties
    before, _, after = xml.rpartition("</w:pPr>")
    return f"{before}{properties}</w:pPr>{after}"


_SPACED = tuple(f'<w:p><w:pPr><w:pStyle w:val="{style}' for style in ("Heading", "PlainHeading", "Title", "Figure"))

# LibreOffice loses a bookmark without content at the end of the last paragraph, so this one holds a space nobody sees.
_END_MARK = '<w:r><w:rPr><w:sz w:val="2"/></w:rPr><w:t xml:space="preserve"> </w:t></w:r>'
