"""JSON of change requests: opening, editing, submitting, deciding; their printed forms; what a change would touch."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Response
from sqlmodel import Session

from service import clock
from service.accounts.identity import unauthenticated
from service.accounts.login import confirm_identity
from service.changes import actions, decisions
from service.changes.export import file_name, form_book, rendered
from service.changes.gather import impact_on
from service.changes.guards import allowed_steps
from service.changes.impact import Impact
from service.changes.models import ChangeRequest
from service.changes.queries import ItemRow, carried_out, documents_of, find_request, requests, rows_of, status_of
from service.changes.rules import ChangeForm, ChangeStatus, FileFormat
from service.changes.schemas import (
    DecideBody,
    FromValuesBody,
    OutdatedLine,
    RequestBody,
    RequestLine,
    RequestText,
    outdated_line,
    request_body,
    request_line,
)
from service.changes.seals import seal_fault
from service.changes.values import open_for_values, propose_for_values
from service.documents.queries import find_document
from service.errors import InputError, NotFound
from service.organisations.api import Member, Reader, allowed, allowed_to_write
from service.organisations.roles import Act, may
from service.organisations.shipped import catalogue
from service.settings import settings
from service.standards.shipped import standard
from service.web.depends import AsOf, Reading, Writing
from service.web.etag import IfMatch, etag, require_match
from service.web.faults import PROBLEMS
from service.web.heavy import Heavy
from service.web.once import OnceRoute
from service.web.paging import USUAL, Cursor, Limit, Page, paged

router = APIRouter(prefix="/organisations/{code}/change-requests", tags=["change-requests"], route_class=OnceRoute, responses=PROBLEMS)
impacts = APIRouter(prefix="/organisations/{code}/documents", tags=["documents"], route_class=OnceRoute, responses=PROBLEMS)

Requester = Annotated[Member, allowed_to_write(Act.REQUEST_CHANGE)]
Decider = Annotated[Member, allowed_to_write(Act.DECIDE_CHANGE)]
Viewer = Annotated[Member, allowed(Act.READ_ALL)]
StatusFilter = Annotated[ChangeStatus | None, Query(description="申请的状态")]
MEDIA = {
    FileFormat.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileFormat.PDF: "application/pdf",
}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"description": "文件", "content": {media: {"schema": {"type": "string", "format": "binary"}} for media in MEDIA.values()}}
}


@router.get("")
def change_requests(
    member: Reader, session: Reading, status: StatusFilter = None, limit: Limit = USUAL, cursor: Cursor = None
) -> Page[RequestLine]:
    """文件更改申请清单，最近的在前；不能查阅全部修订的成员只看到本人的申请。"""
    owner = member.organisation.id
    own = None if may(member.roles, Act.READ_ALL) else member.caller.user.login
    done, documents = carried_out(session, owner), documents_of(session, owner)
    lines = [request_line(row, status_of(row, done), documents.get(row.id, [])) for row in requests(session, owner, own)]
    return paged([line for line in lines if status in (None, line.status)], lambda line: line.number, limit, cursor)


@router.post("", status_code=201)
def open_request(body: RequestText, member: Requester, session: Writing, response: Response) -> RequestBody:
    """填写一份申请，取得编号；提交之前可以修改。"""
    by, at = member.actor(session), clock.now()
    made = actions.open_request(session, member.organisation, title=body.title, reason=body.reason, items=body.wanted, by=by, at=at)
    return _answer(session, member, made, response)


@router.get("/from-values")
def outdated(member: Viewer, session: Reading, as_of: AsOf, limit: Limit = USUAL, cursor: Cursor = None) -> Page[OutdatedLine]:
    """企业参数已变化而内容未变的现行文件，及其旧值和新值。"""
    found = propose_for_values(session, member.organisation, as_of or member.today, catalogue=catalogue())
    return paged([outdated_line(row) for row in found], lambda line: line.number, limit, cursor)


@router.post("/from-values", status_code=201)
def open_from_values(body: FromValuesBody, member: Requester, session: Writing, response: Response) -> RequestBody:
    """就参数变化的文件填写一份申请；已有在途修订或未完结申请的文件除外。"""
    by, at = member.actor(session), clock.now()
    made = open_for_values(session, member.organisation, catalogue=catalogue(), by=by, at=at, numbers=body.documents, title=body.title)
    return _answer(session, member, made, response)


@router.get("/{number}")
def change_request(number: str, member: Reader, session: Reading, response: Response) -> RequestBody:
    """一份申请；ETag 供修改时放入 If-Match。影响分析和由此产生的修订只给能查阅全部修订的成员。"""
    return _answer(session, member, visible_request(session, member, number), response)


@router.put("/{number}")
def edit(number: str, body: RequestText, member: Requester, session: Writing, response: Response, if_match: IfMatch = None) -> RequestBody:
    """修改填写中的申请（申请人或文控员）；If-Match 与当前内容不符时拒绝。"""
    found = visible_request(session, member, number, lock=True)
    require_match(if_match, request_tag(found, rows_of(session, found)))
    by, at = member.actor(session), clock.now()
    actions.edit(session, member.organisation, found, title=body.title, reason=body.reason, items=body.wanted, by=by, at=at)
    return _answer(session, member, found, response)


@router.post("/{number}/submit")
def submit(number: str, member: Requester, session: Writing, response: Response) -> RequestBody:
    """提交审批；影响分析随之固定。"""
    found = visible_request(session, member, number)
    by, at = member.actor(session), clock.now()
    actions.submit(session, member.organisation, found, standard=standard(), catalogue=catalogue(), by=by, at=at)
    return _answer(session, member, found, response)


@router.post("/{number}/withdraw")
def withdraw(number: str, member: Requester, session: Writing, response: Response) -> RequestBody:
    """撤回尚未审批的申请（申请人或文控员）。"""
    found = visible_request(session, member, number)
    actions.withdraw(session, found, by=member.actor(session), at=clock.now())
    return _answer(session, member, found, response)


@router.post("/{number}/approve")
def approve(number: str, body: DecideBody, member: Decider, session: Writing, response: Response) -> RequestBody:
    """批准：由此产生各文件的草稿；批准人须再次输入密码或动态验证码。"""
    found = _decided_by(session, member, number, body)
    by, at = member.actor(session), clock.now()
    decisions.approve(session, member.organisation, found, by=by, at=at, comment=body.comment)
    return _answer(session, member, found, response)


@router.post("/{number}/reject")
def reject(number: str, body: DecideBody, member: Decider, session: Writing, response: Response) -> RequestBody:
    """否决，并写明理由；批准人须再次输入密码或动态验证码。"""
    found = _decided_by(session, member, number, body)
    by, at = member.actor(session), clock.now()
    decisions.reject(session, member.organisation, found, by=by, at=at, comment=body.comment)
    return _answer(session, member, found, response)


@router.get("/{number}/form.{file_format}", dependencies=[Heavy], response_class=Response, responses=_FILE)
def form(number: str, file_format: FileFormat, member: Reader, session: Reading) -> Response:
    """文件更改申请单；不能查阅全部修订的成员看到的不含影响分析和办理情况。"""
    return form_file(session, member, number, ChangeForm.FORM, file_format, whole=may(member.roles, Act.READ_ALL))


@router.get("/{number}/notice.{file_format}", dependencies=[Heavy], response_class=Response, responses=_FILE)
def notice(number: str, file_format: FileFormat, member: Viewer, session: Reading) -> Response:
    """文件更改通知：已经发布或作废的部分。"""
    return form_file(session, member, number, ChangeForm.NOTICE, file_format)


@router.get("/{number}/change-pages.{file_format}", dependencies=[Heavy], response_class=Response, responses=_FILE)
def change_pages(number: str, file_format: FileFormat, member: Viewer, session: Reading) -> Response:
    """修改页：每份文件一页，逐条对照修改前后。"""
    return form_file(session, member, number, ChangeForm.CHANGE_PAGES, file_format)


@impacts.get("/{number:path}/impact")
def impact(number: str, member: Viewer, session: Reading, as_of: AsOf) -> Impact:
    """更改一份文件会影响什么：引用它的文件、记录、评价指标、受控本、阅读确认、其他申请和相同的目标值。"""
    document = find_document(session, member.organisation.id, number)
    on = as_of or member.today
    return impact_on(session, member.organisation, document, on, standard=standard(), catalogue=catalogue())


def request_tag(request: ChangeRequest, rows: Iterable[ItemRow]) -> str:
    """ETag of a request: what it says and where it stands."""
    return etag(request.id.hex, request.status.value, request.title, request.reason, tuple(actions.wanted_of(rows)))


def visible_request(session: Session, member: Member, number: str, *, lock: bool = False) -> ChangeRequest:
    """A request that this member may know of: his own, or any if he may read all; another one is not found."""
    found = find_request(session, member.organisation.id, number, lock=lock)
    if found.created_by != member.caller.user.login and not may(member.roles, Act.READ_ALL):
        raise NotFound(f"没有编号为 {number} 的文件更改申请", code="change_request_not_found")
    return found


def _decided_by(session: Session, member: Member, number: str, body: DecideBody) -> ChangeRequest:
    """The request, once the person has shown again who he is: nobody signs by token, and nobody at somebody else's screen."""
    member.caller.require_person()
    if not body.password and not body.code:
        raise InputError("审批时请再次输入密码，或输入动态验证码", code="identity_missing")
    found = visible_request(session, member, number)
    denied = confirm_identity(session, member.caller.user, password=body.password, code=body.code, at=clock.now())
    if denied:
        raise unauthenticated(denied)
    return found


def _answer(session: Session, member: Member, request: ChangeRequest, response: Response) -> RequestBody:
    response.headers["ETag"] = request_tag(request, rows_of(session, request))
    return body_of(session, member, request)


def body_of(session: Session, member: Member, request: ChangeRequest) -> RequestBody:
    """The request as this member sees it, with the steps that he may take."""
    rows = rows_of(session, request)
    status = status_of(request, carried_out(session, member.organisation.id))
    steps = allowed_steps(request, member.actor(session))
    fault = seal_fault(session, member.organisation, request, rows)
    return request_body(request, status, rows, fault, steps, whole=may(member.roles, Act.READ_ALL))


def form_file(session: Session, member: Member, number: str, form: ChangeForm, file_format: FileFormat, *, whole: bool = True) -> Response:
    """A printed form of a request as a download."""
    found = visible_request(session, member, number)
    made = form_book(session, member.organisation, found, form, member.today, whole=whole)
    name = quote(file_name(found, form, file_format))
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(rendered(made, file_format, settings().fonts), media_type=MEDIA[file_format], headers=headers)
