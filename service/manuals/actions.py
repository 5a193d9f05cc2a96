"""Building a manual for an organisation: a finished build of the same source is returned, a new one is kept and recorded."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import date, datetime
from functools import partial
from pathlib import Path
from uuid import UUID

from sqlmodel import Session

from service.book.fonts import fonts_fingerprint
from service.book.pdf_shelf import Shelf
from service.kit import files as store
from service.manuals.build import BuiltFile, Format, build, renderer_fingerprint, source_fingerprint
from service.manuals.build_queries import build_of
from service.manuals.inputs import inputs_of
from service.manuals.keep_folder import keep_folder
from service.manuals.models import Build
from service.manuals.pictures import with_pictures
from service.manuals.prepared import Prepared, Stored
from service.manuals.queries import find_build, load_source
from service.manuals.rules import Binding
from service.manuals.steps import Step, Tell, untold
from service.manuals.workshop import Workshop
from service.organisations.actions import lock
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
    return keep_manual(session, organisation, workshop.data, stored(workshop.data, prepared), by=by, at=at)


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
    shelf: Shelf | None = None,
) -> Prepared:
    """Gather and render, all without changing anything: rendering must not keep others from writing, and may be stopped at any moment.

    With a `shelf` what did not change since is taken from there.
    """
    tell(Step.GATHER)
    with ThreadPoolExecutor(1) as beside:
        beside.submit(fonts_fingerprint, workshop.fonts)  # fifty megabytes, read and hashed beside Python
        source = with_pictures(
            session,
            organisation,
            load_source(session, organisation, workshop.standard, workshop.register, on=on, address=workshop.address),
            workshop.data,
        )
    made_of = source_fingerprint(source, binding, workshop.theme, workshop.fonts)
    finished = None if fresh else find_build(session, organisation.id, made_of, formats)
    if finished is not None:
        return Prepared(on, binding, workshop.theme.name, made_of, finished=finished.id)
    keep = keep_folder(workshop.data, renderer_fingerprint())
    with ThreadPoolExecutor(1) as beside:
        listing = beside.submit(inputs_of, source, binding, workshop)
        made = build(source, formats, binding, workshop.theme, workshop.fonts, tell, shelf=shelf, keep=keep)
    tell(Step.KEEP)
    named: tuple[dict[str, object], ...] = tuple({"source": each.source, "missing": each.missing} for each in source.pictures)
    facts = (on, binding, workshop.theme.name, made_of, tuple(made), named, source.outline.version, _said(made))
    return Prepared(*facts, inputs=listing.result(), fresh=fresh)


def stored(data: Path, prepared: Prepared) -> Stored:
    """Put the files of a prepared manual below `data`: before the transaction that records it, so that writing them keeps nobody waiting.

    Files of a build that is not recorded after all lie there unnamed and do no harm.
    """
    with ThreadPoolExecutor(2) as pool:
        return Stored(prepared, tuple(pool.map(partial(_kept, data), prepared.files)))


def _kept(data: Path, file: BuiltFile) -> dict[str, object]:
    return {"name": file.name, "sha256": store.put(data, file.data), "bytes": len(file.data), "pages": file.pages}


def keep_manual(session: Session, organisation: Organisation, data: Path, made: Stored, *, by: Actor, at: datetime) -> Build:
    """Record a stored manual as a build, and anchor the trail with it by the key below `data`.

    What somebody else has built of the same source meanwhile is returned instead, unless this one was to be fresh.
    """
    require(by, Act.BUILD)
    lock(session, organisation)
    prepared = made.prepared
    known = _finished(session, organisation.id, prepared)
    if known is not None:
        return known
    row = Build(
        organisation_id=organisation.id,
        on=prepared.on,
        binding=prepared.binding,
        theme=prepared.theme,
        fingerprint=prepared.fingerprint,
        files=list(made.files),
        pictures=[dict(picture) for picture in prepared.pictures],
        built_at=at,
        built_by=by.login,
        outline=prepared.outline,
        remarks=[dict(remark) for remark in prepared.remarks],
        inputs=[dict(each) for each in prepared.inputs],
    )
    session.add(row)
    _record(session, row, by, at)
    anchor(session, organisation.id, organisation.code, signing_key(data), at=at)
    return row


def _finished(session: Session, organisation: UUID, prepared: Prepared) -> Build | None:
    if prepared.finished is not None:
        return build_of(session, organisation, prepared.finished)
    if prepared.fresh:
        return None
    return find_build(session, organisation, prepared.fingerprint, {file.name.rsplit(".", 1)[-1] for file in prepared.files})


def _said(made: Sequence[BuiltFile]) -> tuple[dict[str, object], ...]:
    """The remarks on all volumes, each once: every file brings those on its volume along."""
    return tuple(asdict(remark) for remark in dict.fromkeys(remark for file in made for remark in file.remarks))


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
