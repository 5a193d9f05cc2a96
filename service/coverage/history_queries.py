"""What was ever claimed and confirmed: standards that an organisation answers, and every confirmation of one indicator."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from service.coverage.models import Claim, Confirmation
from service.documents.models import Document, Revision
from service.documents.rules import label
from service.standards.models import NotApplicable


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A confirmation, standing or void, with the number of the document and the label of the revision that was read."""

    row: Confirmation
    document: str
    label: str


def claimed_standards(session: Session, organisation: UUID) -> set[str]:
    """Ids of the standards that any revision of the organisation ever claimed to answer."""
    return set(session.exec(select(Claim.standard).where(Claim.organisation_id == organisation).distinct()))


def confirmation_history(session: Session, organisation: UUID, standard: str, indicator: str) -> list[Confirmed]:
    """Every confirmation of an indicator, void ones too, the newest first."""
    query = (
        select(Confirmation, Document.number, Revision.edition, Revision.revision_number)
        .join(Document, col(Document.id) == Confirmation.document_id)
        .join(Revision, col(Revision.id) == Confirmation.revision_id)
        .where(Confirmation.organisation_id == organisation, Confirmation.standard == standard, Confirmation.indicator == indicator)
        .order_by(col(Confirmation.at).desc(), col(Confirmation.element), col(Confirmation.section))
    )
    return [Confirmed(row, number, label(edition, revision)) for row, number, edition, revision in session.exec(query)]


def decisions(session: Session, organisation: UUID, standard: str, indicator: str) -> list[NotApplicable]:
    """Every decision to delete an indicator, withdrawn ones too, the newest first."""
    query = select(NotApplicable).where(
        NotApplicable.organisation_id == organisation, NotApplicable.standard == standard, NotApplicable.indicator == indicator
    )
    return list(session.exec(query.order_by(col(NotApplicable.recorded_at).desc())))
