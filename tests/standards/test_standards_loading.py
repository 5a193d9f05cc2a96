"""Broken content is refused with one sentence that names file and line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import InputError
from service.standards.loading import load_crosswalk, load_references, load_standards, read_crosswalk, read_references, read_standard
from service.standards.rules import Standard, code_key

STANDARD = """\
number: XY/T 1-2020
title: 示范标准
sources:
  S1: {url: "https://standard.example", what: 示范来源}
indicators:
  - code: "5.1"
    title: 甲
    status: sourced
    confidence: high
    points: 3
    sources: [S1]
    children:
      - {code: "5.1.2", title: 乙, status: partly, confidence: low, points: null, planning_weight: 1, sources: [S1],
         elements: [{text: 规定, proof: text}]}
      - {code: "5.1.11", title: 丙, status: inferred, confidence: low, points: null, planning_weight: 2,
         elements: [{text: 记录, proof: record}]}
scoring:
  first_level: {"5.1": 3}
"""
REFERENCES = """\
- {number: A 1, title: 甲, status: in_force, confidence: high, checked_on: 2026-11-21}
- {number: A 2, title: 乙, status: unknown, confidence: low, checked_on: 2026-11-21, effective: 2026-01-01}
"""
CROSSWALK = """\
from: old
to: old
rows:
  - {item: "5.1.2", indicators: ["5.1.11"], reason: 相同, basis: our reading}
  - {item: "5.1.11", indicators: ["5.1.2"], reason: 相同, basis: our reading}
"""


def standard(text: str) -> Standard:
    return read_standard(text, file="xy.yml")


def fault(read: Callable[[], object]) -> str:
    with pytest.raises(InputError) as caught:
        read()
    return str(caught.value)


def test_sample_is_accepted_and_codes_stand_in_natural_order() -> None:
    assert [node.code for node in standard(STANDARD).nodes] == ["5.1", "5.1.2", "5.1.11"]
    assert standard(STANDARD).nodes[2].points_note


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('"5.1.11"', '"5.1.2"', 15, "5.1.2 重复出现"),
        ('"5.1.11"', '"5.1.1"', 15, "5.1.1 应排在 5.1.2 之前"),
        ('"5.1.11"', '"5.2.11"', 15, "不属于它所在的上级指标 5.1"),
        ('"5.1.11"', "5.111", 15, "code 不正确"),
        ("sources: [S1],\n", "sources: [S7],\n", 13, "来源 S7 不在来源清单中"),
        ("sources: [S1],\n", "\n", 13, "却没有写明来源"),
        ("proof: record", "proof: oath", 16, "证明方式“oath”"),
        ("{text: 记录, proof: record}", "记录", 16, "须写作"),
        ("status: inferred", "status: [sourced]", 15, "status 不正确"),
        ("status: inferred", "status: official", 15, "status 不正确"),
        ("confidence: high", "confidence: sure", 9, "confidence 不正确"),
        ("title: 丙, ", "", 15, "缺少 title"),
        ("title: 丙, ", "title: 丙, colour: red, ", 15, "colour"),
        ("points: 3", "points: 4", 17, "first_level"),
        ("planning_weight: 2", "planning_weight: 3", 6, "规划权重合计 4"),
        (",\n         elements: [{text: 记录, proof: record}]", "", 15, "没有要素"),
        ("what: 示范来源", "why: 示范来源", 3, "来源清单"),
        ("title: 示范标准\n", "", 1, "number 和 title"),
        ('"5.1": 3', "5.1: 3", 18, "请加引号"),
    ],
)
def test_broken_standard_is_named_with_its_line(old: str, new: str, line: int, words: str) -> None:
    assert old in STANDARD
    rows = fault(lambda: standard(STANDARD.replace(old, new, 1))).splitlines()
    assert any(words in row and row.startswith(f"xy.yml:{line}:") for row in rows), rows


@pytest.mark.parametrize(
    "text", ["", "[]", "indicators: 3", STANDARD[: STANDARD.index("indicators")], STANDARD.replace('  - code: "5.1"', "  - 3\n  - code: 5")]
)
def test_something_quite_different_is_refused_not_crashed_on(text: str) -> None:
    assert fault(lambda: standard(text)).startswith("xy.yml:")


def test_national_standard_with_other_first_level_points_is_refused() -> None:
    text = STANDARD.replace("points: 3", "points: 40").replace('{"5.1": 3}', '{"5.1": 40}')
    assert "5.2 35 分" in fault(lambda: read_standard(text, file="gbt27922-2011.yml"))


def test_references_of_another_shape_are_refused_whole() -> None:
    assert "须为列表" in fault(lambda: read_references("a: 1", file="references.yml"))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("A 2", "A 1", "“A 1”重复出现"),
        ("status: unknown", "status: maybe", "status 不正确"),
        (", checked_on: 2026-11-21, effective", ", effective", "缺少 checked_on"),
        ("2026-01-01", "2026-02-30", "effective 不正确"),
        ("effective", "since", "since"),
    ],
)
def test_broken_reference_is_named_with_its_line(old: str, new: str, words: str) -> None:
    rows = fault(lambda: read_references(REFERENCES.replace(old, new, 1), file="references.yml")).splitlines()
    assert any(words in row and row.startswith("references.yml:2:") for row in rows), rows


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('["5.1.11"]', '["5.9"]', "5.9 不存在"),
        ('["5.1.11"]', "[]", "indicators 不正确"),
        ('  - {item: "5.1.11", indicators: ["5.1.2"], reason: 相同, basis: our reading}\n', "", "缺少 5.1.11"),
        ("reason: 相同, ", "", "缺少 reason"),
        ("to: old", "to: new", "from 和 to"),
        ("to: old", "to: [old]", "from 和 to"),
        ('{item: "5.1.2", indicators: ["5.1.11"], reason: 相同, basis: our reading}', "甲", "“键: 值”"),
    ],
)
def test_broken_crosswalk_is_refused(old: str, new: str, words: str) -> None:
    assert old in CROSSWALK
    assert len(read_crosswalk(CROSSWALK, {"old": standard(STANDARD)}, file="crosswalk.yml")) == 2
    assert words in fault(lambda: read_crosswalk(CROSSWALK.replace(old, new, 1), {"old": standard(STANDARD)}, file="crosswalk.yml"))


def test_changed_file_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "xy.yml"
    file.write_text(STANDARD, encoding="utf-8")
    assert load_standards(tmp_path)["xy"].title == "示范标准"
    assert load_standards(tmp_path)["xy"] is load_standards(tmp_path)["xy"]
    file.write_text(STANDARD.replace("示范标准", "改过的标准"), encoding="utf-8")
    assert load_standards(tmp_path)["xy"].title == "改过的标准"


def test_missing_content_is_one_sentence(tmp_path: Path) -> None:
    assert "没有标准文件" in fault(lambda: load_standards(tmp_path))
    assert "references.yml" in fault(lambda: load_references(tmp_path / "references.yml"))
    assert "crosswalk" in fault(lambda: load_crosswalk(tmp_path))


@given(st.lists(st.lists(st.integers(0, 30), min_size=1, max_size=4), min_size=1))
def test_codes_are_ordered_by_their_numbers(codes: list[list[int]]) -> None:
    texts = [".".join(map(str, code)) for code in codes]
    assert [code_key(text) for text in sorted(texts, key=code_key)] == sorted(map(tuple, codes))
