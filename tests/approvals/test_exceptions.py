"""Exceptions from separate duties: reasoned, for a time, granted by somebody else, told to the auditor and kept with the sign-off."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from small_firm import (
    CLONED,
    COMPLAINT,
    ORDER,
    REPAIR,
    VISIT,
    Firm,
    advance,
    approve,
    cloned,
    day,
    found,
    founded,
    give_accounts,
    moment,
    review,
    submit,
)
from sqlmodel import Session

from approvals.ruled import also, code_of, complaint, fault, granted, larger
from service.approvals.exception_actions import end_exception
from service.approvals.queries import duty_exceptions, exceptions_by_id, find_duty_exception, signoffs
from service.approvals.rules import Meaning
from service.documents.rules import Status
from service.errors import Conflict, Forbidden, InputError, NotFound, Refused
from service.organisations.roles import Role
from service.organisations.rules import Actor
from service.trail.queries import entries

PREPARE, REVIEW, _, APPROVE = Meaning


def manager(firm: Firm) -> Actor:
    """易二, who prepares, reviews and approves."""
    return also(firm.reviewer, Role.AUTHOR, Role.APPROVER)


def test_with_an_exception_the_preparer_approves_and_the_signature_stands_on_it(undone: Session) -> None:
    firm = larger(undone)
    exception = granted(undone, firm, "yi", PREPARE, APPROVE)
    submit(undone, firm, COMPLAINT, by=manager(firm))
    review(undone, firm, COMPLAINT, by=also(firm.controller, Role.REVIEWER))
    approve(undone, firm, COMPLAINT, by=manager(firm))
    _, revision = found(undone, firm, COMPLAINT)
    assert [(row.meaning, row.login, row.exception_id) for row in signoffs(undone, revision)] == [
        (PREPARE, "yi", None),
        (REVIEW, "bing", None),
        (APPROVE, "yi", exception.id),
    ]
    assert exception.reason == "公司小，人手不够"
    assert exceptions_by_id(undone, firm.organisation.id) == {exception.id: exception}
    assert [row.exception_id for row in signoffs(undone, found(undone, firm, VISIT)[1])] == [None, None, exception.id]


def test_signature_that_needs_no_exception_stands_on_none(undone: Session) -> None:
    firm = larger(undone)
    granted(undone, firm, "yi", PREPARE, APPROVE)
    advance(undone, firm, COMPLAINT)
    assert {row.exception_id for row in signoffs(undone, found(undone, firm, COMPLAINT)[1])} == {None}


@pytest.mark.parametrize(
    ("meanings", "valid_from", "valid_until", "person"),
    [
        ((PREPARE, REVIEW), day(2, 1), day(2, 28), "yi"),  # other meanings
        ((PREPARE, APPROVE), day(2, 1), day(2, 28), "jia"),  # another person
        ((PREPARE, APPROVE), day(1, 5), day(1, 31), "yi"),  # over
        ((PREPARE, APPROVE), day(2, 2), day(2, 28), "yi"),  # not yet
    ],
)
def test_exception_holds_for_its_meanings_days_and_person_only(
    undone: Session, meanings: tuple[Meaning, ...], valid_from: date, valid_until: date, person: str
) -> None:
    firm = larger(undone)
    by = firm.approver if person == "yi" else also(firm.reviewer, Role.APPROVER)
    granted(undone, firm, person, *meanings, valid_from=valid_from, valid_until=valid_until, by=by)
    submit(undone, firm, COMPLAINT, at=moment(2, 1), by=manager(firm))
    review(undone, firm, COMPLAINT, at=moment(2, 1), by=also(firm.controller, Role.REVIEWER))
    assert code_of(Refused, lambda: approve(undone, firm, COMPLAINT, at=moment(2, 1), by=manager(firm))) == "step_refused"


@pytest.mark.parametrize(("hours", "may"), [(-1, True), (15, False)])
def test_last_day_is_the_organisations_own(undone: Session, hours: int, may: bool) -> None:
    firm = larger(undone)
    granted(undone, firm, "yi", PREPARE, APPROVE, valid_until=day(2, 1))
    submit(undone, firm, COMPLAINT, by=manager(firm))
    review(undone, firm, COMPLAINT, by=also(firm.controller, Role.REVIEWER))
    at = moment(2, 1) + timedelta(hours=hours)  # 9:00 of 1 February, 1:00 of the 2nd in Shanghai
    if may:
        approve(undone, firm, COMPLAINT, at=at, by=manager(firm))
    else:
        assert "须由不同的人完成" in fault(Refused, lambda: approve(undone, firm, COMPLAINT, at=at, by=manager(firm)))[1]


def test_exception_for_one_document_holds_for_no_other_but_for_its_forms(undone: Session) -> None:
    firm = larger(undone)
    exception = granted(undone, firm, "yi", PREPARE, APPROVE, document=complaint(undone, firm))
    for title in (COMPLAINT, REPAIR):
        submit(undone, firm, title, by=manager(firm))
        review(undone, firm, title, by=also(firm.controller, Role.REVIEWER))
    approve(undone, firm, COMPLAINT, by=manager(firm))
    assert code_of(Refused, lambda: approve(undone, firm, REPAIR, by=manager(firm))) == "step_refused"
    assert signoffs(undone, found(undone, firm, VISIT)[1])[-1].exception_id == exception.id
    assert found(undone, firm, ORDER)[1].status is Status.IN_APPROVAL


def test_of_two_exceptions_the_one_for_this_document_is_named(undone: Session) -> None:
    firm = larger(undone)
    granted(undone, firm, "yi", PREPARE, APPROVE)
    own = granted(undone, firm, "yi", PREPARE, APPROVE, document=complaint(undone, firm))
    submit(undone, firm, COMPLAINT, by=manager(firm))
    review(undone, firm, COMPLAINT, by=also(firm.controller, Role.REVIEWER))
    approve(undone, firm, COMPLAINT, by=manager(firm))
    assert signoffs(undone, found(undone, firm, COMPLAINT)[1])[-1].exception_id == own.id


def test_two_exceptions_do_not_add_up(undone: Session) -> None:
    firm = larger(undone)
    granted(undone, firm, "yi", PREPARE, REVIEW)
    granted(undone, firm, "yi", PREPARE, APPROVE)
    submit(undone, firm, COMPLAINT, by=manager(firm))
    review(undone, firm, COMPLAINT, by=manager(firm))
    assert code_of(Refused, lambda: approve(undone, firm, COMPLAINT, by=manager(firm))) == "step_refused"


def test_firm_whose_only_approver_prepares_may_submit_by_an_exception(undone: Session) -> None:
    firm = founded(undone, "JC", ("  - {login: yi, name: 易二, posts: [management_representative]}\n", ""))
    cloned(undone, firm)
    only = also(firm.approver, Role.AUTHOR)
    assert code_of(Refused, lambda: submit(undone, firm, COMPLAINT, by=only)) == "post_vacant"
    granted(undone, firm, "jia", PREPARE, APPROVE, by=also(firm.controller, Role.APPROVER))
    submit(undone, firm, COMPLAINT, by=only)


def test_ended_exception_holds_no_more_but_what_was_signed_stays(undone: Session) -> None:
    firm = larger(undone)
    exception = granted(undone, firm, "yi", PREPARE, APPROVE)
    for title in (COMPLAINT, REPAIR):
        submit(undone, firm, title, by=manager(firm))
        review(undone, firm, title, by=also(firm.controller, Role.REVIEWER))
    approve(undone, firm, COMPLAINT, by=manager(firm))
    end_exception(undone, firm.organisation, exception, by=firm.approver, at=CLONED)
    assert code_of(Refused, lambda: approve(undone, firm, REPAIR, by=manager(firm))) == "step_refused"
    assert found(undone, firm, COMPLAINT)[1].status is Status.APPROVED
    ended = partial(end_exception, undone, firm.organisation, exception, by=firm.approver, at=CLONED)
    assert code_of(Conflict, ended) == "duty_exception_ended"


def test_nobody_grants_himself_an_exception(undone: Session) -> None:
    firm = larger(undone)
    assert code_of(Refused, lambda: granted(undone, firm, "jia", PREPARE, APPROVE)) == "own_duty_exception"
    assert duty_exceptions(undone, firm.organisation.id) == []


@pytest.mark.parametrize("who", ["controller", "reviewer", "preparer"])
def test_only_an_approver_grants_and_ends_an_exception(undone: Session, who: str) -> None:
    firm = larger(undone)
    by = getattr(firm, who)
    exception = granted(undone, firm, "wu", PREPARE, APPROVE)
    assert code_of(Forbidden, lambda: granted(undone, firm, "wu", PREPARE, APPROVE, by=by)) == "not_allowed"
    assert code_of(Forbidden, lambda: end_exception(undone, firm.organisation, exception, by=by, at=CLONED)) == "not_allowed"


GENERAL_MANAGER = Actor("lao", "劳板", ("general_manager",), "总经理")


def test_general_manager_grants_where_there_is_no_other_approver(undone: Session) -> None:
    firm = larger(undone)
    assert granted(undone, firm, "wu", PREPARE, APPROVE, by=GENERAL_MANAGER).granted_by == "lao"
    give_accounts(undone, firm.organisation)
    assert code_of(Forbidden, lambda: granted(undone, firm, "wu", PREPARE, APPROVE, by=GENERAL_MANAGER)) == "not_allowed"
    assert granted(undone, firm, "jia", PREPARE, APPROVE, by=GENERAL_MANAGER).login == "jia"  # 贾一 is the only approver, and it is for him


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no_reason": ({"reason": "  "}, "reason_missing"),
    "long_reason": ({"reason": "长" * 2001}, "too_long"),
    "control_character": ({"reason": "人手\x00不够"}, "control_character"),
    "past": ({"valid_from": day(1, 4)}, "valid_from_past"),
    "ends_before_it_begins": ({"valid_from": day(3, 2), "valid_until": day(3, 1)}, "until_before_from"),
    "too_long": ({"valid_until": date(2027, 1, 7)}, "exception_too_long"),
}


@pytest.mark.parametrize("wrong", list(WRONG))
def test_exception_without_reason_or_end_is_an_error(undone: Session, wrong: str) -> None:
    firm = larger(undone)
    options, code = WRONG[wrong]
    assert code_of(InputError, lambda: granted(undone, firm, "wu", PREPARE, APPROVE, **options)) == code
    assert duty_exceptions(undone, firm.organisation.id) == []


def test_exception_may_last_a_leap_year(undone: Session) -> None:
    assert granted(undone, larger(undone), "wu", PREPARE, APPROVE, valid_until=date(2027, 1, 6)).valid_until == date(2027, 1, 6)


@pytest.mark.parametrize("meanings", [(), (APPROVE,), (APPROVE, APPROVE), (PREPARE, Meaning.COUNTERSIGN)])
def test_exception_must_join_what_is_kept_apart(undone: Session, meanings: tuple[Meaning, ...]) -> None:
    firm = larger(undone)
    assert code_of(InputError, lambda: granted(undone, firm, "wu", *meanings)) == "bad_meanings"


def test_person_without_a_post_gets_no_exception(undone: Session) -> None:
    firm = larger(undone)
    assert code_of(InputError, lambda: granted(undone, firm, "nobody", PREPARE, APPROVE)) == "person_not_found"


def test_auditor_sees_which_exceptions_are_valid_and_which_expire_soon(undone: Session) -> None:
    firm = larger(undone)
    short = granted(undone, firm, "wu", PREPARE, APPROVE, valid_until=day(2, 10))
    long = granted(undone, firm, "zhao", REVIEW, APPROVE, at=moment(1, 6))
    ended = granted(undone, firm, "ding", PREPARE, REVIEW, at=moment(1, 7))
    end_exception(undone, firm.organisation, ended, by=firm.approver, at=moment(1, 20))
    owner = firm.organisation.id
    assert duty_exceptions(undone, owner) == [short, long, ended]
    assert duty_exceptions(undone, owner, on=day(1, 19)) == [short, long, ended]
    assert duty_exceptions(undone, owner, on=day(1, 20)) == [short, long]
    assert duty_exceptions(undone, owner, on=day(1, 20), within=timedelta(days=21)) == [short]
    assert duty_exceptions(undone, owner, on=day(1, 20), within=timedelta(days=20)) == []
    assert duty_exceptions(undone, owner, on=day(2, 11)) == [long]


def test_exception_leaves_an_entry_when_granted_and_when_ended(undone: Session) -> None:
    firm = larger(undone)
    exception = granted(undone, firm, "wu", APPROVE, PREPARE, document=complaint(undone, firm))
    end_exception(undone, firm.organisation, exception, by=firm.approver, at=CLONED)
    grant, end = entries(undone, firm.organisation.id, str(exception.id))
    assert (grant.action, end.action) == ("duty_exception:grant", "duty_exception:end")
    assert grant.details == {
        "document": "JC/SH-CX-02",
        "login": "wu",
        "meanings": ["编制", "批准"],
        "reason": "公司小，人手不够",
        "valid_from": "2026-01-05",
        "valid_until": "2026-12-31",
        "ended_on": None,
    }
    assert end.details == grant.details | {"ended_on": "2026-01-05"}


def test_exception_is_not_ended_before_it_was_granted(undone: Session) -> None:
    firm = larger(undone)
    exception = granted(undone, firm, "wu", PREPARE, APPROVE)
    before = CLONED - timedelta(seconds=1)
    assert (
        code_of(InputError, lambda: end_exception(undone, firm.organisation, exception, by=firm.approver, at=before))
        == "step_before_previous"
    )


def test_exception_of_another_organisation_is_not_found(undone: Session) -> None:
    firm, other = larger(undone), founded(undone, "YI")
    exception = granted(undone, firm, "wu", PREPARE, APPROVE)
    for key in (exception.id, uuid4()):
        assert code_of(NotFound, partial(find_duty_exception, undone, other.organisation.id, key)) == "duty_exception_not_found"
