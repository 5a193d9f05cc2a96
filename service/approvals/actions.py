"""The steps of the lifecycle, one verb each: lock, check, change, sign, record (see taking.py). Edges call these."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime

from sqlmodel import Session

from service.approvals.along import form_refusal
from service.approvals.case import Case
from service.approvals.freezing import freeze_together
from service.approvals.permission import obsolete_refusal
from service.approvals.queries import forms_left, forms_to_carry, locked
from service.approvals.rules import Outcome, Step, clean_words
from service.approvals.taking import begin, end_approval, start_approval, take, void_signoffs
from service.clock import local_date
from service.coverage.actions import confirm, withdraw_claims
from service.coverage.queries import claims_of_revision
from service.documents import actions as documents
from service.documents.models import Document, Revision
from service.documents.queries import carried, locked_history
from service.errors import InputError
from service.organisations.models import Organisation
from service.organisations.queries import values_on
from service.organisations.rules import Actor, Catalogue
from service.standards.rules import Standard, code_key


def submit(
    session: Session,
    organisation: Organisation,
    document: Document,
    revision: Revision,
    *,
    standard: Standard,
    catalogue: Catalogue,
    by: Actor,
    at: datetime,
    comment: str = "",
) -> None:
    """提交审核: the text is filled with the values of that day and frozen, its claims are recorded, the preparer signs.

    Draft record forms that the text names in `records` go along. The route of the approval rule in force is fixed. Refused if there is
    nobody who could review, countersign or approve, or a form has a rule of its own with another route; Forbidden if the preparer may not
    draft one of the forms; InputError if a variable is blank or unknown.
    """
    case = begin(session, document, revision, Step.SUBMIT, by, at)
    comment = clean_words(comment, "意见")
    forms = forms_to_carry(session, document, case.revision, lock=True)
    refused = form_refusal(case, Step.SUBMIT, forms)
    if refused is not None:
        raise refused
    values = values_on(session, organisation.id, case.on, catalogue=catalogue)
    freeze_together(session, (case.revision, *forms), values, standard)
    for form in forms:
        form.carrier_id = revision.id
        session.add(form)
    start_approval(case)
    take(case, Step.SUBMIT, comment=comment, details={"route": case.route_details})


def review(
    session: Session,
    document: Document,
    revision: Revision,
    *,
    standard: Standard,
    by: Actor,
    at: datetime,
    confirmed: Collection[str] | None = None,
    comment: str = "",
) -> int:
    """审核: the reviewer signs and confirms the claims, all of them or only those on the indicators in `confirmed`; returns how many.

    InputError if `confirmed` names an indicator that the texts do not claim.
    """
    case = begin(session, document, revision, Step.REVIEW, by, at)
    comment = clean_words(comment, "意见")
    together = (case.revision, *carried(session, case.revision))
    _all_claimed(session, together, standard, confirmed or ())
    count = sum(confirm(session, document, each, standard, by=by, at=at, indicators=confirmed) for each in together)
    take(case, Step.REVIEW, comment=comment)
    return count


def _all_claimed(session: Session, together: Iterable[Revision], standard: Standard, confirmed: Collection[str]) -> None:
    claims = (claim for each in together for claim in claims_of_revision(session, each.organisation_id, each.id))
    claimed = {claim.indicator for claim in claims if claim.standard == standard.id}
    missing = [code for code in dict.fromkeys(confirmed) if code not in claimed]
    if missing:
        there = "、".join(sorted(claimed, key=code_key)) or "无"
        raise InputError(f"本修订没有对应指标 {'、'.join(missing)}，不能确认；已对应的指标：{there}", code="unclaimed_indicator")


def countersign(session: Session, document: Document, revision: Revision, *, by: Actor, at: datetime, comment: str = "") -> None:
    """会签, in any order: one sign-off for a post of the route; the text goes on to approval when enough posts have signed."""
    case = begin(session, document, revision, Step.COUNTERSIGN, by, at)
    comment = clean_words(comment, "意见")
    take(case, Step.COUNTERSIGN, comment=comment, details={"post": case.post_for(Step.COUNTERSIGN)})


def approve(session: Session, document: Document, revision: Revision, *, by: Actor, at: datetime, comment: str = "") -> None:
    """批准: the text is what it says; it takes force only when it is released."""
    case = begin(session, document, revision, Step.APPROVE, by, at)
    comment = clean_words(comment, "意见")
    for each in (case.revision, *carried(session, case.revision)):
        each.approved_at = at
        session.add(each)
    end_approval(case, Outcome.APPROVED)
    take(case, Step.APPROVE, comment=comment)


def release(
    session: Session, organisation: Organisation, document: Document, revision: Revision, *, by: Actor, at: datetime, effective_on: date
) -> None:
    """发布 by the document controller: in force from `effective_on`, which is the day of release or later."""
    case = begin(session, document, revision, Step.RELEASE, by, at)
    for each in (case.revision, *carried(session, case.revision)):
        documents.put_in_force(session, each, released_on=local_date(at, organisation.time_zone), effective_on=effective_on, at=at)
    take(case, Step.RELEASE, details={"effective_on": effective_on.isoformat()})


def return_(session: Session, document: Document, revision: Revision, *, by: Actor, at: datetime, reason: str) -> None:
    """退回: back to draft with a reason; its sign-offs and confirmations are void, its claims withdrawn."""
    case = begin(session, document, revision, Step.RETURN, by, at)
    reason = clean_words(reason, "原因")
    if not reason:
        raise InputError("退回时请写明原因", code="reason_missing")
    _back_to_draft(case, Step.RETURN, reason)


def withdraw(session: Session, document: Document, revision: Revision, *, by: Actor, at: datetime) -> None:
    """撤回: the preparer takes the revision back before it is approved."""
    _back_to_draft(begin(session, document, revision, Step.WITHDRAW, by, at), Step.WITHDRAW, "")


def _back_to_draft(case: Case, step: Step, reason: str) -> None:
    together = (case.revision, *carried(case.session, case.revision))
    end_approval(case, Outcome.RETURNED if step is Step.RETURN else Outcome.WITHDRAWN)
    voided = [seal for each in together for seal in void_signoffs(case, each)]
    take(case, step, details={"reason": reason, "voided": voided})
    for each in together:
        withdraw_claims(case.session, each, at=case.at)
        documents.thaw(case.session, each)
    case.session.flush()


def obsolete(session: Session, document: Document, revision: Revision, *, on: date, by: Actor, at: datetime, reason: str) -> list[Document]:
    """作废 by the document controller, from day `on`. Returns the record forms that are made obsolete along with the text.

    These are the forms in force that the text names and that no other text in force on that day or released for later names. Refused
    while a revision of the document or of such a form is on its way.
    """
    locked_history(session, document)
    revision = locked(session, document, revision)
    refused = obsolete_refusal(document, revision, by)
    if refused is not None:
        raise refused
    reason = clean_words(reason, "原因")
    if revision.released_at is not None and at < revision.released_at:
        raise InputError(f"{document.number} {revision.label}：作废时间早于发布时间", code="step_before_previous")
    forms = forms_left(session, document, revision, on)
    documents.make_obsolete(session, document, revision, on=on, by=by, at=at, reason=reason)
    for form in forms:
        along = f"随 {document.number} 作废：{reason}"
        documents.make_obsolete(session, form.document, form.revision, on=on, by=by, at=at, reason=along)
    return [form.document for form in forms]
