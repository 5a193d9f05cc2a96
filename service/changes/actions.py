"""A request on its way to the approver: opened, edited, submitted with its impact, withdrawn."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, select

from service.changes.gather import gather
from service.changes.guards import begin, record_change, refuse_unchangeable
from service.changes.impact import impact_of
from service.changes.models import ChangeItem, ChangeRequest
from service.changes.notices import tell_approvers
from service.changes.queries import ItemRow, items_of, last_serial, rows_of
from service.changes.rules import TRANSITIONS, ChangeKind, ChangeStep, Wanted, clean, request_faults, request_number
from service.clock import local_date
from service.documents.models import Document
from service.documents.queries import current, find_document
from service.documents.readers import readable
from service.errors import InputError, NotFound, Refused
from service.organisations.models import Organisation
from service.organisations.queries import chart_on
from service.organisations.roles import Act, may
from service.organisations.rules import Actor, Catalogue, departments_of, names_by_key, require
from service.standards.rules import Standard
from service.trail.rules import plain


def open_request(
    session: Session, organisation: Organisation, *, title: str, reason: str, items: Sequence[Wanted], by: Actor, at: datetime
) -> ChangeRequest:
    """A numbered draft of a request. InputError names everything that is wrong with it; NotFound for an unknown document."""
    require(by, Act.REQUEST_CHANGE)
    title, reason, items = _cleaned(title, reason, items)
    resolved = _resolved(session, organisation, items, by, at)
    _lock_numbers(session, organisation)
    year = local_date(at, organisation.time_zone).year
    serial = last_serial(session, organisation.id, year) + 1
    request = ChangeRequest(
        organisation_id=organisation.id,
        number=request_number(year, serial),
        year=year,
        serial=serial,
        title=title,
        reason=reason,
        created_at=at,
        created_by=by.login,
        created_name=by.name,
        created_post=by.post_name,
    )
    session.add(request)
    session.flush()
    _write_items(session, request, resolved)
    record_change(session, request, "open", by, at, {"title": title, "items": _told(rows_of(session, request))})
    return request


def edit(
    session: Session,
    organisation: Organisation,
    request: ChangeRequest,
    *,
    title: str,
    reason: str,
    items: Sequence[Wanted],
    by: Actor,
    at: datetime,
) -> None:
    """Other words for a request that is still a draft."""
    request = begin(session, request, ChangeStep.EDIT, by)
    title, reason, items = _cleaned(title, reason, items)
    resolved = _resolved(session, organisation, items, by, at)
    request.title, request.reason = title, reason
    request.edited_by = sorted({*request.edited_by, by.login})
    session.add(request)
    for item in items_of(session, request):
        session.delete(item)
    session.flush()
    _write_items(session, request, resolved)
    record_change(session, request, "edit", by, at, {"title": request.title, "items": _told(rows_of(session, request))})


def submit(
    session: Session,
    organisation: Organisation,
    request: ChangeRequest,
    *,
    standard: Standard,
    catalogue: Catalogue,
    by: Actor,
    at: datetime,
) -> None:
    """提交: the words stay as they are from here on, and what they touch is frozen with them.

    InputError without a reason or an item; refused if a document is obsolete, not released yet, or in another approved request.
    """
    request = begin(session, request, ChangeStep.SUBMIT, by)
    rows = rows_of(session, request)
    if not request.reason:
        raise InputError("请填写更改原因", code="reason_missing")
    if not rows:
        raise InputError("请写明至少一项更改", code="items_missing")
    on = local_date(at, organisation.time_zone)
    _refuse_taken_titles(rows, {pair.revision.title for pair in current(session, organisation.id, on)})
    refuse_unchangeable(session, request, rows)
    numbers = list(dict.fromkeys(row.document.number for row in rows if row.document))
    gathered = gather(session, organisation, on, standard=standard, catalogue=catalogue)
    request.impact = plain(asdict(impact_of(gathered, numbers)))
    request.status, request.submitted_at, request.submitted_by = TRANSITIONS[request.status, ChangeStep.SUBMIT], at, by.login
    session.add(request)
    record_change(session, request, "submit", by, at, {"items": _told(rows)})
    tell_approvers(session, organisation, request, at=at)


def withdraw(session: Session, request: ChangeRequest, *, by: Actor, at: datetime) -> None:
    """撤回 by the requester or the 文控员, before it is decided."""
    request = begin(session, request, ChangeStep.WITHDRAW, by)
    request.status, request.withdrawn_at = TRANSITIONS[request.status, ChangeStep.WITHDRAW], at
    session.add(request)
    record_change(session, request, "withdraw", by, at, {})


def wanted_of(rows: Iterable[ItemRow]) -> list[Wanted]:
    """The items as they were asked for."""
    return [
        Wanted(
            kind=row.item.kind,
            number=row.document.number if row.document and row.item.kind is not ChangeKind.CREATE else "",
            section=row.item.section,
            proposed=row.item.proposed,
            title=row.item.title,
            document_kind=row.item.document_kind,
            department=row.item.department,
        )
        for row in rows
    ]


def _cleaned(title: str, reason: str, items: Sequence[Wanted]) -> tuple[str, str, list[Wanted]]:
    title, reason = clean(title), clean(reason)
    found = [
        replace(
            item,
            number=item.number.strip(),
            section=item.section.strip(),
            proposed=clean(item.proposed),
            title=item.title.strip(),
            department=item.department.strip(),
        )
        for item in items
    ]
    faults = list(request_faults(title, reason, found))
    if faults:
        raise InputError("；".join(faults), code="bad_change_request")
    return title, reason, found


def _lock_numbers(session: Session, organisation: Organisation) -> None:
    """Two who open a request at the same moment get numbers one after the other; rows that point to the organisation are not held up."""
    session.exec(select(Organisation.id).where(Organisation.id == organisation.id).with_for_update(key_share=True)).one()


def _resolved(
    session: Session, organisation: Organisation, items: Iterable[Wanted], by: Actor, at: datetime
) -> list[tuple[Wanted, Document | None]]:
    """Each item with the document that it names; NotFound for an unknown one, InputError for a department that is not on the chart.

    To whoever may not read all, a document is unknown that he does not find in force: he learns nothing of it by asking for a change.
    """
    on = local_date(at, organisation.time_zone)
    departments = set(names_by_key(departments_of(chart_on(session, organisation.id, on))))
    unknown = [item.department for item in items if item.department and item.department not in departments]
    if unknown:
        raise InputError(f"组织机构图上没有部门 {'、'.join(unknown)}", code="unknown_department")
    mine = None if may(by.roles, Act.READ_ALL) else {pair.document.id for pair in readable(session, organisation.id, by, on)}
    return [(item, _named(session, organisation, item.number, mine) if item.number else None) for item in items]


def _named(session: Session, organisation: Organisation, number: str, mine: Collection[UUID] | None) -> Document:
    """The document of this number; not found if it is none of `mine` (None: all)."""
    document = find_document(session, organisation.id, number)
    if mine is not None and document.id not in mine:
        raise NotFound(f"没有编号为 {number} 的文件", code="document_not_found")
    return document


def _write_items(session: Session, request: ChangeRequest, items: Iterable[tuple[Wanted, Document | None]]) -> None:
    for position, (item, document) in enumerate(items, 1):
        session.add(
            ChangeItem(
                organisation_id=request.organisation_id,
                request_id=request.id,
                position=position,
                kind=item.kind,
                document_id=document.id if document else None,
                title=item.title,
                document_kind=item.document_kind,
                department=item.department,
                section=item.section,
                proposed=item.proposed,
            )
        )
    session.flush()


def _refuse_taken_titles(rows: Iterable[ItemRow], titles: Collection[str]) -> None:
    for row in rows:
        if row.item.kind is ChangeKind.CREATE and row.item.title in titles:
            raise Refused(f"已有名为《{row.item.title}》的文件，请改用“修改”，或换一个名称", code="title_taken")


def _told(rows: Iterable[ItemRow]) -> list[dict[str, str]]:
    """The items as the trail keeps them."""
    return [
        {"kind": row.item.kind.value, "document": row.document.number if row.document else row.item.title, "section": row.item.section}
        for row in rows
    ]
