"""Record forms are approved with the procedure that names them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from small_firm import (
    CLONED,
    COMPLAINT,
    ORDER,
    REPAIR,
    STEPS,
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
    return_,
    submit,
    template_set,
    with_drafts,
)
from sqlmodel import Session

from approvals.ruled import WU, larger, ruled
from service.approvals.permission import allowed_steps
from service.approvals.queries import signoffs
from service.approvals.rules import Meaning, Step
from service.documents.actions import draft_next
from service.documents.queries import carried
from service.documents.rules import Status
from service.errors import Forbidden, Refused
from service.organisations.roles import HeldRole
from service.organisations.rules import Actor
from service.text.model import Kind

SURVEY = "满意度调查表"


def state(session: Session, firm: Firm, title: str) -> Status:
    return found(session, firm, title)[1].status


def next_draft(session: Session, firm: Firm, title: str) -> None:
    draft_next(session, found(session, firm, title)[0], by=firm.preparer, at=moment(3, 1), change_summary="改")


def test_forms_are_frozen_signed_and_released_with_their_procedure(undone: Session) -> None:
    firm = with_drafts(undone)
    procedure = advance(undone, firm, REPAIR, at=moment(2, 1), effective_on=day(3, 1))
    for title in (ORDER, VISIT):
        _, revision = found(undone, firm, title)
        assert revision.carrier_id == procedure.id
        assert (revision.status, revision.released_on, revision.effective_on) == (Status.RELEASED, day(2, 1), day(3, 1))
        assert [row.meaning for row in signoffs(undone, revision)] == [Meaning.PREPARE, Meaning.REVIEW, Meaning.APPROVE]
        assert {row.fingerprint for row in signoffs(undone, revision)} == {revision.fingerprint}


def test_form_named_by_two_procedures_goes_with_the_first(undone: Session) -> None:
    firm = with_drafts(undone)
    submit(undone, firm, COMPLAINT)
    submit(undone, firm, REPAIR)
    assert [row.title for row in carried(undone, found(undone, firm, COMPLAINT)[1])] == [VISIT]
    assert [row.title for row in carried(undone, found(undone, firm, REPAIR)[1])] == [ORDER]
    for step in (Step.REVIEW, Step.APPROVE, Step.RELEASE):
        STEPS[step](undone, firm, REPAIR)
    assert [state(undone, firm, title) for title in (REPAIR, ORDER, VISIT)] == [Status.RELEASED, Status.RELEASED, Status.IN_REVIEW]


def test_after_a_return_the_form_goes_with_whichever_is_submitted_next(undone: Session) -> None:
    firm = with_drafts(undone)
    submit(undone, firm, COMPLAINT)
    return_(undone, firm, COMPLAINT)
    _, visit = found(undone, firm, VISIT)
    assert (visit.status, visit.carrier_id, visit.text, signoffs(undone, visit)) == (Status.DRAFT, None, "", [])
    submit(undone, firm, REPAIR)
    assert visit.carrier_id == found(undone, firm, REPAIR)[1].id


@pytest.mark.parametrize("step", [step for step in STEPS if step is not Step.SUBMIT])
def test_form_under_way_cannot_be_signed_or_returned_alone(undone: Session, step: Step) -> None:
    firm = with_drafts(undone)
    status = {Step.APPROVE: Status.IN_APPROVAL, Step.RELEASE: Status.APPROVED}.get(step, Status.IN_REVIEW)
    advance(undone, firm, REPAIR, status)
    with pytest.raises(Refused) as caught:
        STEPS[step](undone, firm, ORDER)
    assert caught.value.code == "carried_form"
    assert state(undone, firm, ORDER) is status


def test_draft_form_that_a_draft_procedure_names_cannot_be_submitted_alone(undone: Session) -> None:
    firm = with_drafts(undone)
    with pytest.raises(Refused) as caught:
        submit(undone, firm, ORDER)
    assert caught.value.code == "carried_form"


@pytest.mark.parametrize("status", [Status.DRAFT, Status.IN_REVIEW, Status.APPROVED])
def test_no_button_is_offered_for_a_form_that_travels(undone: Session, status: Status) -> None:
    firm = with_drafts(undone)
    if status is not Status.DRAFT:
        advance(undone, firm, REPAIR, status)
    people = (firm.approver, firm.reviewer, firm.controller, firm.preparer)
    assert [allowed_steps(undone, found(undone, firm, ORDER)[1], person, at=CLONED) for person in people] == [()] * 4


def test_form_that_nobody_names_is_signed_alone(undone: Session) -> None:
    firm = with_drafts(undone)
    cloned(undone, firm, template_set(form("survey", SURVEY)))
    assert allowed_steps(undone, found(undone, firm, SURVEY)[1], firm.preparer, at=CLONED) == (Step.SUBMIT,)
    assert advance(undone, firm, SURVEY).status is Status.RELEASED
    assert state(undone, firm, ORDER) is Status.DRAFT


def test_form_of_a_released_procedure_may_be_revised_alone(undone: Session) -> None:
    firm = with_drafts(undone)
    advance(undone, firm, REPAIR)
    next_draft(undone, firm, ORDER)
    assert advance(undone, firm, ORDER, at=moment(3, 2)).label == "A/1"
    assert found(undone, firm, REPAIR)[1].label == "A/0"


def test_next_revision_of_a_procedure_takes_only_forms_that_are_drafts(undone: Session) -> None:
    firm = with_drafts(undone)
    advance(undone, firm, REPAIR)
    for title in (REPAIR, ORDER):
        next_draft(undone, firm, title)
    with pytest.raises(Refused):
        submit(undone, firm, ORDER)
    advance(undone, firm, REPAIR, at=moment(3, 2))
    assert {title: found(undone, firm, title)[1].label for title in (REPAIR, ORDER, VISIT)} == {REPAIR: "A/1", ORDER: "A/1", VISIT: "A/0"}


def test_forms_do_not_travel_with_a_form(undone: Session) -> None:
    firm = founded(undone)
    naming = form("survey", SURVEY).replace("retention: service", "retention: service\nrecords: [survey, order]")
    cloned(undone, firm, template_set(naming, TEXTS[2]))
    advance(undone, firm, SURVEY)
    assert state(undone, firm, ORDER) is Status.DRAFT
    assert advance(undone, firm, ORDER).status is Status.RELEASED


def of_service_only(person: Actor) -> Actor:
    return replace(person, roles=tuple(HeldRole(held.role, frozenset({"service"})) for held in person.roles))


@pytest.mark.parametrize(("step", "who"), [(Step.SUBMIT, "preparer"), (Step.REVIEW, "reviewer"), (Step.APPROVE, "approver")])
def test_nobody_signs_along_a_form_of_a_department_that_is_not_his(undone: Session, step: Step, who: str) -> None:
    firm = founded(undone)
    cloned(undone, firm, template_set(TEXTS[0], TEXTS[2].replace("department: service", "department: management"), TEXTS[3]))
    before = {Step.REVIEW: Status.IN_REVIEW, Step.APPROVE: Status.IN_APPROVAL}.get(step)
    if before:
        advance(undone, firm, REPAIR, before)
    with pytest.raises(Forbidden, match="随之审批的记录表单 JC/SH-JL-01：") as caught:
        STEPS[step](undone, firm, REPAIR, by=of_service_only(getattr(firm, who)))
    assert caught.value.code == "not_allowed"
    assert state(undone, firm, ORDER) is state(undone, firm, REPAIR) is (before or Status.DRAFT)
    STEPS[step](undone, firm, REPAIR)


def test_form_with_a_rule_of_its_own_is_not_carried_past_it_but_signed_alone(undone: Session) -> None:
    firm = larger(undone)
    ruled(undone, firm, kind=Kind.RECORD_FORM, reviewers=["quality_manager"])
    with pytest.raises(Refused, match="记录表单 JC/SH-JL-02有自己的审批规则") as caught:
        submit(undone, firm, COMPLAINT)
    assert caught.value.code == "form_rule_differs"
    assert Step.SUBMIT not in allowed_steps(undone, found(undone, firm, COMPLAINT)[1], firm.preparer, at=CLONED)
    submit(undone, firm, VISIT)
    with pytest.raises(Refused):
        STEPS[Step.REVIEW](undone, firm, VISIT)
    STEPS[Step.REVIEW](undone, firm, VISIT, by=WU)
    submit(undone, firm, COMPLAINT)
    assert carried(undone, found(undone, firm, COMPLAINT)[1]) == []


def test_form_with_a_rule_that_asks_for_the_same_is_carried(undone: Session) -> None:
    firm = larger(undone)
    ruled(undone, firm, kind=Kind.RECORD_FORM)
    submit(undone, firm, COMPLAINT)
    assert [row.title for row in carried(undone, found(undone, firm, COMPLAINT)[1])] == [VISIT]
