"""《…》 in both directions: which documents a text names, and which texts name a document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import Session, col, select

from service.documents.models import Document, Revision
from service.documents.queries import Controlled
from service.text.frontmatter import read_front
from service.text.model import Kind, Procedure
from service.text.parsed import parsed
from service.text.references import references


@dataclass(frozen=True, slots=True)
class Cited:
    """《title》 in a text with the clauses it stands in ("" before the first heading), and the number of the document, if there is one."""

    title: str
    clauses: tuple[str, ...]
    number: str


@dataclass(frozen=True, slots=True)
class Citing:
    """A document whose text names the one that is looked at, with the clauses; none where only its front matter carries the form."""

    pair: Controlled
    clauses: tuple[str, ...]


def cited_by_text(procedure: Procedure, numbers: Mapping[str, str]) -> list[Cited]:
    """What a text names, in reading order, each title once. `numbers`: title → number of the documents that can be named."""
    places: dict[str, list[str]] = defaultdict(list)
    for found in references(procedure):
        places[found.title].append(found.clause)
    return [Cited(title, _clauses(clauses), numbers.get(title, "")) for title, clauses in places.items()]


def citing(session: Session, document: Document, title: str, among: Collection[Controlled]) -> list[Citing]:
    """Of these documents those whose text names `document` by its title, or carries it as a record form, in their order."""
    others = {pair.revision.id: pair for pair in among if pair.document.id != document.id}
    found = {revision: clauses for revision, clauses in _naming(session, document, title) if revision in others}
    return [Citing(pair, found[revision]) for revision, pair in others.items() if revision in found]


def _naming(session: Session, document: Document, title: str) -> Iterator[tuple[UUID, tuple[str, ...]]]:
    """The database finds the texts that may name it; these few are read."""
    hints = [title, *([document.key] if document.kind is Kind.RECORD_FORM and document.key else [])]
    query = select(Revision.id, Revision.title, Revision.text).where(
        Revision.organisation_id == document.organisation_id,
        or_(*(col(Revision.text).contains(hint, autoescape=True) for hint in hints)),
    )
    for revision, name, text in session.exec(query):
        clauses = [found.clause for found in references(parsed(text, name)) if found.title == title]
        if clauses or (document.kind is Kind.RECORD_FORM and document.key in read_front(text, name).records):
            yield revision, _clauses(clauses)


def _clauses(found: Collection[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(clause for clause in found if clause))
