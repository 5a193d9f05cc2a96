"""The list of controlled documents as a screen shows it: one line a document, narrowed to what somebody looks for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlmodel import Session

from service.documents import queries
from service.documents.models import Document, Revision
from service.documents.queries import Controlled
from service.documents.readers import readable
from service.documents.review_queries import review_states
from service.documents.rules import STATUS_NAMES, Status, state_name
from service.organisations.models import Organisation
from service.organisations.roles import Act, may
from service.organisations.rules import Actor
from service.text.model import Kind


class Standing(StrEnum):
    """Where a document stands on a day, as one looks for it."""

    IN_FORCE = "in_force"
    AWAITED = "awaited"
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    COUNTERSIGNING = "countersigning"
    IN_APPROVAL = "in_approval"
    APPROVED = "approved"
    OBSOLETE = "obsolete"


STANDING_NAMES: Mapping[Standing, str] = {
    Standing.IN_FORCE: "现行有效",
    Standing.AWAITED: "待实施",
    **{Standing(status.value): name for status, name in STATUS_NAMES.items() if status is not Status.RELEASED},
    Standing.OBSOLETE: "作废",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A document: the revision that counts, the one that comes after it (released for a later day, or on its way), and its next review."""

    document: Document
    revision: Revision
    state: str
    coming: Revision | None
    coming_state: str
    next_review_on: date | None

    @property
    def is_draft(self) -> bool:
        """Whether its next revision is being written."""
        return (self.coming or self.revision).status is Status.DRAFT

    @property
    def is_on_its_way(self) -> bool:
        """Whether its next revision is going through its approval."""
        return (self.coming or self.revision).status not in (Status.DRAFT, Status.RELEASED)


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a list is narrowed to; nothing set leaves everything. `words` stand in number or title, whatever their case."""

    kind: Kind | None = None
    department: str = ""
    standing: Standing | None = None
    words: str = ""


def lines_today(session: Session, organisation: Organisation, on: date, *, ended: bool = False) -> list[Line]:
    """Every document that is in force, will be or is on its way, for who may read all; with `ended` the obsolete ones instead."""
    owner = organisation.id
    if ended:
        return [_line(pair, on) for pair in queries.ended(session, owner, on)]
    coming = {pair.document.id: pair for pair in queries.awaited(session, owner, on, texts=False)}
    coming |= {pair.document.id: pair for pair in queries.running(session, owner, texts=False)}
    pairs = queries.in_force(session, owner, on, texts=False)
    due, valid = _due(session, organisation, on, pairs), {pair.document.id for pair in pairs}
    lines = [_line(pair, on, coming.get(pair.document.id), due) for pair in pairs]
    return _ordered([*lines, *(_line(pair, on) for key, pair in coming.items() if key not in valid)])


def lines_of_day(session: Session, organisation: Organisation, by: Actor, on: date, today: date) -> list[Line]:
    """What was in force on a day, as far as this member may read it now; nothing of what was to come."""
    pairs = readable(session, organisation.id, by, on, today=today, texts=False)
    due = _due(session, organisation, on, pairs) if may(by.roles, Act.READ_ALL) else {}
    return [_line(pair, on, due=due) for pair in pairs]


def narrowed(lines: Iterable[Line], to: Narrowing, revisions: Collection[UUID] | None = None) -> Iterator[Line]:
    """The lines that are looked for; `revisions`: only of these (ids), as those that answer an indicator."""
    words = to.words.casefold()
    for line in lines:
        if to.kind not in (None, line.document.kind) or to.department not in ("", line.document.department):
            continue
        if to.standing is not None and STANDING_NAMES[to.standing] not in (line.state, line.coming_state):
            continue
        if revisions is not None and line.revision.id not in revisions:
            continue
        if words in line.document.number.casefold() or words in line.revision.title.casefold():
            yield line


def _due(session: Session, organisation: Organisation, on: date, pairs: list[Controlled]) -> Mapping[UUID, date]:
    return {state.document.id: state.due_on for state in review_states(session, organisation.id, on, pairs=pairs)}


def _line(pair: Controlled, on: date, coming: Controlled | None = None, due: Mapping[UUID, date] | None = None) -> Line:
    following = coming.revision if coming else None
    state = _state(pair.revision, on)
    return Line(
        pair.document, pair.revision, state, following, _state(following, on) if following else "", (due or {}).get(pair.document.id)
    )


def _state(revision: Revision, on: date) -> str:
    return state_name(revision.status, revision.effective_on, revision.obsolete_on, on)


def _ordered(lines: list[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: queries.place(line.document))
