"""The claims of the texts that are signed together, as the reviewer confirms them: by indicator, each with its sections."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session

from service.coverage.models import Claim
from service.coverage.queries import claims_of_revision
from service.documents.models import Document, Revision
from service.documents.queries import carried
from service.documents.texts import prefix_of
from service.standards.rules import Indicator, Standard, code_key


@dataclass(frozen=True, slots=True)
class ClaimedElement:
    """An element of the indicator and the section that answers it. `blank`: the section has blanks, so nobody can confirm it."""

    number: int
    text: str
    document: str
    anchor: str
    clause: str
    section_title: str
    quote: str
    blank: bool


@dataclass(frozen=True, slots=True)
class ClaimedIndicator:
    code: str
    title: str
    elements: tuple[ClaimedElement, ...]


def carried_forms(session: Session, revision: Revision) -> list[tuple[Document, Revision]]:
    """The record forms that are signed together with a revision."""
    return [(session.get_one(Document, each.document_id), each) for each in carried(session, revision)]


def claimed_indicators(session: Session, together: Iterable[tuple[Document, Revision]], standard: Standard) -> list[ClaimedIndicator]:
    """In the standard's order; claims on another standard are left out."""
    leaves = {indicator.code: indicator for indicator in standard.leaves}
    grouped: dict[str, list[ClaimedElement]] = defaultdict(list)
    for document, revision in together:
        for claim in claims_of_revision(session, document.organisation_id, revision.id):
            if claim.standard == standard.id and claim.indicator in leaves:
                grouped[claim.indicator].append(_element(claim, document, leaves[claim.indicator]))
    return [ClaimedIndicator(code, leaves[code].title, tuple(grouped[code])) for code in sorted(grouped, key=code_key)]


def _element(claim: Claim, document: Document, indicator: Indicator) -> ClaimedElement:
    text = indicator.elements[claim.element - 1].text if claim.element <= len(indicator.elements) else ""
    anchor = f"{prefix_of(document)}.{claim.section}"
    return ClaimedElement(claim.element, text, document.number, anchor, claim.clause, claim.section_title, claim.quote, claim.blank)
