"""定期评审: how often a document is reviewed, and recording what a review came to."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Session

from service.accounts.rules import has_control_characters
from service.clock import local_date
from service.documents.actions import draft_next
from service.documents.models import Document, PeriodicReview, Revision
from service.documents.queries import locked_history, revision_in_force, revisions
from service.documents.recording import record_about
from service.documents.review_rules import NEEDS_COMMENT, REVIEW_MONTHS, VERDICT_NAMES, Verdict
from service.errors import InputError, Refused
from service.organisations.models import Organisation
from service.organisations.roles import Act
from service.organisations.rules import SYSTEM, Actor, require

LONGEST_COMMENT = 1000


def set_review_months(session: Session, document: Document, months: int, *, by: Actor, at: datetime) -> None:
    """How many months lie between two reviews of a document. InputError outside 1 to 60."""
    require(by, Act.REGISTER)
    if months not in REVIEW_MONTHS:
        raise InputError(f"评审周期须为 {REVIEW_MONTHS.start} 至 {REVIEW_MONTHS.stop - 1} 个月", code="bad_review_months")
    before, document.review_months = document.review_months, months
    session.add(document)
    record_about(session, document, "document:set_review_months", by=by, at=at, details={"months": months, "before": before})


def record_review(
    session: Session,
    organisation: Organisation,
    document: Document,
    verdict: Verdict,
    *,
    comment: str = "",
    reviewed_on: date | None = None,
    by: Actor,
    at: datetime,
) -> PeriodicReview:
    """Record the review of the revision in force on `reviewed_on` (today if None, never later).

    需修订 opens the next draft unless another revision is on its way; 应作废 stays in the due list until the document is made obsolete.
    InputError for a verdict that needs a comment and has none, or a day that has not come; Refused if nothing was in force then.
    """
    require(by, Act.PERIODIC_REVIEW, document.department)
    locked_history(session, document)
    comment = _checked_comment(comment, verdict)
    day = _checked_day(reviewed_on, local_date(at, organisation.time_zone))
    revision = revision_in_force(session, document, day)
    if revision is None:
        raise Refused(f"{document.number} 在 {day} 没有现行有效的修订，不能评审", code="not_in_force")
    row = PeriodicReview(
        organisation_id=document.organisation_id,
        document_id=document.id,
        revision_id=revision.id,
        verdict=verdict,
        comment=comment,
        reviewed_on=day,
        recorded_at=at,
        login=by.login,
        name=by.name,
        post=by.post_name,
    )
    session.add(row)
    session.flush()
    details = {"label": revision.label, "verdict": verdict.value, "reviewed_on": day.isoformat(), "comment": comment}
    record_about(session, document, "document:periodic_review", by=by, at=at, details=details)
    if verdict is Verdict.REVISE:
        _open_draft(session, document, revision, comment, by, at)
    return row


def _open_draft(session: Session, document: Document, reviewed: Revision, comment: str, by: Actor, at: datetime) -> None:
    """The next draft, if the reviewed revision is the newest there is; by the system: the reviewer decides, he does not write."""
    newest = revisions(session, document)[-1]
    if newest.id == reviewed.id and newest.obsolete_on is None:
        draft_next(session, document, by=SYSTEM, at=at, change_summary=f"{by.name}定期评审：{comment}")


def _checked_comment(comment: str, verdict: Verdict) -> str:
    comment = comment.strip()
    if verdict in NEEDS_COMMENT and not comment:
        raise InputError(f"评审结论为“{VERDICT_NAMES[verdict]}”时请写明理由", code="comment_missing")
    if len(comment) > LONGEST_COMMENT or has_control_characters(comment.replace("\n", "")):
        raise InputError(f"评审意见最长 {LONGEST_COMMENT} 个字符，不能有控制字符", code="bad_comment")
    return comment


def _checked_day(reviewed_on: date | None, today: date) -> date:
    if reviewed_on is not None and reviewed_on > today:
        raise InputError(f"评审日期 {reviewed_on} 还没有到", code="review_in_future")
    return reviewed_on or today
