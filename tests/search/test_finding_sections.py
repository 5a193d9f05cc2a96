"""What an index finds: words as wholes and in parts, adjacency, fields, NOT; and the better hits first."""

from __future__ import annotations

import pytest

from search.texts import EVERYTHING, TEXTS, entry, found, key, places
from service.search.port import Section, SuggestionKind
from service.search.query import build
from service.search.rules import MOST_OF_ONE
from service.search.whoosh_index import WhooshIndex

COMPLAINT, REPAIR, ORDER, OLD = "HC/SH-CX-07", "HC/SH-CX-08", "HC/SH-JL-01", "HC/QP-12-A/1"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("登记", [f"{COMPLAINT} 受理", f"{REPAIR} 受理"]),
        ("首次反馈", [f"{COMPLAINT} 受理"]),
        ("诉单", [f"{COMPLAINT} 受理"]),
        ("服务质量", [f"{REPAIR} 服务质量"]),  # the words “质量、服务” beside each other are another thing
        ("质量服务", []),
        ("价", [f"{REPAIR} 服务质量"]),
        ("24小时", [f"{COMPLAINT} 受理"]),
        ("２４小时", [f"{COMPLAINT} 受理"]),
        ("30分钟", [f"{COMPLAINT} 受理"]),
        ("5个工作日", [f"{COMPLAINT} 处理"]),  # not 0.5
        ("0.5", [f"{COMPLAINT} 处理"]),
        ("GB/T 27922", [f"{REPAIR} 目的"]),
        ("gb/t27922-2011", [f"{REPAIR} 目的"]),
        ("27922", [f"{REPAIR} 目的"]),
        ("4.2.1", [f"{REPAIR} 服务质量"]),
        ("HC/SH-CX-07", [COMPLAINT]),
        ("ＨＣ／ＳＨ－ＣＸ－０７", [COMPLAINT]),
        ("CX-7", [COMPLAINT]),
        ("CX-0", []),
        ("QP-12", [OLD]),
        ("qp12", [OLD]),
        ("QP-1", []),
        ("A/1", [OLD]),
        ("故障", [ORDER]),
    ],
)
def test_words_and_codes(shelf: WhooshIndex, text: str, expected: list[str]) -> None:
    assert sorted(places(shelf, text)) == sorted(expected)


def test_all_words_must_be_there_and_may_stand_in_the_title_and_the_section(shelf: WhooshIndex) -> None:
    assert places(shelf, "登记 报修单") == [f"{REPAIR} 受理"]
    assert places(shelf, "维修 登记") == [f"{REPAIR} 受理"]  # 维修 is in the title only
    assert places(shelf, "CX-07 办结") == [f"{COMPLAINT} 处理"]


def test_phrase_is_found_as_it_stands(shelf: WhooshIndex) -> None:
    assert places(shelf, "“质量、服务”") == [f"{REPAIR} 服务质量"]
    assert places(shelf, "“登记 投诉单”") == []
    assert places(shelf, "“登记《投诉单》”") == [f"{COMPLAINT} 受理"]


def test_excluded_word_excludes_wherever_it_stands(shelf: WhooshIndex) -> None:
    assert places(shelf, "登记 -报修") == [f"{COMPLAINT} 受理"]
    assert places(shelf, "登记 -投诉处理程序") == []  # one has it as its title, the other in its text
    assert places(shelf, "登记 -标题:投诉") == [f"{REPAIR} 受理"]
    assert places(shelf, "登记 -登记") == []


def test_field_restricts_a_word(shelf: WhooshIndex) -> None:
    assert places(shelf, "标题:报修单") == [ORDER]
    assert places(shelf, "编号:JL-01") == [ORDER]
    assert sorted(places(shelf, "章节:目的")) == [f"{COMPLAINT} 目的", f"{REPAIR} 目的"]
    assert places(shelf, "章节:受理 报修") == [f"{REPAIR} 受理"]
    assert places(shelf, "条款:3 办结") == [f"{COMPLAINT} 处理"]
    assert places(shelf, "正文:服务") == [f"{REPAIR} 服务质量"]
    assert places(shelf, "标题:办结") == []


def test_words_of_the_title_alone_lead_to_the_text_as_a_whole(shelf: WhooshIndex) -> None:
    assert places(shelf, "维修服务") == [REPAIR]
    assert places(shelf, "投诉处理程序") == [COMPLAINT, f"{REPAIR} 受理"]


@pytest.mark.parametrize(("text", "first"), [("报修单", ORDER), ("投诉", COMPLAINT), ("服务质量", f"{REPAIR} 服务质量"), ("顾客", ORDER)])
def test_what_is_named_so_comes_before_what_mentions_it(shelf: WhooshIndex, text: str, first: str) -> None:
    assert places(shelf, text)[0] == first


