"""Pages of the PDF: every label, contents entry, header and foot agrees with where the words stand."""

from __future__ import annotations

import re

import pytest

from book.books import cell, matrix, text
from book.pdf_reading import (
    EVERY,
    FONTS,
    LONG,
    bare,
    heading_words,
    headings,
    labels,
    one_part,
    page_with,
    part_of_each_page,
    printed,
    reader,
    texts,
)
from service.book.links import anchors_of
from service.book.model import Book, Grid, Numbering, Para, RunningHead, Toc
from service.book.pdf import layout_of
from service.book.sections import sections
from service.book.theme import FORMAL

BOOKS = pytest.mark.parametrize("book", [EVERY, LONG], ids=["every block", "six procedures"])


@BOOKS
def test_layout_names_the_page_on_which_the_words_of_a_heading_stand(book: Book) -> None:
    layout = printed(book).layout
    wrong = [h.text for h in headings(book) if h.anchor and heading_words(h) not in texts(book)[page_with(book, layout.pages[h.anchor])]]
    assert wrong == []
    assert set(layout.pages) == anchors_of(book)


@BOOKS
def test_layout_counts_all_pages_and_the_numbered_ones(book: Book) -> None:
    layout = printed(book).layout
    assert layout.total == len(reader(book).pages) == len(texts(book))
    assert str(layout.arabic) == labels(book)[-1]


@BOOKS
def test_layout_alone_is_that_of_the_print(book: Book) -> None:
    assert layout_of(book, FORMAL, FONTS) == printed(book).layout


@BOOKS
def test_contents_name_the_page_on_which_each_heading_stands(book: Book) -> None:
    [(depth, part)] = [(block.depth, part) for part in book.parts for block in part.blocks if isinstance(block, Toc)]
    layout = printed(book).layout
    pages = [page for page, owner in zip(reader(book).pages, part_of_each_page(book), strict=True) if owner is part]
    lines = [bare(line) for page in pages for line in page.extract_text().split("\n")]
    entries = [line for line in lines if ".." in line]
    listed = [h for h in headings(book) if h.outline and h.anchor and h.level <= depth]
    wanted = [re.compile(rf"{re.escape(heading_words(h))}\.+{layout.pages[h.anchor]}") for h in listed]
    assert listed
    assert [line for line, entry in zip(entries, wanted, strict=True) if not entry.fullmatch(line)] == []


@BOOKS
def test_pages_count_roman_in_front_and_arabic_from_the_first_chapter(book: Book) -> None:
    roman = [label for label in labels(book) if re.fullmatch("[ivxl]+", label)]
    arabic = [label for label in labels(book) if label.isdigit()]
    assert labels(book) == ["", *roman, *arabic]
    assert roman[:4] == ["i", "ii", "iii", "iv"][: len(roman)]
    assert arabic == [str(number) for number in range(1, len(arabic) + 1)]


@BOOKS
def test_foot_of_every_page_bears_its_number(book: Book) -> None:
    total = printed(book).layout.arabic
    for label, words in zip(labels(book), texts(book), strict=True):
        if label.isdigit():
            assert words.endswith(f"第{label}页共{total}页")
        elif label:
            assert words.endswith(label)
        else:
            assert "页" not in words


@BOOKS
def test_header_stands_on_every_page_of_its_part(book: Book) -> None:
    for words, part in zip(texts(book), part_of_each_page(book), strict=True):
        if part.head:
            assert words.startswith(bare(part.head.left + part.head.right))


def test_only_the_pages_of_a_landscape_part_lie_across() -> None:
    broad = [page.mediabox.width > page.mediabox.height for page in reader(EVERY).pages]
    assert broad == [part.landscape for part in part_of_each_page(EVERY)]
    assert 1 < sum(broad) < len(broad)


def test_head_of_a_table_stands_on_each_of_its_pages() -> None:
    pages = [words for words, part in zip(texts(EVERY), part_of_each_page(EVERY), strict=True) if part.landscape]
    assert len(pages) == 2
    assert all("指标办公室售后部质量部销售部" in words for words in pages)


def test_page_slot_prints_the_page_of_its_target() -> None:
    layout = printed(EVERY).layout
    assert f"见第{layout.pages['Repair.Matrix']}页；网站。" in "".join(texts(EVERY))


def test_book_without_arabic_pages_counts_none() -> None:
    book = one_part(Para(text("封面")), numbering=Numbering.NONE)
    assert (printed(book).layout.total, printed(book).layout.arabic, texts(book)) == (1, 0, ["封面"])


def test_table_that_fills_its_page_to_the_end_makes_no_empty_one() -> None:
    for rows in range(34, 44):
        book = one_part(Grid((1, 1), tuple((cell("甲"), cell("")) for _ in range(rows))), head=RunningHead("左", "右"))
        assert all("甲" in words for words in texts(book)), rows


def test_matrix_of_the_sample_is_long_enough_to_break() -> None:
    assert len(matrix().rows) == 40
    assert [section.restart for section in sections(EVERY)] == [False, True, False, True, False, False]
