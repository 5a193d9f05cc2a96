"""《…》: found with their places, and compared without what people vary."""

from __future__ import annotations

import pytest

from service.text.parse import parse_procedure
from service.text.references import FoundReference, nearest, normal_title, references
from text.samples import REPAIR, parsed


def test_every_reference_is_found_with_its_clause() -> None:
    found = [(reference.title, reference.section, reference.clause) for reference in references(parse_procedure(REPAIR))]
    assert found == [
        ("报修单", "duties", "2"),
        ("维修单", "duties", "2"),
        ("报修单", "accept", "3.1"),
        ("投诉处理程序", "documents", "4"),
    ]


def test_lines_lead_to_the_reference() -> None:
    source = REPAIR.split("\n")
    for reference in references(parse_procedure(REPAIR))[:2]:
        assert reference.title in source[reference.line - 1]


def test_references_in_the_preamble_titles_flow_charts_and_forms_are_found() -> None:
    text = "依据《甲》任命。\n\n## 《乙》\n\n```flow\na[登记《丙》]\n```\n\n```form\n依据: 《丁》\n```\n"
    assert [reference.title for reference in references(parsed(text))] == ["甲", "乙", "丙", "丁"]
    assert references(parsed(text))[0] == FoundReference("甲", "", "", 7)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("代用品、备件和工具管理程序", "代用品，备件与工具管理程序"),
        ("产品退换货控制程序", "产品退换货程序"),
        ("产品退换货控制程序", "产品退换货管理办法"),
        ("文件控制程序", "文件 控制程序"),
        ("GB/T 27922 说明", "ＧＢ／Ｔ27922说明"),
        ("备品备件启用", "备品、备件启用控制程序"),
    ],
)
def test_variants_of_a_title_have_one_normal_form(one: str, other: str) -> None:
    assert normal_title(one) == normal_title(other)


def test_a_title_that_is_only_an_ending_stays() -> None:
    assert normal_title("管理制度") == "管理制度"


TITLES = ("投诉处理程序", "顾客投诉处理单", "物品返修服务程序", "服务网点检查考核表")


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("投诉处理控制程序", "投诉处理程序"),
        ("物品返修服务控制程序", "物品返修服务程序"),
        ("服务网点检查表", "服务网点检查考核表"),
        ("中华人民共和国产品质量法", None),
        ("", None),
    ],
)
def test_the_title_that_was_meant_is_suggested(title: str, expected: str | None) -> None:
    assert nearest(title, TITLES) == expected


def test_nothing_is_suggested_where_there_is_nothing() -> None:
    assert nearest("甲", ()) is None
