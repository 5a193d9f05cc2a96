"""Acts that fall due: copies and requests to read whose revision is out of use, and reminders. Done again, nothing more happens."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from sqlmodel import Session

from service.clock import local_date
from service.distribution.acknowledgement_queries import open_acknowledgements
from service.distribution.models import Acknowledgement, Copy
from service.distribution.queries import controlled, controllers, copies_out, former
from service.distribution.recording import record_about
from service.distribution.rules import reminder_day
from service.documents.models import Document, Revision
from service.documents.rules import Status
from service.organisations.models import Organisation
from service.organisations.notify import notify
from service.organisations.rules import SYSTEM

Row = TypeVar("Row", Copy, Acknowledgement)
Revisions = Mapping[UUID, tuple[Document, Revision]]


def due(session: Session, organisation: Organisation, *, at: datetime) -> None:
    """What an hourly job does for an organisation. Copies are marked and people told; nothing is issued or taken back by itself.

    One notice for all that falls due together; that copies are called back goes to the chat groups of the organisation, too. Reminders leave no entry in the
    trail: the notices are their record. The rows are locked first and the trail last, in the order of everybody else.
    """
    today = local_date(at, organisation.time_zone)
    out, waiting = copies_out(session, organisation.id, lock=True), open_acknowledgements(session, organisation.id, lock=True)
    out_of_use = former(session, organisation.id, today)
    told = controllers(session, organisation.id, today)
    mark_recalls(session, organisation, out, out_of_use, told, at=at)
    remind_of_recalls(session, organisation, out, told, at=at)
    end_requests(session, organisation, waiting, out_of_use, at=at)
    remind_of_requests(session, organisation, [row for row in waiting if row.ended_at is None], told, at=at)


def mark_recalls(
    session: Session,
    organisation: Organisation,
    out: Sequence[Copy],
    out_of_use: Mapping[UUID, date],
    told: Sequence[str],
    *,
    at: datetime,
) -> None:
    """The copies of revisions out of use are due for recall since the day these went out of use; holders and 文控员 are told at once."""
    fresh = [copy for copy in out if copy.recall_due_on is None and copy.recalled_on is None and copy.revision_id in out_of_use]
    if not fresh:
        return
    for copy in fresh:
        copy.recall_due_on, copy.recall_due_at = out_of_use[copy.revision_id], at
        copy.reminded_on = local_date(at, organisation.time_zone)
        session.add(copy)
    about = controlled(session, organisation.id, {copy.revision_id for copy in fresh})
    for revision_id, copies in _by_revision(fresh).items():
        numbers = [copy.copy_number for copy in copies]
        details = {"recall_due_on": out_of_use[revision_id].isoformat(), "copy_numbers": numbers}
        record_about(session, *about[revision_id], "copy:recall_due", by=SYSTEM, at=at, details=details)
    body = "\n".join(("以下受控本的修订已被替代或作废，请停止使用并交还文控员：", *_lines(fresh, about)))
    subject, key = f"请交还 {len(fresh)} 份受控本", f"copy-recall:{fresh[0].id}"
    notify(session, organisation, _logins(fresh, told), subject=subject, body=body, event="copy:recall_due", key=key, at=at, channels=True)


def remind_of_recalls(session: Session, organisation: Organisation, out: Sequence[Copy], told: Sequence[str], *, at: datetime) -> None:
    """Copies that were due before today and have not come back: once a day."""
    today = local_date(at, organisation.time_zone)
    called = [copy for copy in out if copy.recall_due_on and copy.recall_due_on < today and copy.recalled_on is None]
    late = [copy for copy in called if copy.reminded_on != today]
    if not late:
        return
    for copy in late:
        copy.reminded_on = today
        session.add(copy)
    about = controlled(session, organisation.id, {copy.revision_id for copy in late})
    body = "\n".join(("以下受控本已到回收日期，仍未交还：", *_lines(late, about)))
    subject, key = f"逾期未交还的受控本 {len(late)} 份", f"copy-overdue:{today}"
    notify(session, organisation, _logins(late, told), subject=subject, body=body, event="copy:recall_overdue", key=key, at=at)


def end_requests(
    session: Session, organisation: Organisation, waiting: Sequence[Acknowledgement], out_of_use: Mapping[UUID, date], *, at: datetime
) -> None:
    """Nobody is asked any longer to read what is out of use."""
    over = [row for row in waiting if row.revision_id in out_of_use]
    about = controlled(session, organisation.id, {row.revision_id for row in over})
    for row in over:
        row.ended_at = at
        session.add(row)
    for revision_id, rows in _by_revision(over).items():
        details = {"logins": [row.login for row in rows]}
        record_about(session, *about[revision_id], "acknowledgement:end", by=SYSTEM, at=at, details=details)


def remind_of_requests(
    session: Session, organisation: Organisation, waiting: Sequence[Acknowledgement], told: Sequence[str], *, at: datetime
) -> None:
    """Three days before the due day, on it, and weekly after it; from then on the 文控员 is told too."""
    today = local_date(at, organisation.time_zone)
    groups: dict[tuple[UUID, date, date], list[Acknowledgement]] = defaultdict(list)
    for row in waiting:
        day = reminder_day(row.due_on, today)
        last = row.reminded_on or local_date(row.asked_at, organisation.time_zone)
        if day is not None and last < day:
            groups[row.revision_id, row.due_on, day].append(row)
    about = controlled(session, organisation.id, {revision_id for revision_id, _, _ in groups})
    for (revision_id, due_on, day), rows in groups.items():
        document, revision = about[revision_id]
        if revision.status is not Status.RELEASED:
            continue  # asked ahead of the release: there is nothing to be read yet
        for row in rows:
            row.reminded_on = today
            session.add(row)
        overdue = due_on < today
        what, names = f"{document.number}《{revision.title}》{revision.label}", "、".join(row.name for row in rows)
        when = f"已于 {due_on} 到期" if overdue else f"将于 {due_on} 到期"
        body = f"{what} 的阅读确认{when}，尚未确认的有：{names}。请阅读后登录系统确认。"
        logins = list(dict.fromkeys([*(row.login for row in rows), *(told if overdue else ())]))
        subject, key = f"请阅读并确认 {what}", f"acknowledgement-remind:{revision_id}:{due_on}:{day}"
        notify(session, organisation, logins, subject=subject, body=body, event="acknowledgement:remind", key=key, at=at)


def _by_revision(rows: Sequence[Row]) -> dict[UUID, list[Row]]:
    found: dict[UUID, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.revision_id].append(row)
    return found


def _lines(copies: Sequence[Copy], about: Revisions) -> list[str]:
    return [
        f"{about[copy.revision_id][0].number} {about[copy.revision_id][1].label} 分发号 {copy.copy_number} {copy.holder_name}"
        f"（{copy.recall_due_on} 起应回收）"
        for copy in copies
    ]


def _logins(copies: Sequence[Copy], told: Sequence[str]) -> list[str]:
    return list(dict.fromkeys([*(copy.holder_login for copy in copies if copy.holder_login), *told]))
