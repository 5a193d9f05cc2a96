"""Every select of copies, and of the revisions that are no longer in force."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import defer
from sqlmodel import Session, col, or_, select

from service.distribution.models import Copy, CopyNumber
from service.distribution.rows import CopyRow, HeldCopy, copy_row
from service.distribution.rules import CopyStatus
from service.documents.models import Document, Revision
from service.documents.queries import of_day, revisions
from service.documents.rules import KIND_ORDER, Status
from service.errors import NotFound
from service.organisations.models import Department, Organisation
from service.organisations.queries import members, roles_of, rows_on
from service.organisations.roles import Act, may

_TEXT: tuple[Any, ...] = (Revision.source, Revision.text, Revision.variables)
WITHOUT_TEXT = tuple(defer(column) for column in _TEXT)
"""A list needs the title and label of a revision only."""


def copy_rows(
    session: Session,
    organisation: Organisation,
    on: date,
    recorded_on: datetime | None = None,
    *,
    document: Document | None = None,
    holder: str | None = None,
    status: CopyStatus | None = None,
) -> list[CopyRow]:
    """Every copy issued by day `on`, by document, revision and number. `holder`: a log-in name, or the name of somebody without one."""
    query = (
        select(Copy, Document, Revision)
        .join(Document, col(Document.id) == Copy.document_id)
        .join(Revision, col(Revision.id) == Copy.revision_id)
        .where(Copy.organisation_id == organisation.id, Copy.issued_on <= on)
    )
    if recorded_on is not None:
        query = query.where(Copy.issued_at <= recorded_on)
    if document is not None:
        query = query.where(Copy.document_id == document.id)
    if holder is not None:
        query = query.where(or_(Copy.holder_login == holder, col(Copy.holder_login).is_(None) & (col(Copy.holder_name) == holder)))
    names = department_names(session, organisation.id, on)
    found = sorted(
        session.exec(query.options(*WITHOUT_TEXT)), key=lambda row: (*place(row[1], row[2]), row[0].copy_number, row[0].issued_at)
    )
    rows = [copy_row(copy, owner, revision, names, on, recorded_on) for copy, owner, revision in found]
    return [row for row in rows if status is None or row.status is status]


def place(document: Document, revision: Revision) -> tuple[Any, ...]:
    return KIND_ORDER[document.kind], document.serial, revision.edition, revision.revision_number


def department_names(session: Session, organisation_id: UUID, on: date) -> dict[str, str]:
    """Department key → name on a day, joined keys included."""
    return {key: row.name for row in rows_on(session, Department, organisation_id, on) for key in (row.key, *row.aliases)}


def find_copy(session: Session, organisation_id: UUID, copy_id: UUID, *, lock: bool = False) -> HeldCopy:
    """By id, within the organisation. With `lock`, as it is now, and nobody changes it meanwhile."""
    query = (
        select(Copy, Document, Revision)
        .join(Document, col(Document.id) == Copy.document_id)
        .join(Revision, col(Revision.id) == Copy.revision_id)
        .where(Copy.id == copy_id, Copy.organisation_id == organisation_id)
    )
    if lock:
        query = query.with_for_update(of=Copy).execution_options(populate_existing=True)
    found = session.exec(query.options(*WITHOUT_TEXT)).one_or_none()
    if found is None:
        raise NotFound("没有这份受控本", code="copy_not_found")
    return HeldCopy(*found)


def copies_numbered(session: Session, document: Document, copy_number: int) -> list[HeldCopy]:
    """The copies of a document under this number whose outcome is not recorded yet, by revision."""
    query = (
        select(Copy, Revision)
        .join(Revision, col(Revision.id) == Copy.revision_id)
        .where(
            Copy.organisation_id == document.organisation_id,
            Copy.document_id == document.id,
            Copy.copy_number == copy_number,
            col(Copy.settled_at).is_(None),
        )
    )
    ordered = query.options(*WITHOUT_TEXT).order_by(col(Revision.edition), col(Revision.revision_number))
    return [HeldCopy(copy, document, revision) for copy, revision in session.exec(ordered)]


def numbers_of(session: Session, document: Document) -> list[CopyNumber]:
    """Every 分发号 ever given of a document, cancelled ones too."""
    query = select(CopyNumber).where(CopyNumber.organisation_id == document.organisation_id, CopyNumber.document_id == document.id)
    return list(session.exec(query.order_by(col(CopyNumber.number))))


def copies_out(session: Session, organisation_id: UUID, revision: Revision | None = None, *, lock: bool = False) -> list[Copy]:
    """Copies, of one revision or of all, whose outcome is not recorded yet. With `lock`, nobody changes them meanwhile."""
    query = select(Copy).where(Copy.organisation_id == organisation_id, col(Copy.settled_at).is_(None))
    if revision is not None:
        query = query.where(Copy.revision_id == revision.id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return list(session.exec(query.order_by(col(Copy.document_id), col(Copy.copy_number))))


def find_revision(session: Session, document: Document, label: str | None, on: date) -> Revision:
    """The revision of this label; without one the revision in force on `on`, else the one that was released last. NotFound if there is none."""
    history = revisions(session, document)
    if label is not None:
        found = next((row for row in history if row.label == label), None)
        missing = f"文件 {document.number} 没有修订 {label}"
    else:
        found = of_day(history, on) or next((row for row in reversed(history) if row.status is Status.RELEASED), None)
        missing = f"文件 {document.number} 没有已发布的修订"
    if found is None:
        raise NotFound(missing, code="revision_not_found")
    return found


def former(session: Session, organisation_id: UUID, on: date, document_id: UUID | None = None) -> dict[UUID, date]:
    """Every released revision that is out of use on day `on` → the day since when: a later one took force, or it was made obsolete."""
    query = select(Revision).where(Revision.organisation_id == organisation_id, Revision.status == Status.RELEASED)
    if document_id is not None:
        query = query.where(Revision.document_id == document_id)
    histories: dict[UUID, list[Revision]] = defaultdict(list)
    newest_first = (col(Revision.edition).desc(), col(Revision.revision_number).desc())
    for revision in session.exec(query.options(*WITHOUT_TEXT).order_by(*newest_first)):
        histories[revision.document_id].append(revision)
    found = {}
    for history in histories.values():
        replaced: list[date] = []  # days on which later revisions took force
        for revision in history:
            days = [day for day in (*replaced, revision.obsolete_on) if day is not None and day <= on]
            if days:
                found[revision.id] = min(days)
            replaced += [revision.effective_on] if revision.effective_on else []
    return found


def former_since(session: Session, revision: Revision, on: date) -> date | None:
    """Since when this revision is out of use; None if it is in force on `on` or takes force later."""
    return former(session, revision.organisation_id, on, revision.document_id).get(revision.id)


def controlled(session: Session, organisation_id: UUID, revision_ids: Collection[UUID]) -> dict[UUID, tuple[Document, Revision]]:
    """Revision id → its document and itself."""
    query = select(Document, Revision).join(Revision, col(Revision.document_id) == Document.id)
    query = query.where(Document.organisation_id == organisation_id, col(Revision.id).in_(revision_ids))
    return {revision.id: (document, revision) for document, revision in session.exec(query.options(*WITHOUT_TEXT))}


def controllers(session: Session, organisation_id: UUID, on: date) -> list[str]:
    """Log-in names of those who distribute documents."""
    held = members(session, organisation_id)
    return list(dict.fromkeys(user.login for row, user in held if user.disabled_at is None and may(roles_of([row], on), Act.DISTRIBUTE)))
