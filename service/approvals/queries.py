"""Sign-offs of revisions, and the steps that a person may take now."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from sqlmodel import Session, col, select

from service.approvals.models import Signoff
from service.approvals.rules import POST_NAMES, SIGNS, STEP_NAMES, STEP_POSTS, Meaning, Step, may_sign, steps_from
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
    posts = STEP_POSTS.get(step, frozenset())
    if posts and not posts & set(by.posts):
        return f"{by.name}不能{STEP_NAMES[step]}：这一步由{_names(posts)}完成"
    if step is Step.WITHDRAW and by.login not in signers(session, revision).get(SIGNS[Step.SUBMIT], frozenset()):
        return "只有编制人可以撤回"
    meaning = SIGNS.get(step)
    if meaning and not may_sign(meaning, by.login, signers(session, revision)):
        return f"{by.name}不能{STEP_NAMES[step]}：已在本修订上签署，编制、审核、批准须由不同的人完成"
    return None


def allowed_steps(session: Session, revision: Revision, by: Actor) -> tuple[Step, ...]:
    """The steps this person may take now: the one question behind buttons and guards."""
    if is_carried(session, revision):
        return ()  # a record form is approved with the procedure that names it
    return tuple(step for step in steps_from(revision.status) if refusal(session, revision, step, by) is None)


def _names(posts: frozenset[str]) -> str:
    return "或".join(POST_NAMES[key] for key in sorted(posts))
