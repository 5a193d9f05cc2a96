"""Sign-offs of revisions, and the steps that a person may take now."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from sqlmodel import Session, col, select

from service.approvals.models import Signoff
from service.approvals.rules import SIGNS, STEP_NAMES, Meaning, Step, may_sign, post_refusal, posts_for, steps_from
from service.documents.models import Document, Revision
from service.documents.queries import running
from service.documents.rules import Status
from service.organisations.rules import Actor
from service.text.frontmatter import read_front
from service.text.model import Kind


def signoffs(session: Session, revision: Revision) -> list[Signoff]:
    """Valid sign-offs in the order of time."""
    query = select(Signoff).where(
        Signoff.organisation_id == revision.organisation_id, Signoff.revision_id == revision.id, col(Signoff.voided_at).is_(None)
    )
    return sorted(session.exec(query), key=lambda row: (row.at, tuple(Meaning).index(row.meaning)))


def signoffs_by_revision(session: Session, organisation: UUID) -> dict[UUID, list[Signoff]]:
    """All valid sign-offs of an organisation in one select, by revision, in the order of time."""
    query = select(Signoff).where(Signoff.organisation_id == organisation, col(Signoff.voided_at).is_(None)).order_by(col(Signoff.at))
    found: dict[UUID, list[Signoff]] = defaultdict(list)
    for row in session.exec(query):
        found[row.revision_id].append(row)
    return found


def signers(session: Session, revision: Revision) -> dict[Meaning, frozenset[str]]:
    """Logins of who has signed, by meaning."""
    found: dict[Meaning, set[str]] = defaultdict(set)
    for row in signoffs(session, revision):
        found[row.meaning].add(row.login)
    return {meaning: frozenset(logins) for meaning, logins in found.items()}


def is_carried(session: Session, revision: Revision) -> bool:
    """Whether a record form is signed together with a procedure: one that carries it, or a draft that names it and so will."""
    if revision.carrier_id is not None:
        return True
    document = session.get(Document, revision.document_id)
    if document is None or document.kind is not Kind.RECORD_FORM or revision.status is not Status.DRAFT:
        return False
    others = (pair for pair in running(session, revision.organisation_id) if pair.document.kind is not Kind.RECORD_FORM)
    drafts = (pair.revision for pair in others if pair.revision.status is Status.DRAFT)
    return any(document.key in read_front(draft.source, draft.title).records for draft in drafts)


def refusal(session: Session, revision: Revision, step: Step, by: Actor) -> str | None:
    """Why this person may not take this step now, as one sentence; None if nothing stands against it."""
    if step not in steps_from(revision.status):
        from_here = "、".join(STEP_NAMES[other] for other in steps_from(revision.status)) or "无"
        return f"修订当前状态不能{STEP_NAMES[step]}，现在可以做的是：{from_here}"
    wrong_post = post_refusal(by.name, STEP_NAMES[step], posts_for(step, revision.status), by.posts)
    if wrong_post:
        return wrong_post
    signed = signers(session, revision)
    prepared = by.login in signed.get(Meaning.PREPARE, frozenset())
    if step is Step.WITHDRAW and not prepared:
        return "只有编制人可以撤回"
    if step is Step.RETURN and revision.status is Status.IN_REVIEW and prepared:
        return f"{by.name}不能退回：审核中由编制人以外的人退回，编制人请撤回"
    meaning = SIGNS.get(step)
    if meaning and not may_sign(meaning, by.login, signed):
        return f"{by.name}不能{STEP_NAMES[step]}：已在本修订上签署，编制、审核、批准须由不同的人完成"
    return None


def allowed_steps(session: Session, revision: Revision, by: Actor) -> tuple[Step, ...]:
    """The steps this person may take now: the one question behind buttons and guards."""
    if is_carried(session, revision):
        return ()  # a record form is approved with the procedure that names it
    return tuple(step for step in steps_from(revision.status) if refusal(session, revision, step, by) is None)
