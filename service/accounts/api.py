"""JSON of logging in and out, and of the log-in sessions that a person has open."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from service import clock
from service.accounts.actions import revoke_all_sessions, revoke_session
from service.accounts.identity import (
    Caller,
    Cookie,
    ReadingCaller,
    ReadingPerson,
    WritingPerson,
    csrf_token,
    let_in,
    see_out,
    unauthenticated,
    writing_person,
)
from service.accounts.login import log_in, log_out
from service.accounts.queries import find_session, open_sessions
from service.accounts.rules import Denied
from service.accounts.schemas import Ended, LoginBody, Person, SessionAnswer, SessionLine, session_line
from service.web.depends import Reading, Writing
from service.web.faults import PROBLEMS
from service.web.once import OnceRoute
from service.web.paging import USUAL, Cursor, Limit, Page, paged
from service.web.rate import limited, welcome

router = APIRouter(tags=["session"], route_class=OnceRoute, responses=PROBLEMS)


@router.post("/session", dependencies=[Depends(limited)])
def enter(body: LoginBody, request: Request, response: Response, session: Writing, cookie: Cookie) -> SessionAnswer:
    """登录。启用了动态验证码的，先答复 second_factor_needed，再连同 code 重新提交。"""
    entered = log_in(session, body.login, body.password, code=body.code, at=clock.now())
    if isinstance(entered, Denied):
        raise unauthenticated(entered)
    let_in(session, response, entered, cookie)
    welcome(request)
    return _answer(Caller(entered.user, entered.session, ()))


@router.get("/session")
def who(caller: ReadingCaller) -> SessionAnswer:
    """本人及 CSRF 令牌。"""
    return _answer(caller)


@router.delete("/session", status_code=204, dependencies=[Depends(writing_person, scope="function")])
def leave(response: Response, session: Writing, cookie: Cookie) -> None:
    """退出登录。"""
    log_out(session, cookie or "", at=clock.now())
    see_out(response)


@router.get("/sessions")
def sessions(session: Reading, caller: ReadingPerson, limit: Limit = USUAL, cursor: Cursor = None) -> Page[SessionLine]:
    """本人正在进行的全部登录，最新的在前。"""
    current = caller.require_person().id
    lines = [session_line(row, current) for row in open_sessions(session, caller.user.id, clock.now())]
    return paged(lines, lambda line: str(line.id), limit, cursor)


@router.delete("/sessions/{session_id}", status_code=204)
def end_session(session_id: UUID, session: Writing, caller: WritingPerson) -> None:
    """结束本人的一个登录，立即生效。"""
    at = clock.now()
    revoke_session(session, find_session(session, caller.user.id, session_id, at), caller.user, by=caller.user.login, at=at)


@router.delete("/sessions")
def end_other_sessions(session: Writing, caller: WritingPerson) -> Ended:
    """结束本人的其他全部登录。"""
    keep = caller.require_person().id
    ended = revoke_all_sessions(session, caller.user, by=caller.user.login, at=clock.now(), keep=keep)
    return Ended(sessions_ended=ended)


def _answer(caller: Caller) -> SessionAnswer:
    row = caller.session
    return SessionAnswer(
        user=Person(login=caller.user.login, name=caller.user.name),
        csrf_token=csrf_token(row) if row else None,
        expires_at=row.expires_at if row else None,
    )
