"""Fragments of the DOCX that are kept: the same bytes with a shelf as without, only what changed is written again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from book.books import front, text
from book.pdf_reading import FONTS
from service.book import docx
from service.book.docx import render_docx
from service.book.docx_writing import Writing
from service.book.drawing_chart import ChartNode, draw_organisation
from service.book.model import Book, Figure, Heading, Layout, PageOf, Para, Part, RunningHead, Span
from service.book.pdf_shelf import Shelf
from service.book.pictured import pictures
from service.book.theme import FORMAL, MODERN

CHART = draw_organisation(ChartNode("总经理", children=(ChartNode("服务部"), ChartNode("质量部"))), width=400)


def _document(number: int) -> Part:
    """Headings with and without anchors, a picture, links inside and outside, a page number."""
    blocks = (
        Heading(1, f"第 {number} 号文件", anchor=f"doc-{number}"),
        Heading(2, "目的", "1"),
        Para((Span("见"), Span("后一号文件", target=f"doc-{number + 1}"), Span("第"), PageOf(f"doc-{number + 1}"), Span("页"))),
        Para((Span("网址", href=f"https://example.org/{number % 3}"),)),
        Figure(CHART, "组织机构图"),
    )
    return Part(f"doc-{number}", blocks, RunningHead("手册", "A/0"))


def layout(shift: int = 0) -> Layout:
    return Layout({f"doc-{number}": str(number + shift) for number in range(8)}, 20, 18)


BOOK = Book("手册", "企业", "主题", (*front(), *map(_document, range(7))))
DRAWN = pictures(BOOK, FORMAL, FONTS)


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The anchors of the parts that are written, from now on."""
    seen: list[str] = []
    real = docx._blocks

    def watched(part: Part, writing: Writing) -> str:
        seen.append(part.anchor)
        return real(part, writing)

    monkeypatch.setattr(docx, "_blocks", watched)
    return seen


def test_second_time_only_contents_are_written_and_the_file_is_the_same(written: list[str]) -> None:
    shelf = Shelf()
    first = render_docx(BOOK, FORMAL, layout(), DRAWN, shelf=shelf)
    written.clear()
    assert render_docx(BOOK, FORMAL, layout(), DRAWN, shelf=shelf) == first
    assert not [anchor for anchor in written if anchor.startswith("doc-")]
    assert render_docx(BOOK, FORMAL, layout(), DRAWN) == first


def test_after_a_change_all_numbers_are_those_of_the_new_book(written: list[str]) -> None:
    shelf = Shelf()
    render_docx(BOOK, FORMAL, layout(), DRAWN, shelf=shelf)
    part = BOOK.parts[-6]
    more = (Heading(2, "新的一节", "2", "new"), Para((Span("另见", href="https://example.org/new"),)), Figure(CHART, "又一张图"))
    changed = replace(part, blocks=(*part.blocks, *more))
    after = replace(BOOK, parts=tuple(changed if each is part else each for each in BOOK.parts))
    written.clear()
    warm = render_docx(after, FORMAL, layout(3), DRAWN, shelf=shelf)
    assert [anchor for anchor in written if anchor.startswith("doc-")] == [part.anchor]
    assert warm == render_docx(after, FORMAL, layout(3), DRAWN)


def test_link_to_a_part_that_is_gone_is_not_taken_from_the_shelf() -> None:
    shelf = Shelf()
    whole, less = BOOK, replace(BOOK, parts=BOOK.parts[:-1])
    render_docx(whole, FORMAL, layout(), DRAWN, shelf=shelf)
    assert render_docx(less, FORMAL, layout(), DRAWN, shelf=shelf) == render_docx(less, FORMAL, layout(), DRAWN)
    assert render_docx(whole, FORMAL, layout(), DRAWN, shelf=shelf) == render_docx(whole, FORMAL, layout(), DRAWN)


def test_another_theme_has_fragments_of_its_own() -> None:
    shelf = Shelf()
    render_docx(BOOK, FORMAL, layout(), DRAWN, shelf=shelf)
    drawn = pictures(BOOK, MODERN, FONTS)
    assert render_docx(BOOK, MODERN, layout(), drawn, shelf=shelf) == render_docx(BOOK, MODERN, layout(), drawn)


def test_what_finds_no_room_is_written_again(written: list[str]) -> None:
    shelf = Shelf(60_000)
    made = render_docx(BOOK, FORMAL, layout(), DRAWN, shelf=shelf)
    written.clear()
    assert render_docx(BOOK, FORMAL, layout(), DRAWN, shelf=shelf) == made
    assert [anchor for anchor in written if anchor.startswith("doc-")]


def test_text_cannot_look_like_a_slot() -> None:
    shelf = Shelf()
    odd = Part("odd", (Heading(1, "0", anchor="odd"), Para(text("0 0/ {0} \\0 %s"))), RunningHead("手册", "A/0"))
    book = Book("手册", "企业", "主题", (odd,))
    assert render_docx(book, FORMAL, layout(), {}, shelf=shelf) == render_docx(book, FORMAL, layout(), {}, shelf=shelf)
