"""定期评审: due lists of a day on both clocks, the three verdicts, and who may give them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from small_firm import COMPLAINT, ORDER, REPAIR, VISIT, Firm, advance, day, found, moment, with_drafts
from sqlmodel import Session

from service.documents.actions import draft_next, make_obsolete
from service.documents.due_list import DueItem, due_items
from service.documents.models import PeriodicReview
from service.documents.queries import revisions
from service.documents.review_queries import review_states, reviews_of
from service.documents.review_rules import Task, Verdict
from service.documents.reviews import record_review, set_review_months
from service.documents.rules import Status
from service.errors import Forbidden, InputError, Refused
from service.organisations.roles import HeldRole, Role
from service.organisations.rules import Actor
from service.trail.queries import entries


def firm_with(session: Session, code: str = "JC") -> Firm:
    """投诉处理程序 with its form in force since 31 January 2026, 维修服务程序 still a draft."""
    firm = with_drafts(session, code)
    advance(session, firm, COMPLAINT, at=moment(1, 20), effective_on=day(1, 31))
    return firm


def reviewed(
    session: Session,
    firm: Firm,
    verdict: Verdict = Verdict.KEEP,
    *,
    at: datetime,
    title: str = COMPLAINT,
    comment: str = "",
    reviewed_on: date | None = None,
    by: Actor | None = None,
) -> PeriodicReview:
    document, _ = found(session, firm, title)
    who = by or firm.reviewer
    return record_review(session, firm.organisation, document, verdict, comment=comment, reviewed_on=reviewed_on, by=who, at=at)


def dues(session: Session, firm: Firm, on: date, known_at: datetime | None = None) -> dict[str, date]:
    return {state.revision.title: state.due_on for state in review_states(session, firm.organisation.id, on, known_at)}


def items(session: Session, firm: Firm, on: date) -> dict[str, DueItem]:
    return {item.title: item for item in due_items(session, firm.organisation, on)}


def test_first_review_is_due_a_year_after_the_text_took_force(undone: Session) -> None:
    firm = firm_with(undone)
    assert dues(undone, firm, day(1, 30)) == {}
    assert dues(undone, firm, day(1, 31)) == {COMPLAINT: date(2027, 1, 31), VISIT: date(2027, 1, 31)}


@pytest.mark.parametrize(("months", "due_on"), [(1, date(2026, 2, 28)), (3, date(2026, 4, 30)), (60, date(2031, 1, 31))])
def test_due_day_follows_the_documents_own_cycle_to_the_end_of_the_month(undone: Session, months: int, due_on: date) -> None:
    firm = firm_with(undone)
    document, _ = found(undone, firm, COMPLAINT)
    set_review_months(undone, document, months, by=firm.controller, at=moment(2, 1))
    assert dues(undone, firm, day(3, 1))[COMPLAINT] == due_on


def test_a_review_and_a_new_revision_each_begin_the_cycle_anew(undone: Session) -> None:
    firm = firm_with(undone)
    reviewed(undone, firm, at=moment(6, 15))
    assert dues(undone, firm, day(6, 14))[COMPLAINT] == date(2027, 1, 31)
    assert dues(undone, firm, day(6, 15))[COMPLAINT] == date(2027, 6, 15)
    draft_next(undone, found(undone, firm, COMPLAINT)[0], by=firm.preparer, at=moment(7, 1), change_summary="改")
    advance(undone, firm, COMPLAINT, at=moment(7, 1), effective_on=day(8, 1))
    assert dues(undone, firm, day(8, 1))[COMPLAINT] == date(2027, 8, 1)


def test_review_told_later_counts_from_its_day_and_shows_on_the_second_clock(undone: Session) -> None:
    firm = firm_with(undone)
    reviewed(undone, firm, at=moment(9, 1), reviewed_on=day(6, 15))
    assert dues(undone, firm, day(7, 1))[COMPLAINT] == date(2027, 6, 15)
    assert dues(undone, firm, day(7, 1), known_at=moment(8, 31))[COMPLAINT] == date(2027, 1, 31)


def test_what_is_due_appears_thirty_days_before_with_days_left_and_department(undone: Session) -> None:
    firm = firm_with(undone)
    assert items(undone, firm, date(2026, 12, 31)) == {}
    shown = items(undone, firm, date(2027, 1, 1))
    assert set(shown) == {COMPLAINT, VISIT}
    item = shown[COMPLAINT]
    assert (item.task, item.number, item.label) == (Task.REVIEW, "JC/SH-CX-02", "A/0")
    assert (item.department, item.department_name, item.due_on, item.days_left) == ("service", "服务部", date(2027, 1, 31), 30)
    assert items(undone, firm, date(2027, 2, 10))[COMPLAINT].days_left == -10


def test_due_list_reaches_as_far_ahead_as_one_asks(undone: Session) -> None:
    firm = firm_with(undone)
    far = due_items(undone, firm.organisation, day(2, 1), within=364)
    assert [item.title for item in far] == [COMPLAINT, VISIT]
    assert due_items(undone, firm.organisation, day(2, 1), within=363) == []


def test_document_whose_end_is_decided_needs_no_review(undone: Session) -> None:
    firm = firm_with(undone)
    document, revision = found(undone, firm, COMPLAINT)
    make_obsolete(undone, document, revision, on=date(2027, 3, 1), by=firm.controller, at=moment(12, 1), reason="合并")
    assert set(dues(undone, firm, date(2027, 2, 1))) == {VISIT}
    assert set(dues(undone, firm, date(2027, 2, 1), known_at=moment(11, 30))) == {COMPLAINT, VISIT}


def test_keeping_leaves_nothing_to_be_done(undone: Session) -> None:
    firm = firm_with(undone)
    row = reviewed(undone, firm, at=moment(6, 1))
    assert (row.login, row.name, row.post, row.reviewed_on) == ("yi", "易二", "管理者代表", day(6, 1))
    assert items(undone, firm, day(6, 1)) == {}
    assert len(revisions(undone, found(undone, firm, COMPLAINT)[0])) == 1


def test_revising_opens_the_next_draft_and_stays_in_the_list_until_it_is_in_force(undone: Session) -> None:
    firm = firm_with(undone)
    reviewed(undone, firm, Verdict.REVISE, at=moment(6, 1), comment="时限不符")
    _, draft = found(undone, firm, COMPLAINT)
    assert (draft.label, draft.status, draft.change_summary) == ("A/1", Status.DRAFT, "易二定期评审：时限不符")
    item = items(undone, firm, day(6, 1))[COMPLAINT]
    assert (item.task, item.comment) == (Task.REVISE, "时限不符")
    advance(undone, firm, COMPLAINT, at=moment(7, 1), effective_on=day(8, 1))
    assert set(items(undone, firm, day(7, 31))) == {COMPLAINT}
    assert items(undone, firm, day(8, 1)) == {}


def test_revising_opens_no_second_draft(undone: Session) -> None:
    firm = firm_with(undone)
    document, _ = found(undone, firm, COMPLAINT)
    draft_next(undone, document, by=firm.preparer, at=moment(5, 1), change_summary="已在改")
    reviewed(undone, firm, Verdict.REVISE, at=moment(6, 1), comment="时限不符")
    assert [row.change_summary for row in revisions(undone, document)] == ["首次发布", "已在改"]


def test_revising_what_a_released_revision_will_replace_opens_no_draft(undone: Session) -> None:
    firm = firm_with(undone)
    document, _ = found(undone, firm, COMPLAINT)
    draft_next(undone, document, by=firm.preparer, at=moment(5, 1), change_summary="已改")
    advance(undone, firm, COMPLAINT, at=moment(5, 1), effective_on=day(7, 1))
    row = reviewed(undone, firm, Verdict.REVISE, at=moment(6, 1), comment="时限不符")
    assert row.revision_id == revisions(undone, document)[0].id
    assert len(revisions(undone, document)) == 2


def test_making_obsolete_stays_in_the_list_until_the_controller_has_done_it(undone: Session) -> None:
    firm = firm_with(undone)
    reviewed(undone, firm, Verdict.MAKE_OBSOLETE, at=moment(6, 1), comment="业务已停")
    document, revision = found(undone, firm, COMPLAINT)
    assert items(undone, firm, day(9, 1))[COMPLAINT].task is Task.MAKE_OBSOLETE
    make_obsolete(undone, document, revision, on=day(10, 1), by=firm.controller, at=moment(9, 2), reason="业务已停")
    assert items(undone, firm, day(9, 2)) == {}


def test_a_later_review_takes_back_what_an_earlier_one_asked_for(undone: Session) -> None:
    firm = firm_with(undone)
    reviewed(undone, firm, Verdict.MAKE_OBSOLETE, at=moment(6, 1), comment="业务已停")
    reviewed(undone, firm, at=moment(6, 2), comment="恢复业务")
    assert items(undone, firm, day(6, 2)) == {}
    assert items(undone, firm, day(6, 1))[COMPLAINT].task is Task.MAKE_OBSOLETE


def test_history_of_a_document_is_kept_with_the_revisions_that_were_reviewed(undone: Session) -> None:
    firm = firm_with(undone)
    reviewed(undone, firm, at=moment(6, 1))
    reviewed(undone, firm, at=moment(7, 1), reviewed_on=day(5, 1), comment="补记")
    told = [
        (review.reviewed_on, review.comment, revision.label) for review, revision in reviews_of(undone, found(undone, firm, COMPLAINT)[0])
    ]
    assert told == [(day(5, 1), "补记", "A/0"), (day(6, 1), "", "A/0")]


@pytest.mark.parametrize(
    ("verdict", "comment", "on", "code"),
    [
        (Verdict.REVISE, " ", day(6, 1), "comment_missing"),
        (Verdict.MAKE_OBSOLETE, "", day(6, 1), "comment_missing"),
        (Verdict.KEEP, "一\x00二", day(6, 1), "bad_comment"),
        (Verdict.KEEP, "一" * 1001, day(6, 1), "bad_comment"),
        (Verdict.KEEP, "", day(6, 2), "review_in_future"),
    ],
)
def test_review_that_says_too_little_or_comes_too_early_is_refused(
    undone: Session, verdict: Verdict, comment: str, on: date, code: str
) -> None:
    firm = firm_with(undone)
    with pytest.raises(InputError) as caught:
        reviewed(undone, firm, verdict, at=moment(6, 1), comment=comment, reviewed_on=on)
    assert caught.value.code == code
    assert reviews_of(undone, found(undone, firm, COMPLAINT)[0]) == []


@pytest.mark.parametrize(("title", "on"), [(REPAIR, day(6, 1)), (COMPLAINT, day(1, 30)), (ORDER, day(6, 1))])
def test_what_was_not_in_force_that_day_cannot_be_reviewed(undone: Session, title: str, on: date) -> None:
    firm = firm_with(undone)
    with pytest.raises(Refused) as caught:
        reviewed(undone, firm, at=moment(6, 1), title=title, reviewed_on=on)
    assert caught.value.code == "not_in_force"


@pytest.mark.parametrize("role", list(Role))
def test_reviewers_approvers_and_the_controller_review_and_nobody_else(undone: Session, role: Role) -> None:
    firm = firm_with(undone)
    by = replace(firm.reviewer, roles=(HeldRole(role),))
    if role in {Role.REVIEWER, Role.APPROVER, Role.DOCUMENT_CONTROLLER}:
        assert reviewed(undone, firm, at=moment(6, 1), by=by).login == by.login
        return
    with pytest.raises(Forbidden) as caught:
        reviewed(undone, firm, at=moment(6, 1), by=by)
    assert "文控员或审核人或批准人" in caught.value.message


def test_reviewer_of_another_department_is_refused(undone: Session) -> None:
    firm = firm_with(undone)
    by = replace(firm.reviewer, roles=(HeldRole(Role.REVIEWER, frozenset({"management"})),))
    with pytest.raises(Forbidden):
        reviewed(undone, firm, at=moment(6, 1), by=by)


def test_cycle_is_set_by_the_controller_between_one_and_sixty_months(undone: Session) -> None:
    firm = firm_with(undone)
    document, _ = found(undone, firm, COMPLAINT)
    assert document.review_months == 12
    for months in (0, 61, -1):
        with pytest.raises(InputError) as caught:
            set_review_months(undone, document, months, by=firm.controller, at=moment(6, 1))
        assert caught.value.code == "bad_review_months"
    with pytest.raises(Forbidden):
        set_review_months(undone, document, 6, by=firm.reviewer, at=moment(6, 1))
    assert document.review_months == 12


def test_each_act_leaves_its_trail(undone: Session) -> None:
    firm = firm_with(undone)
    document, _ = found(undone, firm, COMPLAINT)
    before = len(entries(undone, firm.organisation.id))
    set_review_months(undone, document, 6, by=firm.controller, at=moment(6, 1))
    reviewed(undone, firm, Verdict.REVISE, at=moment(6, 1), comment="时限不符")
    told = [(entry.action, entry.by, entry.details) for entry in entries(undone, firm.organisation.id)[before:]]
    assert told == [
        ("document:set_review_months", "bing", {"months": 6, "before": 12}),
        ("document:periodic_review", "yi", {"label": "A/0", "verdict": "revise", "reviewed_on": "2026-06-01", "comment": "时限不符"}),
        ("revision:draft", "system", {"label": "A/1", "change_summary": "易二定期评审：时限不符"}),
    ]


def test_due_list_tells_nothing_of_another_organisation(undone: Session) -> None:
    mine, other = firm_with(undone, "JC"), firm_with(undone, "YI")
    reviewed(undone, mine, Verdict.MAKE_OBSOLETE, at=moment(6, 1), comment="业务已停")
    assert items(undone, other, day(6, 1)) == {}
    assert {item.number.split("/")[0] for item in due_items(undone, other.organisation, date(2027, 6, 1))} == {"YI"}
    assert reviews_of(undone, found(undone, other, COMPLAINT)[0]) == []