def test_without_an_answer_what_has_most_of_it_is_near(shelf: WhooshIndex) -> None:
    answer = found(shelf, "怎么做投诉处理")
    assert answer.is_near
    assert answer.matches[0].revision == key(COMPLAINT)
    assert answer.matches[0].section.title == ""


def test_what_is_near_has_no_excluded_word_either(shelf: WhooshIndex) -> None:
    assert found(shelf, "怎么做投诉处理 -投诉").matches == ()


def test_nothing_is_found_for_words_that_are_nowhere(shelf: WhooshIndex) -> None:
    assert found(shelf, "潜水艇").matches == ()
    assert not found(shelf, "潜水艇").is_near


def test_section_comes_back_as_it_was_put_in(shelf: WhooshIndex) -> None:
    assert found(shelf, "首次反馈").matches[0].section == TEXTS[0].sections[2]


def test_more_of_one_text_is_counted_and_not_listed(index: WhooshIndex) -> None:
    index.add([entry("A-1", "甲", *[(f"第{n}节", "同样的话") for n in range(7)]), entry("B-1", "乙", ("一", "同样的话"))])
    answer = index.search(build("同样的话", frozenset({key("A-1"), key("B-1")})), 100)
    assert answer.total == 8
    assert sorted((match.revision == key("A-1"), match.further) for match in answer.matches) == [(False, 0)] + [(True, 4)] * MOST_OF_ONE


def test_hits_are_limited_and_counted(index: WhooshIndex) -> None:
    index.add([entry(f"A-{n}", f"文件{n}", ("一", "同样的话")) for n in range(12)])
    answer = index.search(build("同样的话", frozenset(key(f"A-{n}") for n in range(12))), 5)
    assert (len(answer.matches), answer.total) == (5, 12)


def test_equally_good_hits_have_a_fixed_order(index: WhooshIndex) -> None:
    names = frozenset(key(f"A-{n}") for n in range(9))
    for n in (5, 2, 8, 0, 7, 1, 3, 6, 4):  # each in a file of its own
        index.add([entry(f"A-{n}", f"文件{n}", ("一", "同样的话"))])
    answer = index.search(build("同样的话", names), 9)
    assert [match.revision for match in answer.matches] == [key(f"A-{n}") for n in range(9)]


def test_very_long_section_is_found_at_its_end(index: WhooshIndex) -> None:
    index.add([entry("A-1", "甲", ("一", "很长的话。" * 50_000 + "结尾的词"))])
    assert index.search(build("结尾的词", frozenset({key("A-1")})), 1).total == 1


@pytest.mark.parametrize(
    ("typed", "kind", "first"),
    [
        ("投", SuggestionKind.TITLE, "投诉处理程序"),
        ("处理程", SuggestionKind.TITLE, "投诉处理程序"),
        ("CX-0", SuggestionKind.NUMBER, "HC/SH-CX-07"),
        ("hc/sh-j", SuggestionKind.NUMBER, "HC/SH-JL-01"),
        ("ｑｐ", SuggestionKind.NUMBER, "HC/QP-12-A/1"),
        ("服务质", SuggestionKind.SECTION, "服务质量"),
    ],
)
def test_names_go_on_from_what_was_typed(shelf: WhooshIndex, typed: str, kind: SuggestionKind, first: str) -> None:
    found_first = shelf.suggest(typed, EVERYTHING, 10)[0]
    assert (found_first.kind, found_first.text) == (kind, first)


def test_same_section_title_is_suggested_once(shelf: WhooshIndex) -> None:
    assert [each.text for each in shelf.suggest("目", EVERYTHING, 10)] == ["目的"]


@pytest.mark.parametrize("typed", ["", " ", "*", "潜水艇", "“", "投" * 10_000])
def test_nothing_is_suggested_for_nothing(shelf: WhooshIndex, typed: str) -> None:
    assert shelf.suggest(typed, EVERYTHING, 10) == []


def test_suggestions_are_only_of_what_may_be_found(shelf: WhooshIndex) -> None:
    assert shelf.suggest("投", EVERYTHING - {key(COMPLAINT)}, 10) == []


def test_text_of_hostile_characters_comes_back_as_it_is(index: WhooshIndex) -> None:
    words = "<script>alert(1)</script>\n\x85 \u2028 𠮷野家 ' OR 1=1 --"
    index.add([entry("A-1", "<b>甲</b>\n乙", ("<i>", words))])
    match = index.search(build("alert", frozenset({key("A-1")})), 1).matches[0]
    assert match.section == Section("s1", "1", "<i>", words)
    assert index.search(build("𠮷野", frozenset({key("A-1")})), 1).total == 1
