"""Every select of requests to read and acknowledge, and of questions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from service.distribution.models import Acknowledgement, Question
from service.distribution.queries import WITHOUT_TEXT, department_names, place
from service.distribution.rows import AcknowledgementRow, AskedPerson, acknowledgement_row
from service.distribution.rules import AcknowledgementState
from service.documents.models import Document, Revision
from service.errors import NotFound
from service.organisations.models import Organisation


def acknowledgement_rows(
    session: Session,
    organisation: Organisation,
    on: date,
    recorded_on: datetime | None = None,
    *,
    document: Document | None = None,
    login: str | None = None,
    states: Collection[AcknowledgementState] | None = None,
) -> list[AcknowledgementRow]:
    """Everybody who was asked by day `on` to read and acknowledge, by document, revision and person."""
    query = (
        select(Acknowledgement, Document, Revision)
        .join(Document, col(Document.id) == Acknowledgement.document_id)
        .join(Revision, col(Revision.id) == Acknowledgement.revision_id)
        .where(Acknowledgement.organisation_id == organisation.id)
    )
    if recorded_on is not None:
        query = query.where(Acknowledgement.asked_at <= recorded_on)
    if document is not None:
        query = query.where(Acknowledgement.document_id == document.id)
    if login is not None:
        query = query.where(Acknowledgement.login == login)
    names = department_names(session, organisation.id, on)
    found = sorted(session.exec(query.options(*WITHOUT_TEXT)), key=lambda row: (*place(row[1], row[2]), row[0].login, row[0].asked_at))
    rows = [acknowledgement_row(*each, names, organisation.time_zone, on, recorded_on) for each in found]
    return [row for row in rows if row.asked_on <= on and (states is None or row.state in states)]


def find_acknowledgement(session: Session, organisation_id: UUID, acknowledgement_id: UUID, *, lock: bool = False) -> AskedPerson:
    """By id, within the organisation. With `lock`, as it is now, and nobody changes it meanwhile."""
    query = (
        select(Acknowledgement, Document, Revision)
        .join(Document, col(Document.id) == Acknowledgement.document_id)
        .join(Revision, col(Revision.id) == Acknowledgement.revision_id)
        .where(Acknowledgement.id == acknowledgement_id, Acknowledgement.organisation_id == organisation_id)
    )
    if lock:
        query = query.with_for_update(of=Acknowledgement).execution_options(populate_existing=True)
    found = session.exec(query.options(*WITHOUT_TEXT)).one_or_none()
    if found is None:
        raise NotFound("没有这项阅读确认", code="acknowledgement_not_found")
    return AskedPerson(*found)


def acknowledgements_of(session: Session, revision: Revision) -> list[Acknowledgement]:
    """Everybody who was ever asked to acknowledge this revision."""
    query = select(Acknowledgement).where(
        Acknowledgement.organisation_id == revision.organisation_id, Acknowledgement.revision_id == revision.id
    )
    return list(session.exec(query.order_by(col(Acknowledgement.login))))


def open_acknowledgements(
    session: Session, organisation_id: UUID, login: str | None = None, *, lock: bool = False
) -> list[Acknowledgement]:
    """Requests, of one person or of all, that wait for an answer. With `lock`, nobody changes them meanwhile."""
    query = select(Acknowledgement).where(
        Acknowledgement.organisation_id == organisation_id,
        *(col(moment).is_(None) for moment in (Acknowledgement.acknowledged_at, Acknowledgement.excused_at, Acknowledgement.ended_at)),
    )
    if login is not None:
        query = query.where(Acknowledgement.login == login)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return list(session.exec(query.order_by(col(Acknowledgement.due_on), col(Acknowledgement.document_id), col(Acknowledgement.login))))


def questions_of(session: Session, revision: Revision) -> list[Question]:
    """The questions that stand, in their order."""
    query = select(Question).where(
        Question.organisation_id == revision.organisation_id, Question.revision_id == revision.id, col(Question.ended_at).is_(None)
    )
    return list(session.exec(query.order_by(col(Question.position))))


def questions_by_acknowledgement(
    session: Session, organisation_id: UUID, acknowledgement_ids: Collection[UUID]
) -> dict[UUID, list[Question]]:
    """Id of a request → the questions that stand of its revision."""
    query = (
        select(Acknowledgement.id, Question)
        .join(Question, col(Question.revision_id) == Acknowledgement.revision_id)
        .where(
            Acknowledgement.organisation_id == organisation_id,
            col(Acknowledgement.id).in_(acknowledgement_ids),
            col(Question.ended_at).is_(None),
        )
    )
    found: dict[UUID, list[Question]] = defaultdict(list)
    for acknowledgement_id, question in session.exec(query.order_by(col(Question.position))):
        found[acknowledgement_id].append(question)
    return found
