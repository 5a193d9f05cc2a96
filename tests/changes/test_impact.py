"""What a change touches: exactly that, on the small manual and on texts made for the purpose."""

from __future__ import annotations

from dataclasses import replace

import pytest
from small_firm import Firm, day, found, moment, template_set
from small_manual import SET, TEXTS, take_into_force, with_manual
from sqlmodel import Session

from changes.asking import COMPLAINT, REPAIR, RULES, asked, rewritten, submitted
from service.changes.gather import gather, impact_on
from service.changes.impact import CarriedForm, Citing, DocumentImpact, Gathered, Leaning, SamePlace, Text, impact_of
from service.distribution.asking import Asked, ask
from service.distribution.issue import issue
from service.distribution.rules import CopyHolder, Medium
from service.documents.actions import draft_next
from service.documents.queries import in_force
from service.organisations.shipped import catalogue
from service.standards.shipped import standard
from service.text.model import Kind

ON = day(3, 1)


def impact(session: Session, firm: Firm, *numbers: str) -> tuple[DocumentImpact, ...]:
    gathered = gather(session, firm.organisation, ON, standard=standard(), catalogue=catalogue())
    return impact_of(gathered, numbers).documents


def test_complaint_procedure_is_cited_by_the_repair_procedure_and_answers_5_3_2_2(undone: Session, firm: Firm) -> None:
    assert impact(undone, firm, COMPLAINT) == (
        DocumentImpact(
            number=COMPLAINT,
            title="投诉处理程序",
            label="A/0",
            cited_by=(Citing("JC/SH-SC-09", "投诉处理", "A/0", ("1",)), Citing(REPAIR, "维修服务程序", "A/0", ("4.2", "5"))),
            forms=(CarriedForm("JC/SH-JL-02", "上门服务记录", "A/0", (REPAIR,)),),
            indicators=(Leaning("5.3.2.2", "投诉反馈与解决", (1, 2), ("4.1",), (1, 2), only=True),),
            copies_out=0,
            unacknowledged=0,
            open_requests=(),
            quantities=(),
        ),
    )


def test_repair_procedure_shares_its_target_with_the_targets_of_the_manual(undone: Session, firm: Firm) -> None:
    [found_impact] = impact(undone, firm, REPAIR)
    assert [row.number for row in found_impact.cited_by] == ["JC/SH-SC-08", COMPLAINT]
    assert [(row.number, row.shared_with) for row in found_impact.forms] == [("JC/SH-JL-01", ()), ("JC/SH-JL-02", (COMPLAINT,))]
    assert [(row.code, row.elements, row.only) for row in found_impact.indicators] == [
        ("5.2.4.1", (1, 2, 3), True),
        ("5.2.4.4", (1,), True),
    ]
    assert found_impact.quantities == (SamePlace("返修率", "≤ 1 %", "JC/SH-SC-05", "服务目标", "1", "返修率不高于 1%。"),)


def test_record_form_is_cited_by_the_procedures_that_carry_it(undone: Session, firm: Firm) -> None:
    [found_impact] = impact(undone, firm, "JC/SH-JL-02")
    assert [(row.number, row.clauses) for row in found_impact.cited_by] == [(REPAIR, ("4.2", "6")), (COMPLAINT, ("4.1", "6"))]
    assert (found_impact.forms, found_impact.indicators) == ((), ())


def test_impact_is_offered_before_anybody_asks(undone: Session, firm: Firm) -> None:
    document, _ = found(undone, firm, "投诉处理程序")
    one = impact_on(undone, firm.organisation, document, ON, standard=standard(), catalogue=catalogue())
    assert (one.on, one.standard, one.documents) == ("2026-03-01", "gbt27922-2011", impact(undone, firm, COMPLAINT))


def test_impact_of_a_day_on_which_nothing_was_in_force_tells_of_what_is_awaited_only(undone: Session, firm: Firm) -> None:
    gathered = gather(undone, firm.organisation, day(1, 25), standard=standard(), catalogue=catalogue())
    [found_impact] = impact_of(gathered, [COMPLAINT]).documents
    assert [row.number for row in found_impact.cited_by] == ["JC/SH-SC-09", REPAIR]
    assert found_impact.indicators == ()


def test_document_without_a_valid_text_is_left_out(undone: Session, firm: Firm) -> None:
    assert impact(undone, firm, "JC/SH-CX-77", RULES)[0].number == RULES


def test_copies_that_are_out_and_people_who_have_not_read_are_counted(undone: Session, firm: Firm) -> None:
    document, _ = found(undone, firm, "投诉处理程序")
    revision = next(pair.revision for pair in in_force(undone, firm.organisation.id, ON) if pair.document.id == document.id)
    holders = [CopyHolder(login="ding"), CopyHolder(name="王五", department="外协维修站")]
    issue(undone, firm.organisation, document, revision, holders, medium=Medium.PAPER, by=firm.controller, at=moment(2, 10))
    ask(
        undone,
        firm.organisation,
        document,
        revision,
        Asked(logins=frozenset({"ding"})),
        due_on=day(3, 15),
        by=firm.controller,
        at=moment(2, 10),
    )
    [found_impact] = impact(undone, firm, COMPLAINT)
    assert (found_impact.copies_out, found_impact.unacknowledged) == (2, 1)
    [other] = impact(undone, firm, REPAIR)
    assert (other.copies_out, other.unacknowledged) == (0, 0)


