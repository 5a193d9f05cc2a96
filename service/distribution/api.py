"""JSON of controlled copies and their register, and of whom a document is addressed to (发放范围)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Query, Response
from sqlmodel import Session

from service import clock
from service.distribution import actions
from service.distribution.issue import issue, issue_to_recipients
from service.distribution.models import Copy
from service.distribution.queries import copy_rows, department_names, find_copy, find_revision
from service.distribution.register import FORMATS, TITLE, Register, as_json, register_on
from service.distribution.rows import HeldCopy, copy_row
from service.distribution.rules import LONGEST_NAME, CopyHolder, CopyStatus
from service.distribution.schemas import (
    CopyLine,
    IssueBody,
    IssueToRecipientsBody,
    PersonLine,
    RecallBody,
    ReceiveBody,
    RecipientsBody,
    RecipientsLine,
    RegisterBody,
    SettleBody,
    copy_lines,
)
from service.documents.models import Document, Recipient, Revision
from service.documents.queries import find_document
from service.documents.readers import lock_document, people_addressed, recipients_of
from service.documents.recipients import Addressees, addressees, set_recipients
from service.errors import NotFound
from service.organisations.api import Member, Reader, allowed, allowed_to_write
from service.organisations.roles import Act, may
from service.web.depends import AsOf, Reading, RecordedOn, Writing
from service.web.etag import IfMatch, etag, require_match
from service.web.faults import PROBLEMS
from service.web.heavy import Heavy
from service.web.once import OnceRoute
from service.web.paging import USUAL, Cursor, Limit, Page, paged

router = APIRouter(prefix="/organisations/{code}/copies", tags=["copies"], route_class=OnceRoute, responses=PROBLEMS)
recipients = APIRouter(prefix="/organisations/{code}/documents", tags=["documents"], route_class=OnceRoute, responses=PROBLEMS)

Viewer = Annotated[Member, allowed(Act.READ_ALL)]
Controller = Annotated[Member, allowed_to_write(Act.DISTRIBUTE)]
Holder = Annotated[Member, allowed_to_write(Act.ACKNOWLEDGE)]
DocumentFilter = Annotated[str | None, Query(max_length=60, description="文件编号")]
HolderFilter = Annotated[str | None, Query(max_length=LONGEST_NAME, description="持有人的登录名；没有登录名的用姓名")]
StatusFilter = Annotated[CopyStatus | None, Query(description="当日状态")]


class FileFormat(StrEnum):
    XLSX = "xlsx"
    DOCX = "docx"


MEDIA = {
    FileFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileFormat.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"description": TITLE, "content": {media: {"schema": {"type": "string", "format": "binary"}} for media in MEDIA.values()}}
}


@router.get("")
def copies(
    member: Reader,
    session: Reading,
    as_of: AsOf,
    recorded_on: RecordedOn,
    document: DocumentFilter = None,
    holder: HolderFilter = None,
    status: StatusFilter = None,
    limit: Limit = USUAL,
    cursor: Cursor = None,
) -> Page[CopyLine]:
    """受控本清单；不能查阅全部修订的成员只看到本人持有的。"""
    sees_all = may(member.roles, Act.READ_ALL)
    only = find_document(session, member.organisation.id, document) if document and sees_all else None
    holder = holder if sees_all else member.caller.user.login
    rows = copy_rows(session, member.organisation, as_of or member.today, recorded_on, document=only, holder=holder, status=status)
    if document and not sees_all:
        rows = [row for row in rows if row.document == document]  # he learns not whether there is another one of this number
    return paged(copy_lines(rows), lambda each: str(each.id), limit, cursor)


@router.post("", status_code=201)
def issue_copies(body: IssueBody, member: Controller, session: Writing) -> list[CopyLine]:
    """发放受控本：全部持有人一次发放，有一人不能发放则全不发放。"""
    document, revision = _revision(session, member, body.document, body.label)
    holders = [CopyHolder(each.login.strip(), each.name, each.department) for each in body.holders]
    by, at = member.actor(session), clock.now()
    made = issue(
        session, member.organisation, document, revision, holders, medium=body.medium, by=by, at=at, on=body.issued_on, remark=body.remark
    )
    return _lines(session, member, document, revision, made)


@router.post("/to-recipients", status_code=201)
def issue_copies_to_recipients(body: IssueToRecipientsBody, member: Controller, session: Writing) -> list[CopyLine]:
    """按发放范围发放电子受控本，每人一份；已有的不再发放。"""
    document, revision = _revision(session, member, body.document, body.label)
    made = issue_to_recipients(session, member.organisation, document, revision, by=member.actor(session), at=clock.now())
    return _lines(session, member, document, revision, made)


@router.get("/register")
def register(member: Viewer, session: Reading, as_of: AsOf, recorded_on: RecordedOn, document: DocumentFilter = None) -> RegisterBody:
    """某日的文件发放回收登记表。"""
    only = find_document(session, member.organisation.id, document) if document else None
    return RegisterBody.model_validate(as_json(register_on(session, member.organisation, as_of or member.today, recorded_on, only)))


@router.get("/register.{file_format}", dependencies=[Heavy], response_class=Response, responses=_FILE)
def register_file(
    file_format: FileFormat, member: Viewer, session: Reading, as_of: AsOf, recorded_on: RecordedOn, document: DocumentFilter = None
) -> Response:
    """同一登记表，Excel 或 Word 文件。"""
    only = find_document(session, member.organisation.id, document) if document else None
    return registered(register_on(session, member.organisation, as_of or member.today, recorded_on, only), member, file_format)


def registered(made: Register, member: Member, file_format: FileFormat) -> Response:
    """The register as a download."""
    plain, printed = f"{member.organisation.code}-copies-{made.on}.{file_format}", quote(f"{TITLE}-{made.on}.{file_format}")
    headers = {"Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{printed}"}
    return Response(FORMATS[file_format](made), media_type=MEDIA[file_format], headers=headers)


@router.get("/{copy_id}")
def copy(copy_id: UUID, member: Reader, session: Reading) -> CopyLine:
    """一份受控本。"""
    return _line(session, member, visible_copy(session, member, copy_id))


@router.post("/{copy_id}/receive")
def receive(copy_id: UUID, body: ReceiveBody, member: Holder, session: Writing) -> CopyLine:
    """签收：持有人本人；纸质受控本也可由文控员凭签收记录登记。"""
    member.caller.require_person()
    held = visible_copy(session, member, copy_id, lock=True)
    by, at = member.actor(session), clock.now()
    actions.receive(session, member.organisation, held, by=by, at=at, on=body.received_on, remark=body.remark)
    return _line(session, member, held)


@router.post("/{copy_id}/recall")
def recall(copy_id: UUID, body: RecallBody, member: Controller, session: Writing) -> CopyLine:
    """登记收回。"""
    held = find_copy(session, member.organisation.id, copy_id, lock=True)
    by, at = member.actor(session), clock.now()
    actions.recall(session, member.organisation, held, by=by, at=at, on=body.recalled_on, remark=body.remark)
    return _line(session, member, held)


@router.post("/{copy_id}/settle")
def settle(copy_id: UUID, body: SettleBody, member: Controller, session: Writing) -> CopyLine:
    """登记处置：销毁（须有见证人）、作废保留或遗失。"""
    held = find_copy(session, member.organisation.id, copy_id, lock=True)
    by, at = member.actor(session), clock.now()
    actions.settle(
        session, member.organisation, held, body.outcome, witness=body.witness, by=by, at=at, on=body.settled_on, remark=body.remark
    )
    return _line(session, member, held)


@recipients.get("/{number:path}/recipients")
def document_recipients(number: str, member: Viewer, session: Reading, response: Response) -> RecipientsLine:
    """发放范围，及今天在此范围内的人员；ETag 供修改时放入 If-Match。"""
    document = find_document(session, member.organisation.id, number)
    return _recipients(session, member, document, recipients_of(session, document), response)


@recipients.put("/{number:path}/recipients")
def address(
    number: str, body: RecipientsBody, member: Controller, session: Writing, response: Response, if_match: IfMatch = None
) -> RecipientsLine:
    """设置发放范围；If-Match 与当前内容不符时拒绝。"""
    document = find_document(session, member.organisation.id, number)
    lock_document(session, document)
    require_match(if_match, recipients_tag(recipients_of(session, document)))
    wanted = Addressees(body.everybody, tuple(body.departments), tuple(body.posts))
    rows = set_recipients(session, member.organisation, document, wanted, by=member.actor(session), at=clock.now())
    return _recipients(session, member, document, rows, response)


def recipients_tag(rows: list[Recipient]) -> str:
    """ETag of 发放范围: rows are ended and made anew, so their ids say what stands."""
    return etag(*sorted(row.id.hex for row in rows))


def _recipients(session: Session, member: Member, document: Document, rows: list[Recipient], response: Response) -> RecipientsLine:
    response.headers["ETag"] = recipients_tag(rows)
    named = addressees(rows)
    people = [PersonLine(login=each.login, name=each.name) for each in people_addressed(session, document, member.today)]
    return RecipientsLine(everybody=named.everybody, departments=list(named.departments), posts=list(named.posts), people=people)


def _revision(session: Session, member: Member, number: str, label: str | None) -> tuple[Document, Revision]:
    document = find_document(session, member.organisation.id, number)
    return document, find_revision(session, document, label, member.today)


def visible_copy(session: Session, member: Member, copy_id: UUID, *, lock: bool = False) -> HeldCopy:
    """A copy that this member may know of: his own, or any if he may read all; another one is not found."""
    held = find_copy(session, member.organisation.id, copy_id, lock=lock)
    if held.copy.holder_login != member.caller.user.login and not may(member.roles, Act.READ_ALL):
        raise NotFound("没有这份受控本", code="copy_not_found")
    return held


def _line(session: Session, member: Member, held: HeldCopy) -> CopyLine:
    return _lines(session, member, held.document, held.revision, [held.copy])[0]


def _lines(session: Session, member: Member, document: Document, revision: Revision, made: list[Copy]) -> list[CopyLine]:
    names = department_names(session, member.organisation.id, member.today)
    return copy_lines(copy_row(each, document, revision, names, member.today) for each in made)
