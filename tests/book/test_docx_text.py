"""Paragraphs, headings, items and links in the DOCX."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from book.books import HOSTILE, text
from book.docx_reading import body, book_of, find, rendered, texts, values
from service.book.docx_writing import bookmark_name
from service.book.model import Break, Heading, Item, PageOf, Para, Span, Style


def test_hostile_text_is_text() -> None:
    assert texts(body(Para(text(HOSTILE)))) == [HOSTILE + " "]  # and the mark of the book's end


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1))
def test_any_text_comes_back_as_it_was(words: str) -> None:
    assert texts(body(Para(text(words)), Para(())))[0] == words


@pytest.mark.parametrize(
    ("style", "id_"),
    [(Style.BODY, "BodyText"), (Style.CAPTION, "Caption"), (Style.PART_TITLE, "Title"), (Style.NOTE, "Note"), (Style.RIGHT, "Signature")],
)
def test_every_style_of_paragraph_is_a_named_style(style: Style, id_: str) -> None:
    assert values(body(Para(text("甲"), style)), ".//w:pStyle") == [id_]


def test_bold_and_italic_are_kept() -> None:
    runs = find(body(Para((Span("甲", bold=True), Span("乙", italic=True), Span("丙")))), ".//w:r")[:3]
    manners = [(find(run, "w:t")[0].text, len(find(run, ".//w:b")), len(find(run, ".//w:i"))) for run in runs]
    assert manners == [("甲", 1, 0), ("乙", 0, 1), ("丙", 0, 0)]


def test_a_break_is_a_line_in_the_same_paragraph() -> None:
    document = body(Para((Span("签字"), Break(), Span("日期"))))
    assert len(find(document, ".//w:p")) == 1
    assert len(find(document, ".//w:br")) == 1


@pytest.mark.parametrize("words", ["“三包”", "——", "≤ 5", "①", "…"])
def test_marks_of_both_scripts_are_set_in_the_chinese_face(words: str) -> None:
    assert set(values(body(Para(text(words))), ".//w:rFonts", "hint")) == {"eastAsia"}


@pytest.mark.parametrize(("words", "mark"), [("“三包”期", "“"), ("□受控 □非受控", "□"), ("①②步", "①②"), ("▲", "▲")])
def test_a_mark_that_opens_a_paragraph_knows_the_chinese_face_only(words: str, mark: str) -> None:
    document = body(Para(text(words)), Para(()))
    first = find(document, ".//w:r")[0]
    assert find(first, "w:t")[0].text == mark
    assert values(first, ".//w:rFonts", "ascii") == ["宋体"]
    assert texts(document)[0] == words


@pytest.mark.parametrize("words", ["——甲", "甲“乙”", "Ünal"])
def test_other_beginnings_need_no_run_of_their_own(words: str) -> None:
    assert values(body(Para(text(words)), Para(())), ".//w:rFonts", "ascii") in ([], [None])


def test_plain_hanzi_and_latin_need_no_hint() -> None:
    assert find(body(Para(text("报修 A1"))), ".//w:rFonts") == []


def test_an_outline_heading_has_words_own_style_and_a_bookmark() -> None:
    document = body(Heading(2, "目的", "1", "repair.purpose"))
    assert values(document, ".//w:pStyle") == ["Heading2"]
    assert texts(document)[0].startswith("1\u3000目的")
    assert bookmark_name("repair.purpose") in values(document, ".//w:bookmarkStart", "name")


def test_a_heading_outside_the_outline_has_a_style_that_no_toc_collects() -> None:
    assert values(body(Heading(1, "目录", outline=False)), ".//w:pStyle") == ["PlainHeading1"]


def test_an_item_hangs_after_its_literal_label() -> None:
    document = body(Item("a)", text("登记")), Item("1)", text("核对"), 1))
    assert values(document, ".//w:pStyle") == ["List", "List2"]
    assert len(find(document, ".//w:tab")) == 2
    assert not find(document, ".//w:numPr")


def test_a_dash_label_fills_its_place_without_a_tab() -> None:
    assert not find(body(Item("——", text("登记"))), ".//w:tab")


def test_a_long_label_gets_a_wider_hanging_indent() -> None:
    assert values(body(Item("(12)", text("登记"))), ".//w:ind", "hanging") == ["648"]


def test_an_item_without_label_continues_at_the_text_of_the_one_above() -> None:
    document = body(Item("", text("并告知顾客。"), 1))
    assert [values(document, ".//w:ind", "left"), values(document, ".//w:ind", "hanging")] == [["1440"], ["0"]]


def test_a_link_inside_the_book_names_the_bookmark() -> None:
    document = body(Heading(2, "职责", "3", "repair.duties"), Para((Span("见职责", target="repair.duties"),)))
    assert values(document, ".//w:hyperlink", "anchor") == [bookmark_name("repair.duties")]


def test_a_link_to_what_is_not_in_the_book_is_plain_text() -> None:
    document = body(Para((Span("见别册", target="elsewhere"), PageOf("elsewhere"))))
    assert find(document, ".//w:hyperlink") == []
    assert find(document, ".//w:fldSimple") == []
    assert texts(document)[0].strip() == "见别册"


def test_an_outer_link_is_an_escaped_relationship() -> None:
    parts = rendered(book_of(Para((Span("网站", href='https://example.com/?a=1&b="2"'),))))
    assert b'Target="https://example.com/?a=1&amp;b=&quot;2&quot;" TargetMode="External"' in parts["word/_rels/document.xml.rels"]


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", "file:///etc/passwd", "//host/share", "https://a b", "\\\\host\\share", "http://[bad"]
)
def test_an_address_that_is_no_web_address_is_no_link(href: str) -> None:
    assert find(body(Para((Span("网站", href=href),))), ".//w:hyperlink") == []


@pytest.mark.parametrize(
    ("anchor", "name"),
    [
        ("purpose", "_purpose"),
        ("repair.duties", "_repair_duties_"),
        ("Repair", "_repair_"),
        ("职责", "___"),
        ("x" * 80, "_" + "x" * 28 + "_"),
    ],
)
def test_bookmark_names_are_such_as_word_accepts(anchor: str, name: str) -> None:
    found = bookmark_name(anchor)
    assert found.startswith(name)
    assert len(found) <= 40
    assert found.isascii()
    assert found.replace("_", "a").isalnum()


@given(st.lists(st.text(min_size=1), unique=True, max_size=30))
def test_no_two_anchors_share_a_bookmark_even_if_case_is_ignored(anchors: list[str]) -> None:
    assert len({bookmark_name(anchor).lower() for anchor in anchors}) == len(anchors)
