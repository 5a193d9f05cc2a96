"""Documents as somebody picks them in a form: number, title and label of what is released, without their texts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from service.documents.models import Document, Revision
from service.documents.readers import addressed
from service.documents.rules import KIND_ORDER, Status
from service.organisations.api import Member
from service.organisations.roles import Act, may
from service.organisations.rules import Actor
from service.text.model import Kind

_TEXT: tuple[Any, ...] = (Revision.source, Revision.text, Revision.variables)


@dataclass(frozen=True, slots=True)
class Choice:
    """A document with the title and label of the revision in force, or of the one that takes force next."""

    id: UUID
    number: str
    kind: Kind
    department: str
    title: str
    label: str

    @property
    def name(self) -> str:
        """What stands in the field once it is picked; `picked` reads it again."""
        return f"{self.number} {self.title}"


def choices(session: Session, organisation_id: UUID, on: date, *, actor: Actor) -> list[Choice]:
    """What this member may name on day `on`, in the order of the master list: whoever may read all, every document that is released and
    not obsolete; others, what is in force and addressed to them."""
    query = (
        select(Document, Revision)
        .join(Revision, col(Revision.document_id) == Document.id)
        .where(Document.organisation_id == organisation_id, Revision.status == Status.RELEASED)
        .options(*(defer(column) for column in _TEXT))
        .order_by(col(Revision.edition), col(Revision.revision_number))
    )
    sees_all = may(actor.roles, Act.READ_ALL)
    mine = None if sees_all else addressed(session, organisation_id, actor, on)
    valid: dict[UUID, tuple[tuple[int, int], Choice]] = {}
    for document, revision in session.exec(query):
        begun = revision.effective_on is not None and revision.effective_on <= on
        if begun and revision.obsolete_on is not None and revision.obsolete_on <= on:
            valid.pop(document.id, None)
        elif begun or (sees_all and document.id not in valid):
            choice = Choice(document.id, document.number, document.kind, document.department, revision.title, revision.label)
            valid[document.id] = (KIND_ORDER[document.kind], document.serial), choice
    found = sorted(valid.values(), key=lambda row: row[0])
    return [choice for _, choice in found if mine is None or choice.id in mine]


def member_choices(session: Session, member: Member) -> list[Choice]:
    """What a form offers to this member today."""
    return choices(session, member.organisation.id, member.today, actor=member.actor(session))


def picked(typed: str, rows: Iterable[Choice]) -> Choice | None:
    """The document that somebody means: by number, by title (with or without 《》), or by both as the list offers it."""
    words = typed.strip()
    bare = words.removeprefix("《").removesuffix("》")
    return next((row for row in rows if words in (row.number, row.name) or bare == row.title), None)


def name_of(number: str, rows: Collection[Choice]) -> str:
    """What stands in a field for this number: with the title, if it is known."""
    return next((row.name for row in rows if row.number == number), number)
