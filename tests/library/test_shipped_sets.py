"""The sets that the product ships: faultless, and enough for the demo manufacturer to answer every indicator."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session

from service.approvals import actions as approvals
from service.checks.queries import find_problems, gather
from service.coverage.queries import Coverage, coverage_on
from service.db import open_database, reading, writing
from service.documents.queries import Controlled, in_force, running
from service.documents.rules import Status
from service.library.actions import clone
from service.library.checks import check_set
from service.library.shipped import template_set, template_set_keys
from service.migrations import migrate
from service.organisations.actions import create_organisation
from service.organisations.models import Organisation
from service.organisations.profile import read_profile
from service.organisations.queries import actor
from service.organisations.roles import ALL_ROLES
from service.organisations.rules import Actor
from service.organisations.shipped import catalogue
from service.settings import ROOT
from service.standards.shipped import register, standard
from service.text.model import Kind
from service.text.parse import parse_procedure
from service.text.plain import section_text
from service.trail.queries import verify

CLONED, SIGNED, IN_FORCE = datetime(2026, 1, 6, 2, tzinfo=UTC), datetime(2026, 1, 20, 2, tzinfo=UTC), date(2026, 2, 1)


@pytest.mark.parametrize("key", template_set_keys())
def test_shipped_set_is_faultless(key: str) -> None:
    found = template_set(key)
    faults = check_set(found, catalogue(), standard(found.standard), {entry.title for entry in register()})
    assert [f"{fault.code} {fault}" for fault in faults] == []


def test_some_set_is_shipped() -> None:
    assert "gbt27922-general" in template_set_keys()


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Session, Organisation]]:
    """The demo manufacturer on SQLite with the general set cloned, signed by three people and released."""
    engine = open_database(f"sqlite:///{tmp_path_factory.mktemp('demo') / 'demo.sqlite'}")
    migrate(engine)
    with writing(engine) as session:
        text = (ROOT / "content" / "demo" / "manufacturer.yml").read_text("utf-8")
        organisation = create_organisation(session, read_profile(text, file="manufacturer.yml", catalogue=catalogue()), at=CLONED)
        people = [actor(session, organisation, login, CLONED.date(), ALL_ROLES) for login in ("sun", "qian", "zhao", "li")]
        clone(session, organisation, template_set("gbt27922-general"), catalogue=catalogue(), by=people[3], at=CLONED)
        for pair in running(session, organisation.id):
            if pair.revision.status is Status.DRAFT:  # forms have gone along with an earlier document
                sign(session, organisation, pair, people)
    with reading(engine) as session:
        yield session, organisation
    engine.dispose()


def sign(session: Session, organisation: Organisation, pair: Controlled, people: list[Actor]) -> None:
    preparer, reviewer, approver, controller = people
    document, revision = pair.document, pair.revision
    approvals.submit(session, organisation, document, revision, standard=standard(), catalogue=catalogue(), by=preparer, at=SIGNED)
    approvals.review(session, document, revision, standard=standard(), by=reviewer, at=SIGNED)
    approvals.approve(session, document, revision, by=approver, at=SIGNED)
    approvals.release(session, organisation, document, revision, by=controller, at=SIGNED, effective_on=IN_FORCE)


@pytest.fixture(scope="module")
def coverage(signed: tuple[Session, Organisation]) -> Coverage:
    session, organisation = signed
    return coverage_on(session, organisation.id, standard(), IN_FORCE)


def test_every_document_of_the_demo_is_in_force(signed: tuple[Session, Organisation]) -> None:
    session, organisation = signed
    assert running(session, organisation.id) == []
    kinds = {pair.document.kind for pair in in_force(session, organisation.id, IN_FORCE)}
    assert kinds >= {Kind.MANUAL, Kind.PROCEDURE, Kind.WORK_INSTRUCTION, Kind.RECORD_FORM}


def test_demo_manufacturer_covers_44_of_44_indicators(coverage: Coverage) -> None:
    assert coverage.totals == {"indicators": 44, "covered": 44, "partial": 0, "suspect": 0, "uncovered": 0, "not_applicable": 0}


def test_every_claim_of_the_demo_is_confirmed(coverage: Coverage) -> None:
    assert {claim.confirmed_by for row in coverage.indicators for claim in row.claims} == {"钱知夏"}


def test_every_claim_of_the_demo_quotes_the_words_of_its_section(signed: tuple[Session, Organisation], coverage: Coverage) -> None:
    session, organisation = signed
    texts = {pair.document.number: parse_procedure(pair.revision.text) for pair in in_force(session, organisation.id, IN_FORCE)}
    for claim in (claim for row in coverage.indicators for claim in row.claims):
        assert claim.quote
        assert claim.quote in section_text(texts[claim.document], claim.section)


def test_demo_manufacturer_has_no_problems(signed: tuple[Session, Organisation]) -> None:
    session, organisation = signed
    found = find_problems(gather(session, organisation, IN_FORCE, catalogue(), register()))
    assert [f"{problem.document} {problem.message}" for problem in found] == []


def test_trail_of_the_demo_holds(signed: tuple[Session, Organisation]) -> None:
    session, organisation = signed
    assert verify(session, organisation.id).position is None
