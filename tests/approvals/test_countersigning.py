"""会签: N of M posts in parallel, one sign-off a post, before the approval."""

from __future__ import annotations

from itertools import permutations

import pytest
from small_firm import COMPLAINT, VISIT, Firm, approve, countersign, found, moment, return_, review, submit, withdraw
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from approvals.ruled import WU, ZHAO, also, code_of, fault, larger, ruled
from service.approvals.models import Signoff
from service.approvals.permission import allowed_steps
from service.approvals.queries import signoffs
from service.approvals.rules import Meaning, Step
from service.documents.rules import Status
from service.errors import Forbidden, Refused
from service.organisations.roles import Role
from service.organisations.rules import Actor
from service.trail.queries import entries

QUALITY = also(WU, Role.APPROVER)
FINANCE = also(ZHAO, Role.APPROVER)


def countersigning(session: Session, needed: int, *posts: str) -> Firm:
    """The larger firm whose 投诉处理程序 has been reviewed and waits for countersignatures."""
    firm = larger(session)
    ruled(session, firm, countersigners=posts or ["quality_manager", "finance_manager"], countersigns_needed=needed)
    submit(session, firm, COMPLAINT)
    review(session, firm, COMPLAINT)
    return firm


def state(session: Session, firm: Firm) -> Status:
    return found(session, firm, COMPLAINT)[1].status


def signed_posts(session: Session, firm: Firm) -> dict[str, str]:
    rows = signoffs(session, found(session, firm, COMPLAINT)[1])
    return {row.post_key: row.login for row in rows if row.meaning is Meaning.COUNTERSIGN}


def test_after_the_review_the_text_waits_for_countersignatures(undone: Session) -> None:
    firm = countersigning(undone, 2)
    assert state(undone, firm) is Status.COUNTERSIGNING
    assert code_of(Refused, lambda: approve(undone, firm, COMPLAINT)) == "step_refused"


@pytest.mark.parametrize("order", list(permutations([QUALITY, FINANCE])), ids=lambda people: people[0].login)
def test_all_must_sign_in_whatever_order(undone: Session, order: tuple[Actor, ...]) -> None:
    firm = countersigning(undone, 2)
    reached = []
    for person in order:
        countersign(undone, firm, COMPLAINT, by=person)
        reached.append(state(undone, firm))
    assert reached == [Status.COUNTERSIGNING, Status.IN_APPROVAL]
    assert signed_posts(undone, firm) == {"quality_manager": "wu", "finance_manager": "zhao"}


def test_one_of_two_is_enough_where_the_rule_says_so(undone: Session) -> None:
    firm = countersigning(undone, 1)
    countersign(undone, firm, COMPLAINT, by=FINANCE)
    assert state(undone, firm) is Status.IN_APPROVAL


def test_forms_that_travel_are_countersigned_too(undone: Session) -> None:
    firm = countersigning(undone, 2)
    countersign(undone, firm, COMPLAINT, by=QUALITY)
    _, visit = found(undone, firm, VISIT)
    assert [(row.login, row.post_key, row.fingerprint) for row in signoffs(undone, visit)][-1] == (
        "wu",
        "quality_manager",
        visit.fingerprint,
    )
    assert visit.status is state(undone, firm)
    countersign(undone, firm, COMPLAINT, by=FINANCE)
    assert visit.status is state(undone, firm)


def test_nobody_countersigns_twice(undone: Session) -> None:
    firm = countersigning(undone, 2)
    countersign(undone, firm, COMPLAINT, by=QUALITY)
    tells = fault(Refused, lambda: countersign(undone, firm, COMPLAINT, by=QUALITY))[1]
    assert tells.endswith("吴五不能会签：已在本修订上签署，一人只签一次，可由财务部经理（赵六）完成")


def test_second_holder_of_a_post_that_has_signed_is_refused(undone: Session) -> None:
    firm = countersigning(undone, 2)
    countersign(undone, firm, COMPLAINT, by=QUALITY)
    deputy = Actor("sun", "孙七", ("quality_manager",), "质量部经理", QUALITY.roles)
    tells = fault(Refused, lambda: countersign(undone, firm, COMPLAINT, by=deputy))[1]
    assert tells.endswith("孙七不能会签：其岗位已有人会签，可由财务部经理（赵六）完成")


