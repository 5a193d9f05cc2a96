"""What the checks look at: the texts in force or the drafts, of one organisation, on a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from small_firm import (
    COMPLAINT,
    ORDER,
    REPAIR,
    TEXTS,
    VISIT,
    Firm,
    advance,
    cloned,
    day,
    form,
    found,
    founded,
    moment,
    release,
    template_set,
    with_drafts,
)
from sqlmodel import Session

from service.approvals.rules import Meaning
from service.checks.queries import find_problems, gather
from service.checks.recent import problems_of
from service.checks.rules import Checked, Context, Dates, Problem, Severity
from service.clock import today
from service.documents.actions import draft_next, edit, make_obsolete
from service.documents.rules import Status
from service.documents.texts import procedure_of
from service.organisations.actions import set_value
from service.organisations.rules import SYSTEM
from service.organisations.shipped import catalogue


def gathered(session: Session, firm: Firm, on: date) -> Context:
    """As if `on` were today: drafts and all."""
    return gather(session, firm.organisation, on, catalogue(), (), drafts=True)


def checked(session: Session, firm: Firm, on: date, title: str = COMPLAINT) -> Checked:
    return next(document for document in gathered(session, firm, on).documents if document.title == title)


def codes(session: Session, firm: Firm, on: date) -> list[str]:
    return [problem.code for problem in find_problems(gathered(session, firm, on))]


def test_filled_and_released_set_has_no_problems(undone: Session) -> None:
    firm = with_drafts(undone)
    for title in (REPAIR, COMPLAINT):
        advance(undone, firm, title, at=moment(2, 1))
    context = gathered(undone, firm, day(2, 1))
    assert [document.title for document in context.documents] == [REPAIR, COMPLAINT, ORDER, VISIT]
    assert find_problems(context) == []


def test_fresh_drafts_of_a_filled_profile_have_no_problems(undone: Session) -> None:
    firm = with_drafts(undone)
    assert codes(undone, firm, day(2, 1)) == []


def test_blank_in_a_draft_is_a_problem_not_an_error(undone: Session) -> None:
    firm = founded(undone)
    cloned(undone, firm, template_set(form("order", ORDER, "顾客: _ | 投诉电话: {{ company.complaint_phone }}")))
    [problem] = find_problems(gathered(undone, firm, day(2, 1)))
    assert (problem.code, problem.document) == ("unfilled_variable", "JC/SH-JL-01")
    assert "【待填:company.complaint_phone】" in problem.message


def test_draft_that_cannot_be_read_is_one_problem_and_the_others_are_checked(undone: Session) -> None:
    firm = with_drafts(undone)
    document, draft = found(undone, firm, REPAIR)
    asked = "{% if targets.repair_days > 3 %}\n不超过一周。\n{% endif %}\n"
    source = draft.source.replace("## 目的", f"## 目的\n\n{asked}", 1)
    how: dict[str, Any] = {"by": SYSTEM, "catalogue": catalogue(), "valid_from": day(1, 6)}
    set_value(undone, firm.organisation, "targets.repair_days", 4, at=moment(1, 6), **how)
    edit(undone, document, draft, source, by=firm.preparer, at=moment(1, 6))
    assert codes(undone, firm, day(1, 7)) == []
    set_value(undone, firm.organisation, "targets.repair_days", None, at=moment(1, 7), **how)
    line = source.split("\n").index(asked.split("\n")[0]) + 1
    why = f"第 {line} 行，条件或循环无法计算，请检查变量的类型"
    context = gathered(undone, firm, day(1, 7))
    assert find_problems(context) == [  # others name it as before; it lacks no section that nobody can see
        Problem("unreadable_draft", Severity.ERROR, document.number, "", f"草稿现在不能读取，其他内容无法检查：{why}", "")
    ]
    assert problems_of(context) == problems_of(gathered(undone, firm, day(1, 7)))
    other, complaint = found(undone, firm, COMPLAINT)
    edit(undone, other, complaint, complaint.source.replace("5 个工作日", "【】个工作日"), by=firm.preparer, at=moment(1, 8))
    assert sorted(codes(undone, firm, day(1, 8))) == ["bracket_blank", "unreadable_draft"]


def test_text_in_force_is_checked_while_the_next_is_drafted(undone: Session) -> None:
    firm = with_drafts(undone)
    advance(undone, firm, COMPLAINT, at=moment(2, 1))
    document, _ = found(undone, firm, COMPLAINT)
    draft = draft_next(undone, document, by=firm.preparer, at=moment(3, 1), change_summary="改")
    edit(undone, document, draft, TEXTS[1].replace("5 个工作日", "【】个工作日"), by=firm.preparer, at=moment(3, 1))
    assert checked(undone, firm, day(4, 1)).label == "A/0"
    assert "bracket_blank" not in codes(undone, firm, day(4, 1))


def test_released_text_is_checked_before_it_takes_force(undone: Session) -> None:
    firm = with_drafts(undone)
    for title in (REPAIR, COMPLAINT):
        advance(undone, firm, title, at=moment(2, 1), effective_on=day(3, 1))
    assert [document.in_force for document in gathered(undone, firm, day(2, 15)).documents] == [True] * 4
    assert codes(undone, firm, day(2, 15)) == []


@pytest.mark.parametrize(("status", "released"), [(Status.DRAFT, False), (Status.APPROVED, False), (Status.RELEASED, True)])
def test_only_what_is_released_counts_as_in_force(undone: Session, status: Status, released: bool) -> None:
    firm = with_drafts(undone)
    if status is not Status.DRAFT:
        advance(undone, firm, COMPLAINT, status, at=moment(2, 1))
    assert checked(undone, firm, day(2, 1)).in_force is released


@pytest.mark.parametrize(("on", "seen"), [(day(1, 20), []), (day(2, 15), []), (day(3, 1), [COMPLAINT, VISIT])])
def test_on_another_day_than_today_only_what_is_in_force_is_looked_at(undone: Session, on: date, seen: list[str]) -> None:
    firm = with_drafts(undone)
    advance(undone, firm, COMPLAINT, at=moment(2, 1), effective_on=day(3, 1))
    context = gather(undone, firm.organisation, on, catalogue(), (), drafts=False)
    assert [document.title for document in context.documents] == seen


def test_unless_told_drafts_are_looked_at_today_only(undone: Session) -> None:
    firm = with_drafts(undone)
    now = today(firm.organisation.time_zone)
    found_on = {on: gather(undone, firm.organisation, on, catalogue(), ()).documents for on in (now, now + timedelta(days=400), day(1, 1))}
    assert [len(documents) for documents in found_on.values()] == [4, 0, 0]


def test_title_that_takes_force_later_is_not_obsolete(undone: Session) -> None:
    firm = with_drafts(undone)
    advance(undone, firm, REPAIR, at=moment(2, 1))
    advance(undone, firm, COMPLAINT, at=moment(2, 1), effective_on=day(3, 1))
    context = gather(undone, firm.organisation, day(2, 1), catalogue(), (), drafts=False)
    assert context.obsolete_titles == frozenset()


def test_reference_to_a_document_that_was_made_obsolete(undone: Session) -> None:
    firm = with_drafts(undone)
    for title in (REPAIR, COMPLAINT):
        advance(undone, firm, title, at=moment(2, 1))
    document, revision = found(undone, firm, COMPLAINT)
    make_obsolete(undone, document, revision, on=day(5, 1), by=firm.controller, at=moment(4, 1), reason="不再使用")
    assert codes(undone, firm, day(4, 30)) == []
    assert codes(undone, firm, day(5, 1)) == ["obsolete_reference"] * 2


def test_former_title_of_a_renamed_document_counts_as_obsolete(undone: Session) -> None:
    firm = with_drafts(undone)
    for title in (REPAIR, COMPLAINT):
        advance(undone, firm, title, at=moment(2, 1))
    document, _ = found(undone, firm, COMPLAINT)
    draft = draft_next(undone, document, by=firm.preparer, at=moment(3, 1), change_summary="改名")
    edit(undone, document, draft, TEXTS[1].replace(COMPLAINT, "顾客投诉程序"), by=firm.preparer, at=moment(3, 1))
    advance(undone, firm, "顾客投诉程序", at=moment(3, 1))
    context = gathered(undone, firm, day(3, 1))
    assert context.obsolete_titles == {COMPLAINT}


def test_dates_are_the_organisations_local_days(undone: Session) -> None:
    firm = with_drafts(undone)
    late = moment(2, 1).replace(hour=17)  # already 2 February in Shanghai
    advance(undone, firm, COMPLAINT, Status.APPROVED, at=late)
    release(undone, firm, COMPLAINT, at=late, effective_on=day(2, 3))
    signed = tuple((meaning, day(2, 2)) for meaning in (Meaning.PREPARE, Meaning.REVIEW, Meaning.APPROVE))
    assert checked(undone, firm, day(3, 1)).dates == Dates(signed, day(2, 2), day(2, 3))


def test_chart_and_targets_are_those_of_the_organisation(undone: Session) -> None:
    context = gathered(undone, founded(undone), day(2, 1))
    assert context.names == {"公司管理层", "服务部", "总经理", "管理者代表", "文控员", "服务部经理"}
    assert {"返修率", "一次修复率", "投诉率"} <= context.target_labels


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("返修率不高于 1%。", "产品返修率不高于 2%。"),
        ("顾客满意度不低于 90 分。", "顾客满意度不低于 95 分。"),
        ("报修响应时限为 30 分钟。", "报修响应时限为 60 分钟。"),
        ("培训经费占售后服务经费比例不低于 2%。", "培训经费不低于售后服务经费的 3%。"),
    ],
)
def test_targets_of_the_catalogue_are_compared_as_texts_name_them(undone: Session, one: str, other: str) -> None:
    firm = founded(undone)
    texts = [TEXTS[1].replace("投诉在", f"{words}投诉在").replace("records: [visit]\n", "") for words in (one, other)]
    second = texts[1].replace("key: complaint", "key: second").replace(COMPLAINT, "第二程序")
    cloned(undone, firm, template_set(texts[0], second))
    found_ones = [problem for problem in find_problems(gathered(undone, firm, day(2, 1))) if problem.code == "contradiction"]
    assert [problem.quote for problem in found_ones] == [f"{other} / {one}"]


def test_draft_that_names_a_post_which_nobody_has_put_on_the_chart_is_a_problem_of_its_own_only(undone: Session) -> None:
    firm = with_drafts(undone)
    document, revision = found(undone, firm, COMPLAINT)
    source = revision.source.replace("## 目的\n", "## 目的\n由{{ posts.hotline_agent }}负责。\n", 1)
    edit(undone, document, revision, source, by=firm.preparer, at=moment(1, 6))
    problems = find_problems(gathered(undone, firm, day(1, 6)))
    assert [(problem.document, problem.code) for problem in problems] == [(document.number, "unfilled_variable")]
    assert "【待填:posts.hotline_agent】" in str(procedure_of(undone, firm.organisation, revision))
