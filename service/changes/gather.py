"""Gathering what impact compares: valid texts, claims in force, copies out, unread revisions, open requests."""

from __future__ import annotations

from collections import Counter
from datetime import date
from uuid import UUID

from sqlmodel import Session

from service.changes.impact import ClaimedElement, Gathered, Impact, Text, impact_of
from service.changes.queries import open_on
from service.changes.rules import OPEN, OUT
from service.coverage.queries import coverage_on
from service.distribution.acknowledgement_queries import acknowledgement_rows
from service.distribution.queries import copy_rows
from service.distribution.rules import MISSING
from service.documents.models import Document
from service.documents.queries import Controlled, awaited, in_force
from service.organisations.models import Organisation
from service.organisations.rules import Catalogue
from service.standards.rules import Standard
from service.text.quantities import measure


def gather(session: Session, organisation: Organisation, on: date, *, standard: Standard, catalogue: Catalogue) -> Gathered:
    """What stands on day `on`; a request that is not submitted yet is not among the open ones."""
    pairs = _valid(session, organisation.id, on)
    numbers = {pair.document.id: pair.document.number for pair in pairs}
    opened = open_on(session, organisation.id, list(numbers), OPEN)
    return Gathered(
        on=on,
        standard=standard.id,
        texts=tuple(_text(pair) for pair in pairs),
        claims=_claims(session, organisation.id, standard, on),
        targets=frozenset(measure(spec.label) for name, spec in catalogue.items() if name.startswith("targets.")),
        copies_out=Counter(row.document for row in copy_rows(session, organisation, on) if row.status in OUT),
        unacknowledged=Counter(row.document for row in acknowledgement_rows(session, organisation, on, states=MISSING)),
        open_requests={numbers[document]: tuple(requests) for document, requests in opened.items()},
    )


def impact_on(
    session: Session, organisation: Organisation, document: Document, on: date, *, standard: Standard, catalogue: Catalogue
) -> Impact:
    """What changing this document would touch, before anybody asks for it."""
    return impact_of(gather(session, organisation, on, standard=standard, catalogue=catalogue), [document.number])


def _valid(session: Session, organisation: UUID, on: date) -> list[Controlled]:
    """One revision a document: the one in force, else the one that takes force next. What is on its way may still change."""
    found = {pair.document.id: pair for pair in awaited(session, organisation, on)}
    valid = in_force(session, organisation, on)
    known = {pair.document.id for pair in valid}
    return [*valid, *(pair for document, pair in found.items() if document not in known)]


def _text(pair: Controlled) -> Text:
    revision = pair.revision
    return Text(pair.document.number, revision.title, revision.label, pair.document.kind, revision.text)


def _claims(session: Session, organisation: UUID, standard: Standard, on: date) -> tuple[ClaimedElement, ...]:
    """Of the indicators that apply: a deleted one loses nothing."""
    coverage = coverage_on(session, organisation, standard, on)
    return tuple(
        ClaimedElement(row.indicator.code, row.indicator.title, claim.element, claim.document, claim.clause)
        for row in coverage.indicators
        if row.not_applicable is None
        for claim in row.claims
    )
