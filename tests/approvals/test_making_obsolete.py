"""Making a text obsolete: who may, and which record forms go along."""

from __future__ import annotations

from datetime import date

import pytest
from small_firm import COMPLAINT, ORDER, REPAIR, VISIT, Firm, advance, day, found, moment, release, submit, with_drafts
from sqlmodel import Session

from service.approvals import actions as approvals
from service.documents.actions import draft_next
from service.documents.queries import documents, in_force, revisions
from service.documents.rules import Status
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


@pytest.mark.parametrize("title", [REPAIR, ORDER])
def test_nothing_becomes_obsolete_while_a_revision_of_it_or_of_its_form_is_on_its_way(undone: Session, title: str) -> None:
    firm = released(undone, REPAIR)
    document, _ = found(undone, firm, title)
    draft_next(undone, document, by=firm.preparer, at=moment(3, 1), change_summary="改")
    text = next(row for row in documents(undone, firm.organisation.id) if row.key == "repair")
    with pytest.raises(Refused, match=f"文件 {document.number} 的修订 A/1 在途") as caught:
        approvals.obsolete(undone, text, revisions(undone, text)[0], on=day(5, 1), by=firm.controller, at=moment(4, 1), reason="不再使用")
    assert caught.value.code == "revision_under_way"


def test_what_is_obsolete_is_not_drafted_again(undone: Session) -> None:
    firm = released(undone, COMPLAINT)
    obsolete(undone, firm, COMPLAINT)
    with pytest.raises(Refused, match="已作废，不能再起草修订") as caught:
        draft_next(undone, found(undone, firm, COMPLAINT)[0], by=firm.preparer, at=moment(4, 2), change_summary="改")
    assert caught.value.code == "document_obsolete"


@pytest.mark.parametrize("reached", [Status.DRAFT, Status.APPROVED])
def test_revision_of_an_obsolete_document_is_neither_submitted_nor_released(undone: Session, reached: Status) -> None:
    """As it may stand in a database from before the two were kept apart."""
    firm = released(undone, COMPLAINT)
    document, first = found(undone, firm, COMPLAINT)
    draft_next(undone, document, by=firm.preparer, at=moment(3, 1), change_summary="改")
    if reached is not Status.DRAFT:
        advance(undone, firm, COMPLAINT, reached, at=moment(3, 1))
    first.obsolete_on, first.obsoleted_at = day(4, 1), moment(4, 1)
    step = submit if reached is Status.DRAFT else release
    with pytest.raises(Refused, match="文件已作废，不能") as caught:
        step(undone, firm, COMPLAINT, at=moment(4, 2))
    assert caught.value.code == "document_obsolete"
