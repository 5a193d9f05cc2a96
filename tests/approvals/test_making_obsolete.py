"""Making a text obsolete: who may, and which record forms go along."""

from __future__ import annotations

from datetime import date

import pytest
from small_firm import COMPLAINT, ORDER, REPAIR, VISIT, Firm, advance, day, found, moment, with_drafts
from sqlmodel import Session

from service.approvals import actions as approvals
from service.documents.queries import in_force
from service.errors import Forbidden, InputError, Refused
from service.organisations.rules import Actor
from service.trail.queries import entries


def released(session: Session, *titles: str) -> Firm:
    firm = with_drafts(session)
    for title in titles:
        advance(session, firm, title, at=moment(2, 1))
    return firm


def obsolete(
    session: Session, firm: Firm, title: str, by: Actor | None = None, on: date | None = None, reason: str = "不再使用"
) -> list[str]:
    document, revision = found(session, firm, title)
    by, on = by or firm.controller, on or day(5, 1)
    return [row.number for row in approvals.obsolete(session, document, revision, on=on, by=by, at=moment(4, 1), reason=reason)]


def valid(session: Session, firm: Firm, on: date) -> set[str]:
    return {pair.revision.title for pair in in_force(session, firm.organisation.id, on)}


@pytest.mark.parametrize("who", ["approver", "reviewer", "preparer"])
def test_only_the_document_controller_makes_obsolete(undone: Session, who: str) -> None:
    firm = released(undone, COMPLAINT)
    with pytest.raises(Forbidden, match="不能作废：由文控员完成") as caught:
        obsolete(undone, firm, COMPLAINT, by=getattr(firm, who))
    assert caught.value.code == "not_allowed"
    assert COMPLAINT in valid(undone, firm, day(5, 1))


def test_form_that_no_other_text_names_goes_along_and_the_trail_says_why(undone: Session) -> None:
    firm = released(undone, REPAIR, COMPLAINT)
    assert obsolete(undone, firm, REPAIR) == ["JC/SH-JL-01"]
    assert valid(undone, firm, day(4, 30)) == {REPAIR, COMPLAINT, ORDER, VISIT}
    assert valid(undone, firm, day(5, 1)) == {COMPLAINT, VISIT}
    [entry] = [entry for entry in entries(undone, firm.organisation.id, "JC/SH-JL-01") if entry.action == "revision:obsolete"]
    assert entry.details["reason"] == "随 JC/SH-CX-01 作废：不再使用"


def test_form_goes_with_the_last_text_that_names_it(undone: Session) -> None:
    firm = released(undone, REPAIR, COMPLAINT)
    assert obsolete(undone, firm, COMPLAINT) == []
    assert obsolete(undone, firm, REPAIR) == ["JC/SH-JL-01", "JC/SH-JL-02"]
    assert valid(undone, firm, day(5, 1)) == set()


def test_form_that_a_text_released_for_later_names_stays(undone: Session) -> None:
    firm = released(undone, REPAIR)
    advance(undone, firm, COMPLAINT, at=moment(3, 1), effective_on=day(6, 1))
    assert obsolete(undone, firm, REPAIR) == ["JC/SH-JL-01"]
    assert valid(undone, firm, day(6, 1)) == {COMPLAINT, VISIT}


def test_form_alone_takes_nothing_along(undone: Session) -> None:
    firm = released(undone, REPAIR)
    assert obsolete(undone, firm, ORDER) == []
    assert valid(undone, firm, day(5, 1)) == {REPAIR, VISIT}


def test_without_a_reason_nothing_becomes_obsolete(undone: Session) -> None:
    firm = released(undone, REPAIR)
    with pytest.raises(InputError) as caught:
        obsolete(undone, firm, REPAIR, reason=" ")
    assert caught.value.code == "reason_missing"
    assert valid(undone, firm, day(5, 1)) == {REPAIR, ORDER, VISIT}


def test_what_is_obsolete_already_or_not_released_is_refused(undone: Session) -> None:
    firm = released(undone, COMPLAINT)
    obsolete(undone, firm, COMPLAINT)
    for title in (COMPLAINT, REPAIR):
        with pytest.raises(Refused) as caught:
            obsolete(undone, firm, title)
        assert caught.value.code == "not_in_force"


def test_nothing_is_made_obsolete_before_it_was_released(undone: Session) -> None:
    firm = released(undone, COMPLAINT)
    document, revision = found(undone, firm, COMPLAINT)
    with pytest.raises(InputError) as caught:
        approvals.obsolete(undone, document, revision, on=day(5, 1), by=firm.controller, at=moment(1, 31), reason="不再使用")
    assert caught.value.code == "step_before_previous"
