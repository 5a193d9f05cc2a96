"""Who sends a request: the person behind an API token or a log-in session. Dependencies of every route that is not public."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Response, Security
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer
from sqlmodel import Session

from service import clock
from service.accounts.api_tokens import authenticate_api_token
from service.accounts.login import LoggedIn, authenticate_session, log_out
from service.accounts.models import LoginSession, User
from service.accounts.rules import DENIALS, Denial, Denied, TokenScope, opens
from service.accounts.secret import same
from service.db import writing
from service.errors import Forbidden, Unauthenticated
from service.settings import require_secret, settings
from service.web.depends import Reading, Writing, csrf_sent
from service.web.once import OnceRoute, once_sent, reserve, sent_body

COOKIE = "service_manual_session"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_bearer = HTTPBearer(auto_error=False, description="API 令牌")
_cookie = APIKeyCookie(name=COOKIE, auto_error=False, description="登录会话；写操作须在 X-CSRF-Token 中带上登录时取得的令牌")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. A log-in session opens everything the person may do; an API token only its scopes, and it never signs."""

    user: User
    session: LoginSession | None
    scopes: tuple[TokenScope, ...]

    def require_scope(self, scope: TokenScope) -> None:
        """Forbidden if a program acts with a token that was not made for this."""
        if self.session is None and not opens(list(self.scopes), scope):
            raise Forbidden(DENIALS[Denial.SCOPE], code=Denial.SCOPE.value)

    def require_person(self) -> LoginSession:
        """The log-in session; Forbidden for a program: what only the person may do, such as signing."""
        if self.session is None:
            raise Forbidden("API 令牌不能代人签署或管理账号，请由本人登录后操作", code="token_cannot_act")
        return self.session


def csrf_token(row: LoginSession) -> str:
    """The token that a write by this log-in session must bring along: bound to the session, forged only with the server's secret."""
    secret = require_secret(settings()).encode()
    return hmac.new(secret, f"csrf {row.token_hash}".encode(), hashlib.sha256).hexdigest()


def require_csrf(row: LoginSession, sent: str) -> None:
    """Forbidden unless the token of this log-in session came along."""
    if not same(sent, csrf_token(row)):
        raise Forbidden("请求缺少有效的 CSRF 令牌，请刷新页面后再试", code="csrf_missing")


def let_in(session: Session, response: Response, entered: LoggedIn, former: str | None) -> None:
    """The browser gets the cookie of its new log-in session; the one that it had before ends."""
    if former:
        log_out(session, former, at=entered.session.created_at)
    secure = settings().environment != "development"
    response.set_cookie(COOKIE, entered.token, path="/", httponly=True, samesite="lax", secure=secure)


def see_out(response: Response) -> None:
    """The browser forgets its log-in session."""
    secure = settings().environment != "development"
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax", secure=secure)


Cookie = Annotated[str | None, Security(_cookie)]


@dataclass(frozen=True, slots=True)
class Sent:
    """What came along to say who asks: an API token, or the cookie of a log-in session with its CSRF token; the key and body of what must
    not be done twice (see web/once.py)."""

    token: str
    cookie: str
    csrf: str
    once: str | None
    body: bytes


async def credentials(
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
    cookie: Cookie,
    csrf: Annotated[str, Depends(csrf_sent)],
    once: Annotated[str | None, Depends(once_sent)],
    body: Annotated[bytes, Depends(sent_body)],
) -> Sent:
    """Gathered without a thread: nothing here asks the database."""
    return Sent(bearer.credentials if bearer else "", cookie or "", csrf, once, body)


Credentials = Annotated[Sent, Depends(credentials)]


def reading_caller(request: Request, session: Reading, sent: Credentials) -> Caller:
    """Who reads. What has to be written about it (seen, refused) is written in a transaction of its own, at most once a minute or hour."""
    answer = authenticate(session, sent.token, sent.cookie)
    if session.dirty or session.new:
        session.expunge_all()
        with writing(request.app.state.engine) as noting:
            answer = authenticate(noting, sent.token, sent.cookie)
    if isinstance(answer, Denied):
        raise unauthenticated(answer)
    return answer


def writing_caller(request: Request, session: Writing, sent: Credentials) -> Caller:
    """Who writes. A repeated Idempotency-Key is answered here (see web/once.py)."""
    answer = known_writer(request, session, sent)
    answer_once(request, session, answer, sent)
    return answer


def known_writer(request: Request, session: Session, sent: Sent) -> Caller:
    """Who writes: a log-in session must bring its CSRF token along."""
    answer = authenticate(session, sent.token, sent.cookie)
    if isinstance(answer, Denied):
        raise unauthenticated(answer)
    if answer.session is not None and request.method not in SAFE:
        require_csrf(answer.session, sent.csrf)
    return answer


def answer_once(request: Request, session: Session, caller: Caller, sent: Sent) -> None:
    """Take the request's Idempotency-Key, or give the answer that it has: only once the caller is known to be allowed to ask."""
    if isinstance(request.scope.get("route"), OnceRoute):
        reserve(request, session, str(caller.user.id), sent.once, sent.body)


ReadingCaller = Annotated[Caller, Depends(reading_caller)]
WritingCaller = Annotated[Caller, Depends(writing_caller, scope="function")]


def reading_person(caller: ReadingCaller) -> Caller:
    caller.require_person()
    return caller


def writing_person(caller: WritingCaller) -> Caller:
    caller.require_person()
    return caller


ReadingPerson = Annotated[Caller, Depends(reading_person)]
WritingPerson = Annotated[Caller, Depends(writing_person, scope="function")]
"""The same for routes that are for the person alone: a program is turned away before its request is looked at."""


def authenticate(session: Session, token: str, cookie: str) -> Caller | Denied:
    """The caller by API token, else by the log-in session's cookie: one select."""
    at = clock.now()
    if token:
        found = authenticate_api_token(session, token, TokenScope.READ, at=at)
        if isinstance(found, Denied):
            return found
        row, user = found
        return Caller(user, None, tuple(TokenScope(value) for value in row.scopes))
    if cookie:
        opened = authenticate_session(session, cookie, at=at)
        return opened if isinstance(opened, Denied) else Caller(opened[1], opened[0], ())
    return Denied(Denial.NOBODY)


def unauthenticated(denied: Denied) -> Unauthenticated:
    """The refusal as an error for the edge: 401, or 429 where the log-in is closed for a while."""
    return Unauthenticated(denied.message, code=denied.reason.value, until=denied.until)
