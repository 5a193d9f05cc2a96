"""Exceptions from separate duties: granted with a reason and for a time by somebody else, and ended (domain.md §1)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlmodel import Session

from service.approvals.models import DutyException
from service.approvals.rules import APART, MEANING_NAMES, Meaning, clean_words
from service.clock import local_date
from service.documents.models import Document
from service.errors import Conflict, InputError, Refused
from service.organisations.models import Organisation
from service.organisations.queries import chart_on, members, roles_of
from service.organisations.roles import Act, may
from service.organisations.rules import Actor, posts_of, require
from service.trail.actions import record

LONGEST = timedelta(days=366)
GENERAL_MANAGER = "general_manager"


def grant_exception(
    session: Session,
    organisation: Organisation,
    *,
    login: str,
    meanings: Collection[Meaning],
    reason: str,
    valid_from: date,
    valid_until: date,
    document: Document | None = None,
    by: Actor,
    at: datetime,
) -> DutyException:
    """Let somebody on the organisation chart sign `meanings` together, on one document or on all, for a year at most.

    Forbidden but for an approver, or the general manager where there is no other approver; refused to the person whom it benefits.
    InputError for a missing reason, meanings that are not kept apart anyway, wrong days, or a person who holds no post.
    """
    _may_grant(session, organisation, login, by, at)
    if by.login == login:
        raise Refused(f"{by.name}不能为自己批准例外，由另一名批准人批准", code="own_duty_exception")
    reason = clean_words(reason, "理由")
    if not reason:
        raise InputError("请写明例外的理由", code="reason_missing")
    if len(set(meanings)) < 2 or not APART.issuperset(meanings):
        raise InputError("请在编制、审核、批准中选择两项以上，说明可由同一人签署", code="bad_meanings")
    _check_days(valid_from, valid_until, local_date(at, organisation.time_zone))
    exception = DutyException(
        organisation_id=organisation.id,
        document_id=document.id if document else None,
        login=login,
        name=_name_of(session, organisation, login, valid_from),
        meanings=[meaning.value for meaning in Meaning if meaning in meanings],
        reason=reason,
        valid_from=valid_from,
        valid_until=valid_until,
        granted_at=at,
        granted_by=by.login,
    )
    session.add(exception)
    session.flush()
    _trail(session, exception, document, "duty_exception:grant", by, at)
    return exception


def end_exception(session: Session, organisation: Organisation, exception: DutyException, *, by: Actor, at: datetime) -> None:
    """From today on it does not hold; what was signed by it stays signed."""
    require(by, Act.APPROVE)
    if exception.ended_at is not None:
        raise Conflict("这项例外已经终止", code="duty_exception_ended")
    if at < exception.granted_at:
        raise InputError("终止时间早于批准例外的时间", code="step_before_previous")
    exception.ended_on, exception.ended_at, exception.ended_by = local_date(at, organisation.time_zone), at, by.login
    session.add(exception)
    session.flush()
    document = session.get(Document, exception.document_id) if exception.document_id else None
    _trail(session, exception, document, "duty_exception:end", by, at)


def _may_grant(session: Session, organisation: Organisation, login: str, by: Actor, at: datetime) -> None:
    on = local_date(at, organisation.time_zone)
    rows = members(session, organisation.id)
    others = {user.login for row, user in rows if user.login not in (login, by.login) and may(roles_of([row], on), Act.APPROVE)}
    if others or GENERAL_MANAGER not in by.posts:
        require(by, Act.APPROVE)


def _check_days(valid_from: date, valid_until: date, today: date) -> None:
    if valid_from < today:
        raise InputError(f"开始日期 {valid_from} 已经过去", code="valid_from_past")
    if valid_until < valid_from:
        raise InputError(f"截止日期 {valid_until} 早于开始日期 {valid_from}", code="until_before_from")
    if valid_until - valid_from > LONGEST:
        raise InputError(f"例外最长 {LONGEST.days} 天，请缩短期限", code="exception_too_long")


def _name_of(session: Session, organisation: Organisation, login: str, on: date) -> str:
    holders = (holder for post in posts_of(chart_on(session, organisation.id, on)) for holder in post.holders)
    name = next((holder.name for holder in holders if holder.login == login), None)
    if name is None:
        raise InputError(f"{organisation.name}没有登录名为“{login}”的在岗人员", code="person_not_found")
    return name


def _trail(session: Session, exception: DutyException, document: Document | None, action: str, by: Actor, at: datetime) -> None:
    details = {
        "document": document.number if document else None,
        "login": exception.login,
        "meanings": [MEANING_NAMES[Meaning(value)] for value in exception.meanings],
        "reason": exception.reason,
        "valid_from": exception.valid_from.isoformat(),
        "valid_until": exception.valid_until.isoformat(),
        "ended_on": exception.ended_on.isoformat() if exception.ended_on else None,
    }
    subject = {"subject": "duty_exception", "subject_id": str(exception.id)}
    record(session, exception.organisation_id, at=at, by=by.login, action=action, **subject, details=details)
