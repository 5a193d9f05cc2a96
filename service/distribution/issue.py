"""发放: issuing numbered copies of a released revision, to chosen holders or to everybody it is addressed to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlmodel import Session

from service.clock import local_date
from service.distribution.models import Copy, CopyNumber
from service.distribution.queries import copies_out, former_since, numbers_of
from service.distribution.recording import record_about
from service.distribution.rules import LONGEST_NAME, CopyHolder, Medium, holder_key, line, note
from service.documents.models import Document, Revision
from service.documents.readers import Person, lock_document, people, people_addressed
from service.documents.rules import STATUS_NAMES, Status
from service.errors import Conflict, InputError, Refused
from service.organisations.models import Organisation
from service.organisations.notify import notify
from service.organisations.roles import Act
from service.organisations.rules import Actor, require


def issue(
    session: Session,
    organisation: Organisation,
    document: Document,
    revision: Revision,
    holders: Sequence[CopyHolder],
    *,
    medium: Medium,
    by: Actor,
    at: datetime,
    on: date | None = None,
    remark: str = "",
) -> list[Copy]:
    """Issue a copy to every holder, or to none of them; `on`: the day it was handed out (default: today).

    A holder keeps his 分发号 of the document through all revisions; a new holder gets the next number that nobody ever had.
    Refused for a revision that is not released or no longer in force; Conflict for a holder who has a copy of it; InputError for
    nobody, an unknown log-in name, an electronic copy for somebody without one, and a day before the release or in the future.
    """
    require(by, Act.DISTRIBUTE)
    today = local_date(at, organisation.time_zone)
    _require_usable(session, document, revision, today)
    issued_on = _issued_on(document, revision, on or today, today)
    known = {person.login: person for person in people(session, organisation.id, today)}
    wanted = [_holder(organisation, each, known, medium) for each in holders]
    if not wanted:
        raise InputError("请至少指定一名持有人", code="holder_missing")
    remark = note(remark, "备注")
    lock_document(session, document)
    numbers = _numbers(session, document, wanted, at)
    _require_none_out(session, document, revision, wanted, numbers)
    copies = [
        Copy(
            organisation_id=organisation.id,
            document_id=document.id,
            revision_id=revision.id,
            copy_number=numbers[_key(each)],
            holder_login=each.login or None,
            holder_name=each.name,
            department=each.department,
            medium=medium,
            note=remark,
            issued_on=issued_on,
            issued_at=at,
            issued_by=by.login,
        )
        for each in wanted
    ]
    session.add_all(copies)
    out = [{"copy_number": copy.copy_number, "holder": copy.holder_name, "department": copy.department} for copy in copies]
    details = {"issued_on": issued_on.isoformat(), "medium": medium.value, "copies": out}
    record_about(session, document, revision, "copy:issue", by=by, at=at, details=details)
    _tell(session, organisation, document, revision, copies, at)
    return copies


def issue_to_recipients(
    session: Session, organisation: Organisation, document: Document, revision: Revision, *, by: Actor, at: datetime
) -> list[Copy]:
    """An electronic copy for everybody the document is addressed to who has none of this revision yet; refused if there is nobody left."""
    require(by, Act.DISTRIBUTE)
    addressed = people_addressed(session, document, local_date(at, organisation.time_zone))
    if not addressed:
        raise Refused(f"文件 {document.number} 的发放范围内没有人员，请先设置发放范围", code="nobody_addressed")
    has = {copy.holder_login for copy in copies_out(session, organisation.id, revision)}
    left = [CopyHolder(person.login) for person in addressed if person.login not in has]
    if not left:
        raise Conflict(f"{document.number} {revision.label} 已发放给发放范围内的全部人员", code="copy_exists")
    return issue(session, organisation, document, revision, left, medium=Medium.ELECTRONIC, by=by, at=at)


def _require_usable(session: Session, document: Document, revision: Revision, today: date) -> None:
    if revision.status is not Status.RELEASED:
        state = STATUS_NAMES[revision.status]
        raise Refused(f"{document.number} {revision.label} 尚未发布（{state}），由文控员发布后才能发放", code="not_released")
    since = former_since(session, revision, today)
    if since is not None:
        raise Refused(f"{document.number} {revision.label} 自 {since} 起不再有效，不能发放", code="not_in_force")


def _issued_on(document: Document, revision: Revision, on: date, today: date) -> date:
    if on > today:
        raise InputError(f"发放日期 {on} 晚于今天", code="day_in_future")
    if revision.released_on is not None and on < revision.released_on:
        raise InputError(
            f"发放日期 {on} 早于 {document.number} {revision.label} 的发布日期 {revision.released_on}", code="issued_before_release"
        )
    return on


def _holder(organisation: Organisation, wanted: CopyHolder, known: Mapping[str, Person], medium: Medium) -> CopyHolder:
    """The holder as he is written down: a person of the organisation with the name and department of the chart, or somebody else."""
    if wanted.login:
        person = known.get(wanted.login)
        if person is None:
            raise InputError(f"{organisation.name}没有登录名为“{wanted.login}”的人员", code="unknown_holder")
        return CopyHolder(person.login, person.name, wanted.department or next(iter(person.departments), ""))
    if medium is Medium.ELECTRONIC:
        raise InputError("电子受控本须发给有登录名的人员", code="holder_without_login")
    return CopyHolder("", line(wanted.name, "持有人姓名", LONGEST_NAME), line(wanted.department, "持有人的部门或单位", LONGEST_NAME))


def _key(holder: CopyHolder) -> str:
    return holder_key(holder.login, holder.name, holder.department)


def _numbers(session: Session, document: Document, wanted: Sequence[CopyHolder], at: datetime) -> dict[str, int]:
    """{holder's key: his 分发号}; whoever has none gets the next one."""
    given = numbers_of(session, document)
    numbers = {row.holder: row.number for row in given if row.cancelled_at is None}
    following = max((row.number for row in given), default=0) + 1
    fresh = [key for key in dict.fromkeys(map(_key, wanted)) if key not in numbers]
    for number, key in enumerate(fresh, following):
        numbers[key] = number
        session.add(
            CopyNumber(organisation_id=document.organisation_id, document_id=document.id, number=number, holder=key, assigned_at=at)
        )
    session.flush()
    return numbers


def _require_none_out(
    session: Session, document: Document, revision: Revision, wanted: Sequence[CopyHolder], numbers: Mapping[str, int]
) -> None:
    out = {copy.copy_number for copy in copies_out(session, document.organisation_id, revision)}
    for holder in wanted:
        number = numbers[_key(holder)]
        if number in out:
            has = f"{holder.name}已持有 {document.number} {revision.label}（分发号 {number}）"
            raise Conflict(f"{has}，不能重复发放；遗失的请先登记遗失", code="copy_exists")
        out.add(number)


def _tell(
    session: Session, organisation: Organisation, document: Document, revision: Revision, copies: Sequence[Copy], at: datetime
) -> None:
    """One notice for all: the chat groups of the organisation are told too, and not once for every holder."""
    what = f"{document.number}《{revision.title}》{revision.label}"
    names = "、".join(f"{copy.holder_name}（分发号 {copy.copy_number}）" for copy in copies)
    body = f"{what} 的受控本已于 {copies[0].issued_on} 发放给：{names}。请持有人登录系统签收。"
    logins = [copy.holder_login for copy in copies if copy.holder_login]
    notify(session, organisation, logins, subject=f"请签收 {what}", body=body, event="copy:issue", key=f"copy-issue:{copies[0].id}", at=at)
