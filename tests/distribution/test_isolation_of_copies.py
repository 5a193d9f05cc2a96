"""Nothing of one organisation appears in any query about copies, readers or acknowledgements of another, though numbers are the same."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from types import ModuleType
from uuid import UUID

from small_firm import day, moment
from sqlmodel import Session, select

import service.distribution.acknowledgement_queries as acknowledgements
import service.distribution.queries as copies
import service.documents.readers as readers
from distribution.staff import Staff, actor_of, in_force, issued, repair, revised
from service.distribution.asking import Asked, ask
from service.distribution.models import Acknowledgement, Copy
from service.distribution.questions import set_questions
from service.distribution.rules import QuestionText
from service.distribution.tasks import due
from service.documents.models import Document, Revision
from service.documents.recipients import Addressees, set_recipients
from service.errors import NotFound

LAST = day(12, 31)
MODULES: tuple[ModuleType, ...] = (acknowledgements, copies, readers)


def ids(session: Session, table: type[Copy] | type[Acknowledgement] | type[Revision]) -> list[UUID]:
    """Of every organisation."""
    return sorted(session.exec(select(table.id)))


def known(find: Callable[[Session, UUID, UUID], object], session: Session, staff: Staff, wanted: list[UUID]) -> int:
    count = 0
    for each in wanted:
        try:
            find(session, staff.organisation.id, each)
        except NotFound:
            continue
        count += 1
    return count


QUERIES: Mapping[str, Callable[[Session, Staff], object]] = {
    "copy_rows": lambda s, f: copies.copy_rows(s, f.organisation, LAST),
    "department_names": lambda s, f: copies.department_names(s, f.organisation.id, LAST),
    "find_copy": lambda s, f: known(copies.find_copy, s, f, ids(s, Copy)),
    "copies_out": lambda s, f: copies.copies_out(s, f.organisation.id),
    "former": lambda s, f: copies.former(s, f.organisation.id, LAST),
    "controlled": lambda s, f: list(copies.controlled(s, f.organisation.id, ids(s, Revision))),
    "controllers": lambda s, f: copies.controllers(s, f.organisation.id, LAST),
    "acknowledgement_rows": lambda s, f: acknowledgements.acknowledgement_rows(s, f.organisation, LAST),
    "find_acknowledgement": lambda s, f: known(acknowledgements.find_acknowledgement, s, f, ids(s, Acknowledgement)),
    "open_acknowledgements": lambda s, f: acknowledgements.open_acknowledgements(s, f.organisation.id),
    "questions_by_acknowledgement": lambda s, f: dict(
        acknowledgements.questions_by_acknowledgement(s, f.organisation.id, ids(s, Acknowledgement))
    ),
    "recipients": lambda s, f: dict(readers.recipients(s, f.organisation.id)),
    "addressed": lambda s, f: readers.addressed(s, f.organisation.id, f.seller, LAST),
    "readable": lambda s, f: readers.readable(s, f.organisation.id, f.seller, LAST),
    "people": lambda s, f: readers.people(s, f.organisation.id, LAST),
}
SAME = {"department_names", "controllers", "people"}
"""Both organisations have these alike from the beginning."""


def with_everything(session: Session) -> Staff:
    """Copies issued and due, recipients, a question, requests to read."""
    staff = in_force(session, "RICH")
    document, _ = repair(session, staff)
    set_recipients(session, staff.organisation, document, Addressees(everybody=True), by=staff.controller, at=moment(2, 1))
    issued(session, staff, "ding", "wu")
    later = revised(session, staff)
    set_questions(session, document, later, [QuestionText("问", ("甲", "乙"), (0,))], by=staff.controller, at=moment(4, 1))
    ask(session, staff.organisation, document, later, Asked(), due_on=LAST, by=staff.controller, at=moment(4, 1))
    due(session, staff.organisation, at=moment(4, 2))
    return staff


def answers(session: Session, staff: Staff) -> dict[str, str]:
    session.expire_all()
    return {name: repr(ask_(session, staff)) for name, ask_ in QUERIES.items()}


def test_queries_show_nothing_of_another_organisation(undone: Session) -> None:
    poor = in_force(undone, "POOR")
    before = answers(undone, poor)
    rich = with_everything(undone)
    assert answers(undone, poor) == before
    changed = {name for name, answer in answers(undone, rich).items() if answer != before[name]}
    assert changed == set(QUERIES) - SAME


def test_due_acts_of_one_organisation_change_nothing_in_another(undone: Session) -> None:
    rich = with_everything(undone)
    before = answers(undone, rich)
    poor = in_force(undone, "POOR")
    due(undone, poor.organisation, at=moment(5, 1))
    assert answers(undone, rich) == before


def test_same_person_in_two_organisations_is_addressed_in_each_for_itself(undone: Session) -> None:
    one, other = in_force(undone, "ONE"), in_force(undone, "TWO")
    document, _ = repair(undone, one)
    set_recipients(undone, one.organisation, document, Addressees(posts=("seller",)), by=one.controller, at=moment(2, 2))
    seller = {staff.organisation.code: actor_of(undone, staff.organisation, "ji") for staff in (one, other)}
    assert readers.addressed(undone, one.organisation.id, seller["ONE"], LAST) == {document.id}
    assert readers.addressed(undone, other.organisation.id, seller["TWO"], LAST) == set()
    assert {row.organisation_id for row in undone.exec(select(Document))} == {one.organisation.id, other.organisation.id}


def test_every_query_that_is_given_an_organisation_is_tried() -> None:
    there = {
        name
        for module in MODULES
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
        if {"organisation", "organisation_id"} & set(inspect.signature(function).parameters)
    }
    assert there == set(QUERIES)
