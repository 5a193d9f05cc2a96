"""Steps of the lifecycle on a real database: who may take them, what they sign, what they undo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

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
    person,
    release,
    return_,
    review,
    submit,
    with_drafts,
    withdraw,
)
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from service.approvals import actions as approvals
from service.approvals.models import Signoff
from service.approvals.permission import allowed_steps
from service.approvals.queries import signers, signoffs, signoffs_by_revision
from service.approvals.rules import TRANSITIONS, Meaning, Step
from service.documents.models import Revision
from service.documents.rules import Status
from service.errors import Forbidden, InputError, Refused
from service.organisations.roles import HeldRole, Role
from service.organisations.rules import SYSTEM, Actor
from service.trail.queries import entries

SOMEBODY = Actor("wu", "吴五", ("technician",), "维修工程师", tuple(map(HeldRole, Role)))
"""He holds every role, but no post that any rule asks for."""
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


def forbidden(step: Callable[[], None]) -> str:
    with pytest.raises(Forbidden) as caught:
        step()
    assert caught.value.code == "not_allowed"
    return caught.value.message


def also(person: Actor, *roles: Role) -> Actor:
    """Somebody who has these roles too."""
    return replace(person, roles=(*person.roles, *map(HeldRole, roles)))


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
    own = also(firm.preparer, Role.REVIEWER)
    assert "丁四不能审核：已在本修订上签署" in refused(lambda: review(undone, firm, COMPLAINT, by=own))


def test_preparer_cannot_approve_own_revision(undone: Session) -> None:
    firm = with_drafts(undone)
    manager = person("yi", "易二", "management_representative", "管理者代表", "management", Role.APPROVER, Role.AUTHOR)
    submit(undone, firm, COMPLAINT, by=manager)
    review(undone, firm, COMPLAINT, by=also(firm.controller, Role.REVIEWER))
    assert "须由不同的人完成" in refused(lambda: approve(undone, firm, COMPLAINT, by=manager))


def test_reviewer_cannot_approve_what_he_reviewed(undone: Session) -> None:
    firm = brought_to(undone, Status.IN_APPROVAL)
    assert "须由不同的人完成" in refused(lambda: approve(undone, firm, COMPLAINT, by=also(firm.reviewer, Role.APPROVER)))


@pytest.mark.parametrize("who", ["controller", "preparer"])
def test_only_an_approver_approves_and_the_refusal_names_his_posts_and_who_holds_them(undone: Session, who: str) -> None:
    firm = brought_to(undone, Status.IN_APPROVAL)
    tells = forbidden(lambda: approve(undone, firm, COMPLAINT, by=getattr(firm, who)))
    assert tells.endswith("不能批准：由批准人完成，须担任总经理（贾一）或管理者代表（易二）")


def test_approver_without_the_post_is_told_which_one_is_missing(undone: Session) -> None:
    firm = brought_to(undone, Status.IN_APPROVAL)
    tells = refused(lambda: approve(undone, firm, COMPLAINT, by=SOMEBODY))
    assert tells == "JC/SH-CX-02 A/0：吴五不能批准：这一步由总经理（贾一）或管理者代表（易二）完成"


def test_reviewer_of_other_departments_is_forbidden(undone: Session) -> None:
    firm = brought_to(undone, Status.IN_REVIEW)
    elsewhere = replace(firm.reviewer, roles=(HeldRole(Role.REVIEWER, frozenset({"management"})),))
    assert forbidden(lambda: review(undone, firm, COMPLAINT, by=elsewhere)).endswith("其角色不包括本文件的归口部门")


@pytest.mark.parametrize("step", [Step.SUBMIT, Step.REVIEW, Step.APPROVE])
def test_who_holds_no_post_signs_nothing(undone: Session, step: Step) -> None:
    firm = brought_to(undone, BEFORE[step])
    with pytest.raises(Refused) as caught:
        STEPS[step](undone, firm, COMPLAINT, by=SYSTEM)
    assert caught.value.code == "post_missing"


@pytest.mark.parametrize("who", ["approver", "reviewer", "preparer"])
def test_only_the_document_controller_releases(undone: Session, who: str) -> None:
    firm = brought_to(undone, Status.APPROVED)
    assert "不能发布：由文控员完成" in forbidden(lambda: release(undone, firm, COMPLAINT, by=getattr(firm, who)))


def test_only_the_preparer_withdraws(undone: Session) -> None:
    firm = brought_to(undone, Status.IN_REVIEW)
    assert "只有编制人可以撤回" in refused(lambda: withdraw(undone, firm, COMPLAINT, by=firm.controller))
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
    assert "编制人请撤回" in refused(lambda: return_(undone, firm, COMPLAINT, by=also(firm.preparer, Role.REVIEWER)))


RETURNERS = {Status.IN_REVIEW: "reviewer", Status.IN_APPROVAL: "approver", Status.APPROVED: "controller"}


@pytest.mark.parametrize("status", list(RETURNERS))
def test_text_is_returned_only_by_whoever_could_take_it_on(undone: Session, status: Status) -> None:
    firm = brought_to(undone, status)
    for who in {"reviewer", "approver", "controller"} - {RETURNERS[status]}:
        assert "不能退回" in forbidden(partial(return_, undone, firm, COMPLAINT, by=getattr(firm, who)))
    return_(undone, firm, COMPLAINT, by=getattr(firm, RETURNERS[status]))
    assert found(undone, firm, COMPLAINT)[1].status is Status.DRAFT


def test_text_that_waits_for_approval_is_returned_only_from_a_post_that_approves(undone: Session) -> None:
    firm = brought_to(undone, Status.IN_APPROVAL)
    assert "吴五不能退回：这一步由总经理（贾一）或管理者代表（易二）完成" in refused(lambda: return_(undone, firm, COMPLAINT, by=SOMEBODY))


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
    submit(undone, firm, COMPLAINT, by=also(firm.reviewer, Role.AUTHOR))
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
    # status: (approver, reviewer, controller, preparer, somebody with every role and no post of a rule)
    Status.DRAFT: ("", "", "submit", "submit", "submit"),
    Status.IN_REVIEW: ("", "review return", "", "withdraw", "review return"),
    Status.IN_APPROVAL: ("approve return", "", "", "withdraw", ""),
    Status.APPROVED: ("", "", "release return", "", "release return"),
    Status.RELEASED: ("", "", "", "", ""),
}


@pytest.mark.parametrize("status", list(ALLOWED))
def test_buttons_offer_what_the_guards_allow(undone: Session, status: Status) -> None:
    firm = brought_to(undone, status)
    _, revision = found(undone, firm, COMPLAINT)
    people = (firm.approver, firm.reviewer, firm.controller, firm.preparer, SOMEBODY)
    assert tuple(" ".join(allowed_steps(undone, revision, person, at=CLONED)) for person in people) == ALLOWED[status]


LATER = moment(2, 1)
DATED = {Step.REVIEW: Status.IN_REVIEW, Step.APPROVE: Status.IN_APPROVAL, Step.RELEASE: Status.APPROVED}
BACK = {Step.RETURN: Status.IN_APPROVAL, Step.WITHDRAW: Status.IN_APPROVAL}


@pytest.mark.parametrize(("step", "status"), [*DATED.items(), *BACK.items()])
def test_no_step_is_taken_before_the_one_before_it(undone: Session, step: Step, status: Status) -> None:
    firm = with_drafts(undone)
    advance(undone, firm, COMPLAINT, status, at=LATER)
    with pytest.raises(InputError, match="早于") as caught:
        STEPS[step](undone, firm, COMPLAINT, at=moment(1, 31))
    assert caught.value.code == "step_before_previous"
    assert found(undone, firm, COMPLAINT)[1].status is status
    STEPS[step](undone, firm, COMPLAINT, at=LATER)


def test_moments_of_an_approval_that_was_returned_bind_the_next_one_no_more(undone: Session) -> None:
    firm = brought_to(undone, Status.IN_APPROVAL)
    return_(undone, firm, COMPLAINT, at=LATER)
    advance(undone, firm, COMPLAINT, Status.IN_APPROVAL, at=moment(1, 20))


def test_what_is_said_when_signing_is_kept_with_the_signature(undone: Session) -> None:
    firm = brought_to(undone, Status.IN_APPROVAL)
    document, revision = found(undone, firm, COMPLAINT)
    approvals.approve(undone, document, revision, by=firm.approver, at=CLONED, comment=" 同意\n照此办理 ")
    assert [row.comment for row in signoffs(undone, revision)] == ["", "", "同意\n照此办理"]


def test_comment_that_cannot_be_kept_is_an_error_and_nothing_is_signed(undone: Session) -> None:
    firm = brought_to(undone, Status.IN_APPROVAL)
    document, revision = found(undone, firm, COMPLAINT)
    for comment in ("长" * 2001, "同意\x07"):
        with pytest.raises(InputError):
            approvals.approve(undone, document, revision, by=firm.approver, at=CLONED, comment=comment)
    assert revision.status is Status.IN_APPROVAL


def test_refusal_leaves_the_draft_as_it_was(undone: Session) -> None:
    firm = brought_to(undone, Status.IN_REVIEW)
    before = found(undone, firm, COMPLAINT)[1].model_dump()
    refused(lambda: approve(undone, firm, COMPLAINT, at=CLONED))
    assert found(undone, firm, COMPLAINT)[1].model_dump() == before
