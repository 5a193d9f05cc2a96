"""Recording a revision's claims when it is submitted, and confirming them claim by claim."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlmodel import Session

from service.coverage.models import Claim, Confirmation
from service.coverage.queries import claim_key, claims_of_revision, confirmations, confirmations_of_revision
from service.documents.models import Document, Revision
from service.documents.recording import record_about
from service.errors import InputError, Place
from service.organisations.rules import Actor
from service.standards.rules import Indicator, Standard, indicator_fingerprint
from service.text.blanks import blanks
from service.text.fingerprints import section_fingerprint
from service.text.frontmatter import claim_line, read_front
from service.text.model import ClaimLine, Procedure, Section
from service.text.parse import parse_procedure
from service.text.plain import best_quote, sections_under


def record_claims(session: Session, revision: Revision, standard: Standard) -> list[Claim]:
    """Write the claims of a frozen revision's front matter as rows. An unknown indicator, element or section is an InputError."""
    procedure = parse_procedure(revision.text, file=revision.title)
    indicators = {indicator.code: indicator for indicator in standard.leaves}
    spoilt = {blank.section for blank in blanks(procedure)}
    rows = []
    for line in procedure.front.claims:
        indicator, section = known_indicator(line, indicators, revision), claimed_section(line, procedure)
        anchors = {part.anchor for part in sections_under(procedure, section.anchor)}
        rows += [
            Claim(
                organisation_id=revision.organisation_id,
                document_id=revision.document_id,
                revision_id=revision.id,
                standard=standard.id,
                indicator=indicator.code,
                element=element,
                section=section.anchor,
                section_title=section.title,
                clause=section.clause,
                quote=best_quote(procedure, section.anchor, indicator.elements[element - 1].text),
                section_fingerprint=section_fingerprint(procedure, section.anchor),
                blank=bool(anchors & spoilt),
            )
            for element in line.elements
        ]
    session.add_all(rows)
    session.flush()
    return rows


def known_indicator(line: ClaimLine, indicators: dict[str, Indicator], revision: Revision) -> Indicator:
    """The indicator of a claim; InputError for an unknown code or an element it does not have."""
    indicator = indicators.get(line.indicator)
    if indicator is None:
        raise InputError(f"对应了不存在的指标 {line.indicator}", code="unknown_indicator", place=_place(line, revision))
    for element in line.elements:
        if not 1 <= element <= len(indicator.elements):
            message = f"对应了指标 {line.indicator} 的第 {element} 项要素，该指标只有 {len(indicator.elements)} 项"
            raise InputError(message, code="unknown_element", place=_place(line, revision))
    return indicator


def _place(line: ClaimLine, revision: Revision) -> Place:
    claims = read_front(revision.text, revision.title).claims
    return Place(revision.title, claim_line(revision.text, claims.index(line)))


def claimed_section(line: ClaimLine, procedure: Procedure) -> Section:
    """The section of a claim; InputError for a text without sections (parsing has refused every other anchor that is not there)."""
    for section in procedure.sections:
        if section.anchor == line.section:
            return section
    raise InputError(f"“{procedure.front.title}”没有章节，不能对应指标 {line.indicator}", code="unknown_section")


def withdraw_claims(session: Session, revision: Revision, *, at: datetime) -> None:
    """A returned revision claims nothing until it is submitted again, and what its reviewer confirmed is void.

    What the reviewer had left out stays unconfirmed: nothing counts that somebody doubted, until somebody confirms it.
    """
    _void(session, confirmations_of_revision(session, revision.organisation_id, revision.id), at)
    for claim in claims_of_revision(session, revision.organisation_id, revision.id):
        session.delete(claim)
    session.flush()


def _void(session: Session, rows: Iterable[Confirmation], at: datetime) -> None:
    for row in rows:
        row.voided_at = at
        session.add(row)


def confirm(
    session: Session,
    document: Document,
    revision: Revision,
    standard: Standard,
    *,
    by: Actor,
    at: datetime,
    indicators: Collection[str] | None = None,
) -> int:
    """Confirm the revision's claims, or only those on `indicators`; returns how many. Claims with blanks cannot be confirmed.

    Each claim is a confirmation of its own, bound to the fingerprints of the section and of the indicator as read. A claim that is left
    out is doubted: earlier confirmations of the same words are void.
    """
    tree = {indicator.code: indicator for indicator in standard.leaves}
    claims = [row for row in claims_of_revision(session, revision.organisation_id, revision.id) if row.standard == standard.id]
    chosen = [claim for claim in claims if not claim.blank and (indicators is None or claim.indicator in indicators)]
    doubted = _doubt(
        session, revision, standard, [] if indicators is None else [row for row in claims if row.indicator not in indicators], at
    )
    session.add_all(_confirmation(claim, indicator_fingerprint(tree[claim.indicator]), by, at) for claim in chosen)
    for action, rows in (("claim:void", doubted), ("claim:confirm", chosen)):
        if rows:
            _record(session, document, revision, action, rows, by, at)
    return len(chosen)


def _doubt(session: Session, revision: Revision, standard: Standard, left_out: list[Claim], at: datetime) -> list[Claim]:
    """Void earlier confirmations of these claims; returns the claims that had any.

    Confirmations of other words stay: they do not count for these, and say that the section has changed.
    """
    earlier = confirmations(session, revision.organisation_id, standard.id) if left_out else {}
    same = {
        claim.id: [row for row in earlier.get(claim_key(claim), []) if row.section_fingerprint == claim.section_fingerprint]
        for claim in left_out
    }
    _void(session, (row for rows in same.values() for row in rows), at)
    return [claim for claim in left_out if same[claim.id]]


def _record(session: Session, document: Document, revision: Revision, action: str, claims: list[Claim], by: Actor, at: datetime) -> None:
    named = [f"{claim.indicator}[{claim.element}] {claim.section}" for claim in claims]
    details = {"label": revision.label, "claims": named, "fingerprint": revision.fingerprint}
    record_about(session, document, action, by=by, at=at, details=details)


def _confirmation(claim: Claim, indicator: str, by: Actor, at: datetime) -> Confirmation:
    return Confirmation(
        organisation_id=claim.organisation_id,
        document_id=claim.document_id,
        revision_id=claim.revision_id,
        standard=claim.standard,
        indicator=claim.indicator,
        element=claim.element,
        section=claim.section,
        section_fingerprint=claim.section_fingerprint,
        indicator_fingerprint=indicator,
        login=by.login,
        name=by.name,
        at=at,
    )