def test_other_requests_are_named_once_they_are_submitted(undone: Session, firm: Firm) -> None:
    asked(undone, firm)
    assert impact(undone, firm, COMPLAINT)[0].open_requests == ()
    number = submitted(undone, firm).number
    assert impact(undone, firm, COMPLAINT)[0].open_requests == (number,)
    assert impact(undone, firm, REPAIR)[0].open_requests == ()


def test_element_that_another_document_rules_too_is_not_left_open(undone: Session) -> None:
    twice = "claims:\n  - {indicator: 5.3.2.2, elements: [1, 2], section: handle}"
    texts = [
        text.replace("claims:\n", "claims:\n  - {indicator: 5.3.2.2, elements: [1], section: visit}\n") if "key: repair\n" in text else text
        for text in TEXTS
    ]
    assert any(twice in text for text in texts)
    needs = {need.key: need.name for need in SET.departments}
    other = with_manual(undone, "YI", template_set(*texts, departments=needs, posts={need.key: need.name for need in SET.posts}))
    complaint, repair = (number.replace("JC", "YI") for number in (COMPLAINT, REPAIR))
    alone = impact(undone, other, complaint)[0].indicators
    assert [(row.code, row.elements, row.left_open, row.only) for row in alone] == [("5.3.2.2", (1, 2), (2,), False)]
    together = impact(undone, other, complaint, repair)[0].indicators
    assert [(row.left_open, row.only) for row in together] == [((1, 2), True)]


def test_draft_that_is_still_written_touches_nothing(undone: Session, firm: Firm) -> None:
    document, _ = found(undone, firm, "服务规范")
    draft_next(undone, document, by=firm.preparer, at=moment(2, 20), change_summary="引用投诉处理程序")
    rewritten(undone, firm, "服务规范", ("佩戴工牌。", "佩戴工牌，遵守《投诉处理程序》。"))
    assert RULES not in [row.number for row in impact(undone, firm, COMPLAINT)[0].cited_by]
    take_into_force(undone, firm, *found(undone, firm, "服务规范"), at=moment(2, 25), effective_on=day(3, 1))
    assert RULES in [row.number for row in impact(undone, firm, COMPLAINT)[0].cited_by]


HEAD = "---\nkey: {key}\ntitle: {title}\nkind: work_instruction\ndepartment: a\n---\n{body}\n"


def text(number: str, title: str, body: str) -> Text:
    return Text(number, title, "A/0", Kind.WORK_INSTRUCTION, HEAD.format(key=number.lower(), title=title, body=body))


def citing(*bodies: str, number: str = "N-1", title: str = "甲规定") -> list[tuple[str, ...]]:
    """The clauses in which each of these texts cites document N-1《甲规定》, () where it does not."""
    others = [text(f"O-{position}", f"其他{position}", body) for position, body in enumerate(bodies)]
    gathered = Gathered(ON, "s", (text(number, title, "见《甲规定》。"), *others), (), frozenset())
    found_citing = {row.number: row.clauses for row in impact_of(gathered, [number]).documents[0].cited_by}
    return [found_citing.get(other.number, ()) for other in others]


@pytest.mark.parametrize(
    ("body", "clauses"),
    [
        ("## 做法\n按《甲规定》办。", ("1",)),
        ("## 做法\n按《 甲规定 》办。", ("1",)),
        ("## 做法\n按《甲\n规定》办。", ("1",)),
        ("## 做法\n按《**甲**规定》办。", ("1",)),
        ("## 做法\n按《&#30002;规定》办。", ("1",)),
        ("## 做法\n按《甲规定》办。\n### 细则\n| 依据 |\n|---|\n| 《甲规定》 |", ("1", "1.1")),
        ("## 做法\n按 N-1 办。", ("1",)),
        ("## 做法\n按N-1办，见 N-1。", ("1",)),
        ("## 做法\n按《甲规定实施细则》、《新甲规定》办。", ()),
        ("## 做法\n按 N-10、N-1-2、XN-1、M/N-1 办。", ()),
        ("## 做法\n甲规定没有书名号。", ()),
    ],
)
def test_text_cites_by_title_in_its_marks_or_by_whole_number(body: str, clauses: tuple[str, ...]) -> None:
    assert citing(body) == [clauses]


def test_citation_before_the_first_heading_has_no_clause() -> None:
    assert citing("按《甲规定》办。\n\n## 做法\n按 N-1 办。") == [("", "1")]


def test_document_does_not_cite_itself() -> None:
    assert citing() == []


def test_clauses_are_in_the_order_of_the_text() -> None:
    body = "\n".join(f"## 第{number}章\n按《甲规定》办。" for number in range(1, 12))
    assert citing(body) == [tuple(str(number) for number in range(1, 12))]


def test_same_quantity_is_found_by_subject_and_unit_among_targets_only() -> None:
    bodies = ["## 甲\n返修率不高于 1%。", "## 乙\n返修率应低于 3%。", "## 丙\n返修率不高于 5 次。", "## 丁\n投诉率不高于 1%。"]
    texts = tuple(text(f"Q-{position}", f"量{position}", body) for position, body in enumerate(bodies))
    gathered = Gathered(ON, "s", texts, (), frozenset({"返修率"}))
    [found_impact] = impact_of(gathered, ["Q-0"]).documents
    assert [(row.number, row.value, row.clause) for row in found_impact.quantities] == [("Q-1", "≤ 3 %", "1")]
    assert impact_of(replace(gathered, targets=frozenset()), ["Q-0"]).documents[0].quantities == ()
