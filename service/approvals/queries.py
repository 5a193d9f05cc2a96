"""Every select of sign-offs, approvals, the rules for them and the exceptions from separate duties."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from service.approvals.models import Approval, ApprovalRule, DutyException, Signoff
from service.approvals.rules import Meaning, Outcome, Step
from service.documents.models import Document, Revision
from service.documents.queries import Controlled, awaited, in_force, running
from service.documents.rules import Status
from service.errors import NotFound
from service.text.frontmatter import read_front
from service.text.model import Kind
from service.trail.models import TrailEntry


def signoffs(session: Session, revision: Revision) -> list[Signoff]:
    """Valid sign-offs in the order of time."""
    query = select(Signoff).where(
        Signoff.organisation_id == revision.organisation_id, Signoff.revision_id == revision.id, col(Signoff.voided_at).is_(None)
    )
    return sorted(session.exec(query), key=_in_order)


def signoffs_by_revision(
    session: Session, organisation: UUID, revisions: Collection[UUID] | None = None, *, documents: Collection[UUID] | None = None
) -> dict[UUID, list[Signoff]]:
    """The valid sign-offs of an organisation, all or those of these revisions or documents, in one select, by revision, in the order of time."""
    query = select(Signoff).where(Signoff.organisation_id == organisation, col(Signoff.voided_at).is_(None)).order_by(col(Signoff.at))
    if revisions is not None:
        query = query.where(col(Signoff.revision_id).in_(revisions))
    if documents is not None:
        query = query.join(Revision, col(Revision.id) == Signoff.revision_id).where(col(Revision.document_id).in_(documents))
    found: dict[UUID, list[Signoff]] = defaultdict(list)
    for row in session.exec(query):
        found[row.revision_id].append(row)
    return found


def signoffs_of_document(session: Session, document: Document) -> list[tuple[Revision, Signoff]]:
    """Every sign-off of every revision, voided ones too, in the order of time."""
    query = select(Revision, Signoff).join(Signoff, col(Signoff.revision_id) == Revision.id)
    rows = session.exec(query.where(Revision.document_id == document.id, Signoff.organisation_id == document.organisation_id))
    return sorted(rows, key=lambda row: _in_order(row[1]))


def _in_order(row: Signoff) -> tuple[object, ...]:
    return row.at, tuple(Meaning).index(row.meaning), row.login


def signers(session: Session, revision: Revision) -> dict[Meaning, frozenset[str]]:
    """Logins of who has signed, by meaning."""
    return by_meaning(signoffs(session, revision))


def by_meaning(rows: Iterable[Signoff]) -> dict[Meaning, frozenset[str]]:
    """Of sign-offs that were read: logins by meaning."""
    found: dict[Meaning, set[str]] = defaultdict(set)
    for row in rows:
        found[row.meaning].add(row.login)
    return {meaning: frozenset(logins) for meaning, logins in found.items()}


def by_post(rows: Iterable[Signoff]) -> dict[str, str]:
    """Of sign-offs that were read: post → who has countersigned for it."""
    return {row.post_key: row.login for row in rows if row.meaning is Meaning.COUNTERSIGN}


def naming_drafts(session: Session, revision: Revision) -> list[Document]:
    """The documents whose drafts name this draft record form and so could carry it; none for any other revision."""
    document = session.get(Document, revision.document_id)
    if document is None or document.kind is not Kind.RECORD_FORM or revision.status is not Status.DRAFT:
        return []
    others = (pair for pair in running(session, revision.organisation_id) if pair.document.kind is not Kind.RECORD_FORM)
    drafts = (pair for pair in others if pair.revision.status is Status.DRAFT)
    return [pair.document for pair in drafts if document.key in records_of(pair.revision)]


def records_of(revision: Revision) -> tuple[str, ...]:
    """Keys of the record forms that a text names."""
    return read_front(revision.source, revision.title).records


def forms_to_carry(session: Session, document: Document, revision: Revision, *, lock: bool = False) -> list[Revision]:
    """Draft record forms named by this text that no other procedure carries yet; with `lock` nobody else takes them meanwhile."""
    if document.kind is Kind.RECORD_FORM:
        return []
    query = (
        select(Revision)
        .join(Document, col(Revision.document_id) == Document.id)
        .where(
            Document.organisation_id == document.organisation_id,
            Document.kind == Kind.RECORD_FORM,
            col(Document.key).in_(records_of(revision)),
            Revision.status == Status.DRAFT,
            col(Revision.carrier_id).is_(None),
        )
        .order_by(col(Revision.id))
    )
    if lock:
        query = query.with_for_update(of=Revision).execution_options(populate_existing=True)
    return sorted(session.exec(query), key=lambda row: row.title)


def forms_left(session: Session, document: Document, revision: Revision, on: date) -> list[Controlled]:
    """Record forms in force on `on` that only this document names."""
    if document.kind is Kind.RECORD_FORM:
        return []
    valid = in_force(session, document.organisation_id, on)
    texts = [pair for pair in (*valid, *awaited(session, document.organisation_id, on)) if pair.document.kind is not Kind.RECORD_FORM]
    others = {key for pair in texts if pair.document.id != document.id for key in records_of(pair.revision)}
    own = set(records_of(revision)) - others
    return [pair for pair in valid if pair.document.kind is Kind.RECORD_FORM and pair.document.key in own]


def locked(session: Session, document: Document, revision: Revision) -> Revision:
    """The document's revision as it is now; until the transaction ends nobody else takes a step with it."""
    own = Revision.document_id == document.id, Revision.organisation_id == document.organisation_id
    query = select(Revision).where(Revision.id == revision.id, *own)
    return session.exec(query.with_for_update().execution_options(populate_existing=True)).one()


