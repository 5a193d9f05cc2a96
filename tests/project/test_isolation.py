"""Nothing of one organisation appears in any query of another, though both have the same numbers."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import partial
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from small_firm import COMPLAINT, REPAIR, STANDARD, Firm, advance, cloned, day, found, founded, give_accounts, moment, return_, submit
from sqlmodel import Session, select

import service.approvals.queries as approvals
import service.changes.queries as changes
import service.checks.queries as checks
import service.coverage.queries as coverage
import service.distribution.acknowledgement_queries as reading
import service.distribution.queries as copies
import service.documents.external_queries as external
import service.documents.picture_queries as pictures
import service.documents.queries as documents
import service.documents.readers as readers
import service.documents.review_queries as reviews
import service.manuals.list_queries as lists
import service.manuals.queries as builds
import service.notices.queries as notices
import service.organisations.queries as organisations
import service.standards.queries as standards
import service.trail.queries as trail
from project.belongings import give_belongings
from service.accounts.models import User
from service.accounts.queries import user_by_login
from service.approvals.models import ApprovalRule, DutyException
from service.changes.rules import ChangeStatus
from service.distribution.models import Acknowledgement, Copy
from service.documents.actions import draft_next
from service.documents.models import Document, Revision
from service.errors import NotFound, ServiceError
from service.manuals.models import Build
from service.notices.models import Channel
from service.organisations.actions import set_value
from service.organisations.models import Organisation, Post
from service.organisations.rules import SYSTEM
from service.organisations.shipped import catalogue
from service.standards.actions import decide_not_applicable
from service.text.model import Kind
from service.trail.actions import anchor

LAST = day(12, 31)
NUMBERS = ("QP/SH-CX-01", "QP/SH-CX-02")
CLAIMED = "5.1.1"
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


def somebody(session: Session) -> User:
    """丁四's account, wherever he is a member; one of nobody where he has none."""
    return user_by_login(session, "ding") or User(login="nobody", name="", created_at=moment(1, 1))


def all_documents(session: Session) -> frozenset[UUID]:
    return frozenset(session.exec(select(Document.id)))


def by_id(table: Any, find: Callable[[Session, Organisation, UUID], object]) -> Callable[[Session, Organisation], object]:
    """Look for every row that there is, whosever it is; the ids of those that are found."""
    return lambda session, owner: [
        each for each in sorted(session.exec(select(table.id))) if not refusal(partial(find, session, owner, each))
    ]


def tried(ask: Callable[[], object]) -> object:
    """The answer, or the code of the refusal."""
    try:
        return ask()
    except ServiceError as fault:
        return fault.code


def claims(session: Session, owner: Organisation) -> list[object]:
    return [claim for revision in all_revisions(session) for claim in coverage.claims_of_revision(session, owner.id, revision)]


def confirmed(session: Session, owner: Organisation) -> list[object]:
    return [row for revision in all_revisions(session) for row in coverage.confirmations_of_revision(session, owner.id, revision)]


