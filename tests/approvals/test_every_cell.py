"""Every (status × step × role): what happens when somebody with this role alone, and every post that is asked for, takes this step."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import pytest
from small_firm import COMPLAINT, STEPS, Firm, advance, found, review, submit
from sqlmodel import Session

from approvals.ruled import RULED, larger, ruled
from service.approvals.permission import refusals
from service.approvals.rules import Step
from service.documents.rules import Status
from service.errors import Forbidden, Refused
from service.organisations.roles import HeldRole, Role
from service.organisations.rules import Actor

DONE, REFUSED, FORBIDDEN = "done", "409", "403"
LETTERS = {"D": DONE, "R": REFUSED, "-": FORBIDDEN}
ROLES = ("administrator", "document_controller", "author", "reviewer", "approver", "reader", "auditor", "consultant")
TABLE: Mapping[tuple[str, str], str] = {
    # (status, step): one letter for each of ROLES; D done, R refused (409), - forbidden (403)
    ("draft", "submit"): "-DD----D",
    ("draft", "review"): "---R----",
    ("draft", "countersign"): "-RRRR---",
    ("draft", "approve"): "----R---",
    ("draft", "release"): "-R------",
    ("draft", "return"): "-RRRR---",
    ("draft", "withdraw"): "-RR----R",
    ("in_review", "submit"): "-RR----R",
    ("in_review", "review"): "---D----",
    ("in_review", "countersign"): "-RRRR---",
    ("in_review", "approve"): "----R---",
    ("in_review", "release"): "-R------",
    ("in_review", "return"): "---D----",
    ("in_review", "withdraw"): "-DD----D",
    ("countersigning", "submit"): "-RR----R",
    ("countersigning", "review"): "---R----",
    ("countersigning", "countersign"): "-DDDD---",
    ("countersigning", "approve"): "----R---",
    ("countersigning", "release"): "-R------",
    ("countersigning", "return"): "-DDDD---",
    ("countersigning", "withdraw"): "-DD----D",
    ("in_approval", "submit"): "-RR----R",
    ("in_approval", "review"): "---R----",
    ("in_approval", "countersign"): "-RRRR---",
    ("in_approval", "approve"): "----D---",
    ("in_approval", "release"): "-R------",
    ("in_approval", "return"): "----D---",
    ("in_approval", "withdraw"): "-DD----D",
    ("approved", "submit"): "-RR----R",
    ("approved", "review"): "---R----",
    ("approved", "countersign"): "-RRRR---",
    ("approved", "approve"): "----R---",
    ("approved", "release"): "-D------",
    ("approved", "return"): "-D------",
    ("approved", "withdraw"): "-RR----R",
    ("released", "submit"): "-RR----R",
    ("released", "review"): "---R----",
    ("released", "countersign"): "-RRRR---",
    ("released", "approve"): "----R---",
    ("released", "release"): "-R------",
    ("released", "return"): "-RRRR---",
    ("released", "withdraw"): "-RR----R",
}
CELLS = {(status, step, role): LETTERS[letter] for (status, step), row in TABLE.items() for role, letter in zip(ROLES, row, strict=True)}


def test_table_has_a_cell_for_every_status_step_and_role() -> None:
    assert set(CELLS) == set(product(Status, Step, Role))
    assert len(CELLS) == 6 * 7 * 8


def acting(role: Role, step: Step) -> Actor:
    """Somebody with this role alone and every post of the route, who has signed nothing; whoever withdraws is the preparer."""
    login = "ding" if step is Step.WITHDRAW else "sun"
    posts = ("general_manager", "management_representative", "quality_manager", "finance_manager")
    return Actor(login, "孙七", posts, "总经理", (HeldRole(role),))


def brought_to(session: Session, status: Status) -> Firm:
    """A larger firm whose 投诉处理程序 stands at this status on a route with countersignatures."""
    firm = larger(session)
    if status is Status.DRAFT:
        return firm
    if status in (Status.IN_REVIEW, Status.COUNTERSIGNING):
        ruled(session, firm, at=RULED, countersigners=["quality_manager", "finance_manager"], countersigns_needed=1)
        submit(session, firm, COMPLAINT)
    if status is Status.COUNTERSIGNING:
        review(session, firm, COMPLAINT)
    if status not in (Status.IN_REVIEW, Status.COUNTERSIGNING):
        advance(session, firm, COMPLAINT, status)
    return firm


def outcome(session: Session, firm: Firm, step: Step, role: Role) -> str:
    """What taking the step comes to; it is undone."""
    undo = session.begin_nested()
    try:
        STEPS[step](session, firm, COMPLAINT, by=acting(role, step))
    except Forbidden:
        return FORBIDDEN
    except Refused:
        return REFUSED
    finally:
        undo.rollback()
        session.expire_all()
    return DONE


@pytest.mark.parametrize("status", list(Status))
def test_every_step_of_every_role_from_this_status_comes_out_as_the_table_says(undone: Session, status: Status) -> None:
    firm = brought_to(undone, status)
    assert found(undone, firm, COMPLAINT)[1].status is status
    tried = {(step, role): outcome(undone, firm, step, role) for step, role in product(Step, Role)}
    assert tried == {(step, role): CELLS[status, step, role] for step, role in product(Step, Role)}


@pytest.mark.parametrize("status", list(Status))
def test_buttons_of_every_role_are_those_of_the_table(undone: Session, status: Status) -> None:
    firm = brought_to(undone, status)
    _, revision = found(undone, firm, COMPLAINT)
    for role, step in product(Role, Step):
        found_against = refusals(undone, revision, acting(role, step), at=RULED)[step]
        expected = {DONE: type(None), REFUSED: Refused, FORBIDDEN: Forbidden}[CELLS[status, step, role]]
        assert type(found_against) is expected, (step, role)
