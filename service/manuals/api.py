"""JSON of manuals: builds and their files; and documents as files to keep. Every file is a stamped copy, unless the original is asked for."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response

from service import clock
from service.manuals.actions import keep_manual, stored
from service.manuals.answers import MEDIA, answered
from service.manuals.build_queries import build_before, build_of
from service.manuals.downloads import document_download, keep_record, manual_download
from service.manuals.form_downloads import FormFormat, forms_download
from service.manuals.orders import order
from service.manuals.progress import Makings
from service.manuals.queries import builds
from service.manuals.schemas import BuildBody, BuildDetail, BuildRequest, build_body, build_detail
from service.manuals.workshop import workshop_for
from service.organisations.api import Member, Reader, allowed, allowed_to_write_later
from service.organisations.roles import Act
from service.settings import settings
from service.web.depends import AsOf, Noting, Reading
from service.web.faults import PROBLEMS
from service.web.heavy import Building, Heavy
from service.web.once import OnceRoute
from service.web.paging import USUAL, Cursor, Limit, Page, paged

router = APIRouter(prefix="/organisations/{code}/manuals", tags=["manuals"], route_class=OnceRoute, responses=PROBLEMS)
exports = APIRouter(prefix="/organisations/{code}/documents", tags=["documents"], route_class=OnceRoute, responses=PROBLEMS)
"""Stands before the routes of documents, whose last one takes every number."""

Viewer = Annotated[Member, allowed(Act.READ_ALL)]
Builder = Annotated[Member, allowed_to_write_later(Act.BUILD)]
Raw = Annotated[bool, Query(description="取用未盖章的原件，供核对 SHA-256；限文控员、评审员和咨询师")]
CopyNumber = Annotated[int | None, Query(alias="copy", ge=1, le=999_999, description="分发号：本人持有的受控本，或由文控员发放")]


def _file(*endings: str) -> dict[int | str, dict[str, Any]]:
    """How an answer that is a file is described."""
    binary = {"schema": {"type": "string", "format": "binary"}}
    return {200: {"description": "文件", "content": {MEDIA[ending].partition(";")[0]: binary for ending in endings}}}


class ExportFormat(StrEnum):
    """The formats of `Format`, the text itself, and a record form to fill in."""

    DOCX = "docx"
    PDF = "pdf"
    HTML = "html"
    MD = "md"
    FILLABLE = "fillable"


@router.get("")
def manuals(member: Viewer, session: Reading, limit: Limit = USUAL, cursor: Cursor = None) -> Page[BuildBody]:
    """手册的各次编制，最近的在前，附文件的 SHA-256。"""
    rows = [build_body(row) for row in builds(session, member.organisation.id)]
    return paged(rows, lambda row: str(row.id), limit, cursor)


@router.post("", status_code=201, dependencies=[Building])
def build(body: BuildRequest, member: Builder, session: Reading, request: Request, note: Noting) -> BuildBody:
    """按某日现行有效的文件编制手册；内容没有变化时返回已有的编制结果。"""
    owner, by = member.organisation, member.actor(session)
    known: Makings = request.app.state.makings
    session.close()  # who waits for minutes holds no connection of the database
    prepared = known.builder.prepare(order(request.app.state.engine, owner.id, body.on or member.today, body.binding, body.formats))
    made = stored(settings().data, prepared)
    with note() as noting:
        return build_body(keep_manual(noting, owner, settings().data, made, by=by, at=clock.now()))


@router.get("/{build_id}")
def build_record(build_id: UUID, member: Viewer, session: Reading) -> BuildDetail:
    """一次编制的记录：各项输入及其指纹，与上一次编制相比的变化。"""
    row = build_of(session, member.organisation.id, build_id)
    return build_detail(row, build_before(session, row))


@router.get("/{build_id}/files/{name}", dependencies=[Heavy], response_class=Response, responses=_file("docx", "pdf", "html"))
def file(
    build_id: UUID, name: Annotated[str, Path(max_length=60)], member: Viewer, session: Reading, note: Noting, raw: Raw = False
) -> Response:
    """手册文件：每页标明非受控、下载人和时间的副本；下载记入审计追踪。"""
    by, at = member.without_posts, clock.now()
    made = manual_download(session, member.organisation, workshop_for(session, member.organisation), build_id, name, raw=raw, by=by, at=at)
    with note() as noting:
        keep_record(noting, member.organisation, made, by=by, at=at)
    return answered(made)


@exports.get("/record-forms.zip", dependencies=[Heavy], response_class=Response, responses=_file("zip"))
def record_forms(
    member: Reader,
    session: Reading,
    format_: Annotated[FormFormat, Query(alias="format", description="docx、pdf，或可填写的 fillable")] = FormFormat.DOCX,
) -> Response:
    """当日现行有效、本人可以取用的全部空白记录表单，每份标明非受控。"""
    by = member.actor(session)
    return answered(
        forms_download(session, member.organisation, workshop_for(session, member.organisation), format_, by=by, at=clock.now())
    )


@exports.get("/{number:path}/export", dependencies=[Heavy], response_class=Response, responses=_file("docx", "pdf", "html", "md"))
def export(
    number: str,
    member: Reader,
    session: Reading,
    note: Noting,
    as_of: AsOf,
    format_: Annotated[
        ExportFormat, Query(alias="format", description="docx、pdf、html、md，记录表单还有可填写的 fillable")
    ] = ExportFormat.PDF,
    copy_number: CopyNumber = None,
    raw: Raw = False,
) -> Response:
    """一份某日现行有效的文件：标明非受控、下载人和时间的副本，或已登记的受控本。今日不是现行有效的，下载记入审计追踪。"""
    by, at = member.actor(session), clock.now()
    made = document_download(
        session,
        member.organisation,
        workshop_for(session, member.organisation),
        number,
        format_,
        on=as_of or member.today,
        copy_number=copy_number,
        raw=raw,
        by=by,
        at=at,
    )
    if made.entry is not None:
        with note() as noting:
            keep_record(noting, member.organisation, made, by=by, at=at)
    return answered(made)
