"""外来文件: entering laws and standards in the organisation's own register, checking them, and taking them out again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from service.accounts.rules import has_control_characters
from service.clock import local_date
from service.documents.external_queries import external_entries
from service.documents.external_rules import ExternalKind, kind_of
from service.documents.models import ExternalCheck, ExternalDocument
from service.documents.queries import in_force
from service.errors import Conflict, InputError
from service.organisations.models import Organisation
from service.organisations.queries import chart_on
from service.organisations.roles import Act
from service.organisations.rules import Actor, Chart, departments_of, names_by_key, require
from service.standards.citations import cited, normal_number, same_reference
from service.standards.rules import ReferenceEntry, ReferenceStatus
from service.text.parse import parse_procedure
from service.text.plain import section_text
from service.trail.actions import record

CONTROLLER = "document_controller"


@dataclass(frozen=True, slots=True)
class NewExternal:
    """What somebody enters: `keeper` is a department (key)."""

    number: str
    title: str
    kind: ExternalKind
    edition: str = ""
    status: ReferenceStatus = ReferenceStatus.UNKNOWN
    replaced_by: str = ""
    keeper: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found, when and where somebody looked."""

    status: ReferenceStatus
    checked_on: date
    checked_where: str
    edition: str = ""
    replaced_by: str = ""


def add_external(session: Session, organisation: Organisation, new: NewExternal, *, by: Actor, at: datetime) -> ExternalDocument:
    """Enter an external document; nobody has checked it yet. Conflict if its number is in the register, InputError for bad values."""
    require(by, Act.REGISTER)
    chart = chart_on(session, organisation.id, local_date(at, organisation.time_zone))
    if new.keeper and new.keeper not in names_by_key(departments_of(chart)):
        raise InputError(f"组织机构图上没有部门 {new.keeper}", code="unknown_department")
    return _enter(session, organisation, _checked(new), "external_document:add", by, at)


def adopt_cited(
    session: Session, organisation: Organisation, register: Sequence[ReferenceEntry], *, by: Actor, at: datetime
) -> list[ExternalDocument]:
    """Enter what the texts in force cite, as far as `register` knows it and the organisation's own register lacks it.

    The entries say what `register` says; nobody of the organisation has checked them. They are kept by the department of the 文控员.
    """
    require(by, Act.REGISTER)
    on = local_date(at, organisation.time_zone)
    own = [entry.reference for entry in external_entries(session, organisation, on)]
    texts = (parse_procedure(p.revision.text, file=p.revision.title) for p in in_force(session, organisation.id, on))
    words = "\n".join(section_text(text, "") for text in texts)
    missing = [entry for entry in cited(register, words) if not any(same_reference(entry, each) for each in own)]
    keeper = _controllers_department(chart_on(session, organisation.id, on))
    return [_enter(session, organisation, _adopted(entry, keeper), "external_document:adopt", by, at) for entry in missing]


def check_external(
    session: Session, organisation: Organisation, row: ExternalDocument, finding: Finding, *, by: Actor, at: datetime
) -> ExternalCheck:
    """核对: what somebody found about an entry. InputError for a day that has not come, no place, or a replaced one without successor."""
    require(by, Act.REGISTER)
    if finding.checked_on > local_date(at, organisation.time_zone):
        raise InputError(f"核对日期 {finding.checked_on} 还没有到", code="check_in_future")
    where = _line(finding.checked_where, "核对途径", 300)
    edition, replaced_by = _line(finding.edition, "版次", 60, empty=True), _line(finding.replaced_by, "代替文件", 100, empty=True)
    _check_successor(finding.status, replaced_by)
    check = ExternalCheck(
        organisation_id=row.organisation_id,
        external_document_id=row.id,
        status=finding.status,
        edition=edition,
        replaced_by=normal_number(replaced_by),
        checked_on=finding.checked_on,
        checked_where=where,
        recorded_at=at,
        login=by.login,
        name=by.name,
    )
    session.add(check)
    session.flush()
    details = {"status": check.status.value, "edition": edition, "replaced_by": check.replaced_by, "on": finding.checked_on.isoformat()}
    _record(session, row, "external_document:check", by, at, {**details, "where": where})
    return check


def end_external(session: Session, row: ExternalDocument, *, reason: str, by: Actor, at: datetime) -> None:
    """Take an entry out of the register from today on; its history stays."""
    require(by, Act.REGISTER)
    row.end_reason = _line(reason, "理由", 1000)
    row.ended_at, row.ended_by = at, by.login
    session.add(row)
    session.flush()
    _record(session, row, "external_document:end", by, at, {"reason": row.end_reason})


def _check_successor(status: ReferenceStatus, replaced_by: str) -> None:
    if (status is ReferenceStatus.REPLACED) != bool(replaced_by):
        raise InputError("状态为“被代替”时请写明代替它的文件编号，其他状态不写", code="successor_missing")


def _checked(new: NewExternal) -> NewExternal:
    """The same in its normal form."""
    _check_successor(new.status, new.replaced_by.strip())
    return NewExternal(
        number=normal_number(_line(new.number, "文件编号", 100)),
        title=_line(new.title, "文件名称", 200),
        kind=new.kind,
        edition=_line(new.edition, "版次", 60, empty=True),
        status=new.status,
        replaced_by=normal_number(_line(new.replaced_by, "代替文件", 100, empty=True)),
        keeper=new.keeper,
        note=_line(new.note, "备注", 1000, empty=True),
    )


def _line(text: str, what: str, longest: int, *, empty: bool = False) -> str:
    """One line without blanks around it; InputError names the field."""
    text = text.strip()
    if (not text and not empty) or len(text) > longest or has_control_characters(text):
        raise InputError(f"{what}须为 {0 if empty else 1} 至 {longest} 个字符，不能有控制字符", code="bad_text")
    return text


def _adopted(entry: ReferenceEntry, keeper: str) -> NewExternal:
    kind = kind_of(entry.number, entry.title)
    return NewExternal(entry.number, entry.title, kind, entry.edition, entry.status, entry.replaced_by, keeper)


def _controllers_department(chart: Chart) -> str:
    for department in departments_of(chart):
        if any(CONTROLLER in (post.key, *post.aliases) for post in department.posts):
            return department.key
    return ""


def _enter(session: Session, organisation: Organisation, new: NewExternal, action: str, by: Actor, at: datetime) -> ExternalDocument:
    row = ExternalDocument(
        organisation_id=organisation.id,
        number=new.number,
        title=new.title,
        kind=new.kind,
        edition=new.edition,
        status=new.status,
        replaced_by=new.replaced_by,
        keeper=new.keeper,
        note=new.note,
        created_at=at,
        created_by=by.login,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as fault:
        raise Conflict(f"外来文件清单中已有 {new.number}", code="duplicate_external_document") from fault
    _record(session, row, action, by, at, {"title": row.title, "edition": row.edition, "status": row.status.value})
    return row


def _record(session: Session, row: ExternalDocument, action: str, by: Actor, at: datetime, details: Mapping[str, object]) -> None:
    record(
        session,
        row.organisation_id,
        at=at,
        by=by.login,
        action=action,
        subject="external_document",
        subject_id=row.number,
        details=dict(details),
    )
