"""Pieces that were set before: the same file with a shelf as without, only what changed is set again, and there is a limit to what is kept."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from PIL import Image

from book.books import every_block, front, text
from book.pdf_reading import FONTS
from service.book.model import Book, Heading, Para, Part, RunningHead
from service.book.pdf import layout_of, render_pdf
from service.book.pdf_shelf import Shelf
from service.book.pieces import pieces
from service.book.theme import FORMAL, MODERN, Logo
from service.book.typesetter import typesetter


def _document(number: int) -> Part:
    paragraphs = [Para(text(f"第 {number} 号文件第 {place} 段。" * 8)) for place in range(16 + number % 7)]
    return Part(f"doc-{number}", (Heading(1, f"第 {number} 号文件", anchor=f"doc-{number}"), *paragraphs), RunningHead("手册", "A/0"))


MANY = Book("手册", "企业", "主题", (*front(), *(_document(number) for number in range(40))))


def changed(book: Book, place: int, words: str) -> Book:
    part = book.parts[place]
    grown = replace(part, blocks=(*part.blocks, Para(text(words))))
    return replace(book, parts=(*book.parts[:place], grown, *book.parts[place + 1 :]))


@pytest.fixture
def typeset(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sources that typst sets, from now on."""
    seen: list[str] = []
    real = typesetter

    def watched(source: str, *rest: object) -> object:
        seen.append(source)
        return real(source, *rest)  # type: ignore[arg-type]  # what it was called with

    monkeypatch.setattr("service.book.pdf.typesetter", watched)
    return seen


def test_second_time_nothing_is_set_and_the_file_is_the_same(typeset: list[str]) -> None:
    shelf = Shelf()
    first = render_pdf(MANY, FORMAL, FONTS, shelf)
    assert typeset
    typeset.clear()
    assert render_pdf(MANY, FORMAL, FONTS, shelf) == first
    assert typeset == []
    assert render_pdf(MANY, FORMAL, FONTS) == first


def test_after_a_change_in_one_document_only_its_piece_is_set(typeset: list[str]) -> None:
    shelf, after = Shelf(), changed(MANY, 12, "新增一句。")
    render_pdf(MANY, FORMAL, FONTS, shelf)
    typeset.clear()
    made = render_pdf(after, FORMAL, FONTS, shelf)
    assert len([source for source in typeset if "新增一句" in source]) == 1
    assert len(typeset) == 1
    assert made == render_pdf(after, FORMAL, FONTS)


def test_document_that_grows_by_pages_renumbers_what_follows(typeset: list[str]) -> None:
    shelf, after = Shelf(), changed(MANY, 12, "很长的一段。" * 400)
    render_pdf(MANY, FORMAL, FONTS, shelf)
    all_of_it = len(typeset)
    typeset.clear()
    made = render_pdf(after, FORMAL, FONTS, shelf)
    assert len(typeset) < all_of_it  # its piece, perhaps the next ones, the contents, the numbers of all pages
    assert made == render_pdf(after, FORMAL, FONTS)


def test_pieces_behind_a_longer_document_soon_begin_where_they_did() -> None:
    """Those from the twelfth document after it on: three quarters of all."""
    before = [piece.parts[0].anchor for piece in pieces(MANY.parts)]
    after = [piece.parts[0].anchor for piece in pieces(changed(MANY, 5, "很长的一段。" * 400).parts)]
    later = [f"doc-{number}" for number in range(17, 40)]
    assert [anchor for anchor in before if anchor in later] == [anchor for anchor in after if anchor in later]
    assert len([anchor for anchor in before if anchor in later]) > 2


def test_layout_alone_comes_from_the_shelf_too(typeset: list[str]) -> None:
    shelf = Shelf()
    found = layout_of(MANY, FORMAL, FONTS, shelf)
    typeset.clear()
    assert layout_of(MANY, FORMAL, FONTS, shelf) == found
    assert typeset == []


def test_another_theme_is_set_anew() -> None:
    shelf = Shelf()
    render_pdf(MANY, FORMAL, FONTS, shelf)
    assert render_pdf(MANY, MODERN, FONTS, shelf) == render_pdf(MANY, MODERN, FONTS)


@pytest.mark.parametrize("change", ["lines", "logo"])
def test_another_line_and_another_logo_of_the_same_size_are_set_anew(change: str) -> None:
    book, shelf = every_block(), Shelf()
    before, after = (
        (MODERN, replace(MODERN, registers=replace(MODERN.registers, side="FF0000")))
        if change == "lines"
        else (replace(MODERN, logo=logo("red")), replace(MODERN, logo=logo("blue")))
    )
    render_pdf(book, before, FONTS, shelf)
    made = render_pdf(book, after, FONTS, shelf)
    assert made == render_pdf(book, after, FONTS)
    assert made != render_pdf(book, before, FONTS)


def logo(colour: str) -> Logo:
    data = io.BytesIO()
    Image.new("RGB", (60, 20), colour).save(data, "PNG")
    return Logo(data.getvalue(), "png", 60, 20)


def test_shelf_gives_up_what_was_unused_longest() -> None:
    shelf = Shelf(10)
    for key, weight in (("a", 4), ("b", 4), ("a", 4), ("c", 4)):
        shelf.take(key, lambda key=key: key.upper(), lambda _, weight=weight: weight)  # type: ignore[misc]  # bound here
    made: list[str] = []
    for key in ("a", "c", "b"):
        shelf.take(key, lambda key=key: made.append(key), lambda _: 1)  # type: ignore[misc]  # bound here
    assert made == ["b"]


def test_shelf_keeps_nothing_that_is_larger_than_its_room() -> None:
    shelf = Shelf(10)
    assert shelf.take("b", lambda: 1, lambda _: 10) == 1
    assert shelf.take("a", lambda: 1, lambda _: 11) == 1
    assert shelf.take("a", lambda: 2, lambda _: 11) == 2
    assert shelf.take("b", lambda: 2, lambda _: 10) == 1
