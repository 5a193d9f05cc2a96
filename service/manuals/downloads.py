"""Copies that are handed out: files of a build and documents, stamped with who got them and when; what the trail says of it.

A build is never changed: a copy is a new file. Only who checks fingerprints gets it as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from service.book.mark import Stamp, StampKind
from service.book.stamp import stamp
from service.clock import local_date
from service.distribution.queries import copy_rows
from service.distribution.rows import CopyRow
from service.distribution.rules import COPY_STATUS_NAMES, CopyStatus
from service.documents.queries import Controlled, in_force
from service.documents.readers import readable
from service.errors import InputError, NotFound, Refused
from service.kit import files as store
from service.kit.fingerprint import file_fingerprint
from service.manuals.build import export_document
from service.manuals.pictures import with_pictures
from service.manuals.queries import document_source, find_file
from service.manuals.signing import signing_key
from service.manuals.workshop import Workshop
from service.organisations.models import Organisation
from service.organisations.roles import Act
from service.organisations.rules import Actor, require
from service.settings import settings
from service.trail.actions import record

IN_USE = frozenset({CopyStatus.ISSUED, CopyStatus.HELD})


@dataclass(frozen=True, slots=True)
class Download:
    """A file as it is handed out. `entry` is what the trail is to say of it; None for what everybody reads every day."""

    name: str
    data: bytes
    sha256: str
    raw: bool
    entry: Mapping[str, Any] | None


def manual_download(
    session: Session, organisation: Organisation, workshop: Workshop, build: UUID, name: str, *, raw: bool = False, by: Actor, at: datetime
) -> Download:
    """A file of a build, stamped 非受控, or as it was built; both are recorded. NotFound for a file that no build of the organisation has."""
    require(by, Act.READ_RAW if raw else Act.READ_ALL)
    file = find_file(session, organisation.id, build, name)
    data = store.get(workshop.data, file["sha256"])
    mark = None if raw else uncontrolled(organisation, by=by, at=at)
    entry = {"action": "manual:download", "subject": "manual", "subject_id": str(build), "details": {"file": name}}
    return _handed_out(workshop, f"{organisation.code}-{name}", data, mark, entry, at)


def document_download(
    session: Session,
    organisation: Organisation,
    workshop: Workshop,
    number: str,
    format_: str,
    *,
    on: date,
    copy_number: int | None = None,
    raw: bool = False,
    by: Actor,
    at: datetime,
) -> Download:
    """A document in force on day `on`, stamped 非受控, or 作废 if that revision is out of use by now; recorded if it is not in force today.

    With `copy_number` as that registered copy (受控, 作废保留): for its holder and for whoever hands copies out. With `raw` as it is
    printed. Both are recorded. NotFound for what is not in force or not addressed to this reader.
    """
    require(by, Act.READ_RAW if raw else Act.READ)
    if raw and copy_number is not None:
        raise InputError("受控件都盖章，不能同时取用未盖章的原件", code="raw_copy")
    today = local_date(at, organisation.time_zone)
    pair = _readable(session, organisation, number, by, on, today)
    valid = any(each.revision.id == pair.revision.id for each in in_force(session, organisation.id, today))
    mark = None if raw else _mark(session, organisation, pair, valid or on > today, copy_number, by, at)
    source = document_source(session, organisation, workshop.standard, pair, on=on, address=workshop.address)
    source = with_pictures(session, organisation, source, workshop.data)
    [(name, data)] = export_document(source, source.documents[0], pair.revision.text, [format_], workshop.theme, workshop.fonts).items()
    details = {"label": pair.revision.label, "format": format_}
    entry = {"action": "document:download", "subject": "document", "subject_id": number, "details": details}
    return _handed_out(workshop, name, data, mark, None if valid and not raw and copy_number is None else entry, at)


def uncontrolled(organisation: Organisation, *, by: Actor, at: datetime) -> Stamp:
    """The mark of a copy that nobody keeps track of."""
    return Stamp(StampKind.UNCONTROLLED, None, "", _local(at, organisation), _person(by))


def keep_record(session: Session, organisation: Organisation, download: Download, *, by: Actor, at: datetime) -> None:
    """Leave the trail entry of a download, if it has one."""
    if download.entry is not None:
        record(session, organisation.id, at=at, by=by.login, **download.entry)


def _readable(session: Session, organisation: Organisation, number: str, by: Actor, on: date, today: date) -> Controlled:
    found = readable(session, organisation.id, by, on, today=today)
    pair = next((each for each in found if each.document.number == number), None)
    if pair is None:
        raise NotFound(f"{on} 没有现行有效的文件 {number}", code="document_not_in_force")
    return pair


def _mark(
    session: Session, organisation: Organisation, pair: Controlled, usable: bool, copy_number: int | None, by: Actor, at: datetime
) -> Stamp:
    """`usable`: the revision is in force today, or will be."""
    moment = _local(at, organisation)
    if copy_number is None:
        return Stamp(StampKind.UNCONTROLLED if usable else StampKind.OBSOLETE, None, "", moment, _person(by))
    copy = _copy(session, organisation, pair, copy_number, moment.date())
    if copy.holder_login != by.login:
        require(by, Act.DISTRIBUTE)
    holder = f"{copy.holder_name}（{copy.holder_login}）" if copy.holder_login else copy.holder_name
    return Stamp(_kind(copy, usable), copy_number, holder, moment, _person(by))


def _copy(session: Session, organisation: Organisation, pair: Controlled, copy_number: int, today: date) -> CopyRow:
    """The copy of this revision that was given out last under this number."""
    rows = copy_rows(session, organisation, today, document=pair.document)
    found = [row for row in rows if (row.copy_number, row.label) == (copy_number, pair.revision.label)]
    if not found:
        raise NotFound(f"{pair.document.number} {pair.revision.label} 没有分发号为 {copy_number:02} 的受控本", code="copy_not_found")
    return found[-1]


def _kind(copy: CopyRow, usable: bool) -> StampKind:
    """受控 as long as the holder has it and may use it; 作废保留 if it is kept; Refused for a copy that was taken back or must be."""
    if copy.status is CopyStatus.RETAINED:
        return StampKind.RETAINED
    if usable and copy.status in IN_USE:
        return StampKind.CONTROLLED
    what = f"{copy.document} {copy.label} 分发号为 {copy.copy_number:02} 的受控本"
    why = "所属的修订已经失效" if copy.status in IN_USE else COPY_STATUS_NAMES[copy.status]
    raise Refused(f"{what}{why}，不能再取用", code="copy_not_in_use")


def _handed_out(workshop: Workshop, name: str, data: bytes, mark: Stamp | None, entry: dict[str, Any] | None, at: datetime) -> Download:
    """The stamped file, a PDF signed if there is a key (without a mark: the file itself), and in its entry what was handed out, by its
    SHA-256 before and after."""
    before, format_ = file_fingerprint(data), name.rsplit(".", 1)[-1]
    made = data if mark is None else stamp(data, format_, mark, workshop.theme, workshop.fonts)
    key = signing_key(settings()) if format_ == "pdf" and mark is not None else None
    if key is not None:
        from service.book.pdf_sign import sign_pdf  # as in signing.py

        made = sign_pdf(made, key, at=at)
    after = before if mark is None else file_fingerprint(made)
    if entry is not None:
        numbered = {} if mark is None or mark.copy_number is None else {"copy_number": mark.copy_number, "holder": mark.holder}
        signed = {"signed_by": key.owner} if key else {}
        told = {"stamp": mark.kind.value if mark else None, "sha256": before, "handed_out": after, **signed}
        entry = {**entry, "details": {**entry["details"], **told, **numbered}}
    return Download(name, made, after, mark is None, entry)


def _local(at: datetime, organisation: Organisation) -> datetime:
    return at.astimezone(ZoneInfo(organisation.time_zone))


def _person(by: Actor) -> str:
    return f"{by.name}（{by.login}）"