QUERIES: Mapping[str, Callable[[Session, Organisation], object]] = {
    "documents.in_force": lambda s, o: documents.in_force(s, o.id, LAST),
    "documents.running": lambda s, o: documents.running(s, o.id),
    "documents.running_or_over": lambda s, o: documents.running_or_over(s, o.id),
    "documents.awaited": lambda s, o: documents.awaited(s, o.id, day(1, 1)),
    "documents.current": lambda s, o: documents.current(s, o.id, LAST),
    "documents.documents": lambda s, o: documents.documents(s, o.id),
    "documents.last_serial": lambda s, o: documents.last_serial(s, o.id, Kind.PROCEDURE),
    "documents.titles": lambda s, o: documents.titles(s, o.id, LAST),
    "documents.released_until": lambda s, o: documents.released_until(s, o.id, LAST),
    "documents.find_document": lambda s, o: refusal(lambda: documents.find_document(s, o.id, "QP/SH-CX-01")),
    "documents.places": lambda s, o: documents.places(s, o.id),
    "documents.ended": lambda s, o: documents.ended(s, o.id, LAST),
    "documents.titles_now": lambda s, o: documents.titles_now(s, o.id, LAST),
    "approvals.running_approvals": lambda s, o: approvals.running_approvals(s, o.id),
    "approvals.returned": lambda s, o: approvals.returned(s, o.id),
    "approvals.return_reasons": lambda s, o: approvals.return_reasons(s, o.id, NUMBERS),
    "coverage.revisions_claiming": lambda s, o: coverage.revisions_claiming(s, o.id, STANDARD.id, CLAIMED),
    "approvals.signoffs_by_revision": lambda s, o: dict(approvals.signoffs_by_revision(s, o.id)),
    "coverage.confirmations": lambda s, o: dict(coverage.confirmations(s, o.id, STANDARD.id)),
    "coverage.confirmations_of_revision": confirmed,
    "coverage.claims_of": lambda s, o: coverage.claims_of(s, o.id, STANDARD.id, all_revisions(s)),
    "coverage.claims_of_revision": claims,
    "coverage.coverage_on": lambda s, o: coverage.coverage_on(s, o.id, STANDARD, LAST),
    "coverage.coverage_by": lambda s, o: coverage.coverage_by(s, o.id, STANDARD, documents.in_force(s, o.id, LAST), LAST),
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
    "trail.actors": lambda s, o: trail.actors(s, o.id),
    "trail.newest": lambda s, o: trail.newest(s, o.id, 100),
    "trail.has_read": lambda s, o: trail.has_read(s, o.id, "trail", "RICH", "shen", moment(1, 1)),
    "documents.with_revisions": lambda s, o: refusal(lambda: documents.with_revisions(s, o.id, "QP/SH-CX-01")),
    "approvals.approval_rules": lambda s, o: approvals.approval_rules(s, o.id),
    "approvals.duty_exceptions": lambda s, o: approvals.duty_exceptions(s, o.id),
    "approvals.exceptions_by_id": lambda s, o: approvals.exceptions_by_id(s, o.id),
    "approvals.find_approval_rule": by_id(ApprovalRule, lambda s, o, each: approvals.find_approval_rule(s, o.id, each)),
    "approvals.find_duty_exception": by_id(DutyException, lambda s, o, each: approvals.find_duty_exception(s, o.id, each)),
    "organisations.chart_accounts": lambda s, o: organisations.chart_accounts(s, o.id, LAST),
    "organisations.find_person": lambda s, o: refusal(lambda: organisations.find_person(s, o.id, "ding")),
    "organisations.member_actor": lambda s, o: refusal(lambda: organisations.member_actor(s, o, somebody(s), LAST)),
    "organisations.members": lambda s, o: organisations.members(s, o.id),
    "organisations.memberships": lambda s, o: organisations.memberships(s, o.id),
    "organisations.posts_held": lambda s, o: organisations.posts_held(s, o.id, "wu", LAST),
    "organisations.keys_used": lambda s, o: organisations.keys_used(s, o.id),
    "organisations.names_of": lambda s, o: organisations.names_of(s, o.id, ["wu", "shen", "jia", "bing"]),
    "organisations.value_rows": lambda s, o: organisations.value_rows(s, o.id, "targets.return_repair_rate"),
    "copies.controlled": lambda s, o: copies.controlled(s, o.id, all_revisions(s)),
    "copies.controllers": lambda s, o: copies.controllers(s, o.id, LAST),
    "copies.copies_out": lambda s, o: copies.copies_out(s, o.id),
    "copies.copy_rows": lambda s, o: copies.copy_rows(s, o, LAST),
    "copies.department_names": lambda s, o: copies.department_names(s, o.id, LAST),
    "copies.find_copy": by_id(Copy, lambda s, o, each: copies.find_copy(s, o.id, each)),
    "copies.former": lambda s, o: copies.former(s, o.id, LAST),
    "reading.acknowledgement_rows": lambda s, o: reading.acknowledgement_rows(s, o, LAST),
    "reading.find_acknowledgement": by_id(Acknowledgement, lambda s, o, each: reading.find_acknowledgement(s, o.id, each)),
    "reading.open_acknowledgements": lambda s, o: reading.open_acknowledgements(s, o.id),
    "changes.documents_of": lambda s, o: dict(changes.documents_of(s, o.id)),
    "changes.find_request": lambda s, o: refusal(lambda: changes.find_request(s, o.id, "GG-2026-001")),
    "changes.last_serial": lambda s, o: changes.last_serial(s, o.id, 2026),
    "changes.open_on": lambda s, o: changes.open_on(s, o.id, all_documents(s), list(ChangeStatus)),
    "changes.requests": lambda s, o: changes.requests(s, o.id),
    "changes.entry_at": lambda s, o: changes.entry_at(s, o.id, 9),
    "reviews.review_states": lambda s, o: reviews.review_states(s, o.id, LAST),
    "external.external_entries": lambda s, o: external.external_entries(s, o, LAST),
    "external.find_external": lambda s, o: refusal(lambda: external.find_external(s, o.id, "GB/T 19012-2019")),
    "external.register_on": lambda s, o: external.register_on(s, o, (), LAST),
    "readers.addressed": lambda s, o: readers.addressed(s, o.id, SYSTEM, LAST),
    "readers.people": lambda s, o: readers.people(s, o.id, LAST),
    "readers.readable": lambda s, o: readers.readable(s, o.id, SYSTEM, LAST),
    "readers.recipients": lambda s, o: dict(readers.recipients(s, o.id)),
    "notices.channels": lambda s, o: notices.channels(s, o.id),
    "notices.find_channel": by_id(Channel, lambda s, o, each: notices.find_channel(s, o.id, each)),
    "notices.notices_of": lambda s, o: notices.notices_of(s, o.id),
    "notices.open_channels": lambda s, o: notices.open_channels(s, o.id),
    "pictures.find_picture": lambda s, o: refusal(lambda: pictures.find_picture(s, o.id, "0" * 64)),
    "pictures.pictures_named": lambda s, o: pictures.pictures_named(s, o.id, ["0" * 64]),
    "builds.builds": lambda s, o: builds.builds(s, o.id),
    "builds.find_build": lambda s, o: builds.find_build(s, o.id, "f" * 64, ["pdf"]),
    "builds.find_file": by_id(Build, lambda s, o, each: builds.find_file(s, o.id, each, "manual.pdf")),
    "builds.load_source": lambda s, o: tried(lambda: builds.load_source(s, o, STANDARD, (), on=LAST)),
    "lists.external_rows": lambda s, o: lists.external_rows(s, o, (), LAST),
    "lists.master_rows": lambda s, o: lists.master_rows(s, o, LAST),
    "lists.obsolete_rows": lambda s, o: lists.obsolete_rows(s, o, LAST),
    "lists.record_form_rows": lambda s, o: lists.record_form_rows(s, o, LAST),
}
"""Every query that is given an organisation."""
ELSEWHERE = {
    "builds.document_source",  # of documents already found
    "builds.source_documents",
    "changes.carried_out",  # its own tests: needs a request that is done
    "changes.decisions_told",
    "changes.unclosed",
    "external.check_months",
    "reading.questions_by_acknowledgement",  # of acknowledgements already found
}
"""Tried in the tests of their domains."""
MODULES: Mapping[str, ModuleType] = {
    **{module.__name__.split(".")[1]: module for module in (documents, approvals, coverage, checks, organisations, standards, trail)},
    "copies": copies,
    "reading": reading,
    "changes": changes,
    "reviews": reviews,
    "external": external,
    "pictures": pictures,
    "readers": readers,
    "notices": notices,
    "builds": builds,
    "lists": lists,
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
    submit(session, firm, REPAIR, moment(3, 2))
    return_(session, firm, REPAIR, moment(3, 3))
    complaint = found(session, firm, COMPLAINT)[0]
    documents.revisions(session, complaint)[0].obsolete_on = day(4, 1)
    delete_indicator(session, firm)
    set_rate(session, firm)
    give_accounts(session, firm.organisation)
    give_belongings(session, firm)
    draft_next(session, complaint, by=firm.preparer, at=moment(3, 4), change_summary="再改")
    submit(session, firm, COMPLAINT, moment(3, 5))
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
    assert [name for name in QUERIES if nothing[name] == everything[name]] == ["copies.department_names"]


def test_every_query_that_is_given_an_organisation_is_tried() -> None:
    there = {
        f"{area}.{name}"
        for area, module in MODULES.items()
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
        if {"organisation", "organisation_id"} & set(inspect.signature(function).parameters)
    }
    assert there == set(QUERIES) | ELSEWHERE


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
