"""Words of sections, and the excerpt that speaks most of a subject."""

from __future__ import annotations

import pytest
from hypothesis import given

from service.errors import NotFound
from service.text.parse import parse_procedure
from service.text.plain import best_quote, blocks_text, section_text, sections_under
from text.samples import REPAIR, parsed, plain_words

SAMPLE = parse_procedure(REPAIR)


def test_a_section_s_words_include_its_subsections() -> None:
    words = section_text(SAMPLE, "procedure")
    assert words.split("\n")[:3] == ["程序及要求", "受理", "调度员在 30 分钟内与顾客约定时间，登记《报修单》。返修率不高于 1%。"]
    assert "城区以外次日派工" in words
    assert "相关文件" not in words


def test_the_whole_text_has_an_empty_anchor() -> None:
    procedure = parsed("兹任命。\n\n## 职责\n甲\n")
    assert section_text(procedure, "") == "兹任命。\n职责\n甲"


def test_a_table_row_is_one_line() -> None:
    assert blocks_text(SAMPLE.sections[1].blocks).split("\n")[1] == "调度员 | 登记《报修单》，当日派工"


def test_sections_under_a_section_end_at_its_own_level() -> None:
    assert [section.title for section in sections_under(SAMPLE, "procedure")] == ["程序及要求", "受理", "派工"]
    assert [section.title for section in sections_under(SAMPLE, "accept")] == ["受理"]


def test_an_unknown_anchor_is_not_found() -> None:
    with pytest.raises(NotFound):
        sections_under(SAMPLE, "gone")


@pytest.mark.parametrize(
    ("anchor", "subject", "expected"),
    [
        ("accept", "返修率得到控制", "返修率不高于 1%。"),
        ("accept", "报修有登记", "调度员在 30 分钟内与顾客约定时间，登记《报修单》。"),
        ("duties", "维修人员上门维修", "维修员 | 上门维修，填写《维修单》"),
        ("procedure", "节假日照常受理", "节假日照常受理。"),
    ],
)
def test_the_best_quote_shares_most_with_the_subject(anchor: str, subject: str, expected: str) -> None:
    assert best_quote(SAMPLE, anchor, subject) == expected


def test_a_long_sentence_is_quoted_by_its_best_clauses() -> None:
    text = "## 目的\n" + "甲乙丙丁戊己庚辛，" * 20 + "返修率不高于 1%，" + "子丑寅卯辰巳午未，" * 20 + "完。"
    quote = best_quote(parsed(text), "purpose", "返修率", limit=30)
    assert "返修率不高于 1%" in quote
    assert len(quote) <= 30


def test_a_section_with_a_title_only_is_quoted_by_it() -> None:
    assert best_quote(parsed("## 目的\n"), "purpose", "任何") == "目的"


@given(plain_words, plain_words)
def test_a_quote_is_verbatim_and_never_empty(words: str, subject: str) -> None:
    procedure = parsed(f"## 目的\n{words}\n\n- {words}\n")
    quote = best_quote(procedure, "purpose", subject, limit=10)
    assert quote
    assert quote in section_text(procedure, "purpose")
