"""阅读确认: the person's own word that he has read a revision, and excusing somebody from it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session

from service.clock import local_date
from service.distribution.acknowledgement_queries import questions_of
from service.distribution.queries import former_since
from service.distribution.recording import record_about
from service.distribution.rows import AskedPerson
from service.distribution.rules import LONGEST_NOTE, Verdict, line, wrong_answers
from service.documents.models import Document, Revision
from service.documents.queries import of_day, revisions
from service.documents.readers import lock_document
from service.documents.rules import Status
from service.errors import Forbidden, Refused
from service.organisations.models import Organisation
from service.organisations.roles import Act
from service.organisations.rules import Actor, require


def acknowledge(
    session: Session,
    organisation: Organisation,
    asked: AskedPerson,
    answers: Sequence[Sequence[int]] = (),
    *,
    by: Actor,
    at: datetime,
) -> Verdict:
    """The person himself says that he has read the revision, with the positions (from 0) of the options he chose for each question.

    Wrong answers are no refusal but a verdict: the attempt counts and he may try again. Refused before the release and when another
    revision is in force; InputError unless there is one answer for each question.
    """
    require(by, Act.ACKNOWLEDGE)
    lock_document(session, asked.document)  # nobody sets other questions meanwhile
    row, revision = asked.row, asked.revision
    if row.login != by.login:
        raise Forbidden(f"{by.name}不能代人确认：由{row.name}本人确认", code="not_allowed")
    _require_waiting(asked)
    fault = standing_against(session, asked.document, revision, local_date(at, organisation.time_zone))
    if fault:
        raise fault
    questions = questions_of(session, revision)
    wrong = wrong_answers([question.right_options for question in questions], answers)
    row.attempts += 1
    row.answers = [list(given) for given in answers]
    row.score = round(100 * (len(questions) - wrong) / len(questions)) if questions else None
    row.acknowledged_at = at if not wrong else None
    session.add(row)
    details = {"login": row.login, "attempt": row.attempts, "score": row.score, "fingerprint": revision.fingerprint}
    action = "acknowledgement:fail" if wrong else "acknowledgement:confirm"
    record_about(session, asked.document, revision, action, by=by, at=at, details=details)
    return Verdict(not wrong, len(questions), wrong, row.attempts)


def excuse(session: Session, asked: AskedPerson, *, reason: str, by: Actor, at: datetime) -> None:
    """Somebody need not acknowledge (any longer), for a reason such as a long leave."""
    require(by, Act.DISTRIBUTE)
    reason = line(reason, "免予确认的原因", LONGEST_NOTE)
    _require_waiting(asked)
    row = asked.row
    row.excused_at, row.excused_by, row.excuse_reason = at, by.login, reason
    session.add(row)
    details = {"login": row.login, "reason": reason}
    record_about(session, asked.document, asked.revision, "acknowledgement:excuse", by=by, at=at, details=details)


def _require_waiting(asked: AskedPerson) -> None:
    row, revision = asked.row, asked.revision
    what = f"{row.name}对 {asked.document.number} {revision.label} 的阅读确认"
    if row.acknowledged_at is not None:
        raise Refused(f"{what}已完成", code="acknowledged_already")
    if row.excused_at is not None:
        raise Refused(f"{what}已免除：{row.excuse_reason}", code="excused")


def standing_against(session: Session, document: Document, revision: Revision, today: date) -> Refused | None:
    """Why nobody can acknowledge this revision today, if nobody can: it is not released yet, or another one is in force."""
    what = f"{document.number} {revision.label}"
    if revision.status is not Status.RELEASED:
        return Refused(f"{what} 尚未发布，由文控员发布后才能确认", code="not_released")
    valid = of_day(revisions(session, document), today)
    if valid is not None and valid.id != revision.id:
        ahead = revision.effective_on is not None and revision.effective_on > today
        later = f"{what} 自 {revision.effective_on} 起实施，届时再确认" if ahead else f"{what} 不再需要确认"
        return Refused(f"{document.number} 现行有效的是 {valid.label}，{later}", code="other_revision_in_force")
    since = former_since(session, revision, today)
    return Refused(f"{what} 自 {since} 起不再有效，不再需要确认", code="not_in_force") if since is not None else None
