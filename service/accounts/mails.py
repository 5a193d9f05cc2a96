"""The two mails of accounts. Each holds a secret, which stands nowhere but in its text.

They are written as nobody's, also where an organisation invites: the outbox shows such texts to no organisation and forgets them once sent.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import quote

from sqlmodel import Session

from service.accounts.links import invite, request_reset
from service.accounts.models import User
from service.accounts.rules import LINK_LIFETIME, LinkPurpose
from service.accounts.secret import digest
from service.errors import Refused
from service.notices.actions import send_mail
from service.settings import settings

_INVITATION = """\
{name}，您好：

{organisation}邀请您使用售后服务管理手册系统，您的登录名是：{login}

请打开下面的链接设置密码，链接在 {days} 天内有效，只能使用一次：
{link}

如果您不认识邀请人，请不要打开链接，直接删除本邮件即可。
"""
_RESET = """\
{name}，您好：

有人为登录名 {login} 申请了重新设置密码。如果是您本人，请打开下面的链接，链接在 {minutes} 分钟内有效，只能使用一次：
{link}

如果不是您本人申请的，请忽略本邮件，您的密码不会改变。
"""


def send_invitation(session: Session, user: User, organisation_name: str, *, by: str, at: datetime) -> None:
    """Invite a person who has no password yet. Refused without an address; Conflict if he has a password."""
    if not user.email:
        raise Refused(f"用户“{user.login}”没有邮箱，不能邀请", code="email_missing")
    token = invite(session, user, by=by, at=at)
    days = LINK_LIFETIME[LinkPurpose.INVITATION].days
    words = {"name": user.name, "login": user.login, "organisation": organisation_name, "days": days}
    body = _INVITATION.format(link=_link(LinkPurpose.INVITATION, token), **words)
    _send(session, user, f"{organisation_name}邀请您使用售后服务管理手册系统", body, token, LinkPurpose.INVITATION, at)


def send_reset(session: Session, login: str, *, at: datetime) -> None:
    """Send a link to whoever has this log-in name; nothing to anybody else, and no word about it."""
    found = request_reset(session, login, at=at)
    if found is None:
        return
    user, token = found
    minutes = LINK_LIFETIME[LinkPurpose.RESET] // timedelta(minutes=1)
    body = _RESET.format(name=user.name, login=user.login, minutes=minutes, link=_link(LinkPurpose.RESET, token))
    _send(session, user, "重新设置密码", body, token, LinkPurpose.RESET, at)


def _link(purpose: LinkPurpose, token: str) -> str:
    return f"{settings().home}/{purpose.value}?token={quote(token)}"


def _send(session: Session, user: User, subject: str, body: str, token: str, purpose: LinkPurpose, at: datetime) -> None:
    send_mail(session, None, [user.email], subject, body, event=f"{purpose.value}:send", key=digest(token), at=at)
