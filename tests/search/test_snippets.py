"""Snippets: the piece with most of the words, whole sentences where they fit, and the places of the words in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.search.query import build
from service.search.snippet import LENGTH, Snippet, beginning, marked, snippet

LONG = "开头的一句话与此无关。" * 30


def cut(text: str, query: str, *, is_near: bool = False) -> Snippet:
    return snippet(text, build(query, frozenset()), is_near=is_near)


def words(piece: Snippet) -> list[str]:
    return [piece.text[start:end] for start, end in piece.marks]


def test_short_text_is_shown_whole() -> None:
    assert cut("投诉在 5 个工作日内办结。", "工作日") == Snippet("投诉在 5 个工作日内办结。", ((7, 10),))


def test_piece_begins_with_the_sentence_of_the_word() -> None:
    piece = cut(f"{LONG}投诉在 5 个工作日内办结。{LONG}", "办结")
    assert piece.text.startswith("…投诉在 5 个工作日内办结。")
    assert piece.text.endswith("。…")
    assert words(piece) == ["办结"]
    assert len(piece.text) <= LENGTH + 2


def test_piece_with_most_of_the_words_is_chosen() -> None:
    text = f"投诉。{LONG}投诉之后回访。{LONG}"
    assert cut(text, "投诉 回访").text.startswith("…投诉之后回访。")


def test_words_are_marked_as_they_are_written() -> None:
    assert words(cut("见 ＧＢ／Ｔ ２７９２２ 和目　的。", "“GB/T 27922” 目的")) == ["ＧＢ／Ｔ ２７９２２", "目　的"]


def test_words_that_touch_are_one_mark() -> None:
    assert words(cut("服务质量", "服务 质量 务质")) == ["服务质量"]


def test_lines_become_one_line() -> None:
    assert cut("岗位 | 职责\n经理 | 处理投诉", "投诉").text == "岗位 | 职责 经理 | 处理投诉"


def test_without_the_words_the_beginning_is_shown() -> None:
    assert cut(f"第一句。{LONG}", "别的").text.startswith("第一句。")
    assert cut("", "别的") == Snippet("")


def test_near_query_marks_its_terms() -> None:
    assert words(cut("处理顾客的投诉", "怎么处理投诉单", is_near=True)) == ["处理", "投诉"]


def test_beginning_is_the_beginning_whatever_the_words() -> None:
    query = build("办结", frozenset())
    assert beginning(f"第一句。{LONG}办结", query).text.startswith("第一句。")
    assert words(beginning("办结为止", query)) == ["办结"]


def test_whole_text_is_marked() -> None:
    assert marked("投诉处理程序", build("处理 投诉", frozenset())) == Snippet("投诉处理程序", ((0, 4),))


@pytest.mark.parametrize("text", ["没有标点的很长的一句话" * 5_000, "，" * 30_000, "投" * 30_000, " \n" * 30_000])
def test_long_text_without_sentences_is_cut(text: str) -> None:
    assert len(cut(f"{text}投诉", "投").text) <= LENGTH + 2


@given(text=st.text(alphabet="投诉处理qP07 ，。\n|　；", max_size=400), query=st.text(alphabet="投诉处理qp07 ", min_size=1, max_size=8))
def test_marks_are_what_was_looked_for(text: str, query: str) -> None:
    asked = f"{query}投"
    piece = cut(text, asked)
    assert len(piece.text) <= LENGTH + 2
    assert "\n" not in piece.text
    for start, end in piece.marks:
        assert 0 <= start < end <= len(piece.text)
        assert not set(piece.text[start:end]) <= set(" ，。|　；…")
    assert all(before[1] < after[0] for before, after in zip(piece.marks, piece.marks[1:], strict=False))
