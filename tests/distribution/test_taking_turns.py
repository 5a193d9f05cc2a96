"""What two people do to one document at the same moment is done one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from house import new_database
from small_firm import moment
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from distribution.staff import IN_FORCE, Staff, held, in_force, issued, reopened, repair
from distribution.test_acknowledging import asked
from service.db import open_database, writing
from service.distribution.acknowledgement_queries import find_acknowledgement, open_acknowledgements
from service.distribution.acknowledging import acknowledge
from service.distribution.actions import report_lost
from service.distribution.queries import copies_out
from service.documents.readers import lock_document
from service.migrations import migrate

Step = Callable[[Session, Staff], None]


@pytest.fixture
def served(postgresql: str) -> Iterator[Engine]:
    """A firm with a copy out and somebody asked to read, on the database in which several people write at once."""
    opened = open_database(new_database(postgresql))
    migrate(opened)
    with writing(opened) as session:
        staff = in_force(session)
        issued(session, staff, "ding", at=IN_FORCE)
        asked(session, staff)
    yield opened
    opened.dispose()


def lose(session: Session, staff: Staff) -> None:
    [copy] = copies_out(session, staff.organisation.id)
    report_lost(session, staff.organisation, held(session, copy), remark="外出时遗失", by=staff.controller, at=moment(2, 10))


def confirm(session: Session, staff: Staff) -> None:
    [row] = open_acknowledgements(session, staff.organisation.id)
    request = find_acknowledgement(session, staff.organisation.id, row.id, lock=True)
    acknowledge(session, staff.organisation, request, by=staff.technician, at=moment(2, 10))


def impatiently(engine: Engine, step: Step) -> None:
    """The step by somebody who waits 0.2 seconds for a lock, no longer."""
    with writing(engine) as session:
        session.execute(text("SET LOCAL lock_timeout = '200ms'"))
        step(session, reopened(session))


@pytest.mark.parametrize("step", [lose, confirm])
def test_whoever_changes_copies_or_questions_is_waited_for(served: Engine, step: Step) -> None:
    with writing(served) as first:
        lock_document(first, repair(first, reopened(first))[0])
        with pytest.raises(OperationalError, match="lock timeout"):
            impatiently(served, step)
    impatiently(served, step)
