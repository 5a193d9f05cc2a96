"""The shortest ways to a change request of the small manual, and to what comes of it."""

from __future__ import annotations

from datetime import datetime

from small_firm import Firm, found, moment
from small_manual import take_into_force
from sqlmodel import Session

from service.changes import actions, decisions
from service.changes.models import ChangeRequest
from service.changes.rules import ChangeKind, Wanted
from service.documents.actions import edit
from service.documents.models import Document, Revision
from service.organisations.rules import Actor
from service.organisations.shipped import catalogue
from service.standards.shipped import standard
from service.text.model import Kind

REPAIR, COMPLAINT, RULES = "JC/SH-CX-01", "JC/SH-CX-02", "JC/SH-ZD-01"
ASKED, SUBMITTED, DECIDED = moment(3, 1), moment(3, 2), moment(3, 3)
FASTER = Wanted(ChangeKind.REVISE, COMPLAINT, "handle", "办结时限由 5 个工作日改为 3 个工作日")
RENEWED = Wanted(ChangeKind.REISSUE, REPAIR, "4.1", "重写受理的规定")
ENDED = Wanted(ChangeKind.OBSOLETE, RULES)
ADDED = Wanted(ChangeKind.CREATE, proposed="规定备件的最低库存", title="备件管理程序", document_kind=Kind.PROCEDURE, department="service")
REASON = "顾客反映投诉处理时间偏长"


def asked(
    session: Session,
    firm: Firm,
    *items: Wanted,
    by: Actor | None = None,
    reason: str = REASON,
    title: str = "缩短投诉处理时限",
    at: datetime = ASKED,
) -> ChangeRequest:
    """A draft of a request; by default to revise the complaint procedure."""
    who = by or firm.preparer
    return actions.open_request(session, firm.organisation, title=title, reason=reason, items=items or (FASTER,), by=who, at=at)


def submit(session: Session, firm: Firm, request: ChangeRequest, by: Actor | None = None, at: datetime = SUBMITTED) -> ChangeRequest:
    who = by or firm.preparer
    actions.submit(session, firm.organisation, request, standard=standard(), catalogue=catalogue(), by=who, at=at)
    return request


def submitted(session: Session, firm: Firm, *items: Wanted, by: Actor | None = None, at: datetime = SUBMITTED) -> ChangeRequest:
    return submit(session, firm, asked(session, firm, *items, by=by), by, at)


def approve(session: Session, firm: Firm, request: ChangeRequest, by: Actor | None = None, comment: str = "同意") -> ChangeRequest:
    decisions.approve(session, firm.organisation, request, by=by or firm.approver, at=DECIDED, comment=comment)
    return request


def approved(session: Session, firm: Firm, *items: Wanted) -> ChangeRequest:
    return approve(session, firm, submitted(session, firm, *items))


def reject(session: Session, firm: Firm, request: ChangeRequest, comment: str = "理由不充分") -> ChangeRequest:
    decisions.reject(session, firm.organisation, request, by=firm.approver, at=DECIDED, comment=comment)
    return request


def rewritten(session: Session, firm: Firm, title: str, *changes: tuple[str, str]) -> tuple[Document, Revision]:
    """The draft of a document with words replaced."""
    document, revision = found(session, firm, title)
    source = revision.source
    for old, new in changes:
        assert old in source
        source = source.replace(old, new)
    edit(session, document, revision, source, by=firm.preparer, at=DECIDED)
    return document, revision


def released(session: Session, firm: Firm, title: str, *changes: tuple[str, str]) -> Revision:
    """The same in force from 20 March 2026."""
    document, revision = rewritten(session, firm, title, *changes)
    take_into_force(session, firm, document, revision, at=moment(3, 10), effective_on=moment(3, 20).date())
    return revision