def test_whoever_holds_two_of_the_posts_signs_once_and_counts_once(undone: Session) -> None:
    firm = countersigning(undone, 2)
    both = Actor("wu", "吴五", ("quality_manager", "finance_manager"), "质量部经理、财务部经理", QUALITY.roles)
    countersign(undone, firm, COMPLAINT, by=both)
    assert signed_posts(undone, firm) == {"quality_manager": "wu"}
    assert code_of(Refused, lambda: countersign(undone, firm, COMPLAINT, by=both)) == "step_refused"
    assert state(undone, firm) is Status.COUNTERSIGNING
    countersign(undone, firm, COMPLAINT, by=FINANCE)
    assert state(undone, firm) is Status.IN_APPROVAL


def test_post_that_is_not_asked_does_not_countersign_and_is_told_who_does(undone: Session) -> None:
    firm = countersigning(undone, 2)
    tells = fault(Refused, lambda: countersign(undone, firm, COMPLAINT, by=firm.controller))[1]
    assert tells.endswith("邴三不能会签：这一步由质量部经理（吴五）或财务部经理（赵六）完成")


def test_role_that_reads_only_does_not_countersign(undone: Session) -> None:
    firm = countersigning(undone, 2)
    reader = Actor("wu", "吴五", ("quality_manager",), "质量部经理")
    assert code_of(Forbidden, lambda: countersign(undone, firm, COMPLAINT, by=reader)) == "not_allowed"


def test_preparer_and_approver_may_countersign_for_their_posts(undone: Session) -> None:
    firm = countersigning(undone, 2, "service_manager", "general_manager")
    countersign(undone, firm, COMPLAINT, by=firm.preparer)
    countersign(undone, firm, COMPLAINT, by=firm.approver)
    approve(undone, firm, COMPLAINT)
    assert state(undone, firm) is Status.APPROVED


def test_countersigner_returns_the_text_and_all_signs_anew(undone: Session) -> None:
    firm = countersigning(undone, 2)
    countersign(undone, firm, COMPLAINT, by=QUALITY)
    return_(undone, firm, COMPLAINT, by=FINANCE)
    submit(undone, firm, COMPLAINT)
    review(undone, firm, COMPLAINT)
    assert signed_posts(undone, firm) == {}
    countersign(undone, firm, COMPLAINT, by=QUALITY)


def test_preparer_withdraws_what_is_being_countersigned(undone: Session) -> None:
    firm = countersigning(undone, 2)
    countersign(undone, firm, COMPLAINT, by=QUALITY)
    withdraw(undone, firm, COMPLAINT)
    assert state(undone, firm) is Status.DRAFT


def test_button_is_offered_to_the_posts_that_have_not_signed(undone: Session) -> None:
    firm = countersigning(undone, 2)
    countersign(undone, firm, COMPLAINT, by=QUALITY)
    _, revision = found(undone, firm, COMPLAINT)
    offered = {person.login: allowed_steps(undone, revision, person, at=moment(1, 5)) for person in (QUALITY, FINANCE, firm.controller)}
    assert offered == {"wu": (Step.RETURN,), "zhao": (Step.COUNTERSIGN, Step.RETURN), "bing": ()}


def test_entry_of_a_countersignature_names_the_post(undone: Session) -> None:
    firm = countersigning(undone, 2)
    countersign(undone, firm, COMPLAINT, by=QUALITY)
    [entry] = [entry for entry in entries(undone, firm.organisation.id) if entry.action == "revision:countersign"]
    assert entry.details["post"] == "quality_manager"
    assert len(entry.details["seals"]) == 2  # the procedure and the form that goes along


def test_database_refuses_a_second_countersignature_for_a_post(undone: Session) -> None:
    firm = countersigning(undone, 2)
    countersign(undone, firm, COMPLAINT, by=QUALITY)
    row = signoffs(undone, found(undone, firm, COMPLAINT)[1])[-1]
    undone.add(Signoff(**{**row.model_dump(exclude={"id"}), "login": "sun"}))
    with pytest.raises(IntegrityError), undone.begin_nested():
        undone.flush()
