"""Record forms that are signed together with the procedure that names them: which they are, and what stands against it."""

from __future__ import annotations

from collections.abc import Iterable

from service.approvals.case import Case
from service.approvals.queries import naming_drafts
from service.approvals.route import DEFAULT_ROUTE, Route
from service.approvals.rules import SIGNS, STEP_NAMES, Step, acts_for, role_refusal
from service.documents.models import Document, Revision
from service.documents.queries import last_released
from service.errors import Forbidden, Refused, ServiceError

ALONG = frozenset({*SIGNS, Step.RELEASE})
"""The steps that say yes to the forms too."""


def travels(case: Case) -> bool:
    """Whether this record form is signed together with a procedure: one that carries it, or a draft that names it and so will.

    A form whose own rule asks for another route than theirs is signed alone.
    """
    if case.revision.carrier_id is not None:
        return True
    return any(_goes(case, case.document, _route_of(case, other)) for other in naming_drafts(case.session, case.revision))


def _route_of(case: Case, document: Document) -> Route:
    rule = case.rule_of(document)
    return rule.route if rule is not None else DEFAULT_ROUTE


def _goes(case: Case, form: Document, route: Route) -> bool:
    rule = case.rule_of(form)
    return rule is None or rule.route == route


def form_refusal(case: Case, step: Step, forms: Iterable[Revision]) -> ServiceError | None:
    """Why these forms may not be signed along with the case by this person now; None if nothing stands against it."""
    if step not in ALONG:
        return None
    found = (_refusal(case, step, case.session.get_one(Document, form.document_id)) for form in forms)
    return next((each for each in found if each is not None), None)


def _refusal(case: Case, step: Step, form: Document) -> ServiceError | None:
    name = f"{case.document.number} {case.revision.label}：随之审批的记录表单 {form.number}"
    wrong_role = role_refusal(case.by.name, STEP_NAMES[step], acts_for(step, case.revision.status), case.by.roles, form.department)
    if wrong_role:
        return Forbidden(f"{name}：{wrong_role}", code="not_allowed")
    if step is not Step.SUBMIT:
        return None
    if not _goes(case, form, case.route):
        told = "有自己的审批规则，与本文件的审批路线不同，请先单独提交该表单，或统一两者的审批规则"
        return Refused(f"{name}{told}", code="form_rule_differs")
    released = last_released(case.session, form)
    if released is not None and released.obsolete_on is not None:
        return Refused(f"{name}已作废，不能{STEP_NAMES[step]}", code="document_obsolete")
    return None
