"""Selects of change requests: by number, in lists, with their items, and which approved ones are carried out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, and_, col, select

from service.changes.models import ChangeItem, ChangeRequest
from service.changes.rules import DECISION_ACTIONS, DRAFTED, NUMBER, ChangeKind, ChangeStatus
from service.documents.models import Document, Revision
from service.documents.rules import Status
from service.errors import NotFound
from service.trail.models import TrailEntry


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item with its document (None for a new one that is not made yet), the revision before and the draft that came of it."""

    item: ChangeItem
    document: Document | None
    former: Revision | None
    revision: Revision | None


def find_request(session: Session, organisation: UUID, number: str, *, lock: bool = False) -> ChangeRequest:
    """By number, within the organisation. With `lock`, as it is now, and nobody changes it until the transaction ends."""
    query = select(ChangeRequest).where(ChangeRequest.organisation_id == organisation, ChangeRequest.number == number)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.exec(query).one_or_none() if NUMBER.fullmatch(number) else None
    if found is None:
        raise NotFound(f"没有编号为 {number} 的文件更改申请", code="change_request_not_found")
    return found


def requests(session: Session, organisation: UUID, created_by: str | None = None) -> list[ChangeRequest]:
    """All of them or those of one person, the newest first."""
    query = select(ChangeRequest).where(ChangeRequest.organisation_id == organisation)
    if created_by is not None:
        query = query.where(ChangeRequest.created_by == created_by)
    return list(session.exec(query.order_by(col(ChangeRequest.year).desc(), col(ChangeRequest.serial).desc())))


def documents_of(session: Session, organisation: UUID) -> dict[UUID, list[str]]:
    """Request id → numbers of the documents that it is about, each once, in the order of its items."""
    query = (
        select(ChangeItem.request_id, Document.number)
        .join(Document, col(Document.id) == ChangeItem.document_id)
        .where(ChangeItem.organisation_id == organisation)
        .order_by(col(ChangeItem.position))
    )
    found: dict[UUID, list[str]] = defaultdict(list)
    for request, number in session.exec(query):
        if number not in found[request]:
            found[request].append(number)
    return found


def last_serial(session: Session, organisation: UUID, year: int) -> int:
    query = select(func.max(ChangeRequest.serial)).where(ChangeRequest.organisation_id == organisation, ChangeRequest.year == year)
    return session.exec(query).one() or 0


def items_of(session: Session, request: ChangeRequest) -> list[ChangeItem]:
    """The items of a request in their order."""
    query = select(ChangeItem).where(ChangeItem.organisation_id == request.organisation_id, ChangeItem.request_id == request.id)
    return list(session.exec(query.order_by(col(ChangeItem.position))))


def rows_of(session: Session, request: ChangeRequest) -> list[ItemRow]:
    """The same with documents and revisions, in one select."""
    former = aliased(Revision)
    query = (
        select(ChangeItem, Document, former, Revision)
        .outerjoin(Document, col(Document.id) == ChangeItem.document_id)
        .outerjoin(former, former.id == ChangeItem.former_id)  # type: ignore[arg-type]  # an alias has columns where the class has values
        .outerjoin(Revision, col(Revision.id) == ChangeItem.revision_id)
        .where(ChangeItem.organisation_id == request.organisation_id, ChangeItem.request_id == request.id)
        .order_by(col(ChangeItem.position))
    )
    return [ItemRow(*row) for row in session.exec(query)]


def _left() -> ColumnElement[bool]:
    """Of an item of an approved request, joined with its draft: something is left to do."""
    ended = aliased(Revision)
    is_ended = exists().where(
        col(ended.document_id) == ChangeItem.document_id,
        col(ended.organisation_id) == ChangeItem.organisation_id,
        col(ended.obsoleted_at) >= ChangeRequest.decided_at,
    )
    undrafted = or_(col(Revision.id).is_(None), col(Revision.status) != Status.RELEASED)
    return or_(and_(col(ChangeItem.kind).in_(DRAFTED), undrafted), and_(col(ChangeItem.kind) == ChangeKind.OBSOLETE, ~is_ended))


def carried_out(session: Session, organisation: UUID) -> frozenset[UUID]:
    """Ids of the approved requests of which nothing is left to do: every draft is released, every document to be ended is obsolete."""
    left = (
        select(ChangeItem.request_id)
        .outerjoin(Revision, col(Revision.id) == ChangeItem.revision_id)
        .where(col(ChangeItem.request_id) == ChangeRequest.id, _left())
        .correlate(ChangeRequest)
    )
    query = select(ChangeRequest.id).where(
        ChangeRequest.organisation_id == organisation, ChangeRequest.status == ChangeStatus.APPROVED, ~left.exists()
    )
    return frozenset(session.exec(query))


def unclosed(session: Session, organisation: UUID, done: Collection[UUID]) -> list[ChangeRequest]:
    """Of these requests the ones that nobody has closed yet, by number; nobody else closes them until the transaction ends."""
    query = select(ChangeRequest).where(
        ChangeRequest.organisation_id == organisation, col(ChangeRequest.id).in_(done), col(ChangeRequest.closed_at).is_(None)
    )
    ordered = query.order_by(col(ChangeRequest.year), col(ChangeRequest.serial))
    return list(session.exec(ordered.with_for_update().execution_options(populate_existing=True)))


def status_of(request: ChangeRequest, done: Collection[UUID]) -> ChangeStatus:
    """What the request's state is called: an approved one that is carried out is done."""
    return ChangeStatus.DONE if request.id in done else request.status


def open_on(session: Session, organisation: UUID, documents: Collection[UUID], statuses: Collection[ChangeStatus]) -> dict[UUID, list[str]]:
    """Document id → numbers of the requests in one of these states that still want something of it."""
    query = (
        select(ChangeItem.document_id, ChangeRequest.number)
        .join(ChangeRequest, col(ChangeRequest.id) == ChangeItem.request_id)
        .outerjoin(Revision, col(Revision.id) == ChangeItem.revision_id)
        .where(ChangeRequest.organisation_id == organisation, col(ChangeItem.document_id).in_(documents))
        .where(col(ChangeRequest.status).in_(statuses), or_(col(ChangeRequest.status) != ChangeStatus.APPROVED, _left()))
        .order_by(col(ChangeRequest.year), col(ChangeRequest.serial))
    )
    found: dict[UUID, list[str]] = defaultdict(list)
    for document, number in session.exec(query):
        if document is not None and number not in found[document]:
            found[document].append(number)
    return dict(found)


def entry_at(session: Session, organisation: UUID, position: int) -> TrailEntry | None:
    """The entry at a position of the organisation's trail."""
    return session.exec(select(TrailEntry).where(TrailEntry.organisation_id == organisation, TrailEntry.position == position)).one_or_none()


def decisions_told(session: Session, organisation: UUID) -> list[TrailEntry]:
    """Every entry of the trail about a decision, in order."""
    query = select(TrailEntry).where(TrailEntry.organisation_id == organisation, col(TrailEntry.action).in_(DECISION_ACTIONS))
    return list(session.exec(query.order_by(col(TrailEntry.position))))
