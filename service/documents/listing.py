"""The list of controlled documents as a screen shows it: one line a document, narrowed to what somebody looks for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session

from service.documents import queries
from service.documents.models import Document, Revision
from service.documents.queries import Controlled
from service.documents.readers import readable
from service.documents.review_queries import review_states
from service.documents.rules import STANDING_NAMES, Standing, Status, standing_of
from service.organisations.models import Organisation
from service.organisations.roles import Act, may
from service.organisations.rules import Actor
from service.text.model import Kind


@dataclass(frozen=True, slots=True)
class Line:
    """A document: the revision that counts, the one that comes after it (released for a later day, or on its way), and its next review.

    `awaits`: a revision is released for a later day, though what comes after may be the draft that follows that one.
    """

    document: Document
    revision: Revision
    standing: Standing
    coming: Revision | None
    coming_standing: Standing | None
    next_review_on: date | None
    awaits: bool = False

    @property
    def state(self) -> str:
        return STANDING_NAMES[self.standing]

    @property
    def coming_state(self) -> str:
        return STANDING_NAMES[self.coming_standing] if self.coming_standing else ""

    @property
    def newest(self) -> Revision:
        return self.coming or self.revision

    @property
    def is_draft(self) -> bool:
        """Whether its next revision is being written."""
        return self.newest.status is Status.DRAFT

    @property
    def is_on_its_way(self) -> bool:
        """Whether its next revision is going through its approval."""
        return self.newest.status not in (Status.DRAFT, Status.RELEASED)


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
    pairs = queries.in_force(session, owner, on, texts=False)
    due, valid = _due(session, organisation, on, pairs), _by_document(pairs)
    awaited = _by_document(queries.awaited(session, owner, on, texts=False))
    running = _by_document(queries.running(session, owner, texts=False))
    counting, newest = running | awaited | valid, valid | awaited | running
    found = ((pair, newest[key], key in awaited) for key, pair in counting.items())
    lines = [_line(pair, on, last if last is not pair else None, due, awaits=awaits) for pair, last, awaits in found]
    return sorted(lines, key=lambda line: queries.place(line.document))


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
        if to.standing is not None and not _stands(line, to.standing):
            continue
        if revisions is not None and line.revision.id not in revisions:
            continue
        if words in line.document.number.casefold() or words in line.revision.title.casefold():
            yield line


def _stands(line: Line, where: Standing) -> bool:
    return where in (line.standing, line.coming_standing) or (where is Standing.AWAITED and line.awaits)


def _by_document(pairs: Iterable[Controlled]) -> dict[UUID, Controlled]:
    return {pair.document.id: pair for pair in pairs}


def _due(session: Session, organisation: Organisation, on: date, pairs: list[Controlled]) -> Mapping[UUID, date]:
    return {state.document.id: state.due_on for state in review_states(session, organisation.id, on, pairs=pairs)}


def _line(
    pair: Controlled, on: date, coming: Controlled | None = None, due: Mapping[UUID, date] | None = None, *, awaits: bool = False
) -> Line:
    following = coming.revision if coming else None
    later = _standing(following, on) if following else None
    next_review_on = (due or {}).get(pair.document.id)
    return Line(pair.document, pair.revision, _standing(pair.revision, on), following, later, next_review_on, awaits)


def _standing(revision: Revision, on: date) -> Standing:
    return standing_of(revision.status, revision.effective_on, revision.obsolete_on, on)
