"""Blank record forms to take along: one in each manner, or all of them in one ZIP."""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session

from service.book.mark import Stamp
from service.book.stamp import stamp
from service.clock import local_date
from service.documents.queries import Controlled
from service.documents.readers import readable
from service.errors import NotFound
from service.kit.fingerprint import file_fingerprint
from service.kit.zipfile import pack
from service.manuals.build import export_document
from service.manuals.downloads import Download, uncontrolled
from service.manuals.pictures import with_pictures
from service.manuals.queries import document_source
from service.manuals.workshop import Workshop
from service.organisations.models import Organisation
from service.organisations.roles import Act
from service.organisations.rules import Actor, require
from service.text.model import Kind


class FormFormat(StrEnum):
    """What a blank form can be downloaded as: to print, or to fill in on a screen (a DOCX too)."""

    DOCX = "docx"
    PDF = "pdf"
    FILLABLE = "fillable"


def forms_download(
    session: Session, organisation: Organisation, workshop: Workshop, format_: FormFormat, *, by: Actor, at: datetime
) -> Download:
    """Every record form in force today that this reader may have, stamped 非受控, in one ZIP; NotFound if there is none."""
    require(by, Act.READ)
    today = local_date(at, organisation.time_zone)
    found = readable(session, organisation.id, by, today, today=today)
    forms = [pair for pair in found if pair.document.kind is Kind.RECORD_FORM]
    if not forms:
        raise NotFound("没有现行有效的记录表单", code="no_record_forms")
    mark = uncontrolled(organisation, by=by, at=at)
    data = pack(dict(_form(session, organisation, workshop, pair, format_, mark) for pair in forms))
    return Download(f"{organisation.code}-record-forms-{format_}.zip", data, file_fingerprint(data), False, None)


def _form(
    session: Session, organisation: Organisation, workshop: Workshop, pair: Controlled, format_: FormFormat, mark: Stamp
) -> tuple[str, bytes]:
    """A form's name in the ZIP, with its title so that people find it, and its stamped file."""
    today = local_date(mark.at, organisation.time_zone)
    source = document_source(session, organisation, workshop.standard, pair, on=today, address=workshop.address)
    source = with_pictures(session, organisation, source, workshop.data)
    [(name, data)] = export_document(source, source.documents[0], pair.revision.text, [format_], workshop.theme, workshop.fonts).items()
    stem, _, ending = name.rpartition(".")
    title = _UNFIT.sub("-", pair.revision.title).strip(". ")
    return f"{stem.removesuffix('-fillable')} {title}.{ending}", stamp(data, ending, mark, workshop.theme, workshop.fonts)


_UNFIT = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
