"""JSON of controlled documents: lists, one document on a day, and the drafts that authors work on."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from service import clock
from service.documents import actions, queries
from service.documents.drafts import read_draft
from service.documents.models import Revision
from service.documents.readers import is_for, readable
from service.documents.schemas import (
    DocumentBody,
    DocumentLine,
    DraftBody,
    DraftText,
    NewDocument,
    NewRevision,
    draft_body,
    line,
    revision_line,
)
from service.errors import NotFound
from service.organisations.api import Member, Reader, allowed, allowed_to_write
from service.organisations.roles import Act, may
from service.text.model import Kind
from service.web.depends import AsOf, Reading, RecordedOn, Writing
from service.web.etag import IfMatch, etag, require_match
from service.web.faults import PROBLEMS
from service.web.once import OnceRoute
from service.web.paging import USUAL, Cursor, Limit, Page, paged

router = APIRouter(prefix="/organisations/{code}/documents", tags=["documents"], route_class=OnceRoute, responses=PROBLEMS)
Drafter = Annotated[Member, allowed_to_write(Act.DRAFT)]
KindFilter = Annotated[Kind | None, Query(description="文件类别")]


@router.get("")
def documents(
    member: Reader,
    session: Reading,
    as_of: AsOf,
    recorded_on: RecordedOn,
    kind: KindFilter = None,
    limit: Limit = USUAL,
    cursor: Cursor = None,
) -> Page[DocumentLine]:
    """文件清单：给日期时为当日现行有效的，不给时为现行和在途的；员工只看到现行有效并发放给本人的。"""
    pairs = _pairs(member, session, as_of, recorded_on)
    lines = [line(pair) for pair in pairs if kind is None or pair.document.kind is kind]
    return paged(lines, lambda each: each.number, limit, cursor)


def _pairs(member: Member, session: Reading, as_of: AsOf, recorded_on: RecordedOn) -> list[queries.Controlled]:
    organisation, on = member.organisation.id, as_of or member.today
    if not may(member.roles, Act.READ_ALL):
        return readable(session, organisation, member.actor(session), on, recorded_on, today=member.today)
    if as_of or recorded_on:
        return queries.in_force(session, organisation, on, recorded_on)
    return queries.current(session, organisation, on)


@router.post("", status_code=201)
def create(body: NewDocument, member: Drafter, session: Writing, response: Response) -> DraftBody:
    """新建受控文件，取得编号和草稿 A/0。"""
    front = read_draft(session, member.organisation, body.source, on=member.today, file="正文").front
    by, at = member.actor(session), clock.now()
    document, revision = actions.create_document(session, member.organisation, body.source, front, by=by, at=at)
    response.headers["ETag"] = draft_tag(revision)
    return draft_body(document, revision)


@router.get("/{number:path}/draft")
def draft(number: str, member: Annotated[Member, allowed(Act.READ_ALL)], session: Reading, response: Response) -> DraftBody:
    """在途修订的正文（含企业参数）；ETag 供修改时放入 If-Match。"""
    document = queries.find_document(session, member.organisation.id, number)
    revision = queries.running_revision(session, document)
    response.headers["ETag"] = draft_tag(revision)
    return draft_body(document, revision)


@router.put("/{number:path}/draft")
def edit(number: str, body: DraftText, member: Drafter, session: Writing, response: Response, if_match: IfMatch = None) -> DraftBody:
    """替换草稿正文；If-Match 与当前内容不符时拒绝。"""
    document = queries.find_document(session, member.organisation.id, number)
    revision = queries.running_revision(session, document, lock=True)
    require_match(if_match, draft_tag(revision))
    actions.edit(session, document, revision, body.source, by=member.actor(session), at=clock.now(), file=number)
    response.headers["ETag"] = draft_tag(revision)
    return draft_body(document, revision)


@router.post("/{number:path}/revisions", status_code=201)
def revise(number: str, body: NewRevision, member: Drafter, session: Writing, response: Response) -> DraftBody:
    """起草下一修订；reissue 为换版。"""
    document = queries.find_document(session, member.organisation.id, number)
    by, at = member.actor(session), clock.now()
    revision = actions.draft_next(session, document, by=by, at=at, change_summary=body.change_summary, reissue=body.reissue)
    response.headers["ETag"] = draft_tag(revision)
    return draft_body(document, revision)


@router.get("/{number:path}")
def document(number: str, member: Reader, session: Reading, as_of: AsOf, recorded_on: RecordedOn) -> DocumentBody:
    """一份文件：当日现行有效的正文和修订历史；没有现行有效的修订时，有权者看到最新一次修订。"""
    found, history = queries.with_revisions(session, member.organisation.id, number)
    sees_all = may(member.roles, Act.READ_ALL)
    shown = queries.of_day(history, as_of or member.today, recorded_on)
    if shown is None and sees_all and as_of is None and recorded_on is None:
        shown = history[-1]
    if shown is None or not (sees_all or is_for(session, member.actor(session), found, member.today)):
        raise NotFound(f"没有编号为 {number} 的文件", code="document_not_found")
    return DocumentBody(
        number=found.number,
        kind=found.kind.value,
        department=found.department,
        label=shown.label,
        text=shown.text or shown.source,
        revisions=[revision_line(revision) for revision in (history if sees_all else [shown])],
    )


def draft_tag(revision: Revision) -> str:
    """ETag of a revision on its way: what it says, as written and as frozen, and where it stands."""
    return etag(revision.id.hex, revision.status.value, revision.source, revision.fingerprint)
