"""The pictures that a source's texts name, as they lie in the file store."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sqlmodel import Session

from service.documents.pictures import images_of
from service.manuals.rules import ManualSource, SourcePicture
from service.organisations.models import Organisation
from service.text.pictures import placed_pictures


def with_pictures(session: Session, organisation: Organisation, source: ManualSource, data: Path) -> ManualSource:
    """The source with every picture that one of its texts names, in the order of the texts; `data`: the folder of the file store."""
    procedures = [document.procedure for document in source.documents]
    found = images_of(session, organisation.id, procedures, data)
    named = dict.fromkeys(picture.source for procedure in procedures for _, picture in placed_pictures(procedure))
    return replace(source, pictures=tuple(SourcePicture(each, each not in found, found.get(each, b"")) for each in named))
