"""Reading a rendered DOCX back: its parts, its paragraphs, its text."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from lxml import etree

from book.books import DRAWING, png
from service.book.docx import render_docx
from service.book.docx_writing import Picture, Pictures
from service.book.model import Block, Book, Layout, Part
from service.book.theme import FORMAL

NAMES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "asvg": "http://schemas.microsoft.com/office/drawing/2016/SVG/main",
    "rel": "http://schemas.openxmlformats.org/package/2006/relationships",
}
PICTURES: Pictures = {DRAWING: Picture(b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 200"/>', png(30, 20))}


def w(name: str) -> str:
    return f"{{{NAMES['w']}}}{name}"


def rendered(book: Book, layout: Layout | None = None) -> dict[str, bytes]:
    """The members of the DOCX of a book."""
    with zipfile.ZipFile(io.BytesIO(render_docx(book, FORMAL, layout, PICTURES))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def book_of(*blocks: Block) -> Book:
    return Book("手册", "企业", "主题", (Part("part", blocks),))


def body(*blocks: Block, layout: Layout | None = None) -> etree._Element:
    """The w:document of a book of one part."""
    return etree.fromstring(rendered(book_of(*blocks), layout)["word/document.xml"])


def find(element: etree._Element, path: str) -> list[etree._Element]:
    return element.findall(path, NAMES)


def texts(element: etree._Element) -> list[str]:
    """The text of each paragraph, fields' cached text included."""
    return ["".join(each.text or "" for each in find(paragraph, ".//w:t")) for paragraph in element.iter(w("p"))]


def values(element: etree._Element, path: str, attribute: str = "val") -> list[str | None]:
    return [each.get(w(attribute)) for each in find(element, path)]


def xml_parts(parts: dict[str, bytes]) -> Iterator[tuple[str, etree._Element]]:
    return ((name, etree.fromstring(data)) for name, data in parts.items() if name.endswith((".xml", ".rels")))
