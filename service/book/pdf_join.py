"""Joining set pieces into one PDF: pages, page numbers, outline, links between pieces, labels, metadata. By pikepdf."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem, Pdf, String

from service.book.links import SCHEME
from service.book.model import Book, Heading, Numbering
from service.book.paging import Paging, Spot


def join(
    book: Book, pieces: Sequence[bytes], footers: bytes, paging: Paging, spots: Mapping[str, Spot], headings: Iterable[Heading]
) -> bytes:
    """One file, the same bytes for the same pieces. `footers` has one page for every page of the book."""
    with Pdf.open(io.BytesIO(pieces[0])) as pdf:
        for data in pieces[1:]:
            with Pdf.open(io.BytesIO(data)) as piece:
                pdf.pages.extend(piece.pages)
        if len(pieces) > 1:
            _drop_structure(pdf)
        _number(pdf, footers)
        destinations = _destinations(pdf, spots)
        _link(pdf, destinations)
        _outline(pdf, headings, destinations)
        pdf.Root.PageLabels = Dictionary(Nums=Array(_labels(paging)))
        pdf.Root.Lang = String("zh-CN")
        _describe(pdf, book)
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return out.getvalue()


def _drop_structure(pdf: Pdf) -> None:
    """Each piece brings the structure tree of its own pages only; joined, the first one's would be wrong for all others."""
    for key in ("/StructTreeRoot", "/MarkInfo"):
        if key in pdf.Root:
            del pdf.Root[key]
    for page in pdf.pages:
        for key in ("/StructParents", "/Tabs"):
            if key in page.obj:
                del page.obj[key]
        for note in page.obj.get("/Annots", Array()):
            if "/StructParent" in note:
                del note["/StructParent"]


def _number(pdf: Pdf, footers: bytes) -> None:
    with Pdf.open(io.BytesIO(footers)) as lines:
        for page, line in zip(pdf.pages, lines.pages, strict=True):
            if "/Contents" in line.obj:  # not add_overlay: it names the resource by chance
                page.add_resource(pdf.copy_foreign(line.as_form_xobject()), Name.XObject, Name.PageNumber)
                page.contents_add(b"q", prepend=True)
                page.contents_add(b"Q /PageNumber Do")


def _link(pdf: Pdf, destinations: Mapping[str, Array]) -> None:
    """The addresses that stand for anchors become links to the page and height where each anchor stands."""
    for page in pdf.pages:
        for note in page.obj.get("/Annots", Array()):
            address = str(note.A.URI) if "/A" in note and "/URI" in note.A else ""
            if address.startswith(SCHEME):
                del note["/A"]
                note.Dest = destinations[address.removeprefix(SCHEME)]


def _destinations(pdf: Pdf, spots: Mapping[str, Spot]) -> dict[str, Array]:
    """Each anchor's page and the height a little above it."""
    pages = [(page.obj, float(page.mediabox[3])) for page in pdf.pages]
    return {
        anchor: Array([pages[spot.page][0], Name.XYZ, 0, round(pages[spot.page][1] - max(0.0, spot.y - 4), 2), 0])
        for anchor, spot in spots.items()
    }


def _outline(pdf: Pdf, headings: Iterable[Heading], destinations: Mapping[str, Array]) -> None:
    """Headings nested by level; a level that skips one hangs below the last higher one."""
    with pdf.open_outline() as outline:
        outline.root.clear()
        stack: list[tuple[int, list[OutlineItem]]] = [(0, outline.root)]
        for heading in headings:
            title = f"{heading.number} {heading.text}" if heading.number else heading.text
            item = OutlineItem(title, destinations[heading.anchor])
            while stack[-1][0] >= heading.level:
                stack.pop()
            stack[-1][1].append(item)
            stack.append((heading.level, item.children))


def _labels(paging: Paging) -> Iterable[object]:
    """Ranges of pages with one manner of numbers: from which page, how."""
    previous: Numbering | None = None
    for place, (kind, label) in enumerate(zip(paging.kinds, paging.labels, strict=True)):
        if kind is not previous or label in ("1", "i"):
            yield place
            yield {Numbering.ARABIC: Dictionary(S=Name.D), Numbering.ROMAN: Dictionary(S=Name.r), Numbering.NONE: Dictionary()}[kind]
        previous = kind


def _describe(pdf: Pdf, book: Book) -> None:
    """Title, author, subject and keywords; no date, so that the same book is the same file on any day."""
    pdf.docinfo["/Title"] = book.title
    pdf.docinfo["/Author"] = book.organisation
    pdf.docinfo["/Subject"] = book.subject
    if book.keywords:
        pdf.docinfo["/Keywords"] = "，".join(book.keywords)
