"""Number patterns, the chart, the catalogue of variables: rules without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from service.errors import InputError
from service.organisations.catalogue import load_catalogue, read_catalogue
from service.organisations.rules import (
    Catalogue,
    Chart,
    DepartmentNode,
    Holder,
    Limit,
    PostNode,
    VariableType,
    departments_of,
    holders_by_key,
    names_by_key,
    number_pattern_fault,
    posts_of,
)
from service.organisations.values import clean, restored, stored

MANAGER = PostNode("manager", "经理", ("deputy",), (Holder("jia", "贾一"), Holder("yi", "易二")))
VACANT = PostNode("clerk", "文员", (), ())
SHOP = DepartmentNode("shop", "门店", (), (VACANT,), ())
HEAD = DepartmentNode("head", "公司管理层", ("office",), (MANAGER,), (SHOP, replace(SHOP, key="depot", name="仓库", posts=())))
CHART = Chart((HEAD,))


def test_departments_come_each_before_those_below_it() -> None:
    assert [node.key for node in departments_of(CHART)] == ["head", "shop", "depot"]


def test_joined_keys_have_the_same_name() -> None:
    assert names_by_key(departments_of(CHART)) == {"head": "公司管理层", "office": "公司管理层", "shop": "门店", "depot": "仓库"}


def test_holders_of_a_post_are_joined_and_a_vacant_post_is_a_blank() -> None:
    assert holders_by_key(posts_of(CHART)) == {"manager": "贾一、易二", "deputy": "贾一、易二", "clerk": None}


@pytest.mark.parametrize(
    "pattern", ["{company}/SH-{kind}-{serial:02}", "{company}/QP-{serial}-{edition}/{revision}-{year}", "WI/{department}-{serial:03}"]
)
def test_patterns_of_real_companies_are_accepted(pattern: str) -> None:
    assert number_pattern_fault(pattern) is None


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("{company}", "恰有一个"),
        ("{serial}-{serial}", "恰有一个"),
        ("{serial", "花括号"),
        ("{serial}}", "花括号"),
        ("{}-{serial}", "不认识"),
        ("{serial.__class__}", "不认识"),
        ("{serial:>30}", "位数"),
        ("{serial!r}", "位数"),
        ("{serial:{kind}}", "位数"),
        ("{kind:02}-{serial}", "位数"),
        ("{company}#{serial}", "网址"),
        ("{company}?{serial}", "网址"),
        ("{company}%{serial}", "网址"),
    ],
)
def test_pattern_that_cannot_number_is_refused(pattern: str, words: str) -> None:
    assert words in (number_pattern_fault(pattern) or "")


def test_catalogue_tells_label_unit_type_and_limit(catalogue: Catalogue) -> None:
    spec = catalogue["targets.return_repair_rate"]
    assert (spec.label, spec.unit, spec.type, spec.limit, spec.optional) == ("返修率", "%", VariableType.NUMBER, Limit.MAX, False)
    assert catalogue["company.wechat"].optional


def test_catalogue_is_read_again_when_its_file_changes(tmp_path: Path) -> None:
    file = tmp_path / "variables.yml"
    file.write_text("a:\n  b: {label: 甲, type: text}\n", encoding="utf-8")
    assert load_catalogue(file)["a.b"].label == "甲"
    file.write_text("a:\n  b: {label: 乙丙, type: text}\n", encoding="utf-8")
    assert load_catalogue(file)["a.b"].label == "乙丙"


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("{type: text}", "没有中文名称"),
        ("{label: 甲}", "type 只能是"),
        ("{label: 甲, type: outlets}", "type 只能是"),
        ("{label: 甲, type: number, limit: most}", "limit"),
        ("{label: 甲, type: text, unit: 3}", "unit"),
        ("{label: 甲, type: text, optional: 1}", "optional"),
        ("{label: 甲, type: text, units: 个}", "units"),
        ("甲", "label 和 type"),
        ("{label: 甲, type: [text]}", "type 只能是"),
    ],
)
def test_broken_catalogue_entry_is_named_with_its_line(entry: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        read_catalogue(f"company:\n  name: {entry}\n", file="variables.yml")
    assert str(caught.value).startswith("variables.yml:2:")
    assert words in caught.value.message


@pytest.mark.parametrize("text", ["", "- a", "company: 3"])
def test_catalogue_of_another_shape_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="参数"):
        read_catalogue(text, file="variables.yml")


def test_missing_catalogue_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="无法读取"):
        load_catalogue(tmp_path / "none.yml")


def test_date_survives_the_database(catalogue: Catalogue) -> None:
    day = date(2026, 2, 1)
    assert stored(day) == "2026-02-01"
    assert restored(catalogue["dates.manual_effective_on"], stored(day)) == day


@pytest.mark.parametrize(
    ("given", "kept"), [(" 甲 ", "甲"), ("", None), ("甲 乙", "甲乙"), ("甲 B 乙", "甲 B 乙"), (["甲 "], ["甲"]), (3, 3)]
)
def test_texts_are_trimmed(given: object, kept: object) -> None:
    assert clean(given) == kept
