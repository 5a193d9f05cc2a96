"""Whatever a text holds comes out of the PDF as text: nothing is read as markup, code or a file to open."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from book.books import DRAWING, HOSTILE, cell, png, text
from book.pdf_reading import FONTS, bare, one_part, outline, printed, reader, texts
from service.book.model import Block, Book, Figure, Grid, Heading, Item, Para, Part, Photo, RunningHead, Span, Style, Toc
from service.book.pdf import render_pdf
from service.book.theme import FORMAL
from service.book.typst_text import string

CODE = (
    HOSTILE,
    '#panic("stopped")',
    '#read("/etc/passwd")',
    '"); #panic("stopped"); #("',
    '\\"); panic("stopped") //',
    "#set page(width: 1pt)",
    "$ x^2 $ *strong* _emph_ `raw` @reference <label> = heading",
    "- list + enum / term: 1. number",
    "// comment /* comment */ /*end*/",
    "\\u{41} \\n \\",
    "stack0(gap(6)), gap(6))",
    "{ } [ ] ( ) # $ % & ~ ^ _ | \\ / ' \"",
    "book:part https://example.com javascript:alert(1)",
)


def everywhere(words: str) -> Book:
    """A book that holds `words` wherever text may stand."""
    blocks: tuple[Block, ...] = (
        Heading(1, words, words, "h"),
        Toc(1),
        Para(text(words)),
        *(Para(text(words), style) for style in Style if style is not Style.SPACER),
        Para((Span(words, bold=True, italic=True), Span(words, code=True), Span(words, target="h"))),
        Item(words[:6], text(words)),
        Grid((1, 1), ((cell(words, bold=True), cell(words)),), head=1, caption=words),
        Figure(DRAWING, words, words),
        Photo(png(), words, words),
        Grid((1,), ((cell(words),),)),
    )
    return Book(words, words, words, (Part("part", blocks, RunningHead(words, words)),), (words,))


@pytest.mark.parametrize("words", CODE)
def test_code_comes_out_as_text_wherever_it_stands(words: str) -> None:
    book = everywhere(words)
    shown = "".join(texts(book))
    assert shown.count(bare(words)) >= 12
    assert [bare(title) for _, title, _ in outline(book)] == [bare(words + words)]
    info = reader(book).metadata
    assert info is not None
    assert (info.title, info.author, info.subject) == (words, words, words)


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=60))
def test_every_printable_character_is_printed(words: str) -> None:
    assert bare(words) in texts(one_part(Para(text(words), Style.FLUSH)))[0]


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=80))
def test_any_text_at_all_can_be_set(words: str) -> None:
    layout = render_pdf(one_part(Heading(2, words, anchor="a"), Para(text(words)), Grid((1,), ((cell(words),),))), FORMAL, FONTS).layout
    assert layout.pages["a"] == "1"


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("甲\x00\x07\x1b乙", "甲乙"),
        ("甲\t乙", "甲 乙"),
        ("甲\r\n乙\u2028丙\u2029丁\x85戊", "甲  乙 丙 丁 戊"),
        ("\ufeff甲", "甲"),
        ('a\\b"c', 'a\\\\b\\"c'),
        ("\ud800", "\ufffd"),
    ],
)
def test_control_characters_are_left_out_and_line_ends_are_spaces(words: str, shown: str) -> None:
    assert string(words) == f'"{shown}"'


@pytest.mark.parametrize(
    "words", ["售后服务“三包”——第 30 min…", "①②③□▲△〔1995〕458 号", "《维修服务单》（A/0）·℃％±≤≥×", "一二三四五六七八九十百千万亿〇"]
)
def test_marks_of_chinese_documents_are_printed(words: str) -> None:
    assert bare(words) in texts(one_part(Para(text(words), Style.FLUSH)))[0]


def test_hostile_words_add_no_page() -> None:
    assert printed(everywhere("#pagebreak()")).layout.total == printed(everywhere("甲乙丙丁戊己庚")).layout.total
