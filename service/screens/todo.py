"""What one member must do in an organisation: each kind of duty with its first items, gathered from the domains."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote

from sqlmodel import Session

from service.approvals.comment_queries import open_comments
from service.approvals.queries import approval_rules, return_reasons, returned
from service.approvals.rules import STEP_NAMES
from service.approvals.waiting import for_me, waiting
from service.changes.guards import allowed_steps
from service.changes.queries import requests
from service.changes.rules import ChangeStatus, ChangeStep
from service.distribution.acknowledgement_queries import acknowledgement_rows
from service.distribution.queries import copy_rows
from service.distribution.rules import MISSING, CopyStatus
from service.documents.due_list import due_items
from service.documents.models import Revision
from service.documents.queries import Controlled, running
from service.documents.review_rules import TASK_NAMES, Task
from service.documents.rules import Status
from service.organisations.api import Member
from service.organisations.roles import Act, may

SHOWN = 5
"""Items of one kind on the desk; the rest stands on the page that `address` leads to."""


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing to do: a link, what it is about, and by when or since when. `late`: its day has passed."""

    address: str
    title: str
    words: str
    due_on: date | None = None
    since: datetime | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class Duties:
    """Things of one kind, the most urgent first; `total` counts those that are not shown too."""

    key: str
    name: str
    icon: str
    address: str
    items: tuple[Duty, ...]
    total: int


def todo(session: Session, member: Member, *, at: datetime) -> list[Duties]:
    """Everything that waits for this member, kind by kind; kinds without anything are left out."""
    base = f"/organisations/{member.organisation.code}"
    sources = (_mend, _read, _copies, _decide, _rules, _review, _recall)
    found = (*_sign(session, member, base, at), *(each for source in sources for each in source(session, member, base)))
    return [each for each in found if each.total]


def _duties(key: str, name: str, icon: str, address: str, items: Sequence[Duty]) -> Duties:
    return Duties(key, name, icon, address, tuple(items[:SHOWN]), len(items))


def approval_address(base: str, number: str) -> str:
    return f"{base}/documents/{quote(number)}/approval"


def _sign(session: Session, member: Member, base: str, at: datetime) -> Iterator[Duties]:
    if not may(member.roles, Act.READ_ALL):
        return
    mine, _ = for_me(waiting(session, member.organisation, at=at), member.caller.user.login)
    items = [
        Duty(approval_address(base, row.document.number), _name(row.document.number, row.revision), STEP_NAMES[row.step], since=row.since)
        for row in mine
    ]
    yield _duties("sign", "待审核与签署", "signature", f"{base}/signing", items)


def _mend(session: Session, member: Member, base: str) -> Iterator[Duties]:
    """Drafts of this member: those that came back, with the reason, then those that he is writing."""
    if not may(member.roles, Act.DRAFT):
        return
    login, owner = member.caller.user.login, member.organisation.id
    drafts = [pair for pair in running(session, owner, texts=False) if pair.revision.status is Status.DRAFT]
    back = {key: row for key, row in returned(session, owner).items() if row.submitted_by == login}
    sent_back = [pair for pair in drafts if pair.revision.id in back]
    own = [pair for pair in drafts if pair.revision.id not in back and login in pair.revision.edited_by]
    reasons = return_reasons(session, owner, [pair.document.number for pair in sent_back])
    comments = open_comments(session, owner)

    def duty(pair: Controlled, words: str) -> Duty:
        said = f"{comments[pair.revision.id]} 条意见待处理" if comments[pair.revision.id] else ""
        return Duty(
            approval_address(base, pair.document.number), _name(pair.document.number, pair.revision), "；".join(filter(None, (words, said)))
        )

    told = {number: str(entry.details.get("reason", "")) for number, entry in reasons.items()}
    items = [duty(pair, f"退回原因：{told.get(pair.document.number, '')}") for pair in sent_back]
    yield _duties("mend", "退回待修改", "arrow-back-up", f"{base}/documents?status=draft", items)
    yield _duties(
        "drafts", "我在编的文件", "pencil", f"{base}/documents?status=draft", [duty(pair, pair.revision.change_summary) for pair in own]
    )


