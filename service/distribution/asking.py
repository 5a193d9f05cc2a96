"""阅读确认: asking people to read a revision until a day."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from service.clock import local_date
from service.distribution.acknowledgement_queries import acknowledgements_of
from service.distribution.models import Acknowledgement
from service.distribution.queries import former_since
from service.distribution.recording import record_about
from service.documents.models import Document, Revision
from service.documents.readers import Person, departments_above, lock_document, people, people_addressed
from service.documents.recipients import require_on_chart
from service.documents.rules import STATUS_NAMES, Status
from service.errors import Conflict, InputError, Refused
from service.organisations.models import Department, Organisation
from service.organisations.notify import notify
from service.organisations.queries import chart_on, members, roles_of, rows_on
from service.organisations.roles import Act, may
from service.organisations.rules import Actor, require

LONGEST_TERM = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom to ask: departments (with those below), posts, log-in names. Nothing at all: everybody the document is addressed to."""

    departments: frozenset[str] = frozenset()
    posts: frozenset[str] = frozenset()
    logins: frozenset[str] = frozenset()


def ask(
    session: Session,
    organisation: Organisation,
    document: Document,
    revision: Revision,
    whom: Asked,
    *,
    due_on: date,
    by: Actor,
    at: datetime,
) -> list[Acknowledgement]:
    """Ask people to read a revision until `due_on`; who was asked already is left out. Returns the new requests.

    Refused before the revision is approved and when it is out of use; Conflict if everybody was asked already; InputError for a day
    that has passed, for nobody, and for somebody who cannot read the document.
    """
    require(by, Act.DISTRIBUTE)
    today = local_date(at, organisation.time_zone)
    _require_readable(session, document, revision, today)
    if not today <= due_on <= today + LONGEST_TERM:
        raise InputError(f"阅读确认的截止日期 {due_on} 须在今天至一年之内", code="bad_due_day")
    chosen = _chosen(session, organisation, document, whom, today)
    lock_document(session, document)
    asked = {row.login for row in acknowledgements_of(session, revision) if row.excused_at is None and row.ended_at is None}
    rows = [
        Acknowledgement(
            organisation_id=organisation.id,
            document_id=document.id,
            revision_id=revision.id,
            login=person.login,
            name=person.name,
            department=next(iter(person.departments), ""),
            asked_at=at,
            asked_by=by.login,
            due_on=due_on,
        )
        for person in chosen
        if person.login not in asked
    ]
    if not rows:
        raise Conflict(f"已请这些人员阅读 {document.number} {revision.label}，不能重复发起", code="asked_already")
    session.add_all(rows)
    details = {"due_on": due_on.isoformat(), "logins": [row.login for row in rows]}
    record_about(session, document, revision, "acknowledgement:ask", by=by, at=at, details=details)
    _tell(session, organisation, document, revision, rows, at)
    return rows


def _tell(
    session: Session, organisation: Organisation, document: Document, revision: Revision, rows: list[Acknowledgement], at: datetime
) -> None:
    what = f"{document.number}《{revision.title}》{revision.label}"
    names = "、".join(row.name for row in rows)
    body = f"请{names}在 {rows[0].due_on} 前阅读 {what}，并登录系统确认。"
    key, logins = f"acknowledgement-ask:{rows[0].id}", [row.login for row in rows]
    notify(session, organisation, logins, subject=f"请阅读 {what}", body=body, event="acknowledgement:ask", key=key, at=at)


def _require_readable(session: Session, document: Document, revision: Revision, today: date) -> None:
    if revision.status not in (Status.APPROVED, Status.RELEASED):
        state = STATUS_NAMES[revision.status]
        raise Refused(f"{document.number} {revision.label} 尚未批准（{state}），批准后才能请人阅读确认", code="not_approved")
    since = former_since(session, revision, today)
    if since is not None:
        raise Refused(f"{document.number} {revision.label} 自 {since} 起不再有效，不能请人阅读确认", code="not_in_force")


def _chosen(session: Session, organisation: Organisation, document: Document, whom: Asked, today: date) -> list[Person]:
    """The persons, in the order of the chart; InputError for somebody unknown, for nobody, and for those who cannot read the document."""
    addressed = people_addressed(session, document, today)
    if whom == Asked():
        if not addressed:
            raise InputError(f"文件 {document.number} 的发放范围内没有人员，请先设置发放范围", code="nobody_addressed")
        return addressed
    require_on_chart(chart_on(session, organisation.id, today), whom.departments, whom.posts)
    everybody = people(session, organisation.id, today)
    unknown = sorted(whom.logins - {person.login for person in everybody})
    if unknown:
        raise InputError(f"{organisation.name}没有登录名为“{'、'.join(unknown)}”的人员", code="unknown_person")
    rows = rows_on(session, Department, organisation.id, today)
    chosen = [person for person in everybody if _is_chosen(person, whom, departments_above(rows, person.departments))]
    if not chosen:
        raise InputError("所选部门和岗位没有人员", code="nobody_chosen")
    readers = {person.login for person in addressed} | _read_all(session, organisation, today)
    outside = [person.name for person in chosen if person.login not in readers]
    if outside:
        raise InputError(f"{'、'.join(outside)}不在文件 {document.number} 的发放范围内，请先调整发放范围", code="not_addressed")
    return chosen


def _is_chosen(person: Person, whom: Asked, departments: Collection[str]) -> bool:
    return person.login in whom.logins or bool(whom.posts & person.posts) or bool(whom.departments & set(departments))


def _read_all(session: Session, organisation: Organisation, today: date) -> set[str]:
    return {user.login for row, user in members(session, organisation.id) if may(roles_of([row], today), Act.READ_ALL)}
