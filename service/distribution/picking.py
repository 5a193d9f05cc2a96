"""People and documents as the pages of distribution let one pick them: by department, with their posts, with what they have already."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from service.documents.models import Document, Revision
from service.documents.queries import revisions
from service.documents.readers import Person, people, people_addressed
from service.documents.rules import STANDING_NAMES, Standing, Status, standing_of
from service.organisations.api import Member
from service.organisations.queries import chart_on
from service.organisations.rules import Chart, departments_of, names_by_key, posts_of


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be picked; `addressed`: the document is for him; `why_not`: what speaks against it ("" if nothing does)."""

    login: str
    name: str
    posts: str
    addressed: bool
    why_not: str


@dataclass(frozen=True, slots=True)
class Team:
    """The people of a department, in the order of the chart."""

    name: str
    people: tuple[Candidate, ...]


def teams(session: Session, member: Member, document: Document, taken: Mapping[str, str]) -> list[Team]:
    """Everybody, by the first of his departments. `taken`: log-in name → why he cannot be picked again."""
    chart = chart_on(session, member.organisation.id, member.today)
    addressed = {person.login for person in people_addressed(session, document, member.today)}
    found: dict[str, list[Candidate]] = {row.key: [] for row in departments_of(chart)}
    for person in people(session, member.organisation.id, member.today):
        made = Candidate(person.login, person.name, _posts(person, chart), person.login in addressed, taken.get(person.login, ""))
        found.setdefault(next(iter(person.departments), ""), []).append(made)
    names = names_by_key(departments_of(chart)) | {"": "未任岗位的成员"}
    return [Team(names.get(key, key), tuple(rows)) for key, rows in found.items() if rows]


def _posts(person: Person, chart: Chart) -> str:
    """The names of his posts, each once."""
    return "、".join(post.name for post in posts_of(chart) if post.key in person.posts)


def usable(session: Session, document: Document, member: Member, statuses: Collection[Status]) -> list[Revision]:
    """The revisions that may be handed out or read: the one in force and those that come after it, in one of these states."""
    history = [row for row in revisions(session, document) if row.status in statuses]
    ahead = [row for row in history if _standing(row, member) is not Standing.OBSOLETE]
    begun = [row for row in ahead if _standing(row, member) is Standing.IN_FORCE]
    return ahead[ahead.index(begun[-1]) :] if begun else ahead


def state_of(revision: Revision, member: Member) -> str:
    return STANDING_NAMES[_standing(revision, member)]


def _standing(revision: Revision, member: Member) -> Standing:
    return standing_of(revision.status, revision.effective_on, revision.obsolete_on, member.today)


def labelled(rows: Sequence[Revision], member: Member) -> list[tuple[str, str]]:
    """(label, words) for a field that chooses among revisions."""
    return [(row.label, f"{row.label}（{state_of(row, member)}）") for row in rows]
