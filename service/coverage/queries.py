"""Coverage of an organisation on a date: the indicator tree joined with claims in force, confirmations and deletions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, and_, col, or_, select

from service.coverage.models import Claim, Confirmation
from service.coverage.rules import Answer, ElementState, State, answer_state, element_state, indicator_state
from service.documents import queries as documents
from service.standards.models import NotApplicable
from service.standards.queries import not_applicable_on
from service.standards.rules import Indicator, Standard, code_key, indicator_fingerprint
from service.text.model import Kind


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim as shown: the document's number, title and label, the section and the words that answer.

    `standing`: what this claim is worth for its element. `fingerprint`: the section's, as it is in force. `confirmation`: the one that
    counts; else the last one that did, before section or indicator changed.
    """

    document: str
    title: str
    label: str
    department: str
    key: str
    section: str
    clause: str
    section_title: str
    element: int
    quote: str
    confirmed_by: str
    standing: ElementState
    fingerprint: str
    confirmation: Confirmation | None


@dataclass(frozen=True, slots=True)
class ClaimedDocument:
    """A document in force that claims something."""

    number: str
    title: str
    key: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class ElementRow:
    text: str
    proof: str
    state: ElementState


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    indicator: Indicator
    state: State
    elements: tuple[ElementRow, ...]
    claims: tuple[ClaimRow, ...]
    not_applicable: NotApplicable | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """Every third-level indicator in the standard's order, on day `on`; the documents that claim something, in the order of the master list."""

    standard: Standard
    on: date
    indicators: tuple[IndicatorRow, ...]
    documents: tuple[ClaimedDocument, ...]

    @property
    def totals(self) -> dict[str, int]:
        """Indicators in all and per state."""
        counts = Counter(row.state for row in self.indicators)
        return {"indicators": len(self.indicators)} | {state.value: counts[state] for state in State}


Key = tuple[UUID, str, int, str]
"""Document, indicator, element, section: what is confirmed."""


def claim_key(row: Claim | Confirmation) -> Key:
    return row.document_id, row.indicator, row.element, row.section


def confirmations(session: Session, organisation: UUID, standard: str, known_at: datetime | None = None) -> dict[Key, list[Confirmation]]:
    """Valid confirmations by what they confirm, oldest first; with `known_at` those made by then and not void then."""
    query = select(Confirmation).where(Confirmation.organisation_id == organisation, Confirmation.standard == standard)
    valid = col(Confirmation.voided_at).is_(None)
    known = valid if known_at is None else and_(col(Confirmation.at) <= known_at, or_(valid, col(Confirmation.voided_at) > known_at))
    found: dict[Key, list[Confirmation]] = defaultdict(list)
    for row in session.exec(query.where(known).order_by(col(Confirmation.at))):
        found[claim_key(row)].append(row)
    return found


def claims_of(session: Session, organisation: UUID, standard: str, revisions: frozenset[UUID]) -> list[Claim]:
    """The claims of these revisions, in no order."""
    query = select(Claim).where(Claim.organisation_id == organisation, Claim.standard == standard)
    return [row for row in session.exec(query) if row.revision_id in revisions]


def confirmations_of_revision(session: Session, organisation: UUID, revision: UUID) -> list[Confirmation]:
    """The valid confirmations that were made when this revision was reviewed."""
    query = select(Confirmation).where(
        Confirmation.organisation_id == organisation, Confirmation.revision_id == revision, col(Confirmation.voided_at).is_(None)
    )
    return list(session.exec(query))


def confirmed_claims(session: Session, claims: Collection[Claim], standard: Standard) -> dict[UUID, Confirmation]:
    """Claim id → the confirmation that holds for it now, of the claims of one revision; what nobody has confirmed is left out."""
    if not claims:
        return {}
    nodes, first = {node.code: node for node in standard.leaves}, next(iter(claims))
    query = select(Confirmation).where(
        Confirmation.organisation_id == first.organisation_id,
        Confirmation.document_id == first.document_id,
        Confirmation.standard == standard.id,
        col(Confirmation.voided_at).is_(None),
    )
    found: dict[Key, list[Confirmation]] = defaultdict(list)
    for row in session.exec(query.order_by(col(Confirmation.at))):
        found[claim_key(row)].append(row)
    answers = (
        (claim.id, _answer(claim, found[claim_key(claim)], indicator_fingerprint(nodes[claim.indicator]))[1])
        for claim in claims
        if claim.indicator in nodes
    )
    return {claim: confirmation for claim, confirmation in answers if confirmation is not None}


