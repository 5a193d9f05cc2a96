"""The change requests that touch one document."""

from __future__ import annotations

from sqlmodel import Session, col, or_, select

from service.changes.models import ChangeItem, ChangeRequest
from service.changes.rules import ChangeStatus
from service.documents.models import Document


def requests_about(session: Session, document: Document, login: str, *, own_only: bool) -> list[ChangeRequest]:
    """The requests with an item about this document, the newest first. What is still being written is for its requester (`login`) alone;
    with `own_only` so is everything else."""
    about = select(ChangeItem.request_id).where(
        ChangeItem.organisation_id == document.organisation_id, ChangeItem.document_id == document.id
    )
    mine = col(ChangeRequest.created_by) == login
    query = select(ChangeRequest).where(
        ChangeRequest.organisation_id == document.organisation_id,
        col(ChangeRequest.id).in_(about),
        mine if own_only else or_(mine, col(ChangeRequest.status) != ChangeStatus.DRAFT),
    )
    return list(session.exec(query.order_by(col(ChangeRequest.year).desc(), col(ChangeRequest.serial).desc())))
