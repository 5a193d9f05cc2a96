"""Selects behind the search: where every revision stands on a day, what identifies its text, and what is shown of a hit.

Thousands of revisions are asked for at a time, so their ids come as plain texts (see `query.Key`), not as objects.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, case, cast, func, literal, or_
from sqlalchemy import select as columns_of
from sqlmodel import Session, col

from service.documents.models import Document, Revision
from service.documents.rules import Standing, Status, label
from service.kit.fingerprint import fingerprint
from service.search.entries import Written
from service.search.query import Key
from service.search.rules import Filters
from service.text.model import Kind

_MARK = 16  # hex digits: enough to tell one text of a revision from its next
_AT_ONCE = 400  # ids in one select


@dataclass(frozen=True, slots=True)
class Facts:
    """What is shown of a revision. `key`: what the addresses of its sections begin with, if its document came from a template."""

    number: str
    title: str
    label: str
    kind: Kind
    department: str
    effective_on: date | None
    key: str | None = None


def standings(session: Session, organisation: UUID, filters: Filters, documents: Collection[UUID] | None = None) -> dict[Key, Standing]:
    """{revision: where it stands} of everything that the filters leave, of these documents or of all.

    In force by the rule of `documents.queries.in_force`.
    """
    begun = and_(col(Revision.status) == Status.RELEASED, col(Revision.effective_on) <= filters.on)
    newest_first = (col(Revision.edition).desc(), col(Revision.revision_number).desc())
    rank = func.row_number().over(partition_by=(col(Revision.document_id), begun), order_by=newest_first).label("rank")
    alive = or_(col(Revision.obsolete_on).is_(None), col(Revision.obsolete_on) > filters.on).label("alive")
    status = cast(col(Revision.status), String).label("status")
    inner = columns_of(col(Revision.id), col(Revision.document_id), status, begun.label("begun"), rank, alive)
    inner = inner.where(col(Revision.organisation_id) == organisation)
    if filters.states == {Standing.IN_FORCE}:
        inner = inner.where(begun)
    found = inner.subquery()
    state = case(
        (found.c.status != literal(Status.RELEASED.value), found.c.status),
        (~found.c.begun, literal(Standing.AWAITED.value)),
        (and_(found.c.rank == 1, found.c.alive), literal(Standing.IN_FORCE.value)),
        else_=literal(Standing.OBSOLETE.value),
    )
    query = columns_of(cast(found.c.id, String), cast(found.c.document_id, String), state)
    query = query.join(Document, col(Document.id) == found.c.document_id)
    query = query.where(*_about(organisation, filters), state.in_([each.value for each in filters.states]))
    wanted = None if documents is None else {document.hex for document in documents}
    rows = session.connection().execute(query)
    return {_key(row[0]): Standing(row[2]) for row in rows if wanted is None or _key(row[1]) in wanted}


def _about(organisation: UUID, filters: Filters) -> Iterator[ColumnElement[bool]]:
    yield col(Document.organisation_id) == organisation
    if filters.kinds:
        yield col(Document.kind).in_(filters.kinds)
    if filters.departments:
        yield col(Document.department).in_(filters.departments)


def _key(said: str) -> Key:
    """SQLite keeps 32 digits, PostgreSQL says them with hyphens."""
    return said.replace("-", "")


def marks(session: Session, organisation: UUID, values_mark: str) -> dict[Key, str]:
    """{revision: what identifies its text}, the newest in force first, drafts last. A draft's text is its source and the values of the day."""
    key, own = cast(col(Revision.id), String), col(Revision.organisation_id) == organisation
    frozen = columns_of(key, col(Revision.fingerprint)).where(own, col(Revision.fingerprint) != "")
    rows = session.connection().execute(frozen.order_by(col(Revision.effective_on).desc()))
    found = {_key(said): mark[:_MARK] for said, mark in rows}
    drafts = session.connection().execute(columns_of(key, col(Revision.source)).where(own, col(Revision.fingerprint) == ""))
    return found | {_key(said): fingerprint((source, values_mark))[:_MARK] for said, source in drafts}


def written(session: Session, organisation: UUID, revisions: Collection[Key]) -> Iterator[Written]:
    """These revisions with their texts."""
    texts = (col(Document.number), col(Revision.title), col(Revision.text), col(Revision.source))
    for row in _rows(session, organisation, revisions, texts):
        yield Written(row[0].hex, *row[1:])


def facts(session: Session, organisation: UUID, revisions: Collection[Key]) -> Mapping[Key, Facts]:
    """What is shown of these revisions."""
    columns = (col(Document.number), col(Revision.title), col(Revision.edition), col(Revision.revision_number))
    more = (col(Document.kind), col(Document.department), col(Revision.effective_on), col(Document.key))
    return {
        row[0].hex: Facts(row[1], row[2], label(row[3], row[4]), *row[5:])
        for row in _rows(session, organisation, revisions, (*columns, *more))
    }


def _rows(session: Session, organisation: UUID, revisions: Collection[Key], columns: Collection[Any]) -> Iterator[Any]:
    """The id and these columns of each of these revisions and its document, if it is this organisation's."""
    query = columns_of(col(Revision.id), *columns).join(Document, col(Document.id) == Revision.document_id)
    query = query.where(col(Revision.organisation_id) == organisation, col(Document.organisation_id) == organisation)
    ids = [UUID(key) for key in revisions]
    for start in range(0, len(ids), _AT_ONCE):
        yield from session.connection().execute(query.where(col(Revision.id).in_(ids[start : start + _AT_ONCE])))
