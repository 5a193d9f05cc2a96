"""Comments on sections of a revision under way: made by whoever works on documents, resolved by those who write the text."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from service.approvals.models import Comment
from service.approvals.queries import locked
from service.approvals.rules import LONGEST_COMMENT, clean_words
from service.documents.models import Document, Revision
from service.documents.recording import record_about
from service.documents.rules import Status
from service.errors import InputError, Refused
from service.organisations.roles import Act
from service.organisations.rules import Actor, require
from service.text.model import Section
from service.text.parse import parse_procedure

SHOWN_TITLE = 200


def comment(session: Session, document: Document, revision: Revision, section: str, text: str, *, by: Actor, at: datetime) -> Comment:
    """Comment on the section of this anchor, or on the whole text (""). Refused once the revision is released; InputError for no words, too
    many of them, or a section that the text does not have."""
    require(by, Act.COMMENT)
    revision = locked(session, document, revision)
    if revision.status is Status.RELEASED:
        raise Refused(f"{document.number} {revision.label} 已经发布，不能再提意见；请申请文件更改", code="revision_released")
    text = clean_words(text, "意见", LONGEST_COMMENT)
    if not text:
        raise InputError("请写明意见", code="comment_missing")
    found = _section(revision, section) if section else None
    row = Comment(
        organisation_id=document.organisation_id,
        document_id=document.id,
        revision_id=revision.id,
        section=found.anchor if found else "",
        clause=found.clause[:40] if found else "",
        section_title=found.title[:SHOWN_TITLE] if found else "",
        text=text,
        at=at,
        login=by.login,
        name=by.name,
    )
    session.add(row)
    session.flush()
    _record(session, document, revision, "comment:add", row, by, at)
    return row


def resolve(session: Session, document: Document, row: Comment, *, by: Actor, at: datetime) -> None:
    """已处理, by somebody who may draft the document or by the commenter himself. Refused if it is resolved already."""
    if by.login != row.login:
        require(by, Act.DRAFT, document.department)
    require(by, Act.COMMENT)
    if row.resolved_at is not None:
        raise Refused("这条意见已经处理", code="comment_resolved")
    row.resolved_at, row.resolved_by, row.resolved_name = at, by.login, by.name
    session.add(row)
    session.flush()
    _record(session, document, session.get_one(Revision, row.revision_id), "comment:resolve", row, by, at)


def _section(revision: Revision, anchor: str) -> Section:
    procedure = parse_procedure(revision.text or revision.source, file=revision.title)
    found = next((each for each in procedure.sections if each.anchor == anchor), None)
    if found is None:
        raise InputError("正文中已没有这一条款，请重新选择", code="unknown_section")
    return found


def _record(session: Session, document: Document, revision: Revision, action: str, row: Comment, by: Actor, at: datetime) -> None:
    details = {"label": revision.label, "comment": str(row.id), "section": row.section, "text": row.text}
    record_about(session, document, action, by=by, at=at, details=details)
