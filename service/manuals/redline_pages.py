"""Redlines as files, from the page that compares two revisions and from the manual's page."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from service import clock
from service.manuals.answers import answered
from service.manuals.downloads import keep_record
from service.manuals.redline_files import RedlineFormat
from service.manuals.redlines import Printing, document_redline_files, edition_of, handed_out, manual_redline_files
from service.manuals.workshop import workshop_for
from service.organisations.api import Member, allowed
from service.organisations.roles import Act
from service.web.depends import Noting, Reading
from service.web.heavy import Heavy

router = APIRouter(prefix="/organisations/{code}/documents")
"""Stands before the page of a document, which takes every number."""
manuals = APIRouter(prefix="/organisations/{code}/manuals")
"""Stands before the builds, whose routes take every name."""

Viewer = Annotated[Member, allowed(Act.READ_ALL)]
From = Annotated[str, Query(alias="from", max_length=40)]
To = Annotated[str, Query(max_length=40)]
Wanted = Annotated[RedlineFormat, Query(alias="format")]


@router.get("/{number:path}/compare/file", dependencies=[Heavy])
def document_file(
    number: str, member: Viewer, session: Reading, note: Noting, from_: From, to: To, format_: Wanted = RedlineFormat.DOCX
) -> Response:
    """The changes from one revision to another, as tracked changes or as a page to keep; recorded."""
    return document_answer(member, session, note, number, (from_, to), format_)


@manuals.get("/redline", dependencies=[Heavy])
def manual_file(member: Viewer, session: Reading, note: Noting, from_: From, to: To, format_: Wanted = RedlineFormat.DOCX) -> Response:
    """The changes from one manual to another, each named by its day or by its build; recorded."""
    return manual_answer(member, session, note, (from_, to), format_)


def document_answer(
    member: Member, session: Reading, note: Noting, number: str, labels: tuple[str, str], format_: RedlineFormat
) -> Response:
    """The file, once the trail says that it was handed out."""
    owner, by = member.organisation, member.without_posts
    files = document_redline_files(session, owner, number, labels, Printing(workshop_for(session, owner), [format_]), by=by)
    made = handed_out(files, subject="document", subject_id=number, editions=labels)
    with note() as noting:
        keep_record(noting, owner, made, by=by, at=clock.now())
    return answered(made)


def manual_answer(member: Member, session: Reading, note: Noting, named: tuple[str, str], format_: RedlineFormat) -> Response:
    """The file, once the trail says that it was handed out."""
    owner, by = member.organisation, member.without_posts
    old, new = (edition_of(session, owner, words) for words in named)
    files = manual_redline_files(session, owner, (old, new), Printing(workshop_for(session, owner), [format_]), by=by)
    made = handed_out(files, subject="manual", subject_id=named[1], editions=named)
    with note() as noting:
        keep_record(noting, owner, made, by=by, at=clock.now())
    return answered(made)
