"""JSON of what proves who one is: the password, the second factor, and one's API tokens. For the person alone, never by a token."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel import Session

from service import clock
from service.accounts.api_tokens import create_api_token, revoke_api_token
from service.accounts.identity import Caller, ReadingPerson, WritingPerson, unauthenticated
from service.accounts.login import change_password, confirm_identity
from service.accounts.queries import api_tokens, find_own_token
from service.accounts.schemas import (
    CodeBody,
    ConfirmedBody,
    NewToken,
    PasswordBody,
    SecondFactorState,
    SetupAnswer,
    TokenBody,
    TokenLine,
    token_line,
)
from service.accounts.second_factor import confirm_second_factor, disable_second_factor, has_second_factor, start_second_factor
from service.web.depends import Reading, Writing
from service.web.faults import PROBLEMS
from service.web.once import OnceRoute
from service.web.paging import USUAL, Cursor, Limit, Page, paged

SECRETS = frozenset({"token", "secret", "uri"})


class ToldOnce(OnceRoute):
    """A route whose answer may hold a secret: what is kept for a repeated request is the answer without it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        follow = super().get_route_handler()

        async def once(request: Request) -> Response:
            response = await follow(request)
            reserved = getattr(request.state, "reserved", None)
            if reserved is not None and reserved.body:
                answer = json.loads(reserved.body)
                reserved.body = json.dumps({name: None if name in SECRETS else value for name, value in answer.items()}, ensure_ascii=False)
            return response

        return once


router = APIRouter(tags=["account"], route_class=ToldOnce, responses=PROBLEMS)


@router.post("/password", status_code=204)
def new_password(body: PasswordBody, session: Writing, caller: WritingPerson) -> None:
    """更换密码：本人的其他登录随之结束。"""
    keep = caller.require_person().id
    denied = change_password(session, caller.user, body.old, body.new, at=clock.now(), keep=keep)
    if denied:
        raise unauthenticated(denied)


@router.get("/second-factor")
def second_factor(caller: ReadingPerson) -> SecondFactorState:
    """动态验证码是否已启用。"""
    return SecondFactorState(enabled=has_second_factor(caller.user))


@router.post("/second-factor")
def start(body: ConfirmedBody, session: Writing, caller: WritingPerson) -> SetupAnswer:
    """开始启用动态验证码：先确认密码；密钥只在此时告知一次，用 confirm 确认后才生效。"""
    _confirm(session, caller, body)
    setup = start_second_factor(session, caller.user, at=clock.now())
    return SetupAnswer(secret=setup.secret, uri=setup.uri)


@router.post("/second-factor/confirm")
def confirm(body: CodeBody, session: Writing, caller: WritingPerson) -> SecondFactorState:
    """确认手机上的验证码，此后每次登录都要输入。"""
    confirm_second_factor(session, caller.user, body.code, at=clock.now())
    return SecondFactorState(enabled=True)


@router.post("/second-factor/disable")
def disable(body: ConfirmedBody, session: Writing, caller: WritingPerson) -> SecondFactorState:
    """停用动态验证码：先确认密码或验证码。"""
    _confirm(session, caller, body)
    disable_second_factor(session, caller.user, by=caller.user.login, at=clock.now())
    return SecondFactorState(enabled=False)


@router.get("/tokens")
def tokens(session: Reading, caller: ReadingPerson, limit: Limit = USUAL, cursor: Cursor = None) -> Page[TokenLine]:
    """本人的 API 令牌，最新的在前，含已到期和已撤销的。"""
    lines = [token_line(row) for row, _ in api_tokens(session, caller.user.id)]
    return paged(lines, lambda line: str(line.id), limit, cursor)


@router.post("/tokens", status_code=201)
def new_token(body: TokenBody, session: Writing, caller: WritingPerson) -> NewToken:
    """建立 API 令牌：先确认密码或验证码；令牌只在此时告知一次。"""
    _confirm(session, caller, body)
    user = caller.user
    secret, row = create_api_token(session, user, body.name, body.scopes, days=body.days, by=user.login, at=clock.now())
    return NewToken(**token_line(row).model_dump(), token=secret)


@router.delete("/tokens/{token_id}", status_code=204)
def revoke(token_id: UUID, session: Writing, caller: WritingPerson) -> None:
    """撤销本人的一个 API 令牌，立即生效。"""
    row = find_own_token(session, caller.user.id, token_id)
    revoke_api_token(session, row, caller.user, by=caller.user.login, at=clock.now())


def _confirm(session: Session, caller: Caller, body: ConfirmedBody) -> None:
    denied = confirm_identity(session, caller.user, password=body.password, code=body.code, at=clock.now())
    if denied:
        raise unauthenticated(denied)
