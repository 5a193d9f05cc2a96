"""The room that parts take on a shelf: their photos are what is heavy, and they are in memory once however many values hold them."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import Any

import pytest
from manuals.sources import documents, source_of
from small_manual import TEXTS

from book.books import png
from book.pdf_reading import FONTS
from service.book.docx import render_docx
from service.book.fitting import fitted
from service.book.links import without_dangling
from service.book.model import Book, Heading, Layout, Part, Photo
from service.book.pdf_shelf import Shelf
from service.book.pieces import pieces
from service.book.theme import FORMAL
from service.manuals.assemble import assemble


def _pictured(number: int) -> Part:
    return Part(f"doc-{number}", (Photo(bytes([number]) * 100_000, "现场"),))


def is_kept(shelf: Shelf, part: Part) -> bool:
    made: list[bool] = []
    shelf.take(("held", part), lambda: made.append(True), lambda _: 0, lambda _: (part,))
    return not made


def test_photos_of_a_part_count_where_it_is_held() -> None:
    shelf, parts = Shelf(500_000), [_pictured(number) for number in range(10)]
    assert not any(is_kept(shelf, part) for part in parts)
    assert is_kept(shelf, parts[-1])
    assert not is_kept(shelf, parts[0])


def test_photos_count_once_however_many_values_hold_them() -> None:
    shelf, part = Shelf(1_000_000), _pictured(1)
    for number in range(30):
        shelf.take(number, lambda: part, lambda _: 64, lambda made: (made, replace(made, code="x")))
    assert shelf.take(0, lambda: replace(part, code="again"), lambda _: 0) is part
    shelf.take("large", lambda: 1, lambda _: 990_000)  # all others give way, and with the last of them the photo's bytes
    assert shelf.take("more", lambda: 2, lambda _: 10_000) == 2
    assert shelf.take("large", lambda: 3, lambda _: 0) == 1


BOOK = Book("手册", "企业", "主题", (Part("doc", (Heading(1, "文件", anchor="doc"), Photo(png(), "现场"))),))
STAGES: dict[str, Callable[[Shelf], object]] = {
    "linked": lambda shelf: without_dangling(BOOK, shelf),
    "weighed": lambda shelf: pieces(BOOK.parts, shelf),
    "fitted": lambda shelf: fitted(BOOK, FORMAL, FONTS, shelf),
    "written": lambda shelf: render_docx(BOOK, FORMAL, Layout({}, 0, 0), {}, shelf=shelf),
    "assembled": lambda shelf: assemble(source_of(*documents(*TEXTS)), shelf=shelf),
}


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_says_which_parts_it_holds(stage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[bool] = []
    real = Shelf.take

    def watched(shelf: Shelf, key: Hashable, make: Any, weigh: Any, parts: Any = lambda _: ()) -> object:
        made: object = real(shelf, key, make, weigh, parts)
        held.append(any(part.blocks for part in parts(made)))
        return made

    monkeypatch.setattr(Shelf, "take", watched)
    STAGES[stage](Shelf())
    assert held
    assert all(held)
