"""Cross-references of the DOCX are Word's own fields, and what they show is right before anybody updates them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from book.books import generated_book, text
from book.docx_fields import agreeing, body_of, bookmarked, fields, heading_pages
from book.office_pages import printed_by_office
from service.book.docx import render_docx
from service.book.model import Book, Grid, GridCell, Heading, Layout, PageOf, Para, Part, Span
from service.book.pdf import render_pdf
from service.book.theme import FORMAL

FONTS = Path(__file__).parents[2] / "node_modules" / "@expo-google-fonts"
TARGETS = Part("doc-repair", (Heading(1, "维修 & 服务程序", "5.1", "doc-repair"), Heading(2, "受理", "1", "doc-repair.accept")))


def book(*inlines: Span | PageOf) -> Book:
    return Book("手册", "公司", "", (TARGETS, Part("doc-rules", (Heading(1, "规范", anchor="doc-rules"), Para(inlines)))))


def body(*inlines: Span | PageOf) -> object:
    layout = Layout({"doc-repair": "7", "doc-repair.accept": "8", "doc-rules": "9"}, 12, 12)
    return body_of(render_docx(book(*inlines), FORMAL, layout, {}))


@pytest.mark.parametrize("words", ["《维修 & 服务程序》", "维修 & 服务程序", "HC/SH-CX-01 维修 & 服务程序"])
def test_title_of_a_document_is_a_field_that_repeats_its_title(words: str) -> None:
    made = body(Span(words, target="doc-repair"))
    [(name, cached)] = fields(made, "REF")
    assert cached == bookmarked(made)[name] == "维修 & 服务程序"  # without the number before it
    assert words in "".join(made.itertext())  # type: ignore[attr-defined]  # lxml's element


@pytest.mark.parametrize("words", ["《旧名称》", "1 受理", "见维修 & 服务程序的规定"])
def test_other_words_are_links_as_they_stand(words: str) -> None:
    assert fields(body(Span(words, target="doc-repair")), "REF") == []


def test_reference_to_what_is_not_in_the_book_is_text() -> None:
    assert fields(body(Span("《别的程序》", target="doc-other")), "REF") == []


def test_page_numbers_are_fields_with_the_page_of_the_layout() -> None:
    made = body(PageOf("doc-repair"), PageOf("doc-repair.accept"))
    assert [cached for _, cached in fields(made, "PAGEREF")][:2] == ["7", "8"]
    assert {name for name, _ in fields(made, "PAGEREF")} <= set(bookmarked(made))


def test_field_in_a_cell_stands_in_a_table() -> None:
    cell = GridCell(((Span("规范", target="doc-rules"),),))
    made = Book(
        "手册", "公司", "", (Part("doc-rules", (Heading(1, "规范", anchor="doc-rules"), Grid((1,), ((cell,),)), Para(text("完")))),)
    )
    assert [cached for _, cached in fields(body_of(render_docx(made, FORMAL, None, {})), "REF")] == ["规范"]


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice (soffice) is not installed")
@pytest.mark.skipif(not FONTS.is_dir(), reason="the fonts are not installed (npm ci)")
def test_libreoffice_finds_headings_where_the_numbers_say(tmp_path: Path) -> None:
    """A book of about 400 pages: at least 99 of 100 page numbers, and the pages in all within one of a hundred."""
    made = generated_book(120)
    pdf = render_pdf(made, FORMAL, FONTS)
    docx = render_docx(made, FORMAL, pdf.layout, {})
    (tmp_path / "ours.pdf").write_bytes(pdf.data)
    (tmp_path / "book.docx").write_bytes(docx)
    theirs = printed_by_office(tmp_path / "book.docx", tmp_path)
    right, shown = agreeing(docx, tmp_path / "ours.pdf", theirs)
    assert shown > 1000
    assert right >= 0.99 * shown
    (_, pages), (_, counted) = heading_pages(tmp_path / "ours.pdf"), heading_pages(theirs)
    assert abs(counted - pages) <= 0.01 * pages
