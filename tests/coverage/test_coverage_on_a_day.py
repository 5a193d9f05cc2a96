"""Coverage of an organisation on a date: claims in force, confirmed, without blanks; what has changed is in doubt."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from small_firm import (
    CLONED,
    COMPLAINT,
    ORDER,
    REPAIR,
    STANDARD,
    TEXTS,
    Firm,
    advance,
    approve,
    cloned,
    day,
    form,
    found,
    founded,
    moment,
    release,
    return_,
    review,
    submit,
    template_set,
    with_drafts,
)
from sqlmodel import Session, col, select

from service.approvals import actions as approvals
from service.coverage.models import Claim, Confirmation
from service.coverage.queries import IndicatorRow, coverage_on
from service.coverage.rules import ElementState, State
from service.documents.actions import draft_next, edit, make_obsolete
from service.documents.rules import Status
from service.errors import InputError
from service.standards.actions import decide_not_applicable
from service.standards.rules import Standard
from service.trail.queries import entries

YEAR_END = day(12, 31)


def rows(
    session: Session, firm: Firm, on: date = YEAR_END, known_at: datetime | None = None, standard: Standard = STANDARD
) -> dict[str, IndicatorRow]:
    return {row.indicator.code: row for row in coverage_on(session, firm.organisation.id, standard, on, known_at).indicators}


def states(session: Session, firm: Firm, on: date = YEAR_END, known_at: datetime | None = None) -> dict[str, str]:
    return {code: row.state.value for code, row in rows(session, firm, on, known_at).items()}


def elements(session: Session, firm: Firm, code: str) -> list[ElementState]:
    return [element.state for element in rows(session, firm)[code].elements]


def changed(session: Session, firm: Firm, title: str, old: str, new: str) -> None:
    """The next revision of a document as a draft with other words."""
    document, revision = found(session, firm, title)
    draft = draft_next(session, document, by=firm.preparer, at=moment(6, 1), change_summary="改")
    assert old in revision.source
    edit(session, document, draft, revision.source.replace(old, new), by=firm.preparer, at=moment(6, 1))


def with_complaint(session: Session, *changes: tuple[str, str]) -> Firm:
    """A firm with a draft of 投诉处理程序 alone, whose words are changed."""
    text = TEXTS[1].replace("records: [visit]\n", "")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    firm = founded(session)
    cloned(session, firm, template_set(text))
    return firm


def test_fresh_clone_claims_nothing(undone: Session) -> None:
    assert states(undone, with_drafts(undone)) == {"5.1.1": "uncovered", "5.1.2": "uncovered", "5.1.11": "uncovered"}


@pytest.mark.parametrize("status", [Status.IN_REVIEW, Status.IN_APPROVAL, Status.APPROVED])
def test_claim_on_its_way_does_not_count(undone: Session, status: Status) -> None:
    firm = with_drafts(undone)
    advance(undone, firm, COMPLAINT, status)
    assert states(undone, firm)["5.1.2"] == "uncovered"


def test_released_and_confirmed_sections_cover_their_indicators(undone: Session) -> None:
    firm = with_drafts(undone)
    for title in (REPAIR, COMPLAINT):
        advance(undone, firm, title, at=moment(2, 1))
    assert states(undone, firm) == {"5.1.1": "covered", "5.1.2": "covered", "5.1.11": "uncovered"}
    assert elements(undone, firm, "5.1.1") == [ElementState.RULED, ElementState.EVIDENCE_DUE]


def test_totals_count_indicators_per_state_in_the_standards_order(undone: Session) -> None:
    firm = with_drafts(undone)
    advance(undone, firm, COMPLAINT, at=moment(2, 1))
    coverage = coverage_on(undone, firm.organisation.id, STANDARD, YEAR_END)
    assert coverage.totals == {"indicators": 3, "covered": 1, "partial": 0, "suspect": 0, "uncovered": 2, "not_applicable": 0}
    assert [row.indicator.code for row in coverage.indicators] == ["5.1.1", "5.1.2", "5.1.11"]


def test_claim_counts_from_the_effective_date_until_the_document_is_obsolete(undone: Session) -> None:
    firm = with_drafts(undone)
    revision = advance(undone, firm, COMPLAINT, at=moment(2, 1), effective_on=day(3, 1))
    document, _ = found(undone, firm, COMPLAINT)
    make_obsolete(undone, document, revision, on=day(9, 1), by=firm.controller, at=moment(8, 1), reason="不再使用")
    days = (day(2, 28), day(3, 1), day(8, 31), day(9, 1))
    assert [states(undone, firm, on)["5.1.2"] for on in days] == ["uncovered", "covered", "covered", "uncovered"]
    assert states(undone, firm, day(10, 1), known_at=moment(7, 1))["5.1.2"] == "covered"


def test_claim_is_shown_with_the_words_that_answer_and_who_confirmed(undone: Session) -> None:
    firm = with_drafts(undone)
    advance(undone, firm, REPAIR, at=moment(2, 1))
    claim = rows(undone, firm)["5.1.1"].claims[0]
    assert (claim.document, claim.title, claim.label, claim.department) == ("JC/SH-CX-01", REPAIR, "A/0", "service")
    assert (claim.section, claim.clause, claim.section_title, claim.element) == ("accept", "4.1", "受理", 1)
    assert claim.quote == "服务部经理接到热线 400-000-0001 的报修后，在 30 分钟内登记《报修单》。"
    assert claim.confirmed_by == "易二"


def test_claims_are_shown_in_the_order_of_elements_documents_and_clauses(undone: Session) -> None:
    sections = "".join(f"### 节{n} {{#part-{n}}}\n第 {n} 件投诉的处理时限是 {n} 日。\n" for n in range(2, 12))
    claims = "".join(f"  - {{indicator: 5.1.2, elements: [1], section: part-{n}}}\n" for n in (11, 2, 10))
    firm = with_complaint(undone, ("## 相关文件", sections + "## 相关文件"), ("claims:\n", "claims:\n" + claims))
    advance(undone, firm, COMPLAINT)
    assert [claim.clause for claim in rows(undone, firm)["5.1.2"].claims] == ["4.1", "4.2", "4.10", "4.11"]


def test_reviewer_confirms_claim_by_claim(undone: Session) -> None:
    firm = with_complaint(undone, ("claims:\n", "claims:\n  - {indicator: 5.1.11, elements: [1], section: purpose}\n"))
    submit(undone, firm, COMPLAINT)
    document, revision = found(undone, firm, COMPLAINT)
    approvals.review(undone, document, revision, standard=STANDARD, by=firm.reviewer, at=moment(2, 1), confirmed=["5.1.2"])
    approve(undone, firm, COMPLAINT, at=moment(2, 1))
    release(undone, firm, COMPLAINT, at=moment(2, 1))
    assert states(undone, firm) == {"5.1.1": "uncovered", "5.1.2": "covered", "5.1.11": "partial"}
    assert elements(undone, firm, "5.1.11") == [ElementState.UNCONFIRMED]
    [entry] = [entry for entry in entries(undone, firm.organisation.id) if entry.action == "claim:confirm"]
    assert entry.details["claims"] == ["5.1.2[1] handle"]


def test_confirmation_is_a_row_of_its_own_bound_to_both_fingerprints(undone: Session) -> None:
    firm = with_complaint(undone)
    advance(undone, firm, COMPLAINT, at=moment(2, 1))
    [claim] = undone.exec(select(Claim).where(Claim.organisation_id == firm.organisation.id))
    [row] = undone.exec(select(Confirmation).where(Confirmation.organisation_id == firm.organisation.id))
    assert (row.section_fingerprint, row.login, row.name, row.at) == (claim.section_fingerprint, "yi", "易二", moment(2, 1))
    assert len(row.indicator_fingerprint) == 64


@pytest.mark.parametrize("leftover", ["××公司负责处理投诉。", "投诉电话：。", "由【】处理。", "mmm 负责处理。", "按《》处理。"])
def test_blank_or_leftover_in_the_section_spoils_its_claim(undone: Session, leftover: str) -> None:
    firm = with_complaint(undone, ("投诉在 5 个工作日内办结", leftover + "投诉在 5 个工作日内办结"))
    advance(undone, firm, COMPLAINT)
    assert states(undone, firm)["5.1.2"] == "uncovered"
    assert rows(undone, firm)["5.1.2"].claims[0].confirmed_by == ""


def test_blank_in_a_subsection_spoils_the_claim_on_the_section(undone: Session) -> None:
    firm = with_complaint(undone, ("section: handle", "section: procedure"), ("投诉在 5 个工作日内办结", "由【】办结"))
    advance(undone, firm, COMPLAINT)
    assert states(undone, firm)["5.1.2"] == "uncovered"


def test_blank_in_another_section_spoils_nothing(undone: Session) -> None:
    firm = with_complaint(undone, ("适用于顾客的全部投诉。", "适用于【】。"))
    advance(undone, firm, COMPLAINT)
    assert states(undone, firm)["5.1.2"] == "covered"


def test_claim_that_the_reviewer_leaves_out_counts_no_longer_though_its_section_is_unchanged(undone: Session) -> None:
    firm = with_drafts(undone)
    advance(undone, firm, COMPLAINT, at=moment(2, 1))
    changed(undone, firm, COMPLAINT, "使每一件投诉都有结果。", "使每一件投诉都有答复。")
    not_confirmed(undone, firm)
    [claim] = rows(undone, firm)["5.1.2"].claims
    assert (claim.label, claim.confirmed_by, elements(undone, firm, "5.1.2")) == ("A/1", "", [ElementState.UNCONFIRMED])
    assert states(undone, firm, day(6, 1), known_at=moment(6, 1))["5.1.2"] == "covered"
    [entry] = [entry for entry in entries(undone, firm.organisation.id) if entry.action == "claim:void"]
    assert (entry.by, entry.details["label"], entry.details["claims"]) == ("yi", "A/1", ["5.1.2[1] handle"])


def test_confirmation_carries_over_while_the_section_is_unchanged(undone: Session) -> None:
    firm = with_drafts(undone)
    advance(undone, firm, COMPLAINT, at=moment(2, 1))
    changed(undone, firm, COMPLAINT, "使每一件投诉都有结果。", "使每一件投诉都有答复。")
    advance(undone, firm, COMPLAINT, Status.IN_APPROVAL, at=moment(6, 2))
    return_(undone, firm, COMPLAINT, at=moment(6, 3))
    assert states(undone, firm)["5.1.2"] == "covered"  # by the confirmation of A/0, which nobody doubted


def test_review_that_was_returned_confirms_nothing(undone: Session) -> None:
    firm = with_complaint(undone)
    advance(undone, firm, COMPLAINT, Status.IN_APPROVAL, at=moment(2, 1))
    return_(undone, firm, COMPLAINT, at=moment(2, 2))
    [row] = undone.exec(select(Confirmation).where(Confirmation.organisation_id == firm.organisation.id))
    assert (row.revision_id, row.voided_at) == (found(undone, firm, COMPLAINT)[1].id, moment(2, 2))
    not_confirmed(undone, firm)
    assert states(undone, firm)["5.1.2"] == "partial"
    assert elements(undone, firm, "5.1.2") == [ElementState.UNCONFIRMED]


def test_reviewer_cannot_confirm_what_the_text_does_not_claim(undone: Session) -> None:
    firm = with_complaint(undone)
    submit(undone, firm, COMPLAINT)
    document, revision = found(undone, firm, COMPLAINT)
    with pytest.raises(InputError, match=r"没有对应指标 5\.1\.11、9\.9，不能确认；已对应的指标：5\.1\.2") as caught:
        approvals.review(
            undone, document, revision, standard=STANDARD, by=firm.reviewer, at=CLONED, confirmed=["5.1.11", "5.1.2", "9.9", "9.9"]
        )
    assert (caught.value.code, revision.status) == ("unclaimed_indicator", Status.IN_REVIEW)


def test_review_says_how_many_claims_it_confirmed(undone: Session) -> None:
    firm = with_drafts(undone)
    submit(undone, firm, REPAIR)
    document, revision = found(undone, firm, REPAIR)
    assert approvals.review(undone, document, revision, standard=STANDARD, by=firm.reviewer, at=CLONED) == 2


def not_confirmed(session: Session, firm: Firm) -> None:
    """Release the next revision, of whose claims the reviewer confirms none."""
    submit(session, firm, COMPLAINT, at=moment(6, 2))
    document, revision = found(session, firm, COMPLAINT)
    approvals.review(session, document, revision, standard=STANDARD, by=firm.reviewer, at=moment(6, 2), confirmed=[])
    approve(session, firm, COMPLAINT, at=moment(6, 2))
    release(session, firm, COMPLAINT, at=moment(6, 2))


def test_changed_section_makes_the_indicator_suspect_until_it_is_confirmed_again(undone: Session) -> None:
    firm = with_drafts(undone)
    advance(undone, firm, COMPLAINT, at=moment(2, 1))
    changed(undone, firm, COMPLAINT, "5 个工作日", "7 个工作日")
    not_confirmed(undone, firm)
    assert states(undone, firm, day(6, 1))["5.1.2"] == "covered"
    assert states(undone, firm, day(6, 2))["5.1.2"] == "suspect"
    assert elements(undone, firm, "5.1.2") == [ElementState.SUSPECT]
    changed(undone, firm, COMPLAINT, "使每一件", "使得每一件")
    advance(undone, firm, COMPLAINT, at=moment(7, 1))
    assert states(undone, firm, day(7, 1))["5.1.2"] == "covered"


def test_changed_section_that_the_reviewer_confirms_stays_covered(undone: Session) -> None:
    firm = with_drafts(undone)
    advance(undone, firm, COMPLAINT, at=moment(2, 1))
    changed(undone, firm, COMPLAINT, "5 个工作日", "7 个工作日")
    advance(undone, firm, COMPLAINT, at=moment(6, 2))
    assert states(undone, firm, day(6, 1))["5.1.2"] == states(undone, firm, day(6, 2))["5.1.2"] == "covered"


def test_changed_indicator_makes_its_confirmations_suspect(undone: Session) -> None:
    firm = with_drafts(undone)
    advance(undone, firm, COMPLAINT, at=moment(2, 1))
    nodes = tuple(replace(node, requirement="改了的要求") if node.code == "5.1.2" else node for node in STANDARD.nodes)
    after = rows(undone, firm, standard=replace(STANDARD, nodes=nodes))
    assert (after["5.1.2"].state, rows(undone, firm)["5.1.2"].state) == (State.SUSPECT, State.COVERED)


def test_claim_dropped_in_the_next_revision_counts_no_longer(undone: Session) -> None:
    firm = with_drafts(undone)
    advance(undone, firm, COMPLAINT, at=moment(2, 1))
    changed(undone, firm, COMPLAINT, "claims:\n  - {indicator: 5.1.2, elements: [1], section: handle}\n", "")
    advance(undone, firm, COMPLAINT, at=moment(6, 2))
    assert states(undone, firm)["5.1.2"] == "uncovered"


def test_return_withdraws_the_claims(undone: Session) -> None:
    firm = with_complaint(undone)
    advance(undone, firm, COMPLAINT, Status.IN_APPROVAL)
    query = select(Claim).where(col(Claim.organisation_id) == firm.organisation.id)
    assert len(undone.exec(query).all()) == 1
    return_(undone, firm, COMPLAINT)
    assert undone.exec(query).all() == []
    advance(undone, firm, COMPLAINT)
    assert states(undone, firm)["5.1.2"] == "covered"


def test_two_documents_may_answer_one_indicator_together(undone: Session) -> None:
    second = TEXTS[1].replace("{indicator: 5.1.2, elements: [1], section: handle}", "{indicator: 5.1.1, elements: [2], section: handle}")
    firm = founded(undone)
    first = TEXTS[0].replace("  - {indicator: 5.1.1, elements: [2], section: records}\n", "")
    cloned(undone, firm, template_set(first, second))
    advance(undone, firm, REPAIR)
    assert states(undone, firm)["5.1.1"] == "partial"
    advance(undone, firm, COMPLAINT)
    assert states(undone, firm)["5.1.1"] == "covered"


def test_deleted_indicator_is_not_applicable_with_its_reason(undone: Session) -> None:
    firm = with_drafts(undone)
    decide_not_applicable(
        undone,
        firm.organisation.id,
        STANDARD,
        "5.1.11",
        justification="不做回访",
        approved_by="贾一",
        decided_on=day(3, 1),
        by=firm.approver,
        at=moment(3, 1),
    )
    row = rows(undone, firm)["5.1.11"]
    assert row.not_applicable
    assert (row.state, row.not_applicable.justification) == (State.NOT_APPLICABLE, "不做回访")
    assert states(undone, firm, day(2, 28))["5.1.11"] == "uncovered"


def test_deletion_recorded_later_does_not_count_by_what_was_known_before(undone: Session) -> None:
    firm = with_drafts(undone)
    decide_not_applicable(
        undone,
        firm.organisation.id,
        STANDARD,
        "5.1.11",
        justification="不做回访",
        approved_by="贾一",
        decided_on=day(3, 1),
        by=firm.approver,
        at=moment(4, 1),
    )
    known = [states(undone, firm, day(3, 15), known_at=moment(month, 2))["5.1.11"] for month in (3, 4)]
    assert known == ["uncovered", "not_applicable"]


@pytest.mark.parametrize(
    ("old", "new", "code", "words"),
    [
        ("indicator: 5.1.2", "indicator: 5.1.9", "unknown_indicator", "5.1.9"),
        ("indicator: 5.1.2", 'indicator: "5.1"', "unknown_indicator", "5.1"),
        ("elements: [1]", "elements: [1, 2]", "unknown_element", "第 2 项要素，该指标只有 1 项"),
        ("section: handle", "section: handling", "unknown_section", "handling"),
    ],
)
def test_claim_on_what_does_not_exist_is_refused_at_submission(undone: Session, old: str, new: str, code: str, words: str) -> None:
    firm = with_complaint(undone, (old, new))
    before = found(undone, firm, COMPLAINT)[1].model_dump()
    with pytest.raises(InputError, match=words) as caught, undone.begin_nested():
        submit(undone, firm, COMPLAINT)
    assert caught.value.code == code
    assert found(undone, firm, COMPLAINT)[1].model_dump() == before


def test_text_without_sections_cannot_claim_an_indicator(undone: Session) -> None:
    firm = founded(undone)
    claiming = form("order", ORDER).replace("retention: service", "claims: [{indicator: 5.1.11, elements: [1]}]")
    cloned(undone, firm, template_set(claiming))
    with pytest.raises(InputError, match=r"没有章节，不能对应指标 5\.1\.11") as caught, undone.begin_nested():
        submit(undone, firm, ORDER)
    assert caught.value.code == "unknown_section"


def test_review_names_in_the_trail_what_it_confirmed(undone: Session) -> None:
    firm = with_drafts(undone)
    submit(undone, firm, REPAIR)
    review(undone, firm, REPAIR)
    [entry] = [entry for entry in entries(undone, firm.organisation.id) if entry.action == "claim:confirm"]
    assert entry.details["claims"] == ["5.1.1[1] accept", "5.1.1[2] records"]
    assert (entry.by, entry.subject_id) == ("yi", "JC/SH-CX-01")
