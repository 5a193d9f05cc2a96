"""The select behind the codes on printed pages: the one place that asks for a revision without knowing its organisation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from service.clock import local_date
from service.documents.models import Document, Revision
from service.documents.queries import revisions
from service.documents.rules import Status
from service.documents.standing import Stood, stood
from service.organisations.models import Organisation


@dataclass(frozen=True, slots=True)
class Checked:
    """What everybody who holds a printed page may know of its revision, and nothing else."""

    organisation: str
    time_zone: str
    number: str
    title: str
    label: str
    stood: Stood


def checked(session: Session, revision: UUID, *, at: datetime) -> Checked | None:
    """A released revision as it stands today where its organisation is; None for one that is on its way, and for an unknown id."""
    row = session.get(Revision, revision)
    if row is None or row.status is not Status.RELEASED:
        return None
    document, owner = session.get_one(Document, row.document_id), session.get_one(Organisation, row.organisation_id)
    released = [each for each in revisions(session, document) if each.status is Status.RELEASED]
    found = stood(row.label, released, local_date(at, owner.time_zone))
    return Checked(owner.name, owner.time_zone, document.number, row.title, row.label, found)
