"""Every select of documents and revisions, among them: what is in force on a date, by what was known at a moment."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_
from sqlalchemy.orm import QueryableAttribute, aliased, defer
from sqlmodel import Session, and_, col, select

from service.documents.models import Document, Revision
from service.documents.rules import KIND_ORDER, Status, was_known
from service.errors import NotFound
from service.text.model import Kind


@dataclass(frozen=True, slots=True)
class Controlled:
    """A document with one of its revisions."""

    document: Document
    revision: Revision


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document belongs: as much of it as decides for whom it is."""

    id: UUID
    kind: Kind
    department: str


def _loaded(texts: bool) -> tuple[Any, ...]:
    """Options of a select: without `texts` what a revision says is fetched only when somebody asks for it; a list needs title and label."""
    return () if texts else tuple(defer(_mapped(column)) for column in (Revision.source, Revision.text, Revision.variables))


def _sorted(pairs: list[Controlled]) -> list[Controlled]:
    return sorted(pairs, key=lambda pair: place(pair.document))


def place(document: Document) -> tuple[int, int]:
    """What the master list is ordered by."""
    return KIND_ORDER[document.kind], document.serial


def _known(on: date, recorded_on: datetime | None) -> ColumnElement[bool]:
    known = and_(col(Revision.status) == Status.RELEASED, col(Revision.effective_on) <= on)
    return known if recorded_on is None else and_(known, col(Revision.released_at) <= recorded_on)


def _not_obsolete(on: date, recorded_on: datetime | None) -> ColumnElement[bool]:
    alive = or_(col(Revision.obsolete_on).is_(None), col(Revision.obsolete_on) > on)
    return alive if recorded_on is None else or_(alive, col(Revision.obsoleted_at) > recorded_on)


def in_force(
    session: Session,
    organisation: UUID,
    on: date,
    recorded_on: datetime | None = None,
    kinds: frozenset[Kind] | None = None,
    *,
    texts: bool = True,
) -> list[Controlled]:
    """现行有效 on day `on`, one revision a document, in the order of the master list.

    Of the released revisions with `effective_on` ≤ `on` the one with the highest label decides; if that one is obsolete, nothing of the
    document is in force (an older revision never comes back, not even one whose own effective date is later). `recorded_on` asks the
    second clock: only what the system knew at that moment counts.
    """
    newest_first = (col(Revision.edition).desc(), col(Revision.revision_number).desc())
    rank = func.row_number().over(partition_by=col(Revision.document_id), order_by=newest_first).label("rank")
    ranked = select(col(Revision.id).label("id"), rank).where(Revision.organisation_id == organisation, _known(on, recorded_on)).subquery()
    query = (
        select(Document, Revision)
        .join(Revision, col(Revision.document_id) == Document.id)
        .join(ranked, ranked.c.id == Revision.id)
        .where(Document.organisation_id == organisation, ranked.c.rank == 1, _not_obsolete(on, recorded_on))
    )
    if kinds is not None:
        query = query.where(col(Document.kind).in_(kinds))
    return _sorted([Controlled(document, revision) for document, revision in session.exec(query.options(*_loaded(texts)))])


def running(session: Session, organisation: UUID, *, texts: bool = True) -> list[Controlled]:
    """Every draft or revision on its way, one a document at most."""
    query = (
        select(Document, Revision)
        .join(Revision, col(Revision.document_id) == Document.id)
        .where(Document.organisation_id == organisation, col(Revision.status) != Status.RELEASED)
    )
    return _sorted([Controlled(document, revision) for document, revision in session.exec(query.options(*_loaded(texts)))])


def running_or_over(session: Session, organisation: UUID) -> list[tuple[Controlled, bool]]:
    """The same without the texts, each with whether its document is obsolete (see `last_released`): one select."""
    earlier = aliased(Revision)
    over = select(earlier.id).where(earlier.document_id == Document.id, col(earlier.obsolete_on).is_not(None)).exists()
    query = (
        select(Document, Revision, over)
        .join(Revision, col(Revision.document_id) == Document.id)
        .where(Document.organisation_id == organisation, col(Revision.status) != Status.RELEASED)
        .options(*_loaded(texts=False))
    )
    rows = [(Controlled(document, revision), is_over) for document, revision, is_over in session.exec(query)]
    return sorted(rows, key=lambda row: place(row[0].document))