def _read(session: Session, member: Member, base: str) -> Iterator[Duties]:
    if not may(member.roles, Act.ACKNOWLEDGE):
        return
    rows = acknowledgement_rows(session, member.organisation, member.today, login=member.caller.user.login, states=MISSING)
    items = [
        Duty(
            f"{base}/acknowledgements", f"{row.document} {row.title} {row.label}", "阅读后确认", row.due_on, late=row.due_on < member.today
        )
        for row in sorted(rows, key=lambda row: row.due_on)
    ]
    yield _duties("read", "待阅读确认", "eye-check", f"{base}/acknowledgements", items)


def _copies(session: Session, member: Member, base: str) -> Iterator[Duties]:
    """Copies in this member's own hands: to be received, or to be handed in."""
    rows = copy_rows(session, member.organisation, member.today, holder=member.caller.user.login)
    words = {CopyStatus.ISSUED: "请签收", CopyStatus.RECALL_DUE: "请交回文控员"}
    items = [
        Duty(f"{base}/copies/{row.id}", f"{row.document} {row.title} {row.label}", words[row.status], row.recall_due_on)
        for row in rows
        if row.status in words
    ]
    yield _duties("copies", "我的受控本", "copy", f"{base}/copies", items)


def _decide(session: Session, member: Member, base: str) -> Iterator[Duties]:
    login, owner = member.caller.user.login, member.organisation.id
    if may(member.roles, Act.DECIDE_CHANGE):
        by = member.actor(session)
        rows = [row for row in requests(session, owner) if ChangeStep.APPROVE in allowed_steps(row, by)]
        items = [
            Duty(f"{base}/changes/{row.number}", f"{row.number} {row.title}", f"{row.created_name}申请", since=row.submitted_at)
            for row in rows
        ]
        yield _duties("decide", "待批准的更改申请", "replace", f"{base}/changes", items)
    if may(member.roles, Act.REQUEST_CHANGE):
        own = [row for row in requests(session, owner, login) if row.status is ChangeStatus.DRAFT]
        drafts = [Duty(f"{base}/changes/{row.number}", f"{row.number} {row.title}", "填写中，未提交", since=row.created_at) for row in own]
        yield _duties("requests", "我的更改申请", "replace", f"{base}/changes", drafts)


def _rules(session: Session, member: Member, base: str) -> Iterator[Duties]:
    if not may(member.roles, Act.APPROVE):
        return
    login = member.caller.user.login
    rows = [row for row in approval_rules(session, member.organisation.id) if row.approved_at is None and row.ended_on is None]
    items = [
        Duty(f"{base}/approval-rules", "审批规则", "待批准", row.valid_from, row.proposed_at) for row in rows if row.proposed_by != login
    ]
    yield _duties("rules", "待批准的审批规则", "route", f"{base}/approval-rules", items)


def _review(session: Session, member: Member, base: str) -> Iterator[Duties]:
    if not may(member.roles, Act.PERIODIC_REVIEW):
        return
    found = due_items(session, member.organisation, member.today)
    mine = [item for item in found if item.task is not Task.CHECK and may(member.roles, Act.PERIODIC_REVIEW, item.department)]
    checks = [item for item in found if item.task is Task.CHECK] if may(member.roles, Act.REGISTER) else []
    for key, name, icon, page, rows in (
        ("review", "定期评审到期", "calendar-check", "reviews", mine),
        ("check", "外来文件待核对", "file-import", "external-documents", checks),
    ):
        items = [
            Duty(f"{base}/{page}", f"{row.number} {row.title}", TASK_NAMES[row.task], row.due_on, late=row.days_left < 0) for row in rows
        ]
        yield _duties(key, name, icon, f"{base}/{page}", items)


def _recall(session: Session, member: Member, base: str) -> Iterator[Duties]:
    if not may(member.roles, Act.DISTRIBUTE):
        return
    rows = copy_rows(session, member.organisation, member.today)
    words = {CopyStatus.RECALL_DUE: "待回收", CopyStatus.RECALLED: "已回收，待处置"}
    items = [
        Duty(
            f"{base}/copies/{row.id}",
            f"{row.document} {row.title} {row.label}",
            f"{row.holder_name}，{words[row.status]}",
            row.recall_due_on,
        )
        for row in rows
        if row.status in words
    ]
    yield _duties("recall", "待回收的受控本", "send", f"{base}/copies", items)


def _name(number: str, revision: Revision) -> str:
    return f"{number} {revision.title} {revision.label}"
