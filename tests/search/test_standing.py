"""Where a revision stands on a day is what the master list says."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from small_firm import day, founded, moment
from sqlmodel import Session, func, select

from service.documents.models import Document, Revision
from service.documents.queries import in_force
from service.documents.rules import Standing, Status
from service.search.queries import standings
from service.search.rules import Filters
from service.text.model import Kind

DAYS = 120


@pytest.mark.parametrize("seed", range(6))
def test_in_force_is_what_the_master_list_says(undone: Session, seed: int) -> None:
    """Of random histories: the same revisions are in force, and every revision stands somewhere."""
    chance, owner = random.Random(seed), founded(undone).organisation.id
    for serial in range(1, 13):
        history(undone, chance, owner, serial)
    undone.flush()
    count = undone.exec(select(func.count()).select_from(Revision).where(Revision.organisation_id == owner)).one()
    for _ in range(12):
        on = day(1, 1) + timedelta(days=chance.randrange(DAYS))
        listed = {pair.revision.id.hex for pair in in_force(undone, owner, on)}
        every = standings(undone, owner, Filters(on, frozenset(Standing)))
        assert set(standings(undone, owner, Filters(on))) == listed
        assert {key for key, state in every.items() if state is Standing.IN_FORCE} == listed
        assert len(every) == count


def history(session: Session, chance: random.Random, owner: UUID, serial: int) -> None:
    """A document with one to four released revisions, some of them obsolete, and a draft perhaps."""
    at = moment(1, 1)
    document = Document(
        organisation_id=owner, number=f"X-{serial}", kind=Kind.PROCEDURE, serial=serial, department="service", created_at=at
    )
    session.add(document)
    session.flush()
    steps = chance.randrange(1, 5)
    for step in range(steps + chance.randrange(2)):
        effective = day(1, 1) + timedelta(days=chance.randrange(DAYS))
        obsolete = effective + timedelta(days=chance.randrange(60)) if chance.random() < 0.4 else None
        released: dict[str, Any] = {"released_at": at, "released_on": day(1, 1), "effective_on": effective, "obsolete_on": obsolete}
        session.add(
            Revision(
                organisation_id=owner,
                document_id=document.id,
                edition="AB"[step // 3],
                revision_number=step % 3,
                status=Status.RELEASED if step < steps else Status.DRAFT,
                title="甲",
                source="",
                created_at=at,
                created_by="x",
                **(released if step < steps else {}),
            )
        )


def test_documents_of_others_stand_nowhere(undone: Session) -> None:
    owner, other = founded(undone).organisation.id, founded(undone, "YI").organisation.id
    history(undone, random.Random(1), owner, 1)
    undone.flush()
    assert standings(undone, owner, Filters(day(12, 31), frozenset(Standing)))
    assert standings(undone, other, Filters(day(12, 31), frozenset(Standing))) == {}