def awaited(session: Session, organisation: UUID, on: date, *, texts: bool = True) -> list[Controlled]:
    """待实施: every revision that is released and takes force after `on`, the next one last."""
    query = (
        select(Document, Revision)
        .join(Revision, col(Revision.document_id) == Document.id)
        .where(Document.organisation_id == organisation, col(Revision.status) == Status.RELEASED, col(Revision.effective_on) > on)
        .order_by(col(Revision.effective_on).desc())
        .options(*_loaded(texts))
    )
    return [Controlled(document, revision) for document, revision in session.exec(query)]


def ended(session: Session, organisation: UUID, on: date) -> list[Controlled]:
    """Every document that was made obsolete by day `on`, with its last revision; their texts are fetched only when somebody asks."""
    query = (
        select(Document, Revision)
        .join(Revision, col(Revision.document_id) == Document.id)
        .where(Document.organisation_id == organisation, col(Revision.obsolete_on) <= on)
        .options(*_loaded(texts=False))
    )
    return _sorted([Controlled(document, revision) for document, revision in session.exec(query)])


def current(session: Session, organisation: UUID, on: date) -> list[Controlled]:
    """One revision a document: the one in force on `on`, else the one that will be, else the one on its way. What a list shows."""
    found = {pair.document.id: pair for pair in running(session, organisation)}
    found.update({pair.document.id: pair for pair in awaited(session, organisation, on)})
    found.update({pair.document.id: pair for pair in in_force(session, organisation, on)})
    return _sorted(list(found.values()))


def documents(session: Session, organisation: UUID) -> list[Document]:
    rows = session.exec(select(Document).where(Document.organisation_id == organisation))
    return sorted(rows, key=place)


def places(session: Session, organisation: UUID) -> list[Place]:
    """The same without what a search does not need, in no order."""
    query = select(Document.id, Document.kind, Document.department).where(Document.organisation_id == organisation)
    return [Place(document, Kind(kind), department) for document, kind, department in session.exec(query)]


def find_document(session: Session, organisation: UUID, number: str) -> Document:
    """By number, within the organisation; NotFound says nothing of other organisations."""
    query = select(Document).where(Document.organisation_id == organisation, Document.number == number)
    document = session.exec(query).one_or_none()
    if document is None:
        raise NotFound(f"没有编号为 {number} 的文件", code="document_not_found")
    return document


def revisions(session: Session, document: Document) -> list[Revision]:
    """All revisions of a document, oldest first."""
    query = select(Revision).where(Revision.document_id == document.id, Revision.organisation_id == document.organisation_id)
    return sorted(session.exec(query), key=lambda row: (row.edition, row.revision_number))


def labelled(document: Document, history: Sequence[Revision], label: str) -> Revision:
    """The revision of this label; NotFound if there is none."""
    found = next((row for row in history if row.label == label), None)
    if found is None:
        raise NotFound(f"文件 {document.number} 没有修订 {label}", code="revision_not_found")
    return found


def locked_history(session: Session, document: Document) -> list[Revision]:
    """All revisions as they are now, oldest first; until the transaction ends nobody else starts one or makes the document obsolete.

    Rows that only refer to the document (FOR NO KEY UPDATE) may come meanwhile.
    """
    own = select(Document.id).where(Document.id == document.id, Document.organisation_id == document.organisation_id)
    session.exec(own.with_for_update(key_share=True)).one()
    query = select(Revision).where(Revision.document_id == document.id, Revision.organisation_id == document.organisation_id)
    rows = session.exec(query.execution_options(populate_existing=True))
    return sorted(rows, key=lambda row: (row.edition, row.revision_number))


def last_released(session: Session, document: Document) -> Revision | None:
    """The newest revision of a document that was ever released, whether it is in force or not."""
    return next((row for row in reversed(revisions(session, document)) if row.status is Status.RELEASED), None)


def with_revisions(session: Session, organisation: UUID, number: str) -> tuple[Document, list[Revision]]:
    """A document with all its revisions, oldest first, in one select; NotFound says nothing of other organisations.

    The drafts' sources and the values used, which a reader does not need, are fetched only when somebody asks for them.
    """
    query = (
        select(Document, Revision)
        .join(Revision, col(Revision.document_id) == Document.id)
        .where(Document.organisation_id == organisation, Document.number == number)
        .options(defer(_mapped(Revision.source)), defer(_mapped(Revision.variables)))
    )
    rows = session.exec(query).all()
    if not rows:
        raise NotFound(f"没有编号为 {number} 的文件", code="document_not_found")
    return rows[0][0], sorted((revision for _, revision in rows), key=lambda row: (row.edition, row.revision_number))


