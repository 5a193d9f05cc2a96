"""Redlines of an organisation: of two revisions of a document, of the manuals of two days or of two builds, gathered and handed out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from service.book.model import Heading
from service.clock import local_date
from service.documents.queries import find_document, labelled, revisions
from service.documents.texts import prefix_of, set_text
from service.errors import InputError
from service.kit.fingerprint import file_fingerprint
from service.manuals.build_queries import build_of
from service.manuals.downloads import Download
from service.manuals.pictures import with_pictures
from service.manuals.printable import printable, printable_blocks
from service.manuals.queries import load_source
from service.manuals.redline import redlined_manuals
from service.manuals.redline_files import RedlineFormat, document_redline, render_document_redline, render_manual_redline
from service.manuals.rules import ManualSource
from service.manuals.workshop import Workshop
from service.organisations.models import Organisation
from service.organisations.roles import Act
from service.organisations.rules import Actor, require


@dataclass(frozen=True, slots=True)
class Edition:
    """The manual of a day: as it is known now, or as it was known when a build was made of it."""

    on: date
    recorded_on: datetime | None = None

    @property
    def name(self) -> str:
        """2026-06-01, of a build with the moment of building: two builds may be of one day."""
        return self.on.isoformat() + (f"-{self.recorded_on:%Y%m%d%H%M%S}" if self.recorded_on else "")


@dataclass(frozen=True, slots=True)
class Printing:
    """How a redline is printed; `author` of its changes, else the organisation."""

    workshop: Workshop
    formats: Collection[RedlineFormat]
    author: str = ""


def edition_of(session: Session, organisation: Organisation, words: str) -> Edition:
    """A day (YYYY-MM-DD) or the id of a build; InputError for other words, NotFound for a build that the organisation does not have."""
    try:
        return Edition(date.fromisoformat(words))
    except ValueError:
        pass
    try:
        id_ = UUID(words)
    except ValueError as fault:
        raise InputError(f"“{words}”既不是日期（YYYY-MM-DD），也不是编制记录的编号", code="bad_edition") from fault
    row = build_of(session, organisation.id, id_)
    return Edition(row.on, row.built_at)


def manual_redline_files(
    session: Session,
    organisation: Organisation,
    editions: tuple[Edition, Edition],
    printing: Printing,
    *,
    by: Actor,
) -> dict[str, bytes]:
    """Files by name: the changes from the first edition to the second one. InputError if nothing was in force on one of the days."""
    require(by, Act.READ_ALL)
    workshop = printing.workshop
    old, new = (_source(session, organisation, workshop, each) for each in editions)
    stem = f"{organisation.code}-redline-{'-to-'.join(each.name for each in editions)}"
    found = redlined_manuals(old, new, workshop.theme)
    return render_manual_redline(found, stem, printing.formats, workshop.theme, workshop.fonts, author=printing.author)


def _source(session: Session, organisation: Organisation, workshop: Workshop, edition: Edition) -> ManualSource:
    source = load_source(session, organisation, workshop.standard, workshop.register, on=edition.on, recorded_on=edition.recorded_on)
    return printable(with_pictures(session, organisation, source, workshop.data), workshop.theme, workshop.fonts)


def document_redline_files(
    session: Session,
    organisation: Organisation,
    number: str,
    labels: tuple[str, str],
    printing: Printing,
    *,
    by: Actor,
) -> dict[str, bytes]:
    """Files by name: the changes from one revision to another. NotFound for a document or revision that is not there."""
    require(by, Act.READ_ALL)
    workshop = printing.workshop
    document = find_document(session, organisation.id, number)
    history = revisions(session, document)
    old, new = (labelled(document, history, label) for label in labels)
    set_texts = [set_text(session, organisation, document, row, workshop.data).blocks for row in (old, new)]
    texts = [
        (Heading(1, row.title, anchor=prefix_of(document)), *printable_blocks(blocks, workshop.theme, workshop.fonts))
        for row, blocks in zip((old, new), set_texts, strict=True)
    ]
    on = new.effective_on or new.released_on or local_date(new.created_at, organisation.time_zone)
    found = document_redline((organisation.name, number, new.title), labels, *texts, on=on)
    return render_document_redline(found, printing.formats, workshop.theme, workshop.fonts, author=printing.author)


def handed_out(files: dict[str, bytes], *, subject: str, subject_id: str, editions: tuple[str, str]) -> Download:
    """The only file of them, and what the trail is to say of it."""
    [(name, data)] = files.items()
    sha256 = file_fingerprint(data)
    details = {"from": editions[0], "to": editions[1], "file": name, "sha256": sha256}
    return Download(
        name, data, sha256, True, {"action": f"{subject}:redline", "subject": subject, "subject_id": subject_id, "details": details}
    )
