"""Steps of the lifecycle on a real database: who may take them, what they sign, what they undo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from small_firm import (
    CLONED,
    COMPLAINT,
    REPAIR,
    STEPS,
    Firm,
    advance,
    approve,
    day,
    found,
    moment,
    release,
    return_,
    review,
    submit,
    with_drafts,
    withdraw,
)
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from service.approvals.models import Signoff
from service.approvals.queries import allowed_steps, signers, signoffs, signoffs_by_revision
from service.approvals.rules import TRANSITIONS, Meaning, Step
from service.documents.models import Revision
from service.documents.rules import Status
from service.errors import InputError, Refused
from service.organisations.rules import Actor
from service.trail.queries import entries

SOMEBODY = Actor("wu", "吴五", ("technician",), "维修工程师")
BEFORE: dict[Step, Status] = {
    Step.SUBMIT: Status.DRAFT,
    Step.REVIEW: Status.IN_REVIEW,
    Step.APPROVE: Status.IN_APPROVAL,
    Step.RELEASE: Status.APPROVED,
    Step.RETURN: Status.IN_APPROVAL,
    Step.WITHDRAW: Status.IN_REVIEW,
}


def brought_to(session: Session, status: Status) -> Firm:
    """A firm whose 投诉处理程序 stands at this status."""
    firm = with_drafts(session)
    if status is not Status.DRAFT:
        advance(session, firm, COMPLAINT, status)
    return firm


def refused(step: Callable[[], None]) -> str:
    with pytest.raises(Refused) as caught:
        step()
    return caught.value.message


def test_four_steps_and_three_signatures_lead_to_release(undone: Session) -> None:
    firm = with_drafts(undone)
    revision = advance(undone, firm, COMPLAINT, at=moment(2, 1), effective_on=day(3, 1))
    assert (revision.status, revision.released_on, revision.effective_on) == (Status.RELEASED, day(2, 1), day(3, 1))
    assert (revision.approved_at, revision.released_at) == (moment(2, 1), moment(2, 1))
    assert [(row.meaning, row.name, row.post, row.at, row.fingerprint) for row in signoffs(undone, revision)] == [
        (Meaning.PREPARE, "丁四", "服务部经理", moment(2, 1), revision.fingerprint),
        (Meaning.REVIEW, "易二", "管理者代表", moment(2, 1), revision.fingerprint),
        (Meaning.APPROVE, "贾一", "总经理", moment(2, 1), revision.fingerprint),
    ]


@pytest.mark.parametrize("step", list(BEFORE))
def test_every_step_leaves_one_trail_entry_with_what_it_was_about(undone: Session, step: Step) -> None:
    firm = brought_to(undone, BEFORE[step])
    STEPS[step](undone, firm, COMPLAINT)
    [entry] = [entry for entry in entries(undone, firm.organisation.id, "JC/SH-CX-02") if entry.action == f"revision:{step.value}"]
    assert entry.details["label"] == "A/0"
    assert len(entry.details["fingerprints"]) == 2  # the procedure and the form that goes along


REACHED = [status for status in Status if status is not Status.COUNTERSIGNING]
OUT_OF_TURN = [(step, status) for step in BEFORE for status in REACHED if (status, step) not in TRANSITIONS]


@pytest.mark.parametrize(("step", "status"), OUT_OF_TURN)
def test_step_out_of_turn_is_refused_and_nothing_changes(undone: Session, step: Step, status: Status) -> None:
    firm = brought_to(undone, status)
    before = len(entries(undone, firm.organisation.id))
    refused(lambda: STEPS[step](undone, firm, COMPLAINT))
    assert found(undone, firm, COMPLAINT)[1].status is status
    assert len(entries(undone, firm.organisation.id)) == before


def test_review_before_submission_says_what_can_be_done(undone: Session) -> None:
    firm = with_drafts(undone)
    assert refused(lambda: review(undone, firm, COMPLAINT)).endswith("现在可以做的是：提交审核")


def test_preparer_cannot_review_own_revision(undone: Session) -> None:
    firm = brought_to(undone, Status.IN_REVIEW)
    assert "丁四不能审核" in refused(lambda: review(undone, firm, COMPLAINT, by=firm.preparer))


def test_preparer_cannot_approve_own_revision(undone: Session) -> None:
    firm = with_drafts(undone)
    submit(undone, firm, COMPLAINT, by=firm.approver)
    review(undone, firm, COMPLAINT)
    assert "须由不同的人完成" in refused(lambda: approve(undone, firm, COMPLAINT, by=firm.approver))


def test_reviewer_cannot_approve_what_he_reviewed(undone: Session) -> None:
    firm = brought_to(undone, Status.IN_APPROVAL)
    assert "须由不同的人完成" in refused(lambda: approve(undone, firm, COMPLAINT, by=firm.reviewer))


@pytest.mark.parametrize("who", ["controller", "preparer"])
def test_only_management_approves(undone: Session, who: str) -> None:
    firm = brought_to(undone, Status.IN_APPROVAL)
    assert "这一步由总经理或管理者代表完成" in refused(lambda: approve(undone, firm, COMPLAINT, by=getattr(firm, who)))


@pytest.mark.parametrize("who", ["approver", "reviewer", "preparer"])
def test_only_the_document_controller_releases(undone: Session, who: str) -> None:
    firm = brought_to(undone, Status.APPROVED)
    assert "这一步由文控员完成" in refused(lambda: release(undone, firm, COMPLAINT, by=getattr(firm, who)))


def test_only_the_preparer_withdraws(undone: Session) -> None:
    firm = brought_to(undone, Status.IN_REVIEW)
    assert "只有编制人可以撤回" in refused(lambda: withdraw(undone, firm, COMPLAINT, by=firm.reviewer))
    withdraw(undone, firm, COMPLAINT)
    assert found(undone, firm, COMPLAINT)[1].status is Status.DRAFT


def test_approved_revision_can_no_longer_be_withdrawn_but_returned(undone: Session) -> None:
    firm = brought_to(undone, Status.APPROVED)
    refused(lambda: withdraw(undone, firm, COMPLAINT))
    return_(undone, firm, COMPLAINT)
    assert found(undone, firm, COMPLAINT)[1].approved_at is None


def test_revision_cannot_take_force_before_its_release(undone: Session) -> None:
    firm = brought_to(undone, Status.APPROVED)
    with pytest.raises(InputError) as caught:
        release(undone, firm, COMPLAINT, at=moment(2, 1), effective_on=day(1, 31))
    assert caught.value.code == "effective_before_release"


def test_day_of_release_is_the_organisations_own_day(undone: Session) -> None:
    firm = brought_to(undone, Status.APPROVED)
    late = moment(2, 1).replace(hour=17)  # already 1:00 of 2 February in Shanghai
    release(undone, firm, COMPLAINT, at=late, effective_on=day(2, 2))
    assert found(undone, firm, COMPLAINT)[1].released_on == date(2026, 2, 2)


@pytest.mark.parametrize("status", [Status.IN_REVIEW, Status.IN_APPROVAL, Status.APPROVED])
def test_return_voids_the_signatures_and_thaws_the_text(undone: Session, status: Status) -> None:
    firm = brought_to(undone, status)
    _, revision = found(undone, firm, COMPLAINT)
    return_(undone, firm, COMPLAINT, at=moment(2, 1), reason="时限不清楚")
    assert (revision.status, revision.text, revision.fingerprint, revision.variables) == (Status.DRAFT, "", "", {})
    assert signoffs(undone, revision) == []
    kept = undone.exec(select(Signoff).where(Signoff.revision_id == revision.id)).all()
    assert {row.voided_at for row in kept} == {moment(2, 1)}
    [entry] = [entry for entry in entries(undone, firm.organisation.id) if entry.action == "revision:return"]
    assert entry.details["reason"] == "时限不清楚"


def test_preparer_withdraws_what_is_under_review_and_does_not_return_it(undone: Session) -> None:
    firm = brought_to(undone, Status.IN_REVIEW)
    assert "编制人请撤回" in refused(lambda: return_(undone, firm, COMPLAINT, by=firm.preparer))


def test_anybody_else_returns_what_is_under_review(undone: Session) -> None:
    firm = brought_to(undone, Status.IN_REVIEW)
    return_(undone, firm, COMPLAINT, by=SOMEBODY)
    assert found(undone, firm, COMPLAINT)[1].status is Status.DRAFT


@pytest.mark.parametrize("status", [Status.IN_APPROVAL, Status.APPROVED])
def test_after_the_review_only_whoever_approves_or_releases_returns(undone: Session, status: Status) -> None:
    firm = brought_to(undone, status)
    assert "吴五不能退回：这一步由文控员或总经理或管理者代表完成" in refused(lambda: return_(undone, firm, COMPLAINT, by=SOMEBODY))
    return_(undone, firm, COMPLAINT, by=firm.controller)
    assert found(undone, firm, COMPLAINT)[1].status is Status.DRAFT


def test_return_needs_a_reason(undone: Session) -> None:
    firm = brought_to(undone, Status.IN_REVIEW)
    with pytest.raises(InputError) as caught:
        return_(undone, firm, COMPLAINT, reason="  ")
    assert caught.value.code == "reason_missing"
    assert found(undone, firm, COMPLAINT)[1].status is Status.IN_REVIEW


def test_returned_revision_is_signed_anew_also_by_the_same_people(undone: Session) -> None:
    firm = brought_to(undone, Status.IN_APPROVAL)
    return_(undone, firm, COMPLAINT)
    revision = advance(undone, firm, COMPLAINT, at=moment(2, 1))
    assert [row.meaning for row in signoffs(undone, revision)] == [Meaning.PREPARE, Meaning.REVIEW, Meaning.APPROVE]


def test_after_a_return_the_former_reviewer_may_prepare(undone: Session) -> None:
    firm = brought_to(undone, Status.IN_APPROVAL)
    return_(undone, firm, COMPLAINT)
    submit(undone, firm, COMPLAINT, by=firm.reviewer)
    assert signers(undone, found(undone, firm, COMPLAINT)[1]) == {Meaning.PREPARE: frozenset({"yi"})}


def test_database_refuses_the_same_valid_signature_twice(undone: Session) -> None:
    firm = brought_to(undone, Status.IN_REVIEW)
    [signed] = signoffs(undone, found(undone, firm, COMPLAINT)[1])
    undone.add(Signoff(**signed.model_dump(exclude={"id"})))
    with pytest.raises(IntegrityError), undone.begin_nested():
        undone.flush()


def test_signatures_of_all_revisions_come_in_one_select(undone: Session) -> None:
    firm = brought_to(undone, Status.RELEASED)
    submit(undone, firm, REPAIR)
    found_by = signoffs_by_revision(undone, firm.organisation.id)
    revisions = {row.id: row for row in undone.exec(select(Revision)) if row.id in found_by}
    assert {revisions[key].title: len(rows) for key, rows in found_by.items()} == {
        COMPLAINT: 3,
        "上门服务记录": 3,
        REPAIR: 1,
        "报修单": 1,
    }


ALLOWED = {
    # status: (approver, reviewer, controller, preparer, somebody else)
    Status.DRAFT: ("submit", "submit", "submit", "submit", "submit"),
    Status.IN_REVIEW: ("review return", "review return", "review return", "withdraw", "review return"),
    Status.IN_APPROVAL: ("approve return", "return", "return", "withdraw", ""),
    Status.APPROVED: ("return", "return", "release return", "", ""),
    Status.RELEASED: ("", "", "", "", ""),
}


@pytest.mark.parametrize("status", list(ALLOWED))
def test_buttons_offer_what_the_guards_allow(undone: Session, status: Status) -> None:
    firm = brought_to(undone, status)
    _, revision = found(undone, firm, COMPLAINT)
    people = (firm.approver, firm.reviewer, firm.controller, firm.preparer, SOMEBODY)
    assert tuple(" ".join(allowed_steps(undone, revision, person)) for person in people) == ALLOWED[status]


def test_refusal_leaves_the_draft_as_it_was(undone: Session) -> None:
    firm = brought_to(undone, Status.IN_REVIEW)
    before = found(undone, firm, COMPLAINT)[1].model_dump()
    refused(lambda: approve(undone, firm, COMPLAINT, at=CLONED))
    assert found(undone, firm, COMPLAINT)[1].model_dump() == before
