"""Building a manual for an organisation: a finished build of the same source is returned, a new one is kept and recorded."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlmodel import Session

from service.kit import files as store
from service.manuals.build import BuiltFile, Format, build, source_fingerprint
from service.manuals.models import Build
from service.manuals.pictures import with_pictures
from service.manuals.queries import find_build, load_source
from service.manuals.rules import Binding
from service.manuals.steps import Step, Tell, untold
from service.manuals.workshop import Workshop
from service.organisations.models import Organisation
from service.organisations.roles import Act
from service.organisations.rules import Actor, require
from service.trail.actions import anchor, record
from service.trail.keys import signing_key


def build_manual(
    session: Session,
    organisation: Organisation,
    workshop: Workshop,
    *,
    on: date,
    formats: Collection[Format],
    binding: Binding = Binding.BOUND,
    by: Actor,
    at: datetime,
    fresh: bool = False,
) -> Build:
    """The manual of day `on`. Same source and formats → the build that is there already; else (or if `fresh`) it is rendered, stored,
    recorded and anchored."""
    prepared = prepare_manual(session, organisation, workshop, on=on, formats=formats, binding=binding, fresh=fresh)
    return keep_manual(session, organisation, workshop, prepared, by=by, at=at)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A rendered manual whose files are stored but not recorded yet, or the finished build of the same source."""

    on: date
    binding: Binding
    fingerprint: str
    files: tuple[dict[str, object], ...]
    pictures: tuple[dict[str, object], ...] = ()
    outline: int = 0
    finished: Build | None = None


def prepare_manual(
    session: Session,
    organisation: Organisation,
    workshop: Workshop,
    *,
    on: date,
    formats: Collection[Format],
    binding: Binding = Binding.BOUND,
    fresh: bool = False,
    tell: Tell = untold,
) -> Prepared:
    """Gather, render and store the files, all without writing to the database: rendering must not keep others from writing."""
    tell(Step.GATHER)
    source = with_pictures(
        session, organisation, load_source(session, organisation, workshop.standard, workshop.register, on=on), workshop.data
    )
    made_of = source_fingerprint(source, binding, workshop.theme, workshop.fonts)
    finished = None if fresh else find_build(session, organisation.id, made_of, formats)
    if finished is not None:
        return Prepared(on, binding, made_of, tuple(finished.files), finished=finished)
    made = build(source, formats, binding, workshop.theme, workshop.fonts, tell)
    tell(Step.KEEP)
    named: tuple[dict[str, object], ...] = tuple({"source": each.source, "missing": each.missing} for each in source.pictures)
    return Prepared(on, binding, made_of, tuple(_kept(file, workshop.data) for file in made), named, source.outline.version)


def keep_manual(session: Session, organisation: Organisation, workshop: Workshop, prepared: Prepared, *, by: Actor, at: datetime) -> Build:
    """Record a prepared manual as a build, and anchor the trail with it."""
    require(by, Act.BUILD)
    if prepared.finished is not None:
        return prepared.finished
    row = Build(
        organisation_id=organisation.id,
        on=prepared.on,
        binding=prepared.binding,
        theme=workshop.theme.name,
        fingerprint=prepared.fingerprint,
        files=[dict(file) for file in prepared.files],
        pictures=[dict(picture) for picture in prepared.pictures],
        built_at=at,
        built_by=by.login,
        outline=prepared.outline,
    )
    session.add(row)
    _record(session, row, by, at)
    anchor(session, organisation.id, organisation.code, signing_key(workshop.data), at=at)
    return row


def _kept(file: BuiltFile, data: Path) -> dict[str, object]:
    return {"name": file.name, "sha256": store.put(data, file.data), "bytes": len(file.data), "pages": file.pages}


def _record(session: Session, row: Build, by: Actor, at: datetime) -> None:
    details: dict[str, object] = {
        "on": row.on.isoformat(),
        "fingerprint": row.fingerprint,
        "files": {f["name"]: f["sha256"] for f in row.files},
    }
    if row.outline:
        details["outline"] = row.outline
    if row.pictures:
        details["pictures"] = [picture["source"] for picture in row.pictures]
    record(
        session,
        row.organisation_id,
        at=at,
        by=by.login,
        action="manual:build",
        subject="manual",
        subject_id=row.fingerprint,
        details=details,
    )
