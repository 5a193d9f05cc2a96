"""Selects of comments on revisions."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from sqlmodel import Session, col, func, select

from service.approvals.models import Comment
from service.documents.models import Document, Revision
from service.errors import NotFound


def comments_on(session: Session, revision: Revision) -> list[Comment]:
    """Every comment on this revision, resolved ones too, in the order of time."""
    query = select(Comment).where(Comment.organisation_id == revision.organisation_id, Comment.revision_id == revision.id)
    return list(session.exec(query.order_by(col(Comment.at), col(Comment.id))))


def open_comments(session: Session, organisation: UUID) -> Counter[UUID]:
    """How many comments wait for an answer, by revision."""
    query = select(Comment.revision_id, func.count()).where(Comment.organisation_id == organisation, col(Comment.resolved_at).is_(None))
    return Counter(dict(session.exec(query.group_by(col(Comment.revision_id))).all()))


def find_comment(session: Session, document: Document, comment: UUID) -> Comment:
    """By id, within the document, locked until the transaction ends."""
    query = select(Comment).where(
        Comment.organisation_id == document.organisation_id, Comment.document_id == document.id, Comment.id == comment
    )
    found = session.exec(query.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound("没有这条意见", code="comment_not_found")
    return found
