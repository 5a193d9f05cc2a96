"""Idempotency-Key on POST, or the field `once` of a form: what is sent twice acts once and is answered the same.

The key is reserved in the transaction of the action itself and the answer stored in it: both stay or both are undone.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import object_session
from sqlmodel import Session, col

from service import clock
from service.errors import Conflict, InputError, Unauthenticated
from service.settings import require_secret, settings
from service.web.depends import FORMS
from service.web.models import AnsweredRequest

HEADER = "idempotency-key"
FIELD = "once"
LONGEST = 100
KEPT = timedelta(days=1)


class Repeated(Exception):
    """The request was answered before; this is the answer."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


class OnceRoute(APIRoute):
    """A route of the JSON API: it keeps the answer of a POST that came with a key, and gives it again."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        follow = super().get_route_handler()

        async def once(request: Request) -> Response:
            try:
                response = await follow(request)
            except Repeated as repeated:
                return repeated.response
            except Unauthenticated:  # failures are counted and committed: the key must not be kept without an answer
                _release(request)
                raise
            reserved: AnsweredRequest | None = getattr(request.state, "reserved", None)
            if reserved is not None:
                reserved.status, reserved.body = response.status_code, bytes(response.body).decode()
            return response

        return once


class PageRoute(OnceRoute):
    """A route of pages: a form that is sent twice (double click, back and again) acts once and leads to the same place.

    Only a form that was carried out leads somewhere; one that was refused is free to be sent again."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        follow = super().get_route_handler()

        async def once(request: Request) -> Response:
            response = await follow(request)
            reserved: AnsweredRequest | None = getattr(request.state, "reserved", None)
            if reserved is not None and response.status_code == 303:
                reserved.body = response.headers["location"]
            else:
                _release(request)
            return response

        return once


def _release(request: Request) -> None:
    reserved: AnsweredRequest | None = getattr(request.state, "reserved", None)
    session = object_session(reserved) if reserved is not None else None
    if session is not None:
        session.delete(reserved)


async def once_sent(request: Request) -> str | None:
    """The key that came along: in the header of a program, or in the field of a form."""
    key = request.headers.get(HEADER)
    if key is None and request.headers.get("content-type", "").startswith(FORMS):
        field = (await request.form()).get(FIELD)
        return field if isinstance(field, str) else None
    return key


async def sent_body(request: Request) -> bytes:
    """What was sent, for comparing a repeated request with the first; a form's fields are not looked at."""
    if HEADER not in request.headers or request.headers.get("content-type", "").startswith(FORMS):
        return b""
    return await request.body()


def reserve(request: Request, session: Session, caller: str, key: str | None, body: bytes) -> None:
    """Take the request's key for this caller; Repeated if it has its answer, InputError if it stands for another request."""
    if request.method != "POST" or key is None:
        return
    if not 1 <= len(key) <= LONGEST or not key.isascii() or not key.isprintable():
        raise InputError(f"Idempotency-Key 须为 1 至 {LONGEST} 个可见的 ASCII 字符", code="bad_idempotency_key")
    asked = _hash(request, body)
    row = AnsweredRequest(caller=caller, key=key, asked=asked, at=clock.now())
    known = session.get(AnsweredRequest, (caller, key))
    if known is None:
        try:
            with session.begin_nested():
                session.add(row)
        except IntegrityError as fault:  # the same request is being answered at this moment
            raise Conflict("相同 Idempotency-Key 的请求正在处理，请稍后再试", code="request_under_way") from fault
        request.state.reserved = row
        return
    if known.asked != asked:
        raise InputError("这个 Idempotency-Key 已用于另一个请求，请换一个", code="idempotency_key_reused")
    raise Repeated(_again(known))


def _again(known: AnsweredRequest) -> Response:
    headers = {"Idempotent-Replayed": "true"}
    if known.status == 303:
        return RedirectResponse(known.body, 303, headers)
    return Response(known.body, known.status, headers=headers, media_type="application/json" if known.body else None)


def forget_old_answers(session: Session, at: datetime) -> None:
    """For the hourly job: answers older than a day."""
    session.execute(delete(AnsweredRequest).where(col(AnsweredRequest.at) < at - KEPT))


def _hash(request: Request, body: bytes) -> str:
    """Keyed, since a body may hold a password."""
    secret = require_secret(settings()).encode()
    return hmac.new(secret, f"{request.method} {request.url.path}\n".encode() + body, hashlib.sha256).hexdigest()
