"""The PDF is PDF/A-2b with a structure of the whole book, in one piece and in many, stamped too."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pikepdf
import pytest
from pikepdf import Dictionary, Name, Pdf

from book.books import every_block
from book.pdf_archive import faults
from book.pdf_reading import EVERY, FONTS, LONG, bare, headings, printed
from book.stamps import EVERY_KIND, OBSOLETE, UNCONTROLLED
from service.book.mark import Stamp
from service.book.model import Book, Figure, Photo
from service.book.pdf import render_pdf
from service.book.stamp import stamp
from service.book.theme import FORMAL, MODERN

BOOKS = pytest.mark.parametrize("book", [EVERY, LONG], ids=["every block", "six procedures"])


@BOOKS
def test_book_is_pdf_a_and_wholly_in_its_structure(book: Book) -> None:
    assert faults(printed(book).data) == []


@pytest.mark.parametrize("largest", [0.5, 4.0])
@BOOKS
def test_book_in_pieces_is_pdf_a_too(book: Book, largest: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.book.pieces.LARGEST", largest)
    assert faults(render_pdf(book, FORMAL, FONTS).data) == []


def test_other_theme_is_pdf_a_too() -> None:
    assert faults(render_pdf(EVERY, MODERN, FONTS).data) == []


@pytest.mark.parametrize("mark", EVERY_KIND)
def test_stamped_copy_stays_pdf_a(mark: Stamp) -> None:
    assert faults(stamp(printed(EVERY).data, "pdf", mark, FORMAL, FONTS)) == []


def test_copy_stamped_twice_stays_pdf_a() -> None:
    once = stamp(printed(EVERY).data, "pdf", UNCONTROLLED, FORMAL, FONTS)
    assert faults(stamp(once, "pdf", OBSOLETE, FORMAL, FONTS)) == []


def test_structure_holds_every_heading_in_order_and_every_picture_with_its_words() -> None:
    with Pdf.open(io.BytesIO(printed(EVERY).data)) as pdf:
        elements = list(walked(pdf.Root.StructTreeRoot))
        found = [(str(each.S), bare(str(each.T))) for each in elements if str(each.S)[1:2] == "H" and "/T" in each]
        assert found == [(f"/H{h.level}", bare(f"{h.number}{h.text}")) for h in headings(EVERY)]
        words = [str(each.Alt) for each in elements if each.S == "/Figure"]
    assert words == [block.alt for part in EVERY.parts for block in part.blocks if isinstance(block, Figure | Photo)]


def test_table_has_rows_of_just_its_cells() -> None:
    with Pdf.open(io.BytesIO(printed(EVERY).data)) as pdf:
        rows = [[str(cell.S) for cell in each.K] for each in walked(pdf.Root.StructTreeRoot) if each.S == "/TR"]
    assert rows[:6] == [["/TH"] * 3, ["/TD"] * 2, ["/TD"] * 2, ["/TD"], ["/TD"] * 2, ["/TD"] * 2]


def test_title_of_hostile_words_is_told_alike_twice() -> None:
    book = replace(every_block(), title='<&>"]]>\x00\ud800 12 0 R (', organisation="甲\uffff乙", subject="\\) /S", keywords=("a<b", "c"))
    assert faults(render_pdf(book, FORMAL, FONTS).data) == []


@pytest.mark.parametrize("spoil", ["alt", "font", "metadata", "marked", "link", "key", "action", "loose"])
def test_checks_find_what_is_spoilt(spoil: str) -> None:
    with Pdf.open(io.BytesIO(printed(EVERY).data)) as pdf:
        SPOILERS[spoil](pdf)
        out = io.BytesIO()
        pdf.save(out)
    assert faults(out.getvalue()) != []


def walked(element: Any) -> Iterator[Any]:
    """Elements in the order of reading."""
    if isinstance(element, Dictionary) and "/S" in element:
        yield element
    for kid in element.get("/K", []) if isinstance(element, Dictionary) else []:
        yield from walked(kid)


def _first(pdf: Pdf, kind: str) -> Any:
    return next(each for each in walked(pdf.Root.StructTreeRoot) if kind == each.S)


def _unembed(pdf: Pdf) -> None:
    facts = next(each for each in pdf.objects if isinstance(each, Dictionary) and each.get("/Type") == "/FontDescriptor")
    del facts["/FontFile2"]


def _paint(pdf: Pdf) -> None:
    pdf.pages[0].contents_add(b"0 0 1 1 re f")


SPOILERS: dict[str, Any] = {
    "alt": lambda pdf: _first(pdf, "/Figure").__delitem__("/Alt"),
    "font": _unembed,
    "metadata": lambda pdf: pdf.docinfo.__setitem__("/Title", "other"),
    "marked": lambda pdf: pdf.Root.MarkInfo.__setitem__("/Marked", False),
    "link": lambda pdf: pdf.pages[2].Annots[0].__setitem__("/Dest", pikepdf.String("nowhere")),
    "key": lambda pdf: pdf.pages[3].obj.__setitem__("/StructParents", 7),
    "action": lambda pdf: pdf.Root.__setitem__("/OpenAction", Dictionary(S=Name.JavaScript)),
    "loose": _paint,
}
