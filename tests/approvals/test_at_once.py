"""Many at once: one takes the step, the others are refused, and the trail has one entry; on both databases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from small_firm import CLONED, COMPLAINT, REPAIR, STANDARD, VISIT, Firm, advance, day, found, review, submit
from sqlalchemy import Engine
from sqlmodel import Session

from approvals.ruled import WU, ZHAO, also, approvals_of, larger, ruled
from service.approvals import actions
from service.approvals.queries import signoffs
from service.approvals.rules import Meaning, Step
from service.approvals.verify import verify_signoffs
from service.db import reading, writing
from service.documents.models import Document, Revision
from service.documents.rules import Status
from service.errors import Forbidden, Refused
from service.organisations.models import Organisation
from service.organisations.roles import Role
from service.organisations.rules import Actor
from service.organisations.shipped import catalogue
from service.trail.queries import entries, verify

MANY = 50
Take = Callable[[Session, Organisation, Document, Revision, Actor], object]


def submit_it(session: Session, owner: Organisation, document: Document, revision: Revision, by: Actor) -> None:
    actions.submit(session, owner, document, revision, standard=STANDARD, catalogue=catalogue(), by=by, at=CLONED)


def countersign_it(session: Session, _owner: Organisation, document: Document, revision: Revision, by: Actor) -> None:
    actions.countersign(session, document, revision, by=by, at=CLONED)


def approve_it(session: Session, _owner: Organisation, document: Document, revision: Revision, by: Actor) -> None:
    actions.approve(session, document, revision, by=by, at=CLONED)


def return_it(session: Session, _owner: Organisation, document: Document, revision: Revision, by: Actor) -> None:
    actions.return_(session, document, revision, by=by, at=CLONED, reason="请改")


def release_it(session: Session, owner: Organisation, document: Document, revision: Revision, by: Actor) -> None:
    actions.release(session, owner, document, revision, by=by, at=CLONED, effective_on=day(1, 5))


def brought_to(engine: Engine, status: Status) -> Firm:
    with writing(engine) as session:
        firm = larger(session)
        if status is not Status.DRAFT:
            advance(session, firm, COMPLAINT, status)
    return firm


def at_once(engine: Engine, firm: Firm, acts: list[tuple[Actor, str, Take]]) -> Counter[str]:
    """How often each came out: "done", or the code of the refusal. All wait for each other and then go, each in its own transaction."""
    with reading(engine) as session:
        keys = {title: found(session, firm, title)[1].id for title in {title for _, title, _ in acts}}
    ready = Barrier(len(acts))

    def act(by: Actor, title: str, take: Take) -> str:
        ready.wait(60)
        try:
            with writing(engine) as session:
                revision = session.get_one(Revision, keys[title])
                owner = session.get_one(Organisation, revision.organisation_id)
                take(session, owner, session.get_one(Document, revision.document_id), revision, by)
        except (Refused, Forbidden) as fault:
            return fault.code
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return Counter(task.result(120) for task in [pool.submit(act, *each) for each in acts])


def taken(engine: Engine, firm: Firm, step: Step) -> int:
    """How many entries of this step the trail has; it and the sign-offs must be whole."""
    with reading(engine) as session:
        assert verify(session, firm.organisation.id).position is None
        assert verify_signoffs(session, firm.organisation) == []
        return len([entry for entry in entries(session, firm.organisation.id) if entry.action == f"revision:{step.value}"])


ONE_EFFECT: dict[Step, tuple[Status, str, Take]] = {
    Step.SUBMIT: (Status.DRAFT, "preparer", submit_it),
    Step.APPROVE: (Status.IN_APPROVAL, "approver", approve_it),
    Step.RELEASE: (Status.APPROVED, "controller", release_it),
    Step.RETURN: (Status.IN_APPROVAL, "approver", return_it),
}


@pytest.mark.parametrize("step", list(ONE_EFFECT))
def test_fifty_at_once_have_one_effect_and_forty_nine_are_refused(engine: Engine, step: Step) -> None:
    status, who, take = ONE_EFFECT[step]
    firm = brought_to(engine, status)
    came_out = at_once(engine, firm, [(getattr(firm, who), COMPLAINT, take)] * MANY)
    assert came_out == {"done": 1, "step_refused": MANY - 1}
    assert taken(engine, firm, step) == 1


def test_fifty_approving_at_once_leave_one_signature(engine: Engine) -> None:
    firm = brought_to(engine, Status.IN_APPROVAL)
    people = [Actor(f"m{n}", f"经理{n}", ("general_manager",), "总经理", firm.approver.roles) for n in range(MANY)]
    came_out = at_once(engine, firm, [(person, COMPLAINT, approve_it) for person in people])
    assert came_out == {"done": 1, "step_refused": MANY - 1}
    with reading(engine) as session:
        rows = signoffs(session, found(session, firm, COMPLAINT)[1])
        assert [row.meaning for row in rows] == [Meaning.PREPARE, Meaning.REVIEW, Meaning.APPROVE]


def test_approval_and_return_at_once_do_not_both_happen(engine: Engine) -> None:
    firm = brought_to(engine, Status.IN_APPROVAL)
    approver = Actor("m", "经理", ("general_manager",), "总经理", firm.approver.roles)
    came_out = at_once(engine, firm, [(firm.approver, COMPLAINT, approve_it), (approver, COMPLAINT, return_it)] * 5)
    assert came_out["done"] == 1
    assert sum(came_out.values()) == 10
    with reading(engine) as session:
        _, revision = found(session, firm, COMPLAINT)
        [approval] = approvals_of(session, revision)
        assert (revision.status, approval.outcome) in {(Status.APPROVED, "approved"), (Status.DRAFT, "returned")}


def test_last_countersignatures_at_once_both_count(engine: Engine) -> None:
    with writing(engine) as session:
        firm = larger(session)
        ruled(session, firm, countersigners=["quality_manager", "finance_manager"], countersigns_needed=2)
        submit(session, firm, COMPLAINT)
        review(session, firm, COMPLAINT)
    people = [also(person, Role.APPROVER) for person in (WU, ZHAO)]
    came_out = at_once(engine, firm, [(person, COMPLAINT, countersign_it) for person in people])
    assert came_out == {"done": 2}
    with reading(engine) as session:
        assert found(session, firm, COMPLAINT)[1].status is Status.IN_APPROVAL


def test_form_that_two_procedures_name_goes_with_one_of_them(engine: Engine) -> None:
    firm = brought_to(engine, Status.DRAFT)
    came_out = at_once(engine, firm, [(firm.preparer, title, submit_it) for title in (COMPLAINT, REPAIR)])
    assert came_out == {"done": 2}
    with reading(engine) as session:
        rows = signoffs(session, found(session, firm, VISIT)[1])
        assert [row.meaning for row in rows] == [Meaning.PREPARE]
    assert taken(engine, firm, Step.SUBMIT) == 2
