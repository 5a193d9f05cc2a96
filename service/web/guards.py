"""Around every request: no foreign hosts, no cross-site writes, strict headers on every answer, and never a trace."""

from __future__ import annotations

import logging
import re

from fastapi import Request, Response
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.settings import settings
from service.web.faults import answer

log = logging.getLogger(__name__)

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; style-src 'self'; style-src-attr 'unsafe-inline'; "
    "script-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
# style-src-attr: widths of a table's columns are attributes; they can style, never run.
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
LARGEST_BODY = 12 * 2**20
"""Bytes of a request: a file of 10 MB (see intake) with what stands around it."""
_PORT = re.compile(r":\d*\Z")


class Guard:
    """The outermost layer. Plain ASGI: the framework's own function middleware would cost more than a request by key."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        started = False

        async def guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if "cache-control" not in headers and not request.url.path.startswith("/assets/"):
                    headers["Cache-Control"] = "no-store"  # what one member may read must not lie about for the next
            await send(message)

        try:
            response = refused(request)
            await (response or self.app)(scope, bounded(receive), guarded)
        except Exception:  # here, not in a handler of the framework: those stand outside, where no headers are added
            log.exception("%s %s", request.method, request.url.path)
            if not started:
                await answer(request, 500, "internal", "服务内部出错，已记录，请稍后再试")(scope, receive, guarded)


def refused(request: Request) -> Response | None:
    """The answer to a request that must not come through, else None."""
    if _PORT.sub("", request.headers.get("host", "").lower()) not in LOOPBACK_HOSTS | settings().host_names:
        return answer(request, 400, "foreign_host", "只能以本机地址访问")
    if "%00" in request.scope.get("raw_path", b"").decode("latin-1") or "%00" in request.url.query:
        return answer(request, 400, "bad_address", "地址中有不能使用的字符")  # no database keeps it, and each answers differently
    length = request.headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > LARGEST_BODY:
        return answer(request, 413, "too_large", f"请求超过 {LARGEST_BODY // 2**20} MB，请分开发送")
    if request.method in WRITES and not same_site(request):
        return answer(request, 403, "cross_site", "请求来自其他网站，已拒绝")
    return None


def bounded(receive: Receive) -> Receive:
    """What is received, up to the largest body; a sender who lied about the length, or gave none, is stopped there."""
    received = 0

    async def counted() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > LARGEST_BODY:
            raise HTTPException(413)
        return message

    return counted


def same_site(request: Request) -> bool:
    """Browsers say where a write comes from; a program that is no browser sends neither header."""
    fetched = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if fetched is not None:
        return fetched in ("same-origin", "none")
    return origin is None or origin.split("://", 1)[-1] == request.headers.get("host")
