"""A document as a file, from its page: a stamped copy."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from service import clock
from service.manuals.answers import answered
from service.manuals.api import ExportFormat
from service.manuals.downloads import document_download, keep_record
from service.manuals.workshop import workshop_for
from service.organisations.api import Reader
from service.web.depends import AsOf, Noting, Reading
from service.web.heavy import Heavy

router = APIRouter(prefix="/organisations/{code}/documents")
"""Stands before the page of a document, which takes every number."""


@router.get("/{number:path}/export", dependencies=[Heavy])
def export(
    number: str,
    member: Reader,
    session: Reading,
    note: Noting,
    as_of: AsOf,
    format_: Annotated[ExportFormat, Query(alias="format")] = ExportFormat.PDF,
    raw: bool = False,
) -> Response:
    """What was in force on the day, marked 非受控 or 作废 with who took it and when; with `raw` as it is printed. Recorded unless it is in
    force today and stamped."""
    by, at = member.actor(session), clock.now()
    on = as_of or member.today
    made = document_download(
        session, member.organisation, workshop_for(session, member.organisation), number, format_, on=on, raw=raw, by=by, at=at
    )
    if made.entry is not None:
        with note() as noting:
            keep_record(noting, member.organisation, made, by=by, at=at)
    return answered(made)
