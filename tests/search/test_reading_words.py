"""Texts and queries are read alike: width, case, blanks, codes and numbers do not matter; neighbourhood does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.search.words import canonical, fold, located, occurrences, pattern, runs, sharp_terms, terms


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("投诉处理", " 投诉处理 "),
        ("投诉，处理", " 投诉 处理 "),
        ("目　的", " 目的 "),
        ("QP-12", " qp 12 "),
        ("ＱＰ－１２", " qp 12 "),
        ("QP12", " qp 12 "),
        ("GB/T 27922—2011", " gb t 27922 2011 "),
        ("HC/SH-CX-07", " hc sh cx 7 "),
        ("A/1 版", " a 1 版 "),
        ("A/0", " a 0 "),
        ("在30分钟内", " 在 30 分钟内 "),
        ("0.05 和 4.2.1。", " 0.05 和 4.2.1 "),
        ("岗位 | 职责", " 岗位 职责 "),
        ("第一行\n第二行", " 第一行 第二行 "),
        ("——…！", ""),
        ("", ""),
    ],
)
def test_canonical_form(text: str, form: str) -> None:
    assert canonical(text) == form


def test_terms_are_single_hanzi_pairs_words_and_numbers() -> None:
    assert terms(canonical("投诉单 QP-07")) == {"投", "诉", "单", "投诉", "诉单", "qp", "7"}


def test_pairs_are_looked_up_and_a_single_hanzi_only_where_it_stands_alone() -> None:
    assert sharp_terms("投诉单") == ["投诉", "诉单"]
    assert sharp_terms(" a 1 版") == ["1", "a", "版"]


def test_places_are_those_of_the_text_as_it_is_written() -> None:
    text = "目　的：按 ＧＢ/T 0279 办，目的明确"
    assert [text[start:end] for start, end, _ in occurrences(text, ["目的", " gb t 279 "])] == [
        "目　的",
        "ＧＢ/T 0279"[:-4] + "0279",
        "目的",
    ]


def test_word_of_letters_is_found_as_a_whole_only() -> None:
    assert occurrences("service servicing", [" service "]) == [(0, 7, 0)]


@given(st.text())
def test_folding_keeps_every_character_in_its_place(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text(alphabet="投诉处理ＱqP07.5，-/ \n　"))
def test_every_character_of_the_canonical_form_has_its_place(text: str) -> None:
    form, places = located(text)
    assert form == canonical(text)
    assert len(places) == len(form)
    assert all((place < 0) == (character == " ") for character, place in zip(form, places, strict=True))
    assert all(fold(text)[place] == character for character, place in zip(form, places, strict=True) if place >= 0)


@given(st.text(alphabet="投诉处理qP07.5，-/ \n　"))
def test_text_has_every_pattern_that_its_runs_make(text: str) -> None:
    read = list(runs(text))
    for start in range(len(read)):
        for end in range(start + 1, len(read) + 1):
            assert pattern(read[start:end]) in canonical(text)


@given(st.text(max_size=50))
def test_canonical_form_of_a_canonical_form_is_itself(text: str) -> None:
    form = canonical(text)
    assert set(terms(form)) >= set(sharp_terms(form))
    assert "\n" not in form
