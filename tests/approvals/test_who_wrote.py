"""Whoever wrote in a draft is one of its preparers: he neither reviews nor approves what he wrote, whoever submits it."""

from __future__ import annotations

from functools import partial

import pytest
from small_firm import CLONED, COMPLAINT, VISIT, Firm, advance, approve, form, found, moment, return_, review, submit, with_drafts
from sqlmodel import Session

from approvals.ruled import also, code_of, fault, granted
from service.approvals.permission import allowed_steps
from service.approvals.queries import signoffs
from service.approvals.rules import Meaning, Step
from service.documents.actions import create_document, draft_next, edit
from service.documents.rules import Status
from service.errors import Refused
from service.organisations.roles import Role
from service.organisations.rules import Actor
from service.text.frontmatter import read_front


def writing_too(person: Actor) -> Actor:
    return also(person, Role.AUTHOR)


def written(session: Session, firm: Firm, title: str, by: Actor, old: str = "目的", new: str = "目的") -> None:
    document, revision = found(session, firm, title)
    edit(session, document, revision, revision.source.replace(old, new), by=writing_too(by), at=CLONED)


def test_approver_does_not_approve_what_he_wrote_and_another_submitted(undone: Session) -> None:
    firm = with_drafts(undone)
    written(undone, firm, COMPLAINT, firm.approver, "5 个工作日", "3 个工作日")
    submit(undone, firm, COMPLAINT)
    review(undone, firm, COMPLAINT)
    code, words = fault(Refused, partial(approve, undone, firm, COMPLAINT))
    assert code == "step_refused"
    assert "贾一不能批准：编写过本修订的正文，编制、审核、批准须由不同的人完成" in words
    assert Step.APPROVE not in allowed_steps(undone, found(undone, firm, COMPLAINT)[1], firm.approver, at=CLONED)


def test_reviewer_does_not_review_what_he_wrote(undone: Session) -> None:
    firm = with_drafts(undone)
    written(undone, firm, COMPLAINT, firm.reviewer)
    submit(undone, firm, COMPLAINT)
    assert code_of(Refused, partial(review, undone, firm, COMPLAINT)) == "step_refused"
    review(undone, firm, COMPLAINT, by=also(firm.controller, Role.REVIEWER))


def test_who_wrote_a_form_does_not_approve_the_procedure_that_carries_it(undone: Session) -> None:
    firm = with_drafts(undone)
    written(undone, firm, VISIT, firm.approver, "电话", "手机")
    advance(undone, firm, COMPLAINT, Status.IN_APPROVAL)
    assert code_of(Refused, partial(approve, undone, firm, COMPLAINT)) == "step_refused"


def test_it_is_remembered_when_the_text_is_returned(undone: Session) -> None:
    firm = with_drafts(undone)
    written(undone, firm, COMPLAINT, firm.approver)
    submit(undone, firm, COMPLAINT)
    return_(undone, firm, COMPLAINT)
    advance(undone, firm, COMPLAINT, Status.IN_APPROVAL)
    assert code_of(Refused, partial(approve, undone, firm, COMPLAINT)) == "step_refused"


def test_exception_allows_it_and_the_signature_stands_on_it(undone: Session) -> None:
    firm = with_drafts(undone)
    exception = granted(undone, firm, "jia", Meaning.PREPARE, Meaning.APPROVE, by=also(firm.reviewer, Role.APPROVER))
    written(undone, firm, COMPLAINT, firm.approver)
    assert advance(undone, firm, COMPLAINT).status is Status.RELEASED
    assert [row.exception_id for row in signoffs(undone, found(undone, firm, COMPLAINT)[1])] == [None, None, exception.id]


def test_who_wrote_may_submit_it_himself(undone: Session) -> None:
    firm = with_drafts(undone)
    written(undone, firm, COMPLAINT, firm.preparer)
    assert advance(undone, firm, COMPLAINT).status is Status.RELEASED


def test_what_everybody_who_could_approve_has_written_is_not_submitted(undone: Session) -> None:
    firm = with_drafts(undone)
    for person in (firm.approver, firm.reviewer):
        written(undone, firm, COMPLAINT, person)
    assert code_of(Refused, partial(submit, undone, firm, COMPLAINT)) == "post_vacant"


@pytest.mark.parametrize(("template_set", "wrote"), [("", ["jia"]), ("small", [])])
def test_who_creates_a_document_wrote_it_but_for_a_template(undone: Session, template_set: str, wrote: list[str]) -> None:
    firm, text = with_drafts(undone), form("gift", "礼品登记表")
    by = writing_too(firm.approver)
    _, revision = create_document(undone, firm.organisation, text, read_front(text, ""), by=by, at=CLONED, template_set=template_set)
    assert revision.edited_by == wrote


def test_next_revision_begins_with_nobody(undone: Session) -> None:
    firm = with_drafts(undone)
    written(undone, firm, COMPLAINT, firm.preparer)
    advance(undone, firm, COMPLAINT)
    document, _ = found(undone, firm, COMPLAINT)
    by = writing_too(firm.approver)
    assert draft_next(undone, document, by=by, at=moment(2, 1), change_summary="改").edited_by == []
    assert advance(undone, firm, COMPLAINT, at=moment(2, 2)).label == "A/1"
