"""Response headers and request guards: strict CSP, no foreign hosts, no cross-site writes."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable

from fastapi import Request, Response

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


async def guard(request: Request, follow: Callable[[Request], Awaitable[Response]]) -> Response:
    """Refuse foreign host names (DNS rebinding) and writes that another site sent; add the headers to every answer."""
    try:
        response = refused(request) or await follow(request)
    except Exception:  # here, not in a handler of the framework: those stand outside, where no headers are added
        log.exception("%s %s", request.method, request.url.path)
        response = answer(request, 500, "internal", "服务内部出错，已记录，请稍后再试")
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def refused(request: Request) -> Response | None:
    """The answer to a request that must not come through, else None."""
    if _PORT.sub("", request.headers.get("host", "").lower()) not in LOOPBACK_HOSTS:
        return answer(request, 400, "foreign_host", "只能以本机地址访问")
    if request.method in WRITES and not same_site(request):
        return answer(request, 403, "cross_site", "请求来自其他网站，已拒绝")
    return None


_PORT = re.compile(r":\d*\Z")


def same_site(request: Request) -> bool:
    """Browsers say where a write comes from; a program that is no browser sends neither header."""
    fetched = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if fetched is not None:
        return fetched in ("same-origin", "none")
    return origin is None or origin.split("://", 1)[-1] == request.headers.get("host")
