"""Taking a step of the lifecycle: check, change, sign, record. Record forms go along with the procedure that carries them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from service.approvals.models import Signoff
from service.approvals.queries import is_carried, refusal, signoffs
from service.approvals.rules import SIGNS, STEP_NAMES, TRANSITIONS, Step
from service.clock import local_date
from service.coverage.actions import confirm, record_claims, withdraw_claims
from service.documents import actions as documents
from service.documents.models import Document, Revision
from service.documents.queries import carried, running
from service.documents.rules import Status
from service.errors import InputError, Refused
from service.organisations.models import Organisation
from service.organisations.queries import values_on
from service.organisations.rules import Actor, Catalogue
from service.standards.rules import Standard
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
    named = set(read_front(revision.source, revision.title).records)
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
) -> None:
    """审核: the reviewer signs and confirms the claims, all of them or only those on the indicators in `confirmed`."""
    _check(session, document, revision, Step.REVIEW, by)
    for each in (revision, *carried(session, revision)):
        confirm(session, document, each, standard, by=by, at=at, indicators=confirmed)
    _take(session, document, revision, Step.REVIEW, by, at, comment)


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
    """退回: back to draft with a reason; its sign-offs are void, its claims withdrawn."""
    if not reason.strip():
        raise InputError("退回时请写明原因", code="reason_missing")
    _back_to_draft(session, document, revision, Step.RETURN, by, at, reason)


def withdraw(session: Session, document: Document, revision: Revision, *, by: Actor, at: datetime) -> None:
    """撤回: the preparer takes the revision back before it is approved."""
    _back_to_draft(session, document, revision, Step.WITHDRAW, by, at, "")


def _back_to_draft(session: Session, document: Document, revision: Revision, step: Step, by: Actor, at: datetime, reason: str) -> None:
    _check(session, document, revision, step, by)
    forms = carried(session, revision)
    _take(session, document, revision, step, by, at, reason, details={"reason": reason})
    for each in (revision, *forms):
        for signoff in signoffs(session, each):
            signoff.voided_at = at
            session.add(signoff)
        withdraw_claims(session, each)
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
