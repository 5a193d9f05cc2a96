"""Forms that take a step: who signs shows again who he is, and signs the text that he has seen."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session

from service.accounts.forms import denied_words
from service.accounts.login import confirm_identity
from service.accounts.rules import Denial
from service.approvals import actions
from service.approvals.rules import SIGNS, Step
from service.documents.api import draft_tag
from service.documents.models import Document, Revision
from service.documents.queries import revisions
from service.documents.rules import Status
from service.errors import Refused, Stale
from service.kit.dates import chinese_date
from service.organisations.api import Member
from service.organisations.shipped import catalogue
from service.standards.shipped import standard
from service.web.forms import Filled

OBSOLETE = "obsolete"
"""What a form asks for that is no step of a revision under way."""


def identify(session: Session, member: Member, form: Filled, *, at: datetime) -> int:
    """Notes at its field why the signer is not known to be himself; the status of the page then, 200 if he is."""
    member.caller.require_person()
    password, code = form["password"][:200], form["code"][:40].strip()
    if not password and not code:
        form.faults |= {"password": "请输入登录密码"}
        return 422
    denied = confirm_identity(session, member.caller.user, password=password, code=code, at=at)
    if denied is None:
        return 200
    wrong = "密码不正确" if password else "动态验证码不正确"
    is_wrong = denied.reason in (Denial.WRONG, Denial.SECOND_FACTOR_WRONG)
    form.faults["password" if password else "code"] = wrong if is_wrong else denied_words(denied, at)
    return 429 if denied.until else 422


def running(session: Session, document: Document, seen: str) -> Revision:
    """The revision under way. Refused if there is none any more, Stale if it is no longer what the form was made for (see `seen_of`)."""
    revision = revisions(session, document)[-1]
    if revision.status is Status.RELEASED:
        raise Refused(f"{document.number} {revision.label} 已经发布", code="step_refused")
    if seen != seen_of(revision):
        raise Stale("正文或状态已不是您看到的，请重新阅读后再操作")
    return revision


def seen_of(revision: Revision) -> str:
    """What stands in a form about a revision: which text it shows, and where that stands."""
    return draft_tag(revision).strip('"')


def sign(
    session: Session,
    member: Member,
    document: Document,
    revision: Revision,
    step: Step,
    *,
    at: datetime,
    comment: str,
    confirmed: Collection[str] | None = None,
) -> str:
    """Take a step that signs; returns what was done, as a sentence."""
    by = member.actor(session)
    if step is Step.SUBMIT:
        actions.submit(
            session, member.organisation, document, revision, standard=standard(), catalogue=catalogue(), by=by, at=at, comment=comment
        )
        return "已提交审核"
    if step is Step.REVIEW:
        count = actions.review(session, document, revision, standard=standard(), confirmed=confirmed, by=by, at=at, comment=comment)
        return f"已审核，确认 {count} 条指标对应" if count else "已审核"
    if step is Step.COUNTERSIGN:
        actions.countersign(session, document, revision, by=by, at=at, comment=comment)
        return "已会签"
    actions.approve(session, document, revision, by=by, at=at, comment=comment)
    return "已批准，待文控员发布"


def carry_out(session: Session, member: Member, document: Document, step: Step, form: Filled, *, at: datetime) -> str:
    """The step of a form on the page of one document; returns what was done, as a sentence."""
    revision = running(session, document, form["seen"])
    by = member.actor(session)
    if step in SIGNS:
        confirmed = form.texts("confirmed") if form["claims"] else None
        return sign(session, member, document, revision, step, at=at, comment=form.text("comment"), confirmed=confirmed)
    if step is Step.RELEASE:
        on = form.day("effective_on") or member.today
        actions.release(session, member.organisation, document, revision, by=by, at=at, effective_on=on)
        return f"已发布，{chinese_date(on)}起现行有效"
    if step is Step.RETURN:
        actions.return_(session, document, revision, by=by, at=at, reason=form.text("reason"))
        return "已退回编制人"
    actions.withdraw(session, document, revision, by=by, at=at)
    return "已撤回，可以继续修改"


def make_obsolete(session: Session, member: Member, document: Document, form: Filled, *, at: datetime) -> str:
    """作废 from the page of one document; returns what was done, as a sentence."""
    history = revisions(session, document)
    released = next((row for row in reversed(history) if row.status is Status.RELEASED), history[-1])
    on = form.day("on") or member.today
    forms = actions.obsolete(session, document, released, on=on, by=member.actor(session), at=at, reason=form.text("reason"))
    along = f"，随之作废：{'、'.join(each.number for each in forms)}" if forms else ""
    return f"已作废，{chinese_date(on)}起不再有效{along}"