def revisions_claiming(session: Session, organisation: UUID, standard: str, code: str) -> frozenset[UUID]:
    """Ids of the revisions that claim to answer an indicator, or one below it."""
    query = select(Claim.revision_id).where(Claim.organisation_id == organisation, Claim.standard == standard)
    below = col(Claim.indicator).startswith(f"{code}.", autoescape=True)
    return frozenset(session.exec(query.where(or_(col(Claim.indicator) == code, below))))


def claims_of_revision(session: Session, organisation: UUID, revision: UUID) -> list[Claim]:
    query = select(Claim).where(Claim.organisation_id == organisation, Claim.revision_id == revision)
    return sorted(session.exec(query), key=lambda row: (row.indicator, row.element, row.section))


def coverage_on(session: Session, organisation: UUID, standard: Standard, on: date, recorded_on: datetime | None = None) -> Coverage:
    """Coverage by what is in force on `on` (and was known at `recorded_on`)."""
    pairs = documents.in_force(session, organisation, on, recorded_on, texts=False)
    return coverage_by(session, organisation, standard, pairs, on, recorded_on)


def coverage_by(
    session: Session,
    organisation: UUID,
    standard: Standard,
    pairs: Sequence[documents.Controlled],
    on: date,
    recorded_on: datetime | None = None,
) -> Coverage:
    """The same by `pairs`, which are in force then."""
    by_revision = {pair.revision.id: pair for pair in pairs}
    confirmed = confirmations(session, organisation, standard.id, recorded_on)
    deleted = not_applicable_on(session, organisation, standard.id, on, recorded_on)
    claimed: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims_of(session, organisation, standard.id, frozenset(by_revision)):
        claimed[claim.indicator].append(claim)
    rows = (
        _indicator_row(indicator, claimed[indicator.code], confirmed, by_revision, deleted.get(indicator.code))
        for indicator in standard.leaves
    )
    claiming = {claim.revision_id for claims in claimed.values() for claim in claims}
    return Coverage(standard, on, tuple(rows), tuple(_claimed_document(pair) for pair in pairs if pair.revision.id in claiming))


def _claimed_document(pair: documents.Controlled) -> ClaimedDocument:
    return ClaimedDocument(pair.document.number, pair.revision.title, pair.document.key or "", pair.document.kind)


def _indicator_row(
    indicator: Indicator,
    claims: list[Claim],
    confirmed: dict[Key, list[Confirmation]],
    pairs: dict[UUID, documents.Controlled],
    deleted: NotApplicable | None,
) -> IndicatorRow:
    wanted = indicator_fingerprint(indicator)
    answers: dict[int, list[Answer]] = defaultdict(list)
    rows = []
    for claim in claims:
        earlier = confirmed.get(claim_key(claim), [])
        answer, confirmation = _answer(claim, earlier, wanted)
        answers[claim.element].append(answer)
        standing = answer_state(answer, indicator.elements[claim.element - 1].proof)
        rows.append(_claim_row(claim, pairs[claim.revision_id], standing, confirmation, earlier))
    elements = tuple(
        ElementRow(element.text, element.proof, element_state(answers[position], element.proof))
        for position, element in enumerate(indicator.elements, 1)
    )
    state = indicator_state([row.state for row in elements], deleted=deleted is not None)
    return IndicatorRow(indicator, state, elements, tuple(sorted(rows, key=_reading_order)), deleted)


def _reading_order(row: ClaimRow) -> tuple[int, str, tuple[int, ...]]:
    return row.element, row.document, code_key(row.clause)


def _answer(claim: Claim, found: list[Confirmation], indicator: str) -> tuple[Answer, Confirmation | None]:
    valid = [row for row in found if row.section_fingerprint == claim.section_fingerprint and row.indicator_fingerprint == indicator]
    answer = Answer(claim.element, confirmed=bool(valid), changed=bool(found) and not valid, blank=claim.blank)
    return answer, valid[-1] if valid else None


def _claim_row(
    claim: Claim, pair: documents.Controlled, standing: ElementState, confirmation: Confirmation | None, earlier: list[Confirmation]
) -> ClaimRow:
    return ClaimRow(
        document=pair.document.number,
        title=pair.revision.title,
        label=pair.revision.label,
        department=pair.document.department,
        key=pair.document.key or "",
        section=claim.section,
        clause=claim.clause,
        section_title=claim.section_title,
        element=claim.element,
        quote=claim.quote,
        confirmed_by=confirmation.name if confirmation else "",
        standing=standing,
        fingerprint=claim.section_fingerprint,
        confirmation=confirmation or (earlier[-1] if earlier else None),
    )
