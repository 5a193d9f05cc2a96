"""Gathering what is printed of a request on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlmodel import Session

from service.approvals.queries import signoffs
from service.approvals.rules import MEANING_NAMES, Meaning
from service.changes.differences import section_changes
from service.changes.guards import newest_released
from service.changes.models import ChangeItem, ChangeRequest
from service.changes.queries import ItemRow, carried_out, rows_of, status_of
from service.changes.rules import CHANGE_NAMES, DECIDED, STATUS_NAMES, ChangeKind, ChangeStatus
from service.changes.seals import seal_fault
from service.changes.sheets import ChangedLine, ItemLine, NoticeSheet, PageSheet, RequestSheet, Signed
from service.clock import local_date
from service.distribution.queries import copy_rows
from service.distribution.rows import CopyRow
from service.documents.models import Document, Revision
from service.documents.queries import revisions
from service.documents.readers import recipients
from service.documents.recipients import Addressees, addressees
from service.documents.rules import KIND_NAMES, Status, state_name
from service.errors import Refused
from service.organisations.models import Organisation
from service.organisations.queries import chart_on
from service.organisations.rules import Chart, departments_of, names_by_key, posts_of
from service.text.model import Kind
from service.text.parse import parse_procedure


def request_sheet(session: Session, organisation: Organisation, request: ChangeRequest, on: date) -> RequestSheet:
    """The application as it stands on day `on`, with what has come of it. Refused if the decision was tampered with."""
    _refuse_broken(session, organisation, request)
    zone = organisation.time_zone
    status = status_of(request, carried_out(session, organisation.id))
    decided = request.status in DECIDED
    return RequestSheet(
        organisation=organisation.name,
        number=request.number,
        title=request.title,
        reason=request.reason,
        state=STATUS_NAMES[status],
        applicant=Signed("申请", request.created_name, request.created_post, local_date(request.submitted_at or request.created_at, zone)),
        items=tuple(_item_line(session, request, row, on) for row in rows_of(session, request)),
        impact=request.impact,
        granted=request.status is ChangeStatus.APPROVED if decided else None,
        decision=_decision(request, zone) if decided else None,
        comment=request.comment,
        seal=request.seal,
    )


def notice_sheet(session: Session, organisation: Organisation, request: ChangeRequest, on: date) -> NoticeSheet:
    """The notice of what is released or obsolete by now; refused while nothing is."""
    _refuse_broken(session, organisation, request)
    rows = rows_of(session, request) if request.status is ChangeStatus.APPROVED else []
    by_document = {row.document.id: (row.document, row) for row in reversed(rows) if row.document}  # several items are one change
    ended = {document.id: _ended(session, request, row) for document, row in by_document.values()}
    done = [(document, row) for document, row in reversed(by_document.values()) if _is_done(row, ended[document.id])]
    if not done:
        raise Refused(f"申请 {request.number} 的更改都还没有发布，不能发更改通知", code="nothing_released")
    chart = chart_on(session, organisation.id, on)
    named = recipients(session, organisation.id, [document.id for document, _ in done])
    ready = {document.id for document, _ in done}
    return NoticeSheet(
        organisation=organisation.name,
        number=request.number,
        title=request.title,
        lines=tuple(
            _changed_line(document, row, ended[document.id], _addressed(document, addressees(named.get(document.id, [])), chart))
            for document, row in done
        ),
        pending=tuple(document.number for document, _ in reversed(by_document.values()) if document.id not in ready),
        copies=tuple(copy for document, row in done for copy in _former_copies(session, organisation, document, row.former, on)),
        decision=_decision(request, organisation.time_zone),
        on=on,
    )


def page_sheets(session: Session, organisation: Organisation, request: ChangeRequest) -> list[PageSheet]:
    """One page for each document whose new revision is approved; refused while none is."""
    approved = (row for row in rows_of(session, request) if row.revision and row.revision.status in (Status.APPROVED, Status.RELEASED))
    rows = {row.revision.id: row for row in approved if row.revision}  # items of one document share a revision
    found = [
        page_sheet(session, organisation, row.document, row.former, row.revision, request.number)
        for row in rows.values()
        if row.document and row.former and row.revision
    ]
    if not found:
        raise Refused(f"申请 {request.number} 没有已批准的新修订，还没有修改页", code="nothing_approved")
    return found


def page_sheet(
    session: Session, organisation: Organisation, document: Document, former: Revision, revision: Revision, request: str = ""
) -> PageSheet:
    """What differs between two frozen revisions of a document."""
    old, new = (parse_procedure(row.text, file=row.title) for row in (former, revision))
    signed = [(row.meaning, row) for row in signoffs(session, revision)]
    return PageSheet(
        organisation=organisation.name,
        request=request,
        number=document.number,
        title=revision.title,
        before=former.label,
        after=revision.label,
        effective_on=revision.effective_on,
        summary=revision.change_summary,
        changes=section_changes(old, new),
        signed=tuple(
            Signed(MEANING_NAMES[meaning], row.name, row.post, local_date(row.at, organisation.time_zone))
            for meaning in Meaning
            for signed_as, row in signed
            if signed_as is meaning
        ),
    )


def _ended(session: Session, request: ChangeRequest, row: ItemRow) -> Revision | None:
    """The revision that was made obsolete as this item asked, if it was."""
    if row.item.kind is not ChangeKind.OBSOLETE or row.document is None or request.decided_at is None:
        return None
    ended = (each for each in revisions(session, row.document) if each.obsoleted_at and each.obsoleted_at >= request.decided_at)
    return next(ended, None)


def _is_done(row: ItemRow, ended: Revision | None) -> bool:
    return ended is not None or (row.revision is not None and row.revision.status is Status.RELEASED)


def _refuse_broken(session: Session, organisation: Organisation, request: ChangeRequest) -> None:
    """What was tampered with must not look official on paper."""
    fault = seal_fault(session, organisation, request)
    if fault:
        raise Refused(f"{fault}，不能打印", code="seal_broken")


def _decision(request: ChangeRequest, zone: str) -> Signed:
    on = local_date(request.decided_at, zone) if request.decided_at else None
    return Signed("批准", request.decided_name, request.decided_post, on)


def _item_line(session: Session, request: ChangeRequest, row: ItemRow, on: date) -> ItemLine:
    item, document = row.item, row.document
    standing = row.former or (newest_released(session, document) if document else None)
    new = row.revision
    effective = new.effective_on if new else None
    if item.kind is ChangeKind.OBSOLETE:
        ended = _ended(session, request, row)
        effective = ended.obsolete_on if ended else None
    return ItemLine(
        number=document.number if document else "",
        title=_title(item, standing),
        label=standing.label if standing and item.kind is not ChangeKind.CREATE else "",
        manner=CHANGE_NAMES[item.kind],
        place=place(item.section, standing),
        proposed=item.proposed,
        new_label=new.label if new else "",
        effective_on=effective,
        result=_result(item, new, effective, on),
    )


def _title(item: ChangeItem, standing: Revision | None) -> str:
    if item.kind is ChangeKind.CREATE and item.document_kind:
        return f"{item.title}（{KIND_NAMES[item.document_kind]}）"
    return standing.title if standing else item.title


def _result(item: ChangeItem, new: Revision | None, effective: date | None, on: date) -> str:
    if item.kind is ChangeKind.OBSOLETE:
        return "已作废" if effective and effective <= on else "待作废" if effective is None else "已定作废日期"
    return state_name(new.status, new.effective_on, new.obsolete_on, on) if new else ""


def place(section: str, standing: Revision | None) -> str:
    """Where a change is: the clause and title of the section that is named by anchor or clause, else the words as typed."""
    if not section or standing is None or not standing.text:
        return section
    for each in parse_procedure(standing.text, file=standing.title).sections:
        if section in (each.anchor, each.clause):
            return f"{each.clause} {each.title}"
    return section


def _changed_line(document: Document, row: ItemRow, ended: Revision | None, addressed_to: str) -> ChangedLine:
    new, standing = row.revision, row.revision or row.former
    return ChangedLine(
        number=document.number,
        title=standing.title if standing else row.item.title,
        manner=CHANGE_NAMES[row.item.kind],
        before=row.former.label if row.former else "",
        after=new.label if new else "",
        effective_on=ended.obsolete_on if ended else new.effective_on if new else None,
        summary=new.change_summary if new else row.item.proposed,
        addressed_to=addressed_to,
    )


def _former_copies(
    session: Session, organisation: Organisation, document: Document, former: Revision | None, on: date
) -> Iterable[CopyRow]:
    """Copies that were given out of the former revision, with what has become of them by day `on`."""
    return (copy for copy in copy_rows(session, organisation, on, document=document) if former and copy.label == former.label)


def _addressed(document: Document, to: Addressees, chart: Chart) -> str:
    """发放范围 in words; a document without recipients is for its own department, a part of the manual for everybody."""
    departments, posts = names_by_key(departments_of(chart)), names_by_key(posts_of(chart))
    names = [*(departments.get(key, key) for key in to.departments), *(posts.get(key, key) for key in to.posts)]
    if names:
        return "、".join(names)
    own = departments.get(document.department, document.department)
    return "全公司" if to.everybody or document.kind is Kind.MANUAL else own
