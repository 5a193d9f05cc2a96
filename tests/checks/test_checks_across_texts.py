"""Checks that compare texts: references, targets and dates."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from pkgutil import iter_modules

import pytest

from checks.contexts import context, document, problems
from service import checks
from service.approvals.rules import Meaning
from service.checks.dates import check_dates
from service.checks.quantities import check_quantities
from service.checks.queries import CHECKS, find_problems
from service.checks.references import check_references
from service.checks.rules import Dates

COMPLAINT = document("## 目的\n有内容。\n", "顾客投诉处理程序", number="CX-02")


def referring(title: str, *, in_force: bool = True) -> tuple[str, str] | None:
    """(code, message) of the problem that a text naming 《title》 beside 顾客投诉处理程序 has, if any."""
    found = problems(
        check_references,
        document(f"## 相关文件\n按《{title}》执行。\n", number="CX-01", in_force=in_force),
        COMPLAINT,
        obsolete=("旧程序",),
    )
    assert len(found) <= 1
    return (found[0].code, found[0].message) if found else None


@pytest.mark.parametrize("title", ["顾客投诉处理程序", "维修服务程序", "消费者权益保护法", "召回规定"])
def test_titles_of_documents_in_force_and_of_registered_laws_pass(title: str) -> None:
    assert referring(title) is None


@pytest.mark.parametrize(
    "title", ["顾客投诉处理控制程序", "顾客投诉处理管理办法", "顾客 投诉处理程序", "顾客投诉与处理程序", "顾客投拆处理程序"]
)
def test_dangling_reference_names_the_nearest_title(title: str) -> None:
    message = f"引用的《{title}》不在受控文件、记录和外来文件清单中，最接近的是《顾客投诉处理程序》"
    assert referring(title) == ("dangling_reference", message)


def test_dangling_reference_without_anything_near_says_only_that() -> None:
    assert referring("劳动合同") == ("dangling_reference", "引用的《劳动合同》不在受控文件、记录和外来文件清单中")


def test_reference_to_an_obsolete_document() -> None:
    assert referring("旧程序") == ("obsolete_reference", "引用的《旧程序》已经作废")


def test_released_text_may_not_name_a_draft_but_a_draft_may() -> None:
    draft = document("## 目的\n有内容。\n", "回访程序", number="CX-03", in_force=False)
    naming = "## 相关文件\n《回访程序》\n"
    [problem] = problems(check_references, document(naming), draft)
    assert (problem.code, problem.message) == ("unreleased_reference", "引用的《回访程序》尚未发布")
    assert problems(check_references, document(naming, in_force=False), draft) == []


def test_problem_says_in_which_section_and_with_which_words() -> None:
    [problem] = problems(check_references, document("## 目的\n有。\n## 相关文件\n《没有的程序》\n", number="CX-01"))
    assert (problem.document, problem.section, problem.quote) == ("CX-01", "documents", "《没有的程序》")


def test_same_target_with_two_values_is_a_contradiction_with_both_quoted() -> None:
    one = document("## 目标\n产品返修率≤1%。\n", "维修服务程序", number="CX-01")
    other = document("## 目标\n返修率不高于 2%。\n", "服务目标", number="SC-02")
    [problem] = problems(check_quantities, one, other)
    assert (problem.code, problem.document, problem.section) == ("contradiction", "SC-02", other.procedure.sections[0].anchor)
    assert problem.message == "返修率前后不一：本处为 2%，CX-01《维修服务程序》为 1%"
    assert problem.quote == "返修率不高于 2%。 / 产品返修率≤1%。"


def test_contradiction_inside_one_document_is_found_too() -> None:
    [problem] = problems(check_quantities, document("## 目标\n返修率不高于 1%。\n## 考核\n返修率不高于 2%。\n"))
    assert problem.quote == "返修率不高于 2%。 / 返修率不高于 1%。"


@pytest.mark.parametrize("words", ["返修率不高于 1%。", "返修率不超过百分之 1。", "接通率不低于 2%。", "返修率按月统计。"])
def test_same_value_other_subjects_and_mere_mentions_pass(words: str) -> None:
    assert problems(check_quantities, document("## 目标\n返修率≤1%。\n"), document(f"## 考核\n{words}\n", "考核办法")) == []


def test_only_targets_are_compared() -> None:
    texts = [document(f"## 目标\n抽查合格率不低于 {value}%。\n", f"办法{value}") for value in (90, 95)]
    assert problems(check_quantities, *texts) == []


PREPARE, REVIEW, _, APPROVE = Meaning


def dates(*days: int | None) -> Dates:
    """Dates in March for prepare, review, approve, release and effect."""
    at = [date(2026, 3, number) if number else None for number in days]
    signed = tuple((meaning, day) for meaning, day in zip((PREPARE, REVIEW, APPROVE), at, strict=False) if day)
    return Dates(signed, at[3], at[4])


@pytest.mark.parametrize(
    ("days", "message", "quote"),
    [
        ((5, 4, 6, 7, 8), "审核日期 2026-03-04 早于编制日期 2026-03-05", "编制 2026-03-05，审核 2026-03-04"),
        ((1, 4, 3, 7, 8), "批准日期 2026-03-03 早于审核日期 2026-03-04", "审核 2026-03-04，批准 2026-03-03"),
        ((1, 2, 9, 7, 9), "发布日期 2026-03-07 早于批准日期 2026-03-09", "批准 2026-03-09，发布 2026-03-07"),
        ((1, 2, 3, 9, 8), "实施日期 2026-03-08 早于发布日期 2026-03-09", "发布 2026-03-09，实施 2026-03-08"),
        ((5, None, 4, None, None), "批准日期 2026-03-04 早于编制日期 2026-03-05", "编制 2026-03-05，批准 2026-03-04"),
    ],
)
def test_dates_that_run_backwards(days: tuple[int | None, ...], message: str, quote: str) -> None:
    [problem] = problems(check_dates, document("## 目的\n有。\n", dates=dates(*days)))
    assert (problem.code, problem.message, problem.quote) == ("date_order", message, quote)


@pytest.mark.parametrize("days", [(1, 2, 3, 4, 5), (1, 1, 1, 1, 1), (1, 2, None, None, None), (None,) * 5])
def test_dates_in_order_or_not_there_yet_pass(days: tuple[int | None, ...]) -> None:
    assert problems(check_dates, document("## 目的\n有。\n", dates=dates(*days))) == []


def test_problems_come_in_the_order_of_documents() -> None:
    first = document("## 相关文件\n《没有的程序》\n", "甲", number="CX-02")
    second = document("## 目的\n由【】负责。\n", "乙", number="CX-01")
    assert [problem.document for problem in find_problems(context(first, second))] == ["CX-02", "CX-01"]


def test_sound_documents_have_no_problems_at_all() -> None:
    body = "".join(f"## {title}\n本节有内容。\n" for title in ("目的", "范围", "职责", "程序及要求", "相关文件", "相关记录"))
    assert find_problems(context(document(body, kind="procedure"), COMPLAINT)) == []


def test_every_check_of_the_folder_is_run() -> None:
    modules = [import_module(found.name) for found in iter_modules(checks.__path__, "service.checks.")]
    there = {name for module in modules for name in vars(module) if name.startswith("check_")}
    assert {check.__name__ for check in CHECKS} == there
