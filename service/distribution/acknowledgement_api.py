"""JSON of read-and-acknowledge: whom is asked, who has not read yet, the person's own requests, and the questions of a revision."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from sqlmodel import Session

from service import clock
from service.distribution.acknowledgement_queries import (
    acknowledgement_rows,
    find_acknowledgement,
    questions_by_acknowledgement,
    questions_of,
)
from service.distribution.acknowledgement_schemas import (
    AcknowledgeBody,
    AcknowledgementLine,
    AskBody,
    ExcuseBody,
    MyAcknowledgement,
    QuestionsBody,
    QuestionsLine,
    VerdictBody,
    acknowledgement_lines,
    question_lines,
)
from service.distribution.acknowledging import acknowledge, excuse
from service.distribution.asking import Asked, ask
from service.distribution.models import Acknowledgement, Question
from service.distribution.queries import department_names, find_revision
from service.distribution.questions import sees_right_options, set_questions
from service.distribution.rows import acknowledgement_row
from service.distribution.rules import LONGEST_NAME, MISSING, AcknowledgementState, QuestionText
from service.distribution.schemas import Label
from service.documents.models import Document, Revision
from service.documents.queries import find_document
from service.documents.readers import lock_document
from service.organisations.api import Member, Reader, allowed, allowed_to_write
from service.organisations.roles import Act
from service.web.depends import AsOf, Reading, RecordedOn, Writing
from service.web.etag import IfMatch, etag, require_match
from service.web.faults import PROBLEMS
from service.web.once import OnceRoute
from service.web.paging import USUAL, Cursor, Limit, Page, paged

router = APIRouter(prefix="/organisations/{code}/acknowledgements", tags=["acknowledgements"], route_class=OnceRoute, responses=PROBLEMS)
questions = APIRouter(prefix="/organisations/{code}/documents", tags=["documents"], route_class=OnceRoute, responses=PROBLEMS)

Viewer = Annotated[Member, allowed(Act.READ_ALL)]
Controller = Annotated[Member, allowed_to_write(Act.DISTRIBUTE)]
QuestionWriter = Annotated[Member, allowed_to_write(Act.DRAFT)]
Acknowledger = Annotated[Member, allowed_to_write(Act.ACKNOWLEDGE)]
DocumentFilter = Annotated[str | None, Query(max_length=60, description="文件编号")]
LoginFilter = Annotated[str | None, Query(max_length=LONGEST_NAME, description="登录名")]
StateFilter = Annotated[AcknowledgementState | None, Query(description="当日状态")]
MissingFilter = Annotated[bool, Query(description="只列尚未确认的（待确认和逾期）")]
LabelQuery = Annotated[Label, Query()]


@router.get("")
def acknowledgements(
    member: Viewer,
    session: Reading,
    as_of: AsOf,
    recorded_on: RecordedOn,
    document: DocumentFilter = None,
    login: LoginFilter = None,
    state: StateFilter = None,
    missing: MissingFilter = False,
    limit: Limit = USUAL,
    cursor: Cursor = None,
) -> Page[AcknowledgementLine]:
    """阅读确认清单：按文件、人员、状态筛选；missing 列出谁还没有读。"""
    only = find_document(session, member.organisation.id, document) if document else None
    states = MISSING if missing else frozenset(AcknowledgementState)
    states = states & {state} if state else states
    rows = acknowledgement_rows(session, member.organisation, as_of or member.today, recorded_on, document=only, login=login, states=states)
    return paged(acknowledgement_lines(rows), lambda each: str(each.id), limit, cursor)


@router.get("/mine")
def mine(member: Reader, session: Reading, limit: Limit = USUAL, cursor: Cursor = None) -> Page[MyAcknowledgement]:
    """请本人阅读确认、尚未完成的文件，附待答的题目。"""
    rows = acknowledgement_rows(session, member.organisation, member.today, login=member.caller.user.login, states=MISSING)
    put = questions_by_acknowledgement(session, member.organisation.id, [row.id for row in rows])
    lines = [
        MyAcknowledgement(**line.model_dump(), questions=question_lines(put.get(line.id, []), with_right=False))
        for line in acknowledgement_lines(rows)
    ]
    return paged(lines, lambda each: str(each.id), limit, cursor)


@router.post("", status_code=201)
def ask_to_read(body: AskBody, member: Controller, session: Writing) -> list[AcknowledgementLine]:
    """请人阅读确认：不指定人员时为发放范围内的全部人员；已请过的不重复。"""
    document = find_document(session, member.organisation.id, body.document)
    revision = find_revision(session, document, body.label, member.today)
    whom = Asked(frozenset(body.departments), frozenset(body.posts), frozenset(body.logins))
    by, at = member.actor(session), clock.now()
    rows = ask(session, member.organisation, document, revision, whom, due_on=body.due_on, by=by, at=at)
    return _lines(session, member, document, revision, rows)


@router.post("/{acknowledgement_id}/acknowledge")
def acknowledge_reading(acknowledgement_id: UUID, body: AcknowledgeBody, member: Acknowledger, session: Writing) -> VerdictBody:
    """本人确认已阅读；有题目的须全部答对，答错可以再答，次数记录在案。"""
    member.caller.require_person()
    asked = find_acknowledgement(session, member.organisation.id, acknowledgement_id, lock=True)
    verdict = acknowledge(session, member.organisation, asked, body.answers, by=member.actor(session), at=clock.now())
    return VerdictBody.model_validate(verdict)


@router.post("/{acknowledgement_id}/excuse")
def excuse_from_reading(acknowledgement_id: UUID, body: ExcuseBody, member: Controller, session: Writing) -> AcknowledgementLine:
    """免予确认，须写明原因。"""
    asked = find_acknowledgement(session, member.organisation.id, acknowledgement_id, lock=True)
    excuse(session, asked, reason=body.reason, by=member.actor(session), at=clock.now())
    return _lines(session, member, asked.document, asked.revision, [asked.row])[0]


@questions.get("/{number:path}/questions")
def document_questions(number: str, member: Viewer, session: Reading, response: Response, label: LabelQuery = None) -> QuestionsLine:
    """一次修订的阅读题目；正确选项只给出题人和已答对的人。ETag 供修改时放入 If-Match。"""
    document = find_document(session, member.organisation.id, number)
    revision = find_revision(session, document, label, member.today)
    return _questions(session, member, document, revision, questions_of(session, revision), response)


@questions.put("/{number:path}/questions")
def put_questions(
    number: str,
    body: QuestionsBody,
    member: QuestionWriter,
    session: Writing,
    response: Response,
    label: LabelQuery = None,
    if_match: IfMatch = None,
) -> QuestionsLine:
    """设置一次修订的阅读题目（编制人、文控员）；有人答过后不能再改。"""
    document = find_document(session, member.organisation.id, number)
    revision = find_revision(session, document, label, member.today)
    lock_document(session, document)
    require_match(if_match, questions_tag(questions_of(session, revision)))
    wanted = [QuestionText(each.text, tuple(each.options), tuple(each.right)) for each in body.questions]
    rows = set_questions(session, document, revision, wanted, by=member.actor(session), at=clock.now())
    return _questions(session, member, document, revision, rows, response)


def questions_tag(rows: list[Question]) -> str:
    """ETag of the questions: by their ids, since a tag over the right options would let people guess these."""
    return etag(*(row.id.hex for row in rows))


def _lines(
    session: Session, member: Member, document: Document, revision: Revision, rows: list[Acknowledgement]
) -> list[AcknowledgementLine]:
    names, zone = department_names(session, member.organisation.id, member.today), member.organisation.time_zone
    return acknowledgement_lines(acknowledgement_row(row, document, revision, names, zone, member.today) for row in rows)


def _questions(
    session: Session, member: Member, document: Document, revision: Revision, rows: list[Question], response: Response
) -> QuestionsLine:
    response.headers["ETag"] = questions_tag(rows)
    with_right = sees_right_options(session, document, revision, member.without_posts)
    return QuestionsLine(document=document.number, label=revision.label, questions=question_lines(rows, with_right=with_right))
