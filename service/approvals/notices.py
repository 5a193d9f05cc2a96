"""Telling people that a document waits for them: whoever may take the next step, or the preparer when it comes back."""

from __future__ import annotations

from collections.abc import Mapping

from service.approvals.permission import Case
from service.approvals.rules import STEP_ACTS, STEP_NAMES, Step
from service.clock import local_date
from service.documents.rules import Status
from service.organisations.notify import notify
from service.organisations.queries import members, roles_of
from service.organisations.roles import may

NEXT: Mapping[Status, Step] = {
    Status.IN_REVIEW: Step.REVIEW,
    Status.COUNTERSIGNING: Step.COUNTERSIGN,
    Status.IN_APPROVAL: Step.APPROVE,
    Status.APPROVED: Step.RELEASE,
}
"""Status → the step that it waits for."""


def tell_next(case: Case, taken: Step, reason: str = "") -> int:
    """Notices after a step that has brought the revision where it stands now; how many are new. Whoever withdraws knows it himself."""
    revision = case.revision
    name = f"{case.document.number}《{revision.title}》{revision.label}"
    step = NEXT.get(revision.status)
    if step is not None:
        logins, subject = _who(case, step), f"待{STEP_NAMES[step]}：{name}"
        body = f"{name} 已由{case.by.name}{STEP_NAMES[taken]}，等待您{STEP_NAMES[step]}。"
    elif taken is Step.RETURN:
        preparer = case.approval.submitted_by if case.approval else revision.created_by
        logins, subject, body = [preparer], f"已退回：{name}", f"{case.by.name}退回了 {name}：{reason}"
    else:
        return 0
    event = f"revision:{taken.value}"
    key = f"{event}:{revision.id}:{case.at.isoformat()}"
    return notify(case.session, case.organisation, logins, subject=subject, body=body, event=event, key=key, at=case.at)


def _who(case: Case, step: Step) -> list[str]:
    """Members whose role allows the step on documents of this department, but for the one who has just acted."""
    on = local_date(case.at, case.organisation.time_zone)
    held = members(case.session, case.organisation.id)
    able = (user.login for row, user in held if may(roles_of([row], on), STEP_ACTS[step], case.document.department))
    return [login for login in dict.fromkeys(able) if login != case.by.login]
