"""Nothing of one organisation appears in any query of another, though both have the same numbers."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from types import ModuleType
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from small_firm import COMPLAINT, REPAIR, STANDARD, Firm, advance, cloned, day, found, founded, moment
from sqlmodel import Session, select

import service.approvals.queries as approvals
import service.checks.queries as checks
import service.coverage.queries as coverage
import service.documents.queries as documents
import service.organisations.queries as organisations
import service.standards.queries as standards
import service.trail.queries as trail
from service.documents.actions import draft_next
from service.documents.models import Revision
from service.errors import NotFound
from service.organisations.actions import set_value
from service.organisations.models import Organisation, Post
from service.organisations.shipped import catalogue
from service.standards.actions import decide_not_applicable
from service.text.model import Kind
from service.trail.actions import anchor

LAST = day(12, 31)
SAME_NUMBERS = ("{company}", "QP")
MORE = (
    "      - {key: service_manager, name: 服务部经理}\n",
    "      - {key: service_manager, name: 服务部经理}\n      - {key: technician, name: 维修工程师}\n",
)
ONE_MORE = ("persons:\n", "persons:\n  - {login: wu, name: 吴五, posts: [technician]}\n")


def refusal(ask: Callable[[], object]) -> str:
    """The code of a refusal, or "" if there is none."""
    try:
        ask()
    except NotFound as fault:
        return fault.code
    return ""


def all_revisions(session: Session) -> frozenset[UUID]:
    return frozenset(session.exec(select(Revision.id)))


def claims(session: Session, owner: Organisation) -> list[object]:
    return [claim for revision in all_revisions(session) for claim in coverage.claims_of_revision(session, owner.id, revision)]


def confirmed(session: Session, owner: Organisation) -> list[object]:
    return [row for revision in all_revisions(session) for row in coverage.confirmations_of_revision(session, owner.id, revision)]


QUERIES: Mapping[str, Callable[[Session, Organisation], object]] = {
    "documents.in_force": lambda s, o: documents.in_force(s, o.id, LAST),
    "documents.running": lambda s, o: documents.running(s, o.id),
    "documents.awaited": lambda s, o: documents.awaited(s, o.id, day(1, 1)),
    "documents.current": lambda s, o: documents.current(s, o.id, LAST),
    "documents.documents": lambda s, o: documents.documents(s, o.id),
    "documents.last_serial": lambda s, o: documents.last_serial(s, o.id, Kind.PROCEDURE),
    "documents.titles": lambda s, o: documents.titles(s, o.id, LAST),
    "documents.released_until": lambda s, o: documents.released_until(s, o.id, LAST),
    "documents.find_document": lambda s, o: refusal(lambda: documents.find_document(s, o.id, "QP/SH-CX-01")),
    "approvals.signoffs_by_revision": lambda s, o: dict(approvals.signoffs_by_revision(s, o.id)),
    "coverage.confirmations": lambda s, o: dict(coverage.confirmations(s, o.id, STANDARD.id)),
    "coverage.confirmations_of_revision": confirmed,
    "coverage.claims_of": lambda s, o: coverage.claims_of(s, o.id, STANDARD.id, all_revisions(s)),
    "coverage.claims_of_revision": claims,
    "coverage.coverage_on": lambda s, o: coverage.coverage_on(s, o.id, STANDARD, LAST),
    "checks.gather": lambda s, o: checks.gather(s, o, LAST, catalogue(), ()),
    "organisations.values_on": lambda s, o: organisations.values_on(s, o.id, LAST, catalogue=catalogue()),
    "organisations.current_values": lambda s, o: organisations.current_values(s, o.id, LAST),
    "organisations.chart_on": lambda s, o: organisations.chart_on(s, o.id, LAST),
    "organisations.rows_on": lambda s, o: organisations.rows_on(s, Post, o.id, LAST),
    "organisations.open_rows": lambda s, o: organisations.open_rows(s, Post, o.id),
    "organisations.actor": lambda s, o: refusal(lambda: organisations.actor(s, o, "wu", LAST)),
    "standards.not_applicable_on": lambda s, o: standards.not_applicable_on(s, o.id, STANDARD.id, LAST),
    "standards.standing_decision": lambda s, o: standards.standing_decision(s, o.id, STANDARD.id, "5.1.11"),
    "trail.entries": lambda s, o: trail.entries(s, o.id),
    "trail.anchors_of": lambda s, o: trail.anchors_of(s, o.id),
    "trail.head_of": lambda s, o: trail.head_of(s, o.id),
    "trail.links": lambda s, o: list(trail.links(s, o.id)),
    "trail.verify": lambda s, o: trail.verify(s, o.id),
    "trail.first_break": lambda s, o: trail.first_break(s, o.id),
}
"""Every query that is given an organisation."""
MODULES: Mapping[str, ModuleType] = {
    module.__name__.split(".")[1]: module for module in (documents, approvals, coverage, checks, organisations, standards, trail)
}


def answers(session: Session, owner: Organisation) -> dict[str, str]:
    return {name: repr(ask(session, owner)) for name, ask in QUERIES.items()}


def set_rate(session: Session, firm: Firm) -> None:
    known, first, at = catalogue(), day(4, 1), moment(4, 1)
    set_value(session, firm.organisation, "targets.return_repair_rate", 2, valid_from=first, by=firm.controller, at=at, catalogue=known)


def delete_indicator(session: Session, firm: Firm) -> None:
    decide_not_applicable(
        session,
        firm.organisation.id,
        STANDARD,
        "5.1.11",
        justification="不做回访",
        approved_by="贾一",
        decided_on=day(3, 1),
        by=firm.approver,
        at=moment(3, 1),
    )


def with_everything(session: Session) -> Firm:
    """An organisation with documents in force, awaited and on their way, signatures, claims, a deletion and a changed value."""
    firm = founded(session, "RICH", SAME_NUMBERS, MORE, ONE_MORE)
    cloned(session, firm)
    for title in (REPAIR, COMPLAINT):
        advance(session, firm, title, at=moment(2, 1))
        draft_next(session, found(session, firm, title)[0], by=firm.preparer, at=moment(3, 1), change_summary="改")
    advance(session, firm, COMPLAINT, at=moment(3, 1))
    delete_indicator(session, firm)
    set_rate(session, firm)
    anchor(session, firm.organisation.id, "RICH", Ed25519PrivateKey.from_private_bytes(b"k" * 32), at=moment(5, 1))
    return firm


def test_queries_show_nothing_of_another_organisation(undone: Session) -> None:
    poor = founded(undone, "POOR", SAME_NUMBERS)
    before = answers(undone, poor.organisation)
    with_everything(undone)
    undone.expire_all()
    assert answers(undone, poor.organisation) == before


def test_the_same_queries_tell_the_organisation_itself(undone: Session) -> None:
    poor, rich = founded(undone, "POOR", SAME_NUMBERS), with_everything(undone)
    nothing, everything = answers(undone, poor.organisation), answers(undone, rich.organisation)
    assert [name for name in QUERIES if nothing[name] == everything[name]] == ["trail.first_break"]


def test_every_query_that_is_given_an_organisation_is_tried() -> None:
    there = {
        f"{area}.{name}"
        for area, module in MODULES.items()
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
        if {"organisation", "organisation_id"} & set(inspect.signature(function).parameters)
    }
    assert there == set(QUERIES)


def test_same_number_names_each_organisations_own_document(undone: Session) -> None:
    firms = [founded(undone, code, SAME_NUMBERS) for code in ("ONE", "TWO")]
    for firm in firms:
        cloned(undone, firm)
    one, other = (documents.find_document(undone, firm.organisation.id, "QP/SH-CX-01") for firm in firms)
    assert one.id != other.id
    assert {revision.organisation_id for revision in documents.revisions(undone, other)} == {firms[1].organisation.id}


def test_step_on_one_organisations_document_leaves_the_others_as_it_is(undone: Session) -> None:
    one, other = (founded(undone, code, SAME_NUMBERS) for code in ("ONE", "TWO"))
    for firm in (one, other):
        cloned(undone, firm)
    before = answers(undone, other.organisation)
    advance(undone, one, REPAIR)
    undone.expire_all()
    assert answers(undone, other.organisation) == before


def test_number_of_another_organisation_is_refused_like_one_that_nobody_has(undone: Session) -> None:
    one, other = founded(undone, "ONE"), founded(undone, "TWO")
    cloned(undone, one)
    words = []
    for number in ("ONE/SH-CX-01", "ONE/SH-CX-77"):
        with pytest.raises(NotFound) as caught:
            documents.find_document(undone, other.organisation.id, number)
        words.append((caught.value.code, caught.value.message.replace(number, "")))
    assert words[0] == words[1]
