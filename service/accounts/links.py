"""Links by e-mail: an invitation to choose a first password, and a reset of a forgotten one."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from service.accounts.actions import end_tokens, require_active, set_password, void_links
from service.accounts.events import note
from service.accounts.login import forget_failures
from service.accounts.models import AccountLink, User
from service.accounts.queries import link_with_user, open_links, user_by_login
from service.accounts.rules import LINK_LIFETIME, RESET_AGAIN_AFTER, LinkPurpose
from service.accounts.secret import digest, new_token
from service.errors import Conflict, Refused


def invite(session: Session, user: User, *, by: str, at: datetime) -> str:
    """The secret of an invitation, told once; a former invitation no longer works. Conflict if the person has a password."""
    require_active(user)
    if user.password_hash is not None:
        raise Conflict(f"用户“{user.login}”已设置密码，不需要邀请", code="user_has_password")
    return _new_link(session, user, LinkPurpose.INVITATION, by, at)


def request_reset(session: Session, login: str, *, at: datetime) -> tuple[User, str] | None:
    """Whom to send a reset, and its secret; None where there is nobody, no address, or one was sent just now.

    The edge says the same each time.
    """
    user = user_by_login(session, login, lock=True)
    if user is None or user.disabled_at is not None or user.password_hash is None or not user.email:
        return None
    if any(at - link.created_at < RESET_AGAIN_AFTER for link in open_links(session, user.id)):
        return None
    return user, _new_link(session, user, LinkPurpose.RESET, "", at)


def accept_invitation(session: Session, token: str, password: str, *, at: datetime) -> User:
    """The first password of an invited person."""
    return _follow(session, token, LinkPurpose.INVITATION, password, at)


def use_reset(session: Session, token: str, password: str, *, at: datetime) -> User:
    """A new password instead of a forgotten one: all log-in sessions end, a lock-out too; the second factor stays."""
    return _follow(session, token, LinkPurpose.RESET, password, at)


def _new_link(session: Session, user: User, purpose: LinkPurpose, by: str, at: datetime) -> str:
    void_links(session, user, at)
    token = new_token("sml")
    row = AccountLink(user_id=user.id, purpose=purpose, token_hash=digest(token), created_at=at, expires_at=at + LINK_LIFETIME[purpose])
    session.add(row)
    note(session, f"{purpose.value}:send", user, by=by, at=at, subject=row.id)
    session.flush()
    return token


def _follow(session: Session, token: str, purpose: LinkPurpose, password: str, at: datetime) -> User:
    """Spend the link and set the password, both or neither.

    Locks are taken in the order of every other action: the counter of the log-in name, the account, what hangs on it.
    """
    found = link_with_user(session, token, purpose, at)
    if found:
        forget_failures(session, found[1].login)
        user_by_login(session, found[1].login, lock=True)
        found = link_with_user(session, token, purpose, at, lock=True)
    if not found:
        raise Refused("链接无效、已过期或已使用，请重新申请", code="link_invalid")
    link, user = found
    set_password(session, user, password, by=user.login, at=at)
    end_tokens(session, user, at)  # whoever had to reset may have lost more than a password
    link.used_at, link.voided_at = at, None
    session.add(link)
    note(session, f"{purpose.value}:use", user, by=user.login, at=at, subject=link.id)
    session.flush()
    return user
