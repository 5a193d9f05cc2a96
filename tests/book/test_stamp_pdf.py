"""The stamp of a PDF: on every page, in the margin above the header, and the page as it was below it."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

import pytest
from pypdf import PdfReader

from book.pdf_reading import EVERY, FONTS, bare, one_part, printed, texts
from book.pdf_reading import LONG as MANY
from book.stamps import CONTROLLED, EVERY_KIND, HOSTILE, LONG, OBSOLETE, UNCONTROLLED
from service.book.mark import Stamp, large_mark, line
from service.book.model import Book, Para, RunningHead, Span
from service.book.stamp import stamp
from service.book.theme import FORMAL


@cache
def stamped(book: Book, mark: Stamp) -> bytes:
    return stamp(printed(book).data, "pdf", mark, FORMAL, FONTS)


def reader(book: Book, mark: Stamp) -> PdfReader:
    return PdfReader(io.BytesIO(stamped(book, mark)))


def heights(page: Any) -> dict[str, list[float]]:
    """The words of a page by how they are set: height of the baseline above the page's foot, in points."""
    found: dict[str, list[float]] = {}

    def see(words: str, matrix: list[float], text: list[float], *_: object) -> None:
        if words.strip():
            found.setdefault(bare(words), []).append(matrix[5] + text[5] * matrix[3])

    page.extract_text(visitor_text=see)
    return found


@pytest.mark.parametrize("mark", [*EVERY_KIND, LONG, HOSTILE])
def test_every_page_bears_the_stamp_and_keeps_its_words(mark: Stamp) -> None:
    pages = [bare(page.extract_text()) for page in reader(EVERY, mark).pages]
    assert len(pages) == len(texts(EVERY))
    for words, before in zip(pages, texts(EVERY), strict=True):
        assert words == before + bare(line(mark)) + large_mark(mark)


def test_long_book_of_many_pieces_is_stamped_on_every_page() -> None:
    pages = [bare(page.extract_text()) for page in reader(MANY, UNCONTROLLED).pages]
    assert [words.removesuffix(bare(line(UNCONTROLLED))) for words in pages] == texts(MANY)


def test_same_file_and_stamp_give_the_same_bytes_and_another_stamp_others() -> None:
    again = stamp(printed(EVERY).data, "pdf", CONTROLLED, FORMAL, FONTS)
    assert again == stamped(EVERY, CONTROLLED)
    assert len({stamped(EVERY, mark) for mark in EVERY_KIND}) == len(EVERY_KIND)


def test_stamping_leaves_the_build_as_it_is() -> None:
    before = bytes(printed(EVERY).data)
    stamped(EVERY, OBSOLETE)
    assert printed(EVERY).data == before


def test_outline_labels_and_links_of_a_stamped_file_are_those_of_the_build() -> None:
    build, copy = PdfReader(io.BytesIO(printed(EVERY).data)), reader(EVERY, CONTROLLED)
    assert copy.page_labels == build.page_labels
    assert copy.metadata == build.metadata
    assert [str(entry) for entry in copy.outline] != []
    assert [len(page.get("/Annots", [])) for page in copy.pages] == [len(page.get("/Annots", [])) for page in build.pages]


@pytest.mark.parametrize("mark", [UNCONTROLLED, LONG])
def test_stamp_stands_above_the_header_of_upright_and_broad_pages(mark: Stamp) -> None:
    for landscape in (False, True):
        book = one_part(Para((Span("正文"),)), head=RunningHead("企业名称", "编号"), landscape=landscape)
        page = reader(book, mark).pages[0]
        found = heights(page)
        top = float(page.mediabox.top)
        [head] = found["企业名称"]
        marks = [height for words, places in found.items() if len(words) > 3 and words in bare(line(mark)) for height in places]
        assert len({round(height) for height in marks}) == (2 if mark is LONG else 1)  # lines
        assert all(head + FORMAL.running.size < height < top - 14 for height in marks)  # printers leave 5 mm = 14 pt blank


def test_two_stamps_on_one_file_are_both_there() -> None:
    twice = stamp(stamped(EVERY, UNCONTROLLED), "pdf", OBSOLETE, FORMAL, FONTS)
    for page in PdfReader(io.BytesIO(twice)).pages:
        words = bare(page.extract_text())
        assert bare(line(UNCONTROLLED)) in words
        assert bare(line(OBSOLETE)) in words
