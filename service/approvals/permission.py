"""Whether somebody may take a step with a revision now, and why not: the one question behind buttons and guards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session

from service.approvals.along import form_refusal, travels
from service.approvals.case import Case as Case
from service.approvals.case import together
from service.approvals.queries import exceptions_for
from service.approvals.route import posts_asked, route_fault, shortage
from service.approvals.rules import (
    OBSOLETE,
    OBSOLETE_ACT,
    SIGNS,
    STEP_NAMES,
    TRANSITIONS,
    Meaning,
    Step,
    acts_for,
    may_sign,
    role_refusal,
    steps_from,
)
from service.documents.actions import under_way
from service.documents.models import Document, Revision
from service.documents.rules import Status
from service.errors import Forbidden, Refused, ServiceError
from service.organisations.rules import Actor


def allowed_steps(session: Session, revision: Revision, by: Actor, *, at: datetime) -> tuple[Step, ...]:
    """The steps this person may take now."""
    case = Case(session, revision, by, at)
    return tuple(step for step in steps_from(revision.status) if refusal_of(case, step) is None)


def refusals(session: Session, revision: Revision, by: Actor, *, at: datetime) -> dict[Step, ServiceError | None]:
    """For every step why this person may not take it now; None if he may."""
    case = Case(session, revision, by, at)
    return {step: refusal_of(case, step) for step in Step}


def refusal(session: Session, revision: Revision, step: Step, by: Actor, *, at: datetime) -> ServiceError | None:
    """Why this person may not take this step now; None if nothing stands against it.

    Forbidden if his role does not allow it, else Refused; one sentence with who may do it and what is missing.
    """
    return refusal_of(Case(session, revision, by, at), step)


def refusal_of(case: Case, step: Step) -> ServiceError | None:
    """The same of a case."""
    name = f"{case.document.number} {case.revision.label}"
    wrong_role = _wrong_role(case, step)
    if wrong_role:
        return Forbidden(f"{name}：{wrong_role}", code="not_allowed")
    if travels(case):
        return Refused(f"记录表单 {case.document.number} 随引用它的程序文件一起审批，请对程序文件操作", code="carried_form")
    for reason, code in REASONS:
        found = reason(case, step)
        if found:
            return Refused(f"{name}：{found}", code=code)
    return form_refusal(case, step, case.forms)


def obsolete_refusal(document: Document, revision: Revision, by: Actor, newest: Revision | None = None) -> ServiceError | None:
    """Why this person may not make a revision obsolete; None if nothing stands against it. `newest`: the document's last revision."""
    name = f"{document.number} {revision.label}"
    wrong_role = role_refusal(by.name, OBSOLETE, (OBSOLETE_ACT,), by.roles, document.department)
    if wrong_role:
        return Forbidden(f"{name}：{wrong_role}", code="not_allowed")
    if revision.status is not Status.RELEASED or revision.obsolete_on is not None:
        return Refused(f"{name} 没有发布，或已经作废，不能作废", code="not_in_force")
    if newest is not None and newest.status is not Status.RELEASED:
        return under_way(document, newest)
    return None


def _wrong_role(case: Case, step: Step) -> str | None:
    acts = acts_for(step, case.revision.status)
    found = role_refusal(case.by.name, STEP_NAMES[step], acts, case.by.roles, case.document.department)
    posts = posts_asked(case.route, step, case.revision.status) if found and (case.revision.status, step) in TRANSITIONS else ()
    return f"{found}，须担任{case.staff.words(posts, '或')}" if posts else found


def _out_of_turn(case: Case, step: Step) -> str | None:
    possible = steps_from(case.revision.status)
    if step in possible:
        return None
    return f"修订当前状态不能{STEP_NAMES[step]}，现在可以做的是：{'、'.join(STEP_NAMES[other] for other in possible) or '无'}"


def _obsolete_already(case: Case, step: Step) -> str | None:
    """What is obsolete never comes back by a later revision."""
    if step not in (Step.SUBMIT, Step.RELEASE):
        return None
    return f"文件已作废，不能{STEP_NAMES[step]}" if case.is_over else None


def _not_the_preparer(case: Case, step: Step) -> str | None:
    """The preparer withdraws; everybody else returns."""
    prepared = case.by.login in case.signed.get(Meaning.PREPARE, frozenset())
    if step is Step.WITHDRAW and not prepared:
        return f"{case.by.name}不能撤回：只有编制人可以撤回"
    if step is Step.RETURN and prepared and (case.revision.status, Step.WITHDRAW) in TRANSITIONS:
        return f"{case.by.name}不能退回：由编制人以外的人退回，编制人请撤回"
    return None


def _no_post(case: Case, step: Step) -> str | None:
    if step not in SIGNS or case.by.post_name:
        return None
    return f"{case.by.name}不能{STEP_NAMES[step]}：签署人须担任岗位，{case.by.name}在{case.organisation.name}没有岗位"


def _wrong_post(case: Case, step: Step) -> str | None:
    posts = posts_asked(case.route, step, case.revision.status)
    if step is Step.APPROVE and not posts:
        return f"{case.by.name}不能批准：审批规则没有写明批准岗位"
    if not posts or set(posts) & set(case.by.posts):
        return None
    return f"{case.by.name}不能{STEP_NAMES[step]}：这一步由{case.staff.words(posts, '或')}完成"


def _signed_already(case: Case, step: Step) -> str | None:
    meaning = SIGNS.get(step)
    if meaning is None:
        return None
    if not may_sign(meaning, case.by.login, case.done(meaning), map(together, case.exceptions)):
        has_signed = any(case.by.login in logins for logins in case.signed.values())
        before = "已在本修订上签署" if has_signed else "编写过本修订的正文"
        same = "一人只签一次" if meaning is Meaning.COUNTERSIGN else "编制、审核、批准须由不同的人完成"
        return f"{case.by.name}不能{STEP_NAMES[step]}：{before}，{same}{_others(case, step)}"
    if step is Step.COUNTERSIGN and not case.post_for(step):
        return f"{case.by.name}不能会签：其岗位已有人会签{_others(case, step)}"
    return None


def _others(case: Case, step: Step) -> str:
    posts = [post for post in posts_asked(case.route, step, case.revision.status) if post not in case.countersigned]
    return f"，可由{case.staff.words(posts, '或')}完成" if posts else ""


def _nobody_left(case: Case, step: Step) -> str | None:
    """Never a silent approval: what nobody could sign is not submitted."""
    if step is not Step.SUBMIT:
        return None

    def allowed(login: str) -> list[frozenset[Meaning]]:
        return [together(row) for row in exceptions_for(case.session, case.document, login, case.on)]

    missing = route_fault(case.route) or shortage(case.route, case.staff, {case.by.login, *case.writers}, allowed)
    return f"现在不能提交审核：{missing}" if missing else None


REASONS: tuple[tuple[Callable[[Case, Step], str | None], str], ...] = (
    (_out_of_turn, "step_refused"),
    (_obsolete_already, "document_obsolete"),
    (_not_the_preparer, "step_refused"),
    (_no_post, "post_missing"),
    (_wrong_post, "step_refused"),
    (_signed_already, "step_refused"),
    (_nobody_left, "post_vacant"),
)
"""What may stand against a step beside the role, in the order in which it is told, with the code of the refusal."""
