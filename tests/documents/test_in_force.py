"""现行有效 is computed from dates, by what is true on a day and by what was known at a moment."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from small_firm import COMPLAINT, ORDER, REPAIR, VISIT, Firm, advance, day, found, moment, with_drafts
from sqlmodel import Session

from service.documents.actions import draft_next, make_obsolete
from service.documents.queries import (
    awaited,
    current,
    in_force,
    released_until,
    revision_in_force,
    revisions,
    running,
    titles,
)
from service.documents.rules import Status
from service.errors import InputError, Refused
from service.text.model import Kind
from service.trail.queries import entries


def labels(session: Session, firm: Firm, on: date, known_at: datetime | None = None) -> list[str]:
    """Labels of 投诉处理程序 in force on a day, as known at a moment: one or none."""
    return [p.revision.label for p in in_force(session, firm.organisation.id, on, known_at) if p.revision.title == COMPLAINT]


def next_revision(session: Session, firm: Firm, title: str, *, released: tuple[int, int], effective_on: date) -> None:
    document, _ = found(session, firm, title)
    draft_next(session, document, by=firm.preparer, at=moment(*released), change_summary="改")
    advance(session, firm, title, at=moment(*released), effective_on=effective_on)


def obsolete(session: Session, firm: Firm, title: str, on: date, *, at: tuple[int, int], reason: str = "不再使用") -> None:
    document, revision = found(session, firm, title)
    make_obsolete(session, document, revision, on=on, by=firm.controller, at=moment(*at), reason=reason)


def test_draft_is_not_in_force_whatever_the_day(undone: Session) -> None:
    firm = with_drafts(undone)
    advance(undone, firm, COMPLAINT, Status.APPROVED)
    assert in_force(undone, firm.organisation.id, day(12, 31)) == []


def test_released_revision_is_in_force_from_its_effective_date(undone: Session) -> None:
    firm = with_drafts(undone)
    advance(undone, firm, COMPLAINT, at=moment(2, 1), effective_on=day(3, 1))
    assert labels(undone, firm, day(2, 28)) == []
    assert labels(undone, firm, day(3, 1)) == ["A/0"]
    assert labels(undone, firm, day(12, 31)) == ["A/0"]


def test_superseded_revision_gives_way_on_the_effective_date_of_the_next(undone: Session) -> None:
    firm = with_drafts(undone)
    advance(undone, firm, COMPLAINT, at=moment(2, 1), effective_on=day(2, 1))
    next_revision(undone, firm, COMPLAINT, released=(3, 1), effective_on=day(4, 1))
    assert labels(undone, firm, day(3, 31)) == ["A/0"]
    assert labels(undone, firm, day(4, 1)) == ["A/1"]


def test_later_revision_wins_where_two_take_force_on_one_day(undone: Session) -> None:
    firm = with_drafts(undone)
    advance(undone, firm, COMPLAINT, at=moment(2, 1), effective_on=day(4, 1))
    next_revision(undone, firm, COMPLAINT, released=(2, 1), effective_on=day(4, 1))
    assert labels(undone, firm, day(4, 1)) == ["A/1"]


def test_new_edition_wins_over_a_higher_revision_number(undone: Session) -> None:
    firm = with_drafts(undone)
    advance(undone, firm, COMPLAINT, at=moment(2, 1), effective_on=day(2, 1))
    next_revision(undone, firm, COMPLAINT, released=(2, 1), effective_on=day(2, 1))
    document, _ = found(undone, firm, COMPLAINT)
    draft_next(undone, document, by=firm.preparer, at=moment(2, 1), change_summary="换版", reissue=True)
    advance(undone, firm, COMPLAINT, at=moment(2, 1), effective_on=day(2, 1))
    assert labels(undone, firm, day(2, 1)) == ["B/0"]


def test_older_revision_that_would_take_force_later_never_comes_back(undone: Session) -> None:
    firm = with_drafts(undone)
    advance(undone, firm, COMPLAINT, at=moment(2, 1), effective_on=day(6, 1))
    next_revision(undone, firm, COMPLAINT, released=(3, 1), effective_on=day(4, 1))
    assert labels(undone, firm, day(5, 31)) == ["A/1"]
    assert labels(undone, firm, day(6, 1)) == ["A/1"]


def test_obsolete_document_is_in_force_until_the_day_and_nothing_older_comes_back(undone: Session) -> None:
    firm = with_drafts(undone)
    advance(undone, firm, COMPLAINT, at=moment(2, 1), effective_on=day(2, 1))
    next_revision(undone, firm, COMPLAINT, released=(3, 1), effective_on=day(3, 1))
    obsolete(undone, firm, COMPLAINT, day(5, 1), at=(4, 1))
    assert labels(undone, firm, day(4, 30)) == ["A/1"]
    assert labels(undone, firm, day(5, 1)) == []
    assert labels(undone, firm, day(12, 31)) == []
    assert labels(undone, firm, day(2, 15)) == ["A/0"]


def test_back_dated_obsolescence_shows_on_the_second_clock(undone: Session) -> None:
    firm = with_drafts(undone)
    advance(undone, firm, COMPLAINT, at=moment(2, 1), effective_on=day(2, 1))
    obsolete(undone, firm, COMPLAINT, day(3, 1), at=(6, 1))  # told in June, said to hold since March
    in_april = day(4, 1)
    assert labels(undone, firm, in_april) == []
    assert labels(undone, firm, in_april, known_at=moment(5, 1)) == ["A/0"]
    assert labels(undone, firm, in_april, known_at=moment(6, 1)) == []


def test_what_was_not_yet_released_was_not_known(undone: Session) -> None:
    firm = with_drafts(undone)
    advance(undone, firm, COMPLAINT, at=moment(2, 1), effective_on=day(2, 1))
    next_revision(undone, firm, COMPLAINT, released=(3, 1), effective_on=day(3, 1))
    second = timedelta(seconds=1)
    asked = (moment(2, 1) - second, moment(2, 1), moment(3, 1) - second, moment(3, 1))
    assert [labels(undone, firm, day(4, 1), known_at=at) for at in asked] == [[], ["A/0"], ["A/0"], ["A/1"]]


def test_in_force_comes_in_the_order_of_the_master_list_and_may_be_limited_to_kinds(undone: Session) -> None:
    firm = with_drafts(undone)
    for title in (COMPLAINT, REPAIR):
        advance(undone, firm, title, at=moment(2, 1))
    everything = [p.revision.title for p in in_force(undone, firm.organisation.id, day(2, 1))]
    assert everything == [REPAIR, COMPLAINT, ORDER, VISIT]
    forms = in_force(undone, firm.organisation.id, day(2, 1), kinds=frozenset({Kind.RECORD_FORM}))
    assert [p.revision.title for p in forms] == [ORDER, VISIT]


def test_revision_in_force_of_one_document(undone: Session) -> None:
    firm = with_drafts(undone)
    released = advance(undone, firm, COMPLAINT, at=moment(2, 1))
    document, _ = found(undone, firm, COMPLAINT)
    assert revision_in_force(undone, document, day(2, 1)) == released
    assert revision_in_force(undone, document, day(1, 31)) is None


def test_list_shows_what_is_in_force_else_what_will_be_else_what_is_on_its_way(undone: Session) -> None:
    firm = with_drafts(undone)
    advance(undone, firm, COMPLAINT, at=moment(2, 1), effective_on=day(3, 1))
    shown = {p.revision.title: p.revision.status for p in current(undone, firm.organisation.id, day(2, 15))}
    assert shown == {REPAIR: Status.DRAFT, COMPLAINT: Status.RELEASED, ORDER: Status.DRAFT, VISIT: Status.RELEASED}
    next_revision(undone, firm, COMPLAINT, released=(4, 1), effective_on=day(6, 1))
    now = {p.revision.title: p.revision.label for p in current(undone, firm.organisation.id, day(5, 1))}
    assert now[COMPLAINT] == "A/0"
    assert [p.revision.label for p in awaited(undone, firm.organisation.id, day(5, 1))] == ["A/1"]


def test_of_two_awaited_revisions_the_list_shows_the_next_one(undone: Session) -> None:
    firm = with_drafts(undone)
    advance(undone, firm, COMPLAINT, at=moment(2, 1), effective_on=day(3, 1))
    next_revision(undone, firm, COMPLAINT, released=(2, 2), effective_on=day(4, 1))
    shown = {p.revision.title: p.revision.label for p in current(undone, firm.organisation.id, day(2, 15))}
    assert shown[COMPLAINT] == "A/0"


def test_change_records_are_what_had_taken_force_oldest_first(undone: Session) -> None:
    firm = with_drafts(undone)
    advance(undone, firm, COMPLAINT, at=moment(2, 1), effective_on=day(2, 1))
    next_revision(undone, firm, COMPLAINT, released=(3, 1), effective_on=day(3, 1))
    advance(undone, firm, REPAIR, at=moment(4, 1), effective_on=day(5, 1))
    rows = [(row.title, row.label) for row in released_until(undone, firm.organisation.id, day(4, 30)) if row.title != VISIT]
    assert rows == [(COMPLAINT, "A/0"), (COMPLAINT, "A/1")]


def test_titles_are_those_that_have_been_in_force_by_that_day(undone: Session) -> None:
    firm = with_drafts(undone)
    advance(undone, firm, COMPLAINT, at=moment(2, 1), effective_on=day(3, 1))
    obsolete(undone, firm, COMPLAINT, day(5, 1), at=(4, 1))
    found_on = [titles(undone, firm.organisation.id, on) for on in (day(2, 28), day(3, 1), day(5, 2))]
    assert found_on == [set(), {COMPLAINT, VISIT}, {COMPLAINT, VISIT}]


def test_obsolescence_leaves_one_trail_entry_with_its_reason(undone: Session) -> None:
    firm = with_drafts(undone)
    advance(undone, firm, COMPLAINT, at=moment(2, 1))
    obsolete(undone, firm, COMPLAINT, day(5, 1), at=(4, 1))
    [entry] = [entry for entry in entries(undone, firm.organisation.id) if entry.action == "revision:obsolete"]
    assert entry.details == {"label": "A/0", "on": "2026-05-01", "reason": "不再使用"}


@pytest.mark.parametrize("status", [Status.DRAFT, Status.IN_REVIEW, Status.APPROVED])
def test_only_a_released_revision_can_be_made_obsolete(undone: Session, status: Status) -> None:
    firm = with_drafts(undone)
    if status is not Status.DRAFT:
        advance(undone, firm, COMPLAINT, status)
    with pytest.raises(Refused) as caught:
        obsolete(undone, firm, COMPLAINT, day(5, 1), at=(4, 1))
    assert caught.value.code == "not_in_force"


def test_superseded_or_already_obsolete_revision_cannot_be_made_obsolete(undone: Session) -> None:
    firm = with_drafts(undone)
    advance(undone, firm, COMPLAINT, at=moment(2, 1))
    next_revision(undone, firm, COMPLAINT, released=(3, 1), effective_on=day(3, 1))
    document, _ = found(undone, firm, COMPLAINT)
    first = revisions(undone, document)[0]
    with pytest.raises(Refused):
        make_obsolete(undone, document, first, on=day(5, 1), by=firm.controller, at=moment(4, 1), reason="不再使用")
    obsolete(undone, firm, COMPLAINT, day(5, 1), at=(4, 1))
    with pytest.raises(Refused):
        obsolete(undone, firm, COMPLAINT, day(6, 1), at=(4, 1))


@pytest.mark.parametrize(("on", "reason", "code"), [(day(5, 1), " ", "reason_missing"), (day(1, 31), "旧", "obsolete_before_effective")])
def test_obsolescence_needs_a_reason_and_a_day_after_the_effective_date(undone: Session, on: date, reason: str, code: str) -> None:
    firm = with_drafts(undone)
    advance(undone, firm, COMPLAINT, at=moment(2, 1))
    with pytest.raises(InputError) as caught:
        obsolete(undone, firm, COMPLAINT, on, at=(4, 1), reason=reason)
    assert caught.value.code == code


def test_draft_of_the_next_revision_changes_nothing_in_force(undone: Session) -> None:
    firm = with_drafts(undone)
    advance(undone, firm, COMPLAINT, at=moment(2, 1))
    document, _ = found(undone, firm, COMPLAINT)
    draft_next(undone, document, by=firm.preparer, at=moment(3, 1), change_summary="改")
    assert labels(undone, firm, day(4, 1)) == ["A/0"]
    assert [p.revision.label for p in running(undone, firm.organisation.id) if p.revision.title == COMPLAINT] == ["A/1"]
