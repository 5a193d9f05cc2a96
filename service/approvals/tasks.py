"""Acts that fall due: telling people that an exception from separate duties is about to end."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

from service.approvals.queries import duty_exceptions
from service.clock import local_date
from service.organisations.models import Organisation
from service.organisations.notify import notify
from service.organisations.queries import members, roles_of
from service.organisations.roles import Act, may

SOON = timedelta(days=14)
EVENT = "duty_exception:expiring"


def due(session: Session, organisation: Organisation, *, at: datetime) -> int:
    """A notice fourteen days before an exception ends, to whom it benefits and to those who approve; told once."""
    on = local_date(at, organisation.time_zone)
    expiring = duty_exceptions(session, organisation.id, on=on, within=SOON)
    if not expiring:
        return 0
    approvers = [user.login for row, user in members(session, organisation.id) if may(roles_of([row], on), Act.APPROVE)]
    told = 0
    for exception in expiring:
        subject = f"职责分离例外将于 {exception.valid_until} 到期：{exception.login}"
        body = f"理由：{exception.reason}。到期后编制、审核、批准须由不同的人完成，请及早安排人员或重新申请。"
        key = f"{EVENT}:{exception.id}"
        told += notify(session, organisation, [exception.login, *approvers], subject=subject, body=body, event=EVENT, key=key, at=at)
    return told
