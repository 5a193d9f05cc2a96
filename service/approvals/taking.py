"""Taking a step: lock, check, change, sign and seal, record. Record forms go along with the procedure that carries them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from service.approvals.case import Case
from service.approvals.models import Approval, Signoff
from service.approvals.notices import tell_next
from service.approvals.permission import refusal_of
from service.approvals.queries import locked, signoffs
from service.approvals.route import next_status
from service.approvals.rules import MEANING_NAMES, SIGNS, STEP_NAMES, Outcome, Step
from service.approvals.seals import Words, seal
from service.documents.models import Document, Revision
from service.documents.queries import carried
from service.documents.recording import record_about
from service.errors import InputError
from service.organisations.rules import Actor


def begin(session: Session, document: Document, revision: Revision, step: Step, by: Actor, at: datetime) -> Case:
    """The case, with the revision as it is now and locked until the transaction ends: of several at once one takes the step.

    Forbidden or Refused if this person may not take it now; InputError if `at` lies before an earlier step of this approval.
    """
    case = Case(session, locked(session, document, revision), by, at)
    refused = refusal_of(case, step)
    if refused is not None:
        raise refused
    _not_before(case, step)
    return case


def _not_before(case: Case, step: Step) -> None:
    earlier = signoffs(case.session, case.revision)
    if earlier and case.at < earlier[-1].at:
        last = earlier[-1]
        zone = ZoneInfo(case.organisation.time_zone)
        own, before = (moment.astimezone(zone).isoformat(" ", "seconds") for moment in (case.at, last.at))
        message = f"{STEP_NAMES[step]}时间 {own} 早于{MEANING_NAMES[last.meaning]}时间 {before}"
        raise InputError(f"{case.document.number} {case.revision.label}：{message}", code="step_before_previous")


def take(case: Case, step: Step, *, comment: str = "", details: dict[str, Any] | None = None) -> None:
    """Sign the revision and its forms, change their status, leave one trail entry with the seals, and tell whoever comes next."""
    together = (case.revision, *carried(case.session, case.revision))
    signed = [_sign(case, step, each, comment) for each in together] if step in SIGNS else []
    countersigned = len(case.countersigned) + (step is Step.COUNTERSIGN)
    former, status = case.revision.status, next_status(case.revision.status, step, case.route, countersigned)
    for each in together:
        each.status = status
        case.session.add(each)
    case.session.add_all(signed)
    case.session.flush()
    own = {"seals": [row.seal for row in signed]} if signed else {}
    _record(case, step, together, {**own, **(details or {})})
    if status is not former:
        tell_next(case, step, str((details or {}).get("reason", "")))


def _record(case: Case, step: Step, together: tuple[Revision, ...], details: dict[str, Any]) -> None:
    about = {"label": case.revision.label, "step": STEP_NAMES[step], "fingerprints": [each.fingerprint for each in together], **details}
    record_about(case.session, case.document, f"revision:{step.value}", by=case.by, at=case.at, details=about)


def _sign(case: Case, step: Step, revision: Revision, comment: str) -> Signoff:
    """The sign-off of one text; a form's is under the document's route and exception, but bound to the form's own text."""
    exception = case.exception_for(SIGNS[step])
    document = case.session.get_one(Document, revision.document_id)
    words = Words(
        number=document.number,
        label=revision.label,
        meaning=SIGNS[step],
        login=case.by.login,
        name=case.by.name,
        post=case.by.post_name,
        post_key=case.post_for(step),
        at=case.at,
        fingerprint=revision.fingerprint,
        comment=comment,
        exception_id=exception.id if exception else None,
    )
    said = words._asdict()
    del said["number"], said["label"]
    return Signoff(organisation_id=revision.organisation_id, revision_id=revision.id, seal=seal(case.organisation.code, words), **said)


def void_signoffs(case: Case, revision: Revision) -> list[str]:
    """What was signed is void; returns the seals for the trail."""
    rows = signoffs(case.session, revision)
    for row in rows:
        row.voided_at = case.at
        case.session.add(row)
    return [row.seal for row in rows]


def start_approval(case: Case) -> Approval:
    """The route of the rule in force is written down: a rule changed later does not touch this approval."""
    route = case.route
    approval = Approval(
        organisation_id=case.organisation.id,
        document_id=case.document.id,
        revision_id=case.revision.id,
        rule_id=case.rule.id if case.rule else None,
        reviewers=list(route.reviewers),
        countersigners=list(route.countersigners),
        countersigns_needed=route.needed,
        approvers=list(route.approvers),
        submitted_at=case.at,
        submitted_by=case.by.login,
    )
    case.session.add(approval)
    case.session.flush()
    return approval


def end_approval(case: Case, outcome: Outcome) -> None:
    """At most once: a revision that is returned after its approval has none running."""
    if case.approval is not None:
        case.approval.ended_at, case.approval.outcome = case.at, outcome
        case.session.add(case.approval)
