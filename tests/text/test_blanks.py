"""Blanks and leftovers are named with where they stand; what only looks like one is left alone."""

from __future__ import annotations

import pytest

from service.text.blanks import blanks
from service.text.parse import parse_procedure
from text.samples import REPAIR, parsed


def codes(text: str) -> list[str]:
    return [blank.code for blank in blanks(parsed(text))]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("电话 {{ company.hotline }} 受理", "unfilled_variable"),
        ("电话 【待填:company.hotline】 受理", "unfilled_variable"),
        ("电话 {{ company.hotline", "unfilled_variable"),
        ("兹任命mmm为代表", "leftover_mmm"),
        ("兹任命 MMM 为代表", "leftover_mmm"),
        ("××公司承诺", "leftover_company"),
        ("由XX电器有限公司负责", "leftover_company"),
        ("某公司规定", "leftover_company"),
        ("\\*\\*公司规定", "leftover_company"),
        ("任命【】为代表", "bracket_blank"),
        ("任命【 　】为代表", "bracket_blank"),
        ("其号码是。", "blank_phone"),
        ("服务热线为，全天受理", "blank_phone"),
        ("传真：", "blank_phone"),
        ("联系电话:；邮编", "blank_phone"),
        ("特\\*\\*了程序", "censored"),
        ("提供\\*的服务", "censored"),
        ("得到\\*\\*，", "censored"),
        ("执行《》的规定", "empty_reference"),
        ("日期 \\_\\_\\_\\_ 止", "underscore_blank"),
    ],
)
def test_a_blank_is_found(text: str, code: str) -> None:
    assert codes(text) == [code]


@pytest.mark.parametrize(
    "text",
    [
        "服务热线是 400-000-0118。",
        "电话：0510-0000-0119",
        "用电话回访顾客，号码由系统带出。",
        "有困难时拨打下列电话：",
        "尺寸 5mm，厚 3 mmol",
        "某些公司、某种情况",
        "面积 2 * 3",
        "【警告】先断电",
        "《报修单》",
        "a_b",
        "**加粗**的文字",
    ],
)
def test_what_only_looks_like_a_blank_is_none(text: str) -> None:
    assert codes(text) == []


def test_the_place_and_words_of_a_blank_are_told() -> None:
    found = blanks(parsed("## 程序及要求\n\n### 受理 {#accept}\n\n甲\n\n| 项目 | 内容 |\n|---|---|\n| 热线 | 电话：。 |\n"))
    assert [(blank.section, blank.line, blank.quote) for blank in found] == [("accept", 15, "电话：。")]
    assert found[0].message


def test_a_sentence_with_several_blanks_names_each_in_order() -> None:
    assert codes("兹任命mmm为【】，特\\*\\*了《》") == ["leftover_mmm", "bracket_blank", "censored", "empty_reference"]


def test_a_form_s_empty_fields_are_no_blanks() -> None:
    assert codes("```form\n姓名: _ | 电话: _\n签字: 甲\n```\n") == []


def test_a_variable_in_a_form_is_a_blank() -> None:
    assert codes("```form\n部门: {{ departments.service }} | 电话: _\n```\n") == ["unfilled_variable"]


def test_titles_and_flow_charts_are_searched() -> None:
    assert codes("## 某公司\n\n```flow\na[通知 mmm] --> b[完]\n```\n") == ["leftover_company", "leftover_mmm"]


def test_a_finished_text_has_none() -> None:
    assert blanks(parse_procedure(REPAIR)) == ()
