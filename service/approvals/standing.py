"""Sign-offs of one document as a page shows them: each with whether it is still as it was made."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlmodel import Session

from service.approvals.models import Signoff
from service.approvals.queries import signoffs_of_document
from service.approvals.rules import MEANING_NAMES
from service.approvals.seals import TAMPERING_NAMES, Found, Words, find_faults
from service.documents.models import Document, Revision
from service.organisations.models import Organisation


@dataclass(frozen=True, slots=True)
class StandingSignoff:
    """`fault`: what is wrong with it by itself, in words; "" if its seal and the text's fingerprint are as they were signed. Whether
    the trail knows it is what `verify_signoffs` asks, of all at once."""

    revision: Revision
    row: Signoff
    meaning: str
    fault: str

    @property
    def is_void(self) -> bool:
        return self.row.voided_at is not None


def standing_signoffs(session: Session, organisation: Organisation, document: Document) -> list[StandingSignoff]:
    """Every sign-off of every revision, void ones too, in the order of time."""
    found = signoffs_of_document(session, document)
    return [
        StandingSignoff(revision, row, MEANING_NAMES[row.meaning], _fault(organisation, document, revision, row)) for revision, row in found
    ]


def _fault(organisation: Organisation, document: Document, revision: Revision, row: Signoff) -> str:
    said = {name: getattr(row, name) for name in Words._fields if name not in ("number", "label")}
    words = Words(number=document.number, label=revision.label, **said)
    own, void = revision.organisation_id == row.organisation_id, row.voided_at is not None
    seals = Counter([row.seal])
    faults = find_faults(organisation.code, [Found(words, row.seal, void, revision.fingerprint, own)], seals, seals if void else Counter())
    return TAMPERING_NAMES[faults[0].tampering] if faults else ""
