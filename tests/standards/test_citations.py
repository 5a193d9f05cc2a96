"""How texts cite laws and standards, and which register counts: the organisation's own entries before the shipped ones."""

from __future__ import annotations

from datetime import date

import pytest

from service.standards.citations import cited, is_standard, merged, same_reference
from service.standards.rules import Confidence, ReferenceEntry, ReferenceStatus


def entry(number: str, title: str = "", status: ReferenceStatus = ReferenceStatus.IN_FORCE, replaces: str = "") -> ReferenceEntry:
    return ReferenceEntry(number, title or number, status, Confidence.HIGH, date(2026, 3, 1), replaces=replaces)


OLD, NEW = entry("GB/T 16784-2008", "售后服务 总则"), entry("GB/T 16784-2025", "售后服务 总则", replaces="GB/T 16784-2008")
LAW = entry("消费者权益保护法", "中华人民共和国消费者权益保护法")
SHIPPED = (LAW, NEW)


@pytest.mark.parametrize(
    ("number", "is_one"),
    [("GB/T 27922-2011", True), ("GB/T27922—2011", True), ("SB/T 10401-2006", True), ("国务院令第 551 号", False), ("消法", False)],
)
def test_numbers_of_standards_are_told_from_those_of_laws(number: str, is_one: bool) -> None:
    assert is_standard(number) is is_one


@pytest.mark.parametrize("words", ["GB/T 16784-2025", "GB/T16784—2025", "GB/T 16784--2025"])
def test_standard_is_cited_however_its_number_is_spelled(words: str) -> None:
    assert cited(SHIPPED, f"按 {words} 执行。") == [NEW]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (entry("GB/T 16784-2025"), NEW, True),
        (OLD, NEW, False),  # a standard's title outlives its editions
        (entry("国务院令第551号", "甲条例"), entry("国务院令第 551 号", "甲条例"), True),
        (entry("主席令第 7 号", "中华人民共和国消费者权益保护法"), LAW, True),
        (entry("ＧＢ/T 16784-2025"), NEW, True),
        (entry("产品质量法"), LAW, False),
    ],
)
def test_same_text_is_known_by_its_number_and_a_law_by_its_title(one: ReferenceEntry, other: ReferenceEntry, same: bool) -> None:
    assert same_reference(one, other) is same


def test_own_entry_takes_the_place_of_the_shipped_one_and_keeps_what_only_that_tells() -> None:
    own = entry("GB/T 16784-2025", "自己的名称", ReferenceStatus.UNKNOWN)
    [law, found] = merged([own], SHIPPED)
    assert law is LAW
    assert (found.title, found.status, found.replaces) == ("自己的名称", ReferenceStatus.UNKNOWN, "GB/T 16784-2008")


def test_own_entries_that_nobody_shipped_come_last() -> None:
    own = [entry("Q/JC 1-2026"), OLD]
    assert [each.number for each in merged(own, SHIPPED)] == [LAW.number, NEW.number, "Q/JC 1-2026", OLD.number]


def test_without_own_entries_the_shipped_register_counts() -> None:
    assert merged([], SHIPPED) == SHIPPED
