"""Taking a step of the lifecycle: check, change, sign, record. Record forms go along with the procedure that carries them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from service.approvals.models import Signoff
from service.approvals.queries import is_carried, refusal, signoffs
from service.approvals.rules import OBSOLETE_POSTS, SIGNS, STEP_NAMES, TRANSITIONS, Step, post_refusal
from service.clock import local_date
from service.coverage.actions import confirm, record_claims, withdraw_claims
from service.coverage.queries import claims_of_revision
from service.documents import actions as documents
from service.documents.models import Document, Revision
from service.documents.queries import Controlled, awaited, carried, in_force, running
from service.documents.rules import Status
from service.errors import InputError, Refused
from service.organisations.models import Organisation
from service.organisations.queries import values_on
from service.organisations.rules import Actor, Catalogue
from service.standards.rules import Standard, code_key
from service.text.fill import fill, variables_in
from service.text.frontmatter import read_front
from service.text.model import Kind
from service.trail.actions import record


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
) -> None:
    """提交审核: the text is filled with the values of that day and frozen, its claims are recorded, the preparer signs.

    Draft record forms that the text names in `records` go along. InputError if a variable is blank or unknown.
    """
    _check(session, document, revision, Step.SUBMIT, by)
    values = values_on(session, organisation.id, local_date(at, organisation.time_zone), catalogue=catalogue)
    forms = _forms_of(session, organisation, document, revision)
    filled = [(each, fill(each.source, values, file=each.title)) for each in (revision, *forms)]  # all of them before any changes
    for each, text in filled:
        _freeze(session, each, text, values)
        record_claims(session, each, standard)
    for form in forms:
        form.carrier_id = revision.id
        session.add(form)
    session.flush()
    _take(session, document, revision, Step.SUBMIT, by, at)


def _freeze(session: Session, revision: Revision, text: str, values: Mapping[str, Any]) -> None:
    names = set(variables_in(revision.source))
    retention = read_front(revision.source, revision.title).retention
    if retention:
        names.add(f"retention.{retention}")
    documents.freeze(session, revision, text, {name: _plain(_lookup(values, name)) for name in sorted(names)})


def _lookup(values: Mapping[str, Any], name: str) -> Any:
    found: Any = values
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _plain(value: Any) -> Any:
    """A value as JSON: dates as text, the rest as it is."""
    return value.isoformat() if isinstance(value, date) else value


def _forms_of(session: Session, organisation: Organisation, document: Document, revision: Revision) -> list[Revision]:
    """Draft record forms named by this text that no other procedure carries yet."""
    if document.kind is Kind.RECORD_FORM:
        return []
    named = set(_records(revision))
    return [
        pair.revision
        for pair in running(session, organisation.id)
        if pair.document.kind is Kind.RECORD_FORM
        and pair.document.key in named
        and pair.revision.status is Status.DRAFT
        and pair.revision.carrier_id is None
    ]


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
    _check(session, document, revision, Step.REVIEW, by)
    together = (revision, *carried(session, revision))
    _all_claimed(session, together, standard, confirmed or ())
    count = sum(confirm(session, document, each, standard, by=by, at=at, indicators=confirmed) for each in together)
    _take(session, document, revision, Step.REVIEW, by, at, comment)
    return count


def _all_claimed(session: Session, together: Iterable[Revision], standard: Standard, confirmed: Collection[str]) -> None:
    claims = (claim for each in together for claim in claims_of_revision(session, each.organisation_id, each.id))
    claimed = {claim.indicator for claim in claims if claim.standard == standard.id}
    missing = [code for code in dict.fromkeys(confirmed) if code not in claimed]
    if missing:
        there = "、".join(sorted(claimed, key=code_key)) or "无"
        raise InputError(f"本修订没有对应指标 {'、'.join(missing)}，不能确认；已对应的指标：{there}", code="unclaimed_indicator")


def approve(session: Session, document: Document, revision: Revision, *, by: Actor, at: datetime, comment: str = "") -> None:
    """批准: the text is what it says; it takes force only when it is released."""
    _check(session, document, revision, Step.APPROVE, by)
    for each in (revision, *carried(session, revision)):
        each.approved_at = at
        session.add(each)
    _take(session, document, revision, Step.APPROVE, by, at, comment)


def release(
    session: Session, organisation: Organisation, document: Document, revision: Revision, *, by: Actor, at: datetime, effective_on: date
) -> None:
    """发布 by the document controller: in force from `effective_on`, which is the day of release or later."""
    _check(session, document, revision, Step.RELEASE, by)
    released_on = local_date(at, organisation.time_zone)
    for each in (revision, *carried(session, revision)):
        documents.put_in_force(session, each, released_on=released_on, effective_on=effective_on, at=at)
    _take(session, document, revision, Step.RELEASE, by, at, details={"effective_on": effective_on.isoformat()})


def return_(session: Session, document: Document, revision: Revision, *, by: Actor, at: datetime, reason: str) -> None:
    """退回: back to draft with a reason; its sign-offs and confirmations are void, its claims withdrawn."""
    if not reason.strip():
        raise InputError("退回时请写明原因", code="reason_missing")
    _back_to_draft(session, document, revision, Step.RETURN, by, at, reason)


def withdraw(session: Session, document: Document, revision: Revision, *, by: Actor, at: datetime) -> None:
    """撤回: the preparer takes the revision back before it is approved."""
    _back_to_draft(session, document, revision, Step.WITHDRAW, by, at, "")


def obsolete(session: Session, document: Document, revision: Revision, *, on: date, by: Actor, at: datetime, reason: str) -> list[Document]:
    """作废 by the document controller, from day `on`. Returns the record forms that are made obsolete along with the text.

    These are the forms in force that the text names and that no other text in force on that day or released for later names.
    """
    wrong_post = post_refusal(by.name, "作废", OBSOLETE_POSTS, by.posts)
    if wrong_post:
        raise Refused(f"{document.number} {revision.label}：{wrong_post}", code="step_refused")
    forms = _forms_left(session, document, revision, on)
    documents.make_obsolete(session, document, revision, on=on, by=by, at=at, reason=reason)
    for form in forms:
        along = f"随 {document.number} 作废：{reason}"
        documents.make_obsolete(session, form.document, form.revision, on=on, by=by, at=at, reason=along)
    return [form.document for form in forms]


def _forms_left(session: Session, document: Document, revision: Revision, on: date) -> list[Controlled]:
    """Record forms in force on `on` that only this document names."""
    if document.kind is Kind.RECORD_FORM:
        return []
    valid = in_force(session, document.organisation_id, on)
    texts = [pair for pair in (*valid, *awaited(session, document.organisation_id, on)) if pair.document.kind is not Kind.RECORD_FORM]
    others = {key for pair in texts if pair.document.id != document.id for key in _records(pair.revision)}
    own = set(_records(revision)) - others
    return [pair for pair in valid if pair.document.kind is Kind.RECORD_FORM and pair.document.key in own]


def _records(revision: Revision) -> tuple[str, ...]:
    return read_front(revision.source, revision.title).records


def _back_to_draft(session: Session, document: Document, revision: Revision, step: Step, by: Actor, at: datetime, reason: str) -> None:
    _check(session, document, revision, step, by)
    forms = carried(session, revision)
    _take(session, document, revision, step, by, at, reason, details={"reason": reason})
    for each in (revision, *forms):
        for signoff in signoffs(session, each):
            signoff.voided_at = at
            session.add(signoff)
        withdraw_claims(session, each, at=at)
        documents.thaw(session, each)
    session.flush()


def _check(session: Session, document: Document, revision: Revision, step: Step, by: Actor) -> None:
    if is_carried(session, revision):
        raise Refused(f"记录表单 {document.number} 随引用它的程序文件一起审批，请对程序文件操作", code="carried_form")
    reason = refusal(session, revision, step, by)
    if reason:
        raise Refused(f"{document.number} {revision.label}:{reason}", code="step_refused")


def _take(
    session: Session,
    document: Document,
    revision: Revision,
    step: Step,
    by: Actor,
    at: datetime,
    comment: str = "",
    details: dict[str, Any] | None = None,
) -> None:
    """Change the status of the revision and its forms, sign them, and leave one trail entry."""
    together = (revision, *carried(session, revision))
    for each in together:
        each.status = TRANSITIONS[each.status, step]
        session.add(each)
        if step in SIGNS:
            session.add(_signoff(each, step, by, at, comment))
    session.flush()
    record(
        session,
        document.organisation_id,
        at=at,
        by=by.login,
        action=f"revision:{step.value}",
        subject="document",
        subject_id=document.number,
        details={
            "label": revision.label,
            "step": STEP_NAMES[step],
            "fingerprints": [each.fingerprint for each in together],
            **(details or {}),
        },
    )


def _signoff(revision: Revision, step: Step, by: Actor, at: datetime, comment: str) -> Signoff:
    return Signoff(
        organisation_id=revision.organisation_id,
        revision_id=revision.id,
        meaning=SIGNS[step],
        login=by.login,
        name=by.name,
        post=by.post_name,
        at=at,
        fingerprint=revision.fingerprint,
        comment=comment,
    )
