"""Deciding on a request: approval makes the drafts, all or none; every decision is sealed and told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from service.changes.guards import begin, newest_released, record_change, refuse_unchangeable
from service.changes.models import ChangeRequest
from service.changes.notices import tell_requester
from service.changes.queries import ItemRow, rows_of
from service.changes.rules import (
    LONGEST_TEXT,
    TRANSITIONS,
    ChangeKind,
    ChangeStep,
    Wanted,
    clean,
    summary,
    text_fault,
)
from service.changes.seals import decision_seal
from service.changes.skeleton import first_text
from service.documents.actions import create_document, draft_next
from service.documents.models import Document, Revision
from service.documents.queries import running
from service.documents.readers import lock_document
from service.errors import Conflict, InputError, Refused
from service.organisations.actions import lock
from service.organisations.models import Organisation
from service.organisations.rules import SYSTEM, Actor


def approve(session: Session, organisation: Organisation, request: ChangeRequest, *, by: Actor, at: datetime, comment: str = "") -> None:
    """批准: a draft of every document that is to change comes of it; a document to be ended waits for the 文控员.

    Refused, with nothing done, while one of the documents has a draft on its way (it is named), is obsolete or in another approved
    request; refused to whoever asked for the change or edited the request, and to somebody without a post.
    """
    request, comment = begin(session, request, ChangeStep.APPROVE, by), _comment(comment)
    rows = rows_of(session, request)
    documents = {row.document.number: row.document for row in rows if row.document}
    lock(session, organisation)  # first, as creating a document does: a request may ask for a new one
    for _, document in sorted(documents.items()):  # always in one order, so that two approvals never wait for each other
        lock_document(session, document)
    refuse_unchangeable(session, request, rows)
    _refuse_running(session, request, rows)
    try:
        with session.begin_nested():  # a refusal while drafting leaves nothing behind
            _draft(session, organisation, request, rows, at)
    except IntegrityError as fault:
        raise Conflict("其中有文件正在被他人起草，请稍后再试", code="draft_exists") from fault
    _decide(session, organisation, request, ChangeStep.APPROVE, by, at, comment)


def reject(session: Session, organisation: Organisation, request: ChangeRequest, *, by: Actor, at: datetime, comment: str) -> None:
    """否决, with the reason."""
    request, comment = begin(session, request, ChangeStep.REJECT, by), _comment(comment)
    if not comment:
        raise InputError("否决时请写明理由", code="comment_missing")
    _decide(session, organisation, request, ChangeStep.REJECT, by, at, comment)


def _comment(comment: str) -> str:
    comment = clean(comment)
    fault = text_fault("审批意见", comment, LONGEST_TEXT, lines=True)
    if fault:
        raise InputError(fault, code="bad_comment")
    return comment


def _refuse_running(session: Session, request: ChangeRequest, rows: Iterable[ItemRow]) -> None:
    """Whatever is to change must have nothing on its way: two drafts of one document cannot be."""
    wanted = {row.document.id for row in rows if row.document}
    ways = [pair for pair in running(session, request.organisation_id) if pair.document.id in wanted]
    if ways:
        named = "、".join(f"{pair.document.number} {pair.revision.label}" for pair in ways)
        raise Refused(f"不能批准申请 {request.number}：{named} 的修订在途，请先完成或撤回", code="draft_exists")


def _draft(session: Session, organisation: Organisation, request: ChangeRequest, rows: Sequence[ItemRow], at: datetime) -> None:
    """The drafts, by the system: the approver decides, he does not write. Items of one document share one draft."""
    drafts: dict[str, Revision] = {}
    for row in rows:
        item, document = row.item, row.document
        if item.kind is ChangeKind.CREATE:
            wanted = Wanted(
                item.kind, proposed=item.proposed, title=item.title, document_kind=item.document_kind, department=item.department
            )
            source, front = first_text(wanted, f"{request.number}-{item.position}".lower())
            made, revision = create_document(session, organisation, source, front, by=SYSTEM, at=at)
            item.document_id, item.revision_id = made.id, revision.id
        elif document is not None:
            former = newest_released(session, document)
            item.former_id = former.id if former else None
            if item.kind is not ChangeKind.OBSOLETE and document.number not in drafts:
                drafts[document.number] = _next(session, request, document, rows, item.kind is ChangeKind.REISSUE, at)
            item.revision_id = drafts[document.number].id if document.number in drafts else None
        session.add(item)
    session.flush()


def _next(session: Session, request: ChangeRequest, document: Document, rows: Iterable[ItemRow], reissue: bool, at: datetime) -> Revision:
    proposed = [row.item.proposed for row in rows if row.document and row.document.id == document.id]
    return draft_next(session, document, by=SYSTEM, at=at, change_summary=summary(proposed, request.number), reissue=reissue)


def _decide(
    session: Session, organisation: Organisation, request: ChangeRequest, step: ChangeStep, by: Actor, at: datetime, comment: str
) -> None:
    request.status = TRANSITIONS[request.status, step]
    request.decided_at, request.decided_by, request.decided_name, request.decided_post = at, by.login, by.name, by.post_name
    request.comment = comment
    session.flush()
    rows = rows_of(session, request)
    request.seal = decision_seal(organisation.code, request, rows)
    session.add(request)
    drafts = [f"{row.document.number} {row.revision.label}" for row in rows if row.document and row.revision]
    details = {"seal": request.seal, "post": by.post_name, "comment": comment, "drafts": list(dict.fromkeys(drafts))}
    request.decided_entry = record_change(session, request, step.value, by, at, details).position
    session.add(request)
    tell_requester(session, organisation, request, at=at)
