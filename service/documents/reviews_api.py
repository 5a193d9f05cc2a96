"""JSON of periodic reviews: what is due, recording a review, the reviews of a document, and how often it is reviewed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from service import clock
from service.documents import reviews
from service.documents.due_list import due_items
from service.documents.models import Document
from service.documents.queries import find_document
from service.documents.register_schemas import DueLine, ReviewBody, ReviewLine, ReviewMonths, due_line, review_line
from service.documents.review_queries import reviews_of
from service.documents.review_rules import NOTICE_DAYS
from service.organisations.api import Member, allowed, allowed_to_write
from service.organisations.roles import Act
from service.web.depends import AsOf, Reading, RecordedOn, Writing
from service.web.etag import IfMatch, etag, require_match
from service.web.faults import PROBLEMS
from service.web.once import OnceRoute
from service.web.paging import USUAL, Cursor, Limit, Page, paged

router = APIRouter(prefix="/organisations/{code}", tags=["reviews"], route_class=OnceRoute, responses=PROBLEMS)
Viewer = Annotated[Member, allowed(Act.READ_ALL)]
Within = Annotated[int, Query(ge=0, le=3660, description="列出今后多少天内到期的")]


@router.get("/reviews")
def due(
    member: Viewer,
    session: Reading,
    as_of: AsOf,
    recorded_on: RecordedOn,
    within: Within = NOTICE_DAYS,
    limit: Limit = USUAL,
    cursor: Cursor = None,
) -> Page[DueLine]:
    """到期清单：将到期和已超期的定期评审、评审结论待办、应核对的外来文件。"""
    items = due_items(session, member.organisation, as_of or member.today, recorded_on, within=within)
    return paged([due_line(item) for item in items], lambda line: f"{line.task.value}:{line.number}", limit, cursor)


@router.post("/reviews", status_code=201)
def record(body: ReviewBody, member: Annotated[Member, allowed_to_write(Act.PERIODIC_REVIEW)], session: Writing) -> ReviewLine:
    """记录一次定期评审；结论为“需修订”时起草下一修订。"""
    member.caller.require_person()
    document = find_document(session, member.organisation.id, body.document)
    row = reviews.record_review(
        session,
        member.organisation,
        document,
        body.verdict,
        comment=body.comment,
        reviewed_on=body.reviewed_on,
        by=member.actor(session),
        at=clock.now(),
    )
    revision = next(revision for review, revision in reviews_of(session, document) if review.id == row.id)
    return review_line(document.number, row, revision)


@router.get("/reviews/{number:path}")
def history(number: str, member: Viewer, session: Reading, limit: Limit = USUAL, cursor: Cursor = None) -> Page[ReviewLine]:
    """一份文件的历次定期评审。"""
    document = find_document(session, member.organisation.id, number)
    lines = [review_line(document.number, review, revision) for review, revision in reviews_of(session, document)]
    return paged(lines, lambda line: line.id.hex, limit, cursor)


@router.get("/documents/{number:path}/review-months")
def months(number: str, member: Viewer, session: Reading, response: Response) -> ReviewMonths:
    """一份文件的评审周期；ETag 供修改时放入 If-Match。"""
    document = find_document(session, member.organisation.id, number)
    response.headers["ETag"] = _tag(document)
    return ReviewMonths(review_months=document.review_months)


@router.put("/documents/{number:path}/review-months")
def set_months(
    number: str,
    body: ReviewMonths,
    member: Annotated[Member, allowed_to_write(Act.REGISTER)],
    session: Writing,
    response: Response,
    if_match: IfMatch = None,
) -> ReviewMonths:
    """修改一份文件的评审周期（文控员）。"""
    document = find_document(session, member.organisation.id, number)
    session.refresh(document, with_for_update=True)
    require_match(if_match, _tag(document))
    reviews.set_review_months(session, document, body.review_months, by=member.actor(session), at=clock.now())
    response.headers["ETag"] = _tag(document)
    return ReviewMonths(review_months=document.review_months)


def _tag(document: Document) -> str:
    return etag(document.id.hex, document.review_months)