def _mapped(column: object) -> QueryableAttribute[Any]:
    """A column of a table as what it is, which SQLModel's types call its value."""
    assert isinstance(column, QueryableAttribute)  # noqa: S101  # tells the type checker
    return column


def of_day(history: list[Revision], on: date, recorded_on: datetime | None = None) -> Revision | None:
    """Of a document's revisions, oldest first, the one in force on day `on`: the rule of `in_force` for one document."""
    known = [
        row
        for row in history
        if row.status is Status.RELEASED
        and row.effective_on is not None
        and row.effective_on <= on
        and was_known(row.released_at, recorded_on)
    ]
    newest = known[-1] if known else None
    if newest is None or newest.obsolete_on is None or newest.obsolete_on > on or not was_known(newest.obsoleted_at, recorded_on):
        return newest
    return None


def running_revision(session: Session, document: Document, *, lock: bool = False) -> Revision:
    """The draft or the revision on its way; NotFound if there is none. With `lock`, as it is now, and nobody changes it meanwhile."""
    query = select(Revision).where(
        Revision.document_id == document.id,
        Revision.organisation_id == document.organisation_id,
        col(Revision.status) != Status.RELEASED,
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    revision = session.exec(query).one_or_none()
    if revision is not None:
        return revision
    raise NotFound(f"文件 {document.number} 没有编制中或审批中的修订", code="no_running_revision")


def revision_in_force(session: Session, document: Document, on: date) -> Revision | None:
    return next((pair.revision for pair in in_force(session, document.organisation_id, on) if pair.document.id == document.id), None)


def carried(session: Session, revision: Revision) -> list[Revision]:
    """The record forms' revisions that are approved together with this one."""
    query = select(Revision).where(Revision.carrier_id == revision.id, Revision.organisation_id == revision.organisation_id)
    return sorted(session.exec(query), key=lambda row: row.title)


def last_serial(session: Session, organisation: UUID, kind: Kind) -> int:
    query = select(func.max(Document.serial)).where(Document.organisation_id == organisation, Document.kind == kind)
    return session.exec(query).one() or 0


def titles(session: Session, organisation: UUID, on: date) -> set[str]:
    """Every title that has been in force by day `on`, in whatever revision."""
    query = select(Revision.title).where(Revision.organisation_id == organisation, _known(on, None))
    return set(session.exec(query))


def titles_now(session: Session, organisation: UUID, on: date) -> dict[str, tuple[str, bool]]:
    """number → (title, whether it is released) of every document as `current` has it, without reading a text."""
    columns = (Document.number, Revision.title, Revision.status, Revision.effective_on, Revision.obsolete_on)
    query = (
        select(*columns)  # type: ignore[call-overload]  # typed for up to four columns
        .join(Revision, col(Revision.document_id) == Document.id)
        .where(Document.organisation_id == organisation)
        .order_by(col(Revision.edition), col(Revision.revision_number))
    )
    rows: dict[str, list[Any]] = {}
    for row in session.exec(query):
        rows.setdefault(row.number, []).append(row)
    shown = {number: _shown_now(history, on) for number, history in rows.items()}
    return {number: (row.title, row.effective_on is not None) for number, row in shown.items() if row is not None}


def _shown_now(history: list[Any], on: date) -> Any:
    """Of rows, oldest first, the one in force, else the next that will be, else the one on its way."""
    released = [row for row in history if row.status is Status.RELEASED and row.effective_on is not None]
    begun = [row for row in released if row.effective_on <= on][-1:]
    in_force = [row for row in begun if row.obsolete_on is None or row.obsolete_on > on]
    coming = [row for row in released if row.effective_on > on]
    running = [row for row in history if row.status is not Status.RELEASED]
    return next(iter((*in_force, *coming, *running)), None)


def released_until(session: Session, organisation: UUID, on: date, documents: Collection[UUID] | None = None) -> list[Revision]:
    """Every revision (of these documents, if named) that had taken force by `on`, oldest first: the change records, without the texts."""
    query = (
        select(Revision)
        .where(Revision.organisation_id == organisation, col(Revision.status) == Status.RELEASED, col(Revision.effective_on) <= on)
        .order_by(col(Revision.effective_on), col(Revision.edition), col(Revision.revision_number))
        .options(*_loaded(texts=False))
    )
    if documents is not None:
        query = query.where(col(Revision.document_id).in_(documents))
    return list(session.exec(query))
