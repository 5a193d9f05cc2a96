"""Who is told of a request: the approvers when it is submitted, the requester when it is decided and when it is carried out."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from service.changes.models import ChangeRequest
from service.changes.rules import STATUS_NAMES, ChangeStatus
from service.clock import local_date
from service.organisations.models import Organisation
from service.organisations.notify import notify
from service.organisations.queries import members, roles_of
from service.organisations.roles import Act, may


def approvers(session: Session, organisation: UUID, on: date) -> list[str]:
    """Log-in names of those who may decide on a request on day `on`."""
    held = members(session, organisation)
    found = (user.login for row, user in held if user.disabled_at is None and may(roles_of([row], on), Act.DECIDE_CHANGE))
    return list(dict.fromkeys(found))


def tell_approvers(session: Session, organisation: Organisation, request: ChangeRequest, *, at: datetime) -> None:
    own = {request.created_by, request.submitted_by, *request.edited_by}
    logins = [login for login in approvers(session, organisation.id, local_date(at, organisation.time_zone)) if login not in own]
    subject = f"文件更改申请 {request.number} 待批准：{request.title}"
    body = f"{request.created_name}提交了文件更改申请 {request.number}“{request.title}”，请审批。\n更改原因：{request.reason}"
    notify(session, organisation, logins, subject=subject, body=body, event="change:submit", key=f"change:{request.number}:submit", at=at)


def tell_requester(session: Session, organisation: Organisation, request: ChangeRequest, *, at: datetime) -> None:
    state = STATUS_NAMES[request.status]
    subject = f"文件更改申请 {request.number} {state}：{request.title}"
    comment = f"\n审批意见：{request.comment}" if request.comment else ""
    body = f"{request.decided_post}{request.decided_name}审批了文件更改申请 {request.number}“{request.title}”，结果：{state}。{comment}"
    notify(
        session,
        organisation,
        [request.created_by],
        subject=subject,
        body=body,
        event="change:decide",
        key=f"change:{request.number}:decide",
        at=at,
    )


def tell_done(session: Session, organisation: Organisation, request: ChangeRequest, *, at: datetime) -> None:
    subject = f"文件更改申请 {request.number} {STATUS_NAMES[ChangeStatus.DONE]}：{request.title}"
    body = f"文件更改申请 {request.number}“{request.title}”的全部更改都已完成，可以打印更改通知和修改页。"
    notify(
        session,
        organisation,
        [request.created_by],
        subject=subject,
        body=body,
        event="change:close",
        key=f"change:{request.number}:close",
        at=at,
    )
