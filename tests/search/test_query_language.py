"""Blanks join, “…” is a phrase, -word excludes, 标题: names a field; what asks for nothing is refused in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import InputError
from service.search.query import LONGEST_QUERY, MOST_WORDS, Field, Word, build

NOTHING = frozenset[str]()


def required(text: str) -> list[str]:
    return [f"{word.field.value}:{word.pattern}" if word.field else word.pattern for word in build(text, NOTHING).required]


def forbidden(text: str) -> list[str]:
    return [word.pattern for word in build(text, NOTHING).forbidden]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("投诉 处理", ["投诉", "处理"]),
        ("投诉　处理", ["投诉", "处理"]),
        ("投诉、处理，回访", ["投诉", "处理", "回访"]),
        ("“投诉 处理”", ["投诉处理"]),
        ('"GB/T 27922-2011"', [" gb t 27922 2011 "]),
        ("＂投诉＂", ["投诉"]),
        ("“投诉、处理”", ["投诉 处理"]),
        ("QP-12", [" qp 12 "]),
        ("ＱＰ－１２", [" qp 12 "]),
        ("GB/T 27922", [" gb t ", " 27922 "]),
        ("QP-1,QP-2", [" qp 1 ", " qp 2 "]),
        ("在30分钟内", ["在 30 分钟内"]),
        ("标题:投诉", ["title:投诉"]),
        ("标题： 投诉", ["title:投诉"]),
        ("TITLE:投诉 number:QP-12", ["title:投诉", "number: qp 12 "]),
        ("编号:QP-12 条款:4.2 章节:职责 正文:热线", ["number: qp 12 ", "clause: 4.2 ", "section:职责", "body:热线"]),
        ("section:“相关 文件”", ["section:相关文件"]),
        ("投诉 投诉", ["投诉"]),
        ("“没有结尾 投诉", ["没有结尾", "投诉"]),
        ("没有开头” 投诉", ["没有开头", "投诉"]),
        ("「服务」『质量』", ["服务", "质量"]),
        ("* 投诉 ?", ["投诉"]),
        ("http://x.cn", [" http x cn "]),
    ],
)
def test_what_is_required(text: str, words: list[str]) -> None:
    assert required(text) == words


@pytest.mark.parametrize(
    ("text", "words", "excluded"),
    [
        ("投诉 -回访", ["投诉"], ["回访"]),
        ("投诉 －回访", ["投诉"], ["回访"]),
        ("投诉 -“首次 反馈”", ["投诉"], ["首次反馈"]),
        ("投诉 -标题:记录", ["投诉"], ["记录"]),
        ("投诉 -QP-12", ["投诉"], [" qp 12 "]),
        ("投诉-回访", ["投诉", "回访"], []),
        ("- 投诉", ["投诉"], []),
        ("投诉 -", ["投诉"], []),
    ],
)
def test_what_is_excluded(text: str, words: list[str], excluded: list[str]) -> None:
    assert (required(text), forbidden(text)) == (words, excluded)


def test_field_of_an_excluded_word_is_kept() -> None:
    assert build("投诉 -标题:记录", NOTHING).forbidden == (Word("记录", Field.TITLE),)


@pytest.mark.parametrize(
    "text", ["", "   ", "　", "*", "?*", "“”", '""', "。，；", "-", "--", "标题:", "编号： ", "\x00\x01", "-标题:", "🙂"]
)
def test_text_that_asks_for_nothing_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="请输入") as fault:
        build(text, NOTHING)
    assert fault.value.code == "query_empty"


@pytest.mark.parametrize("text", ["-投诉", "-投诉 -回访", "-标题:投诉"])
def test_text_that_only_excludes_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="排除") as fault:
        build(text, NOTHING)
    assert fault.value.code == "query_only_excludes"


def test_text_that_is_too_long_is_refused() -> None:
    assert build("投" * LONGEST_QUERY, NOTHING)
    with pytest.raises(InputError, match=str(LONGEST_QUERY)) as fault:
        build("投" * 10_000, NOTHING)
    assert fault.value.code == "query_too_long"


def test_text_of_too_many_words_is_refused() -> None:
    assert build(" ".join(map(str, range(MOST_WORDS))), NOTHING)
    with pytest.raises(InputError, match=str(MOST_WORDS)) as fault:
        build(" ".join(map(str, range(MOST_WORDS + 1))), NOTHING)
    assert fault.value.code == "query_too_many_words"


@given(st.text(max_size=250) | st.text(alphabet="投诉qp07 -“”\"':：标题编号*?，/\n", max_size=250))
def test_every_text_is_either_understood_or_refused(text: str) -> None:
    try:
        query = build(text, NOTHING)
    except InputError as refusal:
        fault = refusal.code
    else:
        fault = ""
        assert query.required
        assert all(word.pattern.strip() for word in (*query.required, *query.forbidden))
        assert len(query.required) + len(query.forbidden) <= MOST_WORDS
    assert fault in {"", "query_empty", "query_only_excludes", "query_too_long", "query_too_many_words"}
