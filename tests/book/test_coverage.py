"""What no font holds is printed as 〓, so that every text can be set, and set as PDF/A."""

from __future__ import annotations

import pytest

from book.books import text
from book.pdf_archive import faults
from book.pdf_reading import FONTS, one_part, printed, texts
from service.book.coverage import is_covered, legible
from service.book.model import Para


@pytest.mark.parametrize("char", "中龥，。“”—…①▲△□é〓䶮Ａ\u3000")
def test_what_manuals_are_written_with_is_held(char: str) -> None:
    assert is_covered(char, FONTS)
    assert legible(char, FONTS) == char


@pytest.mark.parametrize(
    ("words", "printed_as"), [("你😀好", "你〓好"), ("ꀀ", "〓"), ("a\ufe0fb", "ab"), ("甲\U000e0100乙", "甲乙"), ("\ue000", "〓")]
)
def test_what_no_font_holds_is_marked_and_what_steers_is_left_out(words: str, printed_as: str) -> None:
    assert legible(words, FONTS) == printed_as


def test_page_with_rare_characters_is_pdf_a() -> None:
    book = one_part(Para(text("姓𠮷，名䶮，笑😀👨\u200d👩\u200d👧，彝文ꀀ，私用\ue123。")))
    assert "姓" in texts(book)[0]
    assert "〓" in texts(book)[0]
    assert faults(printed(book).data) == []
