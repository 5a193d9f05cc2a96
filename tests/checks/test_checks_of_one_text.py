"""Checks that look at one text at a time: each with what it finds and what it lets pass."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checks.contexts import REGISTER, TODAY, context, document, problems
from service.checks.blanks import check_blanks
from service.checks.chart import check_chart
from service.checks.editions import check_editions
from service.checks.pictures import check_pictures
from service.checks.rules import SEVERITY_NAMES, Severity
from service.checks.sections import check_sections
from service.standards.citations import normal_number
from service.standards.rules import Confidence, ReferenceEntry, ReferenceStatus
from service.text.model import SIX_SECTIONS as SIX


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("由【待填:targets.repair_days】日内修复。", "unfilled_variable"),
        ("由 {{ company.hotline }} 受理。", "unfilled_variable"),
        ("mmm 公司负责。", "leftover_mmm"),
        ("××公司负责。", "leftover_company"),
        ("由【】负责。", "bracket_blank"),
        ("其电话号码是。", "blank_phone"),
        ("服务部的负**应及时处理。", "censored"),
        ("按《》处理。", "empty_reference"),
    ],
)
def test_blank_or_leftover_is_found_with_section_and_words(words: str, code: str) -> None:
    [problem] = problems(check_blanks, document(f"## 职责\n{words}\n"))
    assert (problem.code, problem.severity, problem.document, problem.section) == (code, Severity.ERROR, "维修服务程序", "duties")
    assert problem.quote
    assert problem.quote in words


def test_filled_text_has_no_blanks() -> None:
    assert problems(check_blanks, document("## 职责\n服务部在 2 小时内受理，电话：400-000-0001。\n")) == []


DUTIES = "## 职责\n| 岗位 | 职责 |\n|---|---|\n| {} | 登记 |\n"
RETENTION = "## 相关记录\n| 记录 | 保存期限 | 保存部门 |\n|---|---|---|\n| 报修单 | 3 年 | {} |\n"


@pytest.mark.parametrize(
    ("table", "cell", "name", "what"),
    [
        (DUTIES, "接线员", "接线员", "岗位"),
        (DUTIES, "维修工程师、接线员", "接线员", "岗位"),
        (DUTIES, "维修工程师，接线员", "接线员", "岗位"),
        (DUTIES, "接线员和维修工程师", "接线员", "岗位"),
        (RETENTION, "档案部", "档案部", "部门"),
        (RETENTION, "档案部；备件记录由归口部门保存", "档案部", "部门"),
        (DUTIES.replace("岗位", "责任部门"), "服务部/档案部", "档案部", "部门"),
    ],
)
def test_post_or_department_that_is_not_on_the_chart(table: str, cell: str, name: str, what: str) -> None:
    [problem] = problems(check_chart, document(table.format(cell)))
    assert (problem.code, problem.message, problem.quote) == ("not_on_chart", f"“{name}”不是组织机构图上的{what}", cell)


@pytest.mark.parametrize(
    "cell",
    [
        "维修工程师",
        "维修工程师、文控员",
        "服务部经理和文控员",
        "市场与销售部；质量部",
        "市场与销售部，质量部",
        "服务部；人员、备件记录由归口部门保存",
        "全体员工",
        "",
    ],
)
def test_posts_and_departments_of_the_chart_pass(cell: str) -> None:
    assert problems(check_chart, document(DUTIES.format(cell))) == []


def test_table_with_merged_cells_passes_because_its_columns_are_not_sure() -> None:
    assert problems(check_chart, document(DUTIES.format("接线员") + "| ^^ | 派工 |\n")) == []


def test_tables_that_are_not_about_posts_pass() -> None:
    assert problems(check_chart, document("## 分级\n| 级别 | 处理 |\n|---|---|\n| 接线员 | 登记 |\n")) == []


BODIES = {title: f"## {title}\n本节有内容。\n" for title in SIX}


def procedure(*titles: str) -> str:
    return "".join(BODIES.get(title, f"## {title}\n本节有内容。\n") for title in titles)


def test_procedure_with_its_six_sections_passes() -> None:
    assert problems(check_sections, document(procedure(*SIX), kind="procedure")) == []


@pytest.mark.parametrize("title", SIX)
def test_missing_section_of_a_procedure(title: str) -> None:
    [problem] = problems(check_sections, document(procedure(*(other for other in SIX if other != title)), kind="procedure"))
    assert (problem.code, problem.message) == ("missing_section", f"程序文件缺少“{title}”一章")


def test_unknown_section_of_a_procedure_is_a_warning() -> None:
    [problem] = problems(check_sections, document(procedure(*SIX, "附则"), kind="procedure"))
    assert (problem.code, problem.severity, problem.quote) == ("unknown_section", Severity.WARNING, "附则")


@pytest.mark.parametrize("titles", [("范围", "目的", *SIX[2:]), ("目的", *SIX)])
def test_sections_out_of_order_or_repeated(titles: tuple[str, ...]) -> None:
    [problem] = problems(check_sections, document(procedure(*titles), kind="procedure"))
    assert (problem.code, problem.quote) == ("section_order", "、".join(titles))


def test_other_kinds_have_sections_of_their_own() -> None:
    assert problems(check_sections, document(procedure("总则", "附则"))) == []


def test_empty_section_is_found_with_its_clause() -> None:
    [problem] = problems(check_sections, document("## 总则\n有内容。\n## 细则\n### 甲\n### 乙\n有内容。\n"))
    assert (problem.code, problem.message) == ("empty_section", "第 2.1 条“甲”没有内容")


def test_section_that_has_only_subsections_is_not_empty() -> None:
    assert problems(check_sections, document("## 总则\n### 甲\n有内容。\n")) == []


@pytest.mark.parametrize(
    "cited",
    [
        "GB/T 16784-2008",
        "GB/T16784-2008",
        "GB/T 16784—2008",
        "GB/T16784--2008",
        "GB/T 16784 – 2008",
    ],
)
def test_replaced_edition_of_a_standard_is_found_however_it_is_spelled(cited: str) -> None:
    [problem] = problems(check_editions, document(f"## 依据\n执行 {cited} 的规定。\n"))
    assert (problem.code, problem.quote) == ("replaced_edition", cited)
    assert problem.message == "引用的 GB/T 16784-2008 已被 GB/T 16784-2025《售后服务总则》代替"


def test_replaced_law_is_found_by_its_title_also_before_the_first_section() -> None:
    [problem] = problems(check_editions, document("执行《旧召回办法》。\n"))
    assert (problem.section, problem.quote) == ("", "《旧召回办法》")


def of_register(text: str, *own: ReferenceEntry) -> list[tuple[str, str, str]]:
    """(code, message, quote) of a text, with these entries in the register."""
    found = check_editions(replace(context(document(text)), register=(*REGISTER, *own)))
    return [(problem.code, problem.message, problem.quote) for problem in found]


def own(number: str, title: str, status: ReferenceStatus, replaced_by: str = "") -> ReferenceEntry:
    return ReferenceEntry(number, title, status, Confidence.HIGH, TODAY, replaced_by=replaced_by)


@pytest.mark.parametrize(
    ("entry", "cited", "fate"),
    [
        (own("GB/T 9-2001", "甲标准", ReferenceStatus.REPLACED, "GB/T 9-2026"), "GB/T 9—2001", " GB/T 9-2001 已被 GB/T 9-2026 代替"),
        (own("GB/T 9-2001", "甲标准", ReferenceStatus.REPLACED, "消法"), "《甲标准》", "《甲标准》已被 消法《消费者权益保护法》代替"),
        (own("国务院令第 5 号", "甲条例", ReferenceStatus.REPLACED), "国务院令第 5 号", " 国务院令第 5 号 已被代替"),
        (own("国务院令第 5 号", "甲条例", ReferenceStatus.WITHDRAWN), "《甲条例》", "《甲条例》已经废止"),
    ],
)
def test_what_the_register_calls_replaced_or_withdrawn_is_found(entry: ReferenceEntry, cited: str, fate: str) -> None:
    code = "withdrawn_edition" if entry.status is ReferenceStatus.WITHDRAWN else "replaced_edition"
    assert of_register(f"## 依据\n执行 {cited} 的规定。\n", entry) == [(code, f"引用的{fate}", cited)]


def test_entry_that_is_in_force_by_its_own_check_has_not_been_replaced() -> None:
    assert of_register("执行 GB/T 16784-2008。\n", own("GB/T 16784-2008", "总则", ReferenceStatus.IN_FORCE)) == []


def test_editions_that_share_a_title_are_told_apart_by_number_only() -> None:
    old, new = own("GB/T 9-2001", "甲标准", ReferenceStatus.WITHDRAWN), own("GB/T 9-2026", "甲标准", ReferenceStatus.IN_FORCE)
    assert of_register("执行《甲标准》（GB/T 9-2026）。\n", old, new) == []


@pytest.mark.parametrize("cited", ["GB/T 16784-2025", "GB/T 16784", "GB/T 19001-2016", "《召回规定》", "GB/T 116784-2008"])
def test_edition_in_force_or_unknown_to_the_register_passes(cited: str) -> None:
    assert problems(check_editions, document(f"## 依据\n执行 {cited} 的规定。\n")) == []


@pytest.mark.parametrize(
    ("spelled", "normal"),
    [
        ("GB/T16784--2008", "GB/T 16784-2008"),
        ("GB 5296.1 — 2012", "GB 5296.1-2012"),
        ("SB/T 10401-2006", "SB/T 10401-2006"),
        ("消费者权益保护法", "消费者权益保护法"),
    ],
)
def test_number_of_a_standard_in_its_normal_form(spelled: str, normal: str) -> None:
    assert normal_number(spelled) == normal


def test_every_severity_has_its_word() -> None:
    assert set(SEVERITY_NAMES) == set(Severity)


@pytest.mark.parametrize(
    ("text", "section", "message"),
    [
        ("![机构图](images/a.png)\n", "", "图片“机构图”（images/a.png）不存在，印出的是“图片缺失”；请在正文中重新插入这张图片"),
        ("## 机构 {#chart}\n如下图。\n\n![](a.png)\n", "chart", "图片 a.png 不存在，印出的是“图片缺失”；请在正文中重新插入这张图片"),
    ],
)
def test_picture_that_the_organisation_does_not_have_is_reported(text: str, section: str, message: str) -> None:
    [problem] = problems(check_pictures, document(text))
    assert (problem.code, problem.severity, problem.section) == ("picture_missing", Severity.ERROR, section)
    assert problem.message == message


def test_picture_that_is_there_is_not_reported() -> None:
    there = replace(context(document("![机构图](picture:a)\n")), pictures=frozenset({"picture:a"}))
    assert list(check_pictures(there)) == []


def test_text_without_pictures_is_not_reported() -> None:
    assert problems(check_pictures, document("## 机构\n见机构图。\n")) == []
