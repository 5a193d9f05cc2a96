"""The chain of an organisation: one entry per action, and every kind of tampering found at its place."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta, timezone
from uuid import uuid4

import pytest
from sqlalchemy import Engine, delete
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col
from tampering import AT, chain, change, organisation, remove

from service.db import reading, writing
from service.organisations.models import Organisation
from service.trail.actions import record
from service.trail.models import TrailEntry, TrailHead
from service.trail.queries import entries, verify
from service.trail.rules import START


def test_first_entry_follows_the_start_and_each_the_one_before(undone: Session) -> None:
    owner = chain(undone, 3)
    rows = entries(undone, owner.id)
    assert [row.position for row in rows] == [1, 2, 3]
    assert [row.previous for row in rows] == [START, rows[0].seal, rows[1].seal]


@pytest.mark.parametrize("length", [0, 1, 5])
def test_untouched_chain_holds(undone: Session, length: int) -> None:
    owner = chain(undone, length)
    undone.expire_all()
    assert verify(undone, owner.id).position is None


def test_moment_in_another_time_zone_is_kept_and_sealed_in_utc(undone: Session) -> None:
    owner = organisation(undone)
    shanghai = AT.astimezone(timezone(timedelta(hours=8)))
    entry = record(undone, owner.id, at=shanghai, by="li", action="a", subject="s", subject_id="1")
    undone.flush()
    undone.refresh(entry)
    assert (entry.at, entry.details) == (AT, {})
    assert verify(undone, owner.id).position is None


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("by", "qian"),
        ("action", "document:destroy"),
        ("subject", "other"),
        ("subject_id", "D-9"),
        ("at", AT),
        ("details", {"number": 3}),
        ("seal", "0" * 64),
        ("previous", "0" * 64),
        ("position", 99),
    ],
)
def test_changed_entry_is_found_at_its_position(undone: Session, column: str, value: object) -> None:
    owner = chain(undone, 5)
    change(undone, owner, 3, **{column: value})
    assert verify(undone, owner.id).position == 3


@pytest.mark.parametrize("position", [1, 3])
def test_removed_entry_is_found_at_its_position(undone: Session, position: int) -> None:
    owner = chain(undone, 5)
    remove(undone, owner, position)
    assert verify(undone, owner.id).position == position


def test_last_entry_moved_to_a_later_position_is_found(undone: Session) -> None:
    owner = chain(undone, 5)
    change(undone, owner, 5, position=9)
    assert verify(undone, owner.id).position == 5


def test_removed_middle_is_found_even_if_the_rest_is_renumbered(undone: Session) -> None:
    owner = chain(undone, 4)
    remove(undone, owner, 2)
    for position in (3, 4):
        change(undone, owner, position, position=position - 1)
    assert verify(undone, owner.id).position == 2


def cut_last(session: Session, owner: Organisation) -> None:
    remove(session, owner, 5)


def cut_two(session: Session, owner: Organisation) -> None:
    remove(session, owner, 4, 5)


def cut_all(session: Session, owner: Organisation) -> None:
    remove(session, owner, 1, 2, 3, 4, 5)


def cut_head(session: Session, owner: Organisation) -> None:
    session.execute(delete(TrailHead).where(col(TrailHead.organisation_id) == owner.id))
    session.expire_all()


@pytest.mark.parametrize(("cut", "position"), [(cut_last, 5), (cut_two, 4), (cut_all, 1), (cut_head, 6)])
def test_cut_tail_or_lost_head_is_found(undone: Session, cut: Callable[[Session, Organisation], None], position: int) -> None:
    owner = chain(undone, 5)
    cut(undone, owner)
    assert verify(undone, owner.id).position == position


def test_reordered_pair_is_found(undone: Session) -> None:
    owner = chain(undone, 5)
    for old, new in ((3, 99), (4, 3), (99, 4)):
        change(undone, owner, old, position=new)
    assert verify(undone, owner.id).position == 3


def test_chain_goes_on_after_the_last_entry(undone: Session) -> None:
    owner = chain(undone, 2)
    undone.expire_all()
    entry = record(undone, owner.id, at=AT, by="li", action="a", subject="s", subject_id="1")
    assert entry.position == 3
    assert verify(undone, owner.id).position is None


def test_entries_of_two_writers_at_once_form_one_chain(engine: Engine) -> None:
    with writing(engine) as session:
        owner = chain(session, 1)

    def write(login: str) -> None:
        for _ in range(8):
            with writing(engine) as session:
                record(session, owner.id, at=AT, by=login, action="a", subject="s", subject_id="1")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, ("li", "qian")))
    with reading(engine) as session:
        assert len(entries(session, owner.id)) == 17
        assert verify(session, owner.id).position is None


def test_database_refuses_a_position_twice(undone: Session) -> None:
    owner = chain(undone, 2)
    undone.add(TrailEntry(**entries(undone, owner.id)[1].model_dump(exclude={"id"})))
    with pytest.raises(IntegrityError), undone.begin_nested():
        undone.flush()


def test_entry_belongs_to_an_organisation_that_exists(undone: Session) -> None:
    undone.add(TrailEntry(**entries(undone, chain(undone, 1).id)[0].model_dump(exclude={"id"}) | {"organisation_id": uuid4()}))
    with pytest.raises(IntegrityError), undone.begin_nested():
        undone.flush()


def test_entries_about_one_object(undone: Session) -> None:
    owner = chain(undone, 3)
    assert [row.position for row in entries(undone, owner.id, "D-2")] == [2]


def test_each_organisation_has_a_chain_of_its_own(undone: Session) -> None:
    one, other = chain(undone, 3, "ONE"), chain(undone, 2, "TWO")
    change(undone, one, 2, by="qian")
    assert (verify(undone, one.id).position, verify(undone, other.id).position) == (2, None)
    assert {row.organisation_id for row in entries(undone, other.id)} == {other.id}


def test_entry_copied_from_another_organisation_is_found(undone: Session) -> None:
    one, other = chain(undone, 2, "ONE"), organisation(undone, "TWO")
    for row in entries(undone, one.id):
        undone.add(TrailEntry(**row.model_dump(exclude={"id"}) | {"organisation_id": other.id}))
    undone.flush()
    assert verify(undone, other.id).position == 1