def running_approval(session: Session, revision: Revision) -> Approval | None:
    """The approval that this revision is going through."""
    query = select(Approval).where(
        Approval.organisation_id == revision.organisation_id, Approval.revision_id == revision.id, col(Approval.ended_at).is_(None)
    )
    return session.exec(query.execution_options(populate_existing=True)).one_or_none()


def running_approvals(session: Session, organisation: UUID) -> dict[UUID, Approval]:
    """The approvals that revisions are going through now, by revision."""
    query = select(Approval).where(Approval.organisation_id == organisation, col(Approval.ended_at).is_(None))
    return {row.revision_id: row for row in session.exec(query)}


def returned(session: Session, organisation: UUID) -> dict[UUID, Approval]:
    """The last approval of each draft that was returned and not submitted again, by revision."""
    query = (
        select(Approval)
        .join(Revision, col(Revision.id) == Approval.revision_id)
        .where(Approval.organisation_id == organisation, Revision.status == Status.DRAFT)
        .order_by(col(Approval.submitted_at))
    )
    last = {row.revision_id: row for row in session.exec(query)}
    return {revision: row for revision, row in last.items() if row.outcome is Outcome.RETURNED}


def return_reasons(session: Session, organisation: UUID, numbers: Collection[str]) -> dict[str, TrailEntry]:
    """The last entry of the trail about a return, by number of the document; its `details["reason"]` says why."""
    query = select(TrailEntry).where(
        TrailEntry.organisation_id == organisation,
        TrailEntry.action == f"revision:{Step.RETURN.value}",
        col(TrailEntry.subject_id).in_(numbers),
    )
    return {row.subject_id: row for row in session.exec(query.order_by(col(TrailEntry.position)))}


def approval_rules(session: Session, organisation: UUID) -> list[ApprovalRule]:
    """Every rule that was ever proposed, oldest first."""
    query = select(ApprovalRule).where(ApprovalRule.organisation_id == organisation)
    return list(session.exec(query.order_by(col(ApprovalRule.proposed_at), col(ApprovalRule.id))))


def find_approval_rule(session: Session, organisation: UUID, rule: UUID) -> ApprovalRule:
    """By id, within the organisation, locked until the transaction ends."""
    query = select(ApprovalRule).where(ApprovalRule.organisation_id == organisation, ApprovalRule.id == rule)
    found = session.exec(query.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound("没有这条审批规则", code="approval_rule_not_found")
    return found


def duty_exceptions(
    session: Session, organisation: UUID, *, on: date | None = None, within: timedelta = timedelta.max
) -> list[DutyException]:
    """Every exception; with `on` those valid on that day that expire `within` this time from then."""
    query = select(DutyException).where(DutyException.organisation_id == organisation)
    rows = session.exec(query.order_by(col(DutyException.granted_at), col(DutyException.id)))
    return [row for row in rows if on is None or (is_valid(row, on) and row.valid_until - on <= within)]


def is_valid(row: DutyException, on: date) -> bool:
    """Whether an exception holds on a day."""
    return row.valid_from <= on <= row.valid_until and (row.ended_on is None or on < row.ended_on)


def exceptions_for(session: Session, document: Document, login: str, on: date) -> list[DutyException]:
    """What allows this person on this day to sign meanings of this document together; the exception for this document alone first."""
    return applying(duty_exceptions(session, document.organisation_id, on=on), document, login)


def applying(rows: Iterable[DutyException], document: Document, login: str) -> list[DutyException]:
    """Of exceptions that were read: those for this person and document, the one for this document alone first."""
    return sorted(
        (row for row in rows if row.login == login and row.document_id in (None, document.id)), key=lambda row: row.document_id is None
    )


def exceptions_by_id(session: Session, organisation: UUID) -> dict[UUID, DutyException]:
    """Every exception of an organisation, for printing beside the sign-offs that stand on one (`Signoff.exception_id`)."""
    return {row.id: row for row in duty_exceptions(session, organisation)}


def find_duty_exception(session: Session, organisation: UUID, exception: UUID) -> DutyException:
    """By id, within the organisation, locked until the transaction ends."""
    query = select(DutyException).where(DutyException.organisation_id == organisation, DutyException.id == exception)
    found = session.exec(query.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound("没有这项例外", code="duty_exception_not_found")
    return found
