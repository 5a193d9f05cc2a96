"""Helping a member who has forgotten his password: the link goes to his own mailbox, the administrator sees none of it."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from service.accounts.mails import send_reset
from service.accounts.models import User
from service.errors import Refused
from service.organisations.models import Organisation
from service.organisations.roles import Act
from service.organisations.rules import Actor, require
from service.trail.actions import record


def send_member_reset(session: Session, organisation: Organisation, user: User, *, by: Actor, at: datetime) -> None:
    """Send a member a link for a new password; within minutes of the last one nothing is sent again.

    Refused where no link can be sent: he has not set a first password yet (invite him), has no address, or is disabled.
    """
    require(by, Act.MANAGE)
    if user.disabled_at is not None:
        raise Refused(f"{user.name}的账号已停用", code="user_disabled")
    if user.password_hash is None:
        raise Refused(f"{user.name}还没有设置过密码，请重新邀请", code="user_not_yet_in")
    if not user.email:
        raise Refused(f"{user.name}没有邮箱，请系统运维人员重新设置密码", code="email_missing")
    send_reset(session, user.login, at=at)
    record(session, organisation.id, at=at, by=by.login, action="member:reset", subject="member", subject_id=user.login)
