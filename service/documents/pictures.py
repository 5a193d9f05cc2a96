"""Taking a picture into an organisation's stock, and giving texts the pictures that they name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlmodel import Session

from service.book.clean_picture import SVG, CleanPicture, clean_picture
from service.book.model import Photo
from service.book.photo_vector import is_drawable
from service.book.theme import FORMAL
from service.documents.models import Picture
from service.documents.picture_queries import pictures_named
from service.documents.picture_rules import plain_file_name
from service.errors import InputError, NotFound, Place
from service.kit import files as store
from service.kit.fingerprint import file_fingerprint
from service.organisations.actions import lock
from service.organisations.models import Organisation
from service.organisations.roles import Act
from service.organisations.rules import Actor, require
from service.settings import settings
from service.text.model import Procedure
from service.text.pictures import picture_sha256, picture_source, placed_pictures
from service.trail.actions import record


def add_picture(session: Session, organisation: Organisation, data: bytes, file_name: str, *, by: Actor, at: datetime) -> Picture:
    """The uploaded file made clean and kept; texts name it by `picture:<sha256>`. The same picture again is the one that is there.

    Refusals are those of `clean_picture`: InputError, TooLarge, UnknownMedia.
    """
    require(by, Act.DRAFT)
    return keep_picture(session, organisation, prepared_picture(data, file_name), file_name, by=by, at=at)


def prepared_picture(data: bytes, file_name: str) -> CleanPicture:
    """The uploaded file made clean, without a database: a large photo takes a second, which must not keep others from writing."""
    name = plain_file_name(file_name)
    clean = clean_picture(data, name)
    if clean.media == SVG and not is_drawable(Photo(clean.data, name), FORMAL, settings().fonts):
        words = "SVG 图片不能绘出，请检查后重新导出，或另存为 PNG 再上传"
        raise InputError(words, code="svg_not_drawable", place=Place(name))
    return clean


def keep_picture(session: Session, organisation: Organisation, clean: CleanPicture, file_name: str, *, by: Actor, at: datetime) -> Picture:
    """Record a prepared picture and keep its bytes."""
    require(by, Act.DRAFT)
    lock(session, organisation)
    sha256 = store.put(settings().data, clean.data)
    known = pictures_named(session, organisation.id, [sha256])
    if known:
        return known[0]
    row = Picture(
        organisation_id=organisation.id,
        sha256=sha256,
        media=clean.media,
        width=clean.width,
        height=clean.height,
        bytes=len(clean.data),
        file_name=plain_file_name(file_name),
        uploaded_at=at,
        uploaded_by=by.login,
    )
    session.add(row)
    session.flush()
    details = {"file_name": row.file_name, "media": row.media, "width": row.width, "height": row.height, "bytes": row.bytes}
    record(session, organisation.id, at=at, by=by.login, action="picture:add", subject="picture", subject_id=sha256, details=details)
    return row


def images_of(session: Session, organisation_id: UUID, procedures: Iterable[Procedure], data: Path) -> dict[str, bytes]:
    """The bytes of the pictures that these texts name, by source, for `Setting.images`. `data`: the folder of the file store.

    A picture that the organisation does not have, or whose file is lost or no longer what it was, is left out.
    """
    found = {picture_source(row.sha256): _bytes_of(row, data) for row in _named(session, organisation_id, procedures)}
    return {source: bytes_ for source, bytes_ in found.items() if bytes_}


def sources_there(session: Session, organisation_id: UUID, procedures: Iterable[Procedure], data: Path) -> frozenset[str]:
    """The sources in these texts whose picture the organisation has, without reading a file."""
    return frozenset(picture_source(row.sha256) for row in _named(session, organisation_id, procedures) if store.has(data, row.sha256))


def _named(session: Session, organisation_id: UUID, procedures: Iterable[Procedure]) -> list[Picture]:
    named = {picture_sha256(picture.source) for procedure in procedures for _, picture in placed_pictures(procedure)}
    return pictures_named(session, organisation_id, named - {""})


def _bytes_of(row: Picture, data: Path) -> bytes:
    """b"" if they are not there any more: then the text says that its picture is missing."""
    try:
        found = store.get(data, row.sha256)
    except NotFound:
        return b""
    return found if file_fingerprint(found) == row.sha256 else b""
