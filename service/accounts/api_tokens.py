"""API tokens: a program acts for a person, within scopes and until a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlmodel import Session

from service.accounts.actions import require_active
from service.accounts.events import note, note_refusal
from service.accounts.models import ApiToken, User
from service.accounts.queries import token_with_user
from service.accounts.rules import SEEN_EVERY, TOKEN_DAYS, Denial, Denied, TokenScope, is_line, opens
from service.accounts.secret import digest, new_token
from service.errors import Conflict, InputError


def create_api_token(
    session: Session, user: User, name: str, scopes: Iterable[TokenScope], *, days: int, by: str, at: datetime
) -> tuple[str, ApiToken]:
    """(the secret, told once; its row). `days` until it expires."""
    require_active(user)
    kept = sorted({scope.value for scope in scopes})
    if fault := _fault(name, kept, days):
        raise InputError(fault, code="bad_token")
    token = new_token("smt")
    row = ApiToken(
        user_id=user.id, name=name.strip(), token_hash=digest(token), scopes=kept, created_at=at, expires_at=at + timedelta(days=days)
    )
    session.add(row)
    note(session, "token:create", user, by=by, at=at, subject=row.id, details={"name": row.name, "scopes": kept, "days": days})
    session.flush()
    return token, row


def revoke_api_token(session: Session, row: ApiToken, user: User, *, by: str, at: datetime) -> None:
    """It works no more from now on."""
    if row.revoked_at is not None:
        raise Conflict(f"API 令牌“{row.name}”已经撤销", code="token_revoked")
    row.revoked_at = at
    session.add(row)
    note(session, "token:revoke", user, by=by, at=at, subject=row.id)


def authenticate_api_token(session: Session, token: str, scope: TokenScope, *, at: datetime) -> tuple[ApiToken, User] | Denied:
    """For whom this token acts, if it opens `scope`: one select. (In a reading session nothing is written.)"""
    found = token_with_user(session, token)
    if found is None:
        return Denied(Denial.API)
    row, user = found
    reason = _refusal(row, user, scope, at)
    if reason:
        note_refusal(session, "token:refuse", user, row.id, at, reason)
        return Denied(Denial.SCOPE if reason == "scope" else Denial.API)
    if row.last_used_at is None or at - row.last_used_at >= SEEN_EVERY:
        row.last_used_at = at
        session.add(row)
    return row, user


def _refusal(row: ApiToken, user: User, scope: TokenScope, at: datetime) -> str:
    if user.disabled_at is not None:
        return "disabled"
    if row.revoked_at is not None:
        return "revoked"
    if at >= row.expires_at:
        return "expired"
    return "" if opens([TokenScope(value) for value in row.scopes], scope) else "scope"


def _fault(name: str, scopes: list[str], days: int) -> str | None:
    if not is_line(name, 80):
        return "API 令牌须有 1 至 80 个字符的名称，说明作何用"
    if not scopes:
        return "API 令牌须至少有一个权限范围"
    if days not in TOKEN_DAYS:
        return f"API 令牌的有效期须为 {TOKEN_DAYS.start} 至 {TOKEN_DAYS.stop - 1} 天"
    return None
