"""The page of one's own account: password, second factor, log-in sessions, API tokens. Each form does one thing and leads back."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import segno
from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from service import clock
from service.accounts.actions import revoke_all_sessions, revoke_session
from service.accounts.api_tokens import create_api_token, revoke_api_token
from service.accounts.forms import Field, tried
from service.accounts.identity import Caller, ReadingPerson, WritingPerson, csrf_token
from service.accounts.login import change_password, confirm_identity
from service.accounts.models import ApiToken
from service.accounts.queries import api_tokens, find_own_token, find_session, open_sessions
from service.accounts.rules import Denied, TokenScope
from service.accounts.second_factor import Setup, confirm_second_factor, disable_second_factor, has_second_factor, start_second_factor
from service.errors import InputError
from service.web.depends import Reading, Writing
from service.web.templating import page

router = APIRouter(prefix="/account")
DONE = {
    "password": "密码已更换，其他登录都已结束。",
    "second_factor": "动态验证码已启用，以后每次登录都要输入。",
    "no_second_factor": "动态验证码已停用。",
    "session": "该登录已结束。",
    "sessions": "其他登录都已结束。",
    "token": "API 令牌已撤销。",
}
SCOPES = {TokenScope.READ: "只读", TokenScope.WRITE: "读取和编辑", TokenScope.MANAGE: "读取和管理成员"}
DAYS = (30, 90, 180, 365)
USUAL_TOKEN = {"name": "", "scope": TokenScope.READ.value, "days": 90}
"""How the form of a new token stands there."""


@router.get("")
def account(session: Reading, caller: ReadingPerson, done: str = "") -> HTMLResponse:
    return _account(session, caller, done=DONE.get(done, ""))


@router.post("/password")
def new_password(session: Writing, caller: WritingPerson, old: Field = "", password: Field = "", again: Field = "") -> Response:
    keep = caller.require_person().id

    def change() -> Denied | None:
        if password != again:
            raise InputError("两次输入的密码不一致", code="passwords_differ")
        return change_password(session, caller.user, old, password, at=clock.now(), keep=keep)

    fault, status = tried(session, change)
    return _account(session, caller, faults={"password": fault}, status=status) if fault else _back("password")


@router.post("/second-factor/start")
def start(session: Writing, caller: WritingPerson, password: Field = "") -> Response:
    """The page itself shows the secret, once."""
    made: list[Setup] = []

    def begin() -> Denied | None:
        denied = confirm_identity(session, caller.user, password=password, at=clock.now())
        if denied is None:
            made.append(start_second_factor(session, caller.user, at=clock.now()))
        return denied

    fault, status = tried(session, begin)
    return _account(session, caller, faults=_faults("second_factor", fault), setup=_setup(made[0]) if made else None, status=status)


@router.post("/second-factor/confirm")
def confirm(session: Writing, caller: WritingPerson, code: Field = "") -> Response:
    fault, status = tried(session, lambda: confirm_second_factor(session, caller.user, code, at=clock.now()))
    if fault:
        return _account(session, caller, faults={"second_factor": fault}, confirming=status == 422, status=status)
    return _back("second_factor")


@router.post("/second-factor/disable")
def disable(session: Writing, caller: WritingPerson, password: Field = "") -> Response:

    def stop() -> Denied | None:
        denied = confirm_identity(session, caller.user, password=password, at=clock.now())
        if denied is None:
            disable_second_factor(session, caller.user, by=caller.user.login, at=clock.now())
        return denied

    fault, status = tried(session, stop)
    return _account(session, caller, faults={"second_factor": fault}, status=status) if fault else _back("no_second_factor")


@router.post("/sessions/{session_id}/end")
def end_session(session_id: UUID, session: Writing, caller: WritingPerson) -> Response:
    at = clock.now()
    revoke_session(session, find_session(session, caller.user.id, session_id, at), caller.user, by=caller.user.login, at=at)
    return _back("session")


@router.post("/sessions/end-others")
def end_other_sessions(session: Writing, caller: WritingPerson) -> Response:
    keep = caller.require_person().id
    revoke_all_sessions(session, caller.user, by=caller.user.login, at=clock.now(), keep=keep)
    return _back("sessions")


@router.post("/tokens")
def new_token(
    session: Writing,
    caller: WritingPerson,
    scope: Annotated[TokenScope, Form()],
    days: Annotated[int, Form()],
    name: Field = "",
    password: Field = "",
) -> Response:
    """The page itself shows the new token, once: it stands in no address and in no redirect."""
    made: list[tuple[str, ApiToken]] = []

    def make() -> Denied | None:
        denied = confirm_identity(session, caller.user, password=password, at=clock.now())
        if denied is None:
            made.append(create_api_token(session, caller.user, name, [scope], days=days, by=caller.user.login, at=clock.now()))
        return denied

    fault, status = tried(session, make)
    typed = {"name": name, "scope": scope.value, "days": days} if fault else {}
    return _account(
        session, caller, faults=_faults("tokens", fault), new_token=made[0][0] if made else "", typed=USUAL_TOKEN | typed, status=status
    )


@router.post("/tokens/{token_id}/revoke")
def end_token(token_id: UUID, session: Writing, caller: WritingPerson) -> Response:
    row = find_own_token(session, caller.user.id, token_id)
    revoke_api_token(session, row, caller.user, by=caller.user.login, at=clock.now())
    return _back("token")


def _back(done: str) -> Response:
    return RedirectResponse(f"/account?done={done}", 303)


def _faults(section: str, fault: str) -> dict[str, str]:
    return {section: fault} if fault else {}


def _account(session: Session, caller: Caller, *, status: int = 200, **context: Any) -> HTMLResponse:
    current, user, at = caller.require_person(), caller.user, clock.now()
    usual = {
        "done": "",
        "faults": {},
        "new_token": "",
        "typed": USUAL_TOKEN,
        "has_second_factor": has_second_factor(user),
        "setup": None,
        "confirming": False,
        "sessions": [
            {"id": row.id, "current": row.id == current.id, "since": row.created_at, "seen": row.last_seen_at}
            for row in open_sessions(session, user.id, at)
        ],
        "tokens": [_token(row) for row, _ in api_tokens(session, user.id) if row.revoked_at is None and at < row.expires_at],
        "scopes": {scope.value: words for scope, words in SCOPES.items()},
        "days": DAYS,
    }
    return page("accounts/account.html", status=status, caller=user, csrf=csrf_token(current), **usual | context)


def _setup(setup: Setup) -> dict[str, str]:
    """The secret in groups of four, as one types it, and its address as a picture for the phone to read."""
    groups = [setup.secret[start : start + 4] for start in range(0, len(setup.secret), 4)]
    picture = segno.make_qr(setup.uri, error="m").svg_data_uri(
        scale=4, border=4, light="#fff", title="二维码", svgclass=None, lineclass=None
    )
    return {"secret": " ".join(groups), "uri": setup.uri, "picture": picture}


def _token(row: ApiToken) -> dict[str, Any]:
    words = "、".join(SCOPES[TokenScope(scope)] for scope in row.scopes)
    return {"id": row.id, "name": row.name, "scopes": words, "until": row.expires_at, "used": row.last_used_at}
