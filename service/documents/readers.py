"""Who may read which document: whom a document is addressed to (发放范围), and what somebody finds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from sqlmodel import Session, col, select

from service.documents.models import Document, Recipient
from service.documents.queries import Controlled, Place, in_force, places
from service.organisations.models import Department
from service.organisations.queries import chart_on, members, roles_of, rows_on
from service.organisations.roles import Act, may
from service.organisations.rules import Actor, departments_of
from service.text.model import Kind

Addressed = TypeVar("Addressed", Document, Place)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on the organisation chart of a day, or a member without a post: keys of his posts (joined ones too) and of their departments."""

    login: str
    name: str
    posts: frozenset[str] = frozenset()
    departments: tuple[str, ...] = ()


def recipients(session: Session, organisation_id: UUID, documents: Collection[UUID] | None = None) -> dict[UUID, list[Recipient]]:
    """The recipients that stand now, of these documents or of all, by document, in the order they were named."""
    query = select(Recipient).where(Recipient.organisation_id == organisation_id, col(Recipient.ended_at).is_(None))
    if documents is not None:
        query = query.where(col(Recipient.document_id).in_(documents))
    found: dict[UUID, list[Recipient]] = defaultdict(list)
    for row in session.exec(query.order_by(col(Recipient.created_at), col(Recipient.department), col(Recipient.post))):
        found[row.document_id].append(row)
    return found


def recipients_of(session: Session, document: Document) -> list[Recipient]:
    return recipients(session, document.organisation_id, [document.id]).get(document.id, [])


def lock_document(session: Session, document: Document) -> None:
    """Nobody else changes recipients, copies or requests to read of this document until the transaction ends.

    Rows that only refer to the document (FOR NO KEY UPDATE) may come meanwhile: a draft is not kept waiting.
    """
    query = select(Document).where(Document.id == document.id, Document.organisation_id == document.organisation_id)
    session.exec(query.with_for_update(key_share=True).execution_options(populate_existing=True)).one()


def addressed(session: Session, organisation_id: UUID, actor: Actor, on: date) -> set[UUID]:
    """Ids of the documents that are addressed to this member (an `Actor` with his posts); the departments are those of day `on`.

    By recipients: one of his departments or one above it, one of his posts, or everybody. A document without recipients is for its own
    department, a part of the manual for everybody.
    """
    return {place.id for place in _addressed(session, organisation_id, actor, on, places(session, organisation_id))}


def readable(
    session: Session,
    organisation_id: UUID,
    actor: Actor,
    on: date,
    recorded_on: datetime | None = None,
    *,
    today: date | None = None,
    texts: bool = True,
) -> list[Controlled]:
    """What this member finds in force on day `on`: everything if he may read all, else what is addressed to him.

    Whom it is addressed to is asked as of `today` (default: `on`): who looks at a past day sees it with the rights he has now.
    Without `texts` what the revisions say is fetched only when somebody asks for it.
    """
    pairs = in_force(session, organisation_id, on, recorded_on, texts=texts)
    if may(actor.roles, Act.READ_ALL):
        return pairs
    mine = {row.id for row in _addressed(session, organisation_id, actor, today or on, [pair.document for pair in pairs])}
    return [pair for pair in pairs if pair.document.id in mine]


def is_for(session: Session, actor: Actor, document: Document, on: date) -> bool:
    """Whether this document is addressed to this member on day `on`."""
    return bool(_addressed(session, document.organisation_id, actor, on, [document]))


def _addressed(session: Session, organisation_id: UUID, actor: Actor, on: date, rows: Iterable[Addressed]) -> list[Addressed]:
    named = recipients(session, organisation_id)
    above = departments_above(rows_on(session, Department, organisation_id, on), actor.departments)
    return [row for row in rows if is_addressed(row, named.get(row.id, ()), above, actor.posts)]


def people_addressed(session: Session, document: Document, on: date) -> list[Person]:
    """Everybody a document is addressed to on day `on`, in the order of the organisation chart."""
    rows, named = rows_on(session, Department, document.organisation_id, on), recipients_of(session, document)
    everybody = people(session, document.organisation_id, on)
    return [each for each in everybody if is_addressed(document, named, departments_above(rows, each.departments), each.posts)]


def people(session: Session, organisation_id: UUID, on: date) -> list[Person]:
    """Who works in the organisation on day `on`: everybody on the chart, then the members without a post who acknowledge documents."""
    found: dict[str, Person] = {}
    for department in departments_of(chart_on(session, organisation_id, on)):
        for post in department.posts:
            for holder in post.holders:
                known = found.get(holder.login, Person(holder.login, holder.name))
                posts = known.posts | {post.key, *post.aliases}
                departments = tuple(dict.fromkeys((*known.departments, department.key)))
                found[holder.login] = Person(holder.login, known.name, posts, departments)
    for membership, user in members(session, organisation_id):
        if user.disabled_at is None and may(roles_of([membership], on), Act.ACKNOWLEDGE):
            found.setdefault(user.login, Person(user.login, user.name))
    return list(found.values())


def departments_above(rows: Iterable[Department], own: Iterable[str]) -> frozenset[str]:
    """These departments and all above them, joined keys included."""
    by_key = {key: row for row in rows for key in (row.key, *row.aliases)}
    found, waiting = set(own), list(own)
    seen: set[str] = set()
    while waiting:
        row = by_key.get(waiting.pop())
        if row is None or row.key in seen:
            continue
        seen.add(row.key)
        found |= {row.key, *row.aliases}
        waiting += [row.parent] if row.parent else []
    return frozenset(found)


def is_addressed(document: Document | Place, named: Iterable[Recipient], departments: Collection[str], posts: Collection[str]) -> bool:
    """Whether a document with these recipients is for somebody in these departments (those above included) with these posts."""
    rows = list(named)
    if not rows:
        return document.kind is Kind.MANUAL or document.department in departments
    return any(row.everybody or row.department in departments or row.post in posts for row in rows)
