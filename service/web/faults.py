"""Errors as answers: problem+json (RFC 9457) below /api, a Chinese page elsewhere; never a trace."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import BaseModel
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from starlette.exceptions import HTTPException

from service import clock
from service.errors import (
    Busy,
    Conflict,
    Forbidden,
    InputError,
    NotFound,
    Refused,
    ServiceError,
    Stale,
    TooLarge,
    Unauthenticated,
    UnknownMedia,
    Unseen,
)
from service.web.templating import page

log = logging.getLogger(__name__)

STATUS: Mapping[type[ServiceError], int] = {
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    Refused: 409,
    Stale: 412,
    TooLarge: 413,
    UnknownMedia: 415,
    InputError: 422,
    Unseen: 428,
    Busy: 503,
    ServiceError: 400,
}
TITLES: Mapping[int, str] = {
    400: "请求无法处理",
    401: "需要登录",
    403: "不允许这样做",
    404: "没有找到",
    405: "不支持这种请求",
    409: "现在不能这样做",
    412: "内容已被修改",
    413: "内容太大",
    415: "不支持这种文件",
    422: "填写有误",
    428: "缺少前提条件",
    429: "请求太多",
    500: "服务出错",
    503: "服务繁忙",
}
ADVICE: Mapping[int, str] = {
    400: "请回到上一页再试。",
    403: "需要这项权限的，请联系本企业的系统管理员。",
    404: "地址可能写错了；文件也可能已经改号、作废，或者没有发放给您。",
    405: "请从页面上的按钮和链接进入。",
    409: "请回到上一页，刷新后再看现在的状况。",
    412: "他人刚刚修改过，请刷新后在新的内容上修改。",
    413: "请压缩图片，或把文件分成几份再上传。",
    415: "请另存为页面上写明的格式再上传。",
    422: "请回到上一页更正后再试。",
    428: "请刷新页面后再试。",
    429: "请稍等片刻再试。",
    500: "这不是您的操作造成的。请稍后再试；仍然这样的，把下面的代码和时间告诉系统管理员。",
    503: "请稍等片刻再试，已填写的内容请不要关闭。",
}
"""What to do about it, on the page of a fault."""
AGAIN = frozenset({409, 429, 500, 503})
"""What may go well if it is asked again."""
PAUSE = timedelta(seconds=5)
"""When to come back for a connection to the database."""
UNPROVEN = frozenset({"http", "internal", "foreign_host", "bad_address", "too_large", "cross_site", "csrf_missing", "token_cannot_act"})
"""Faults that were found before anybody asked whether the caller is a member of the organisation in the path."""
_ORGANISATION = re.compile(r"/organisations/([A-Za-z0-9][A-Za-z0-9.-]{0,19})(?:/|\Z)")


class Problem(BaseModel):
    """application/problem+json (RFC 9457); `code` is stable, `detail` one Chinese sentence."""

    type: str
    title: str
    status: int
    detail: str
    code: str


UNDONE = frozenset({"40P01", "40001"})
"""PostgreSQL: deadlock detected, could not serialise."""
PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"description": title, "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    for status, title in TITLES.items()
    if status not in (405, 500)
}
"""What every route of the JSON API may answer besides success, for its documentation."""
WRONG: Mapping[str, str] = {
    "missing": "没有填写",
    "date": "不是日期，请写成 YYYY-MM-DD",
    "enum": "不是可以选择的值",
    "uuid": "不是有效的编号",
}


def install(app: FastAPI) -> None:
    """Register the handlers for refusals, validation and routing errors; what nobody expected is answered by the guard."""
    app.add_exception_handler(ServiceError, _service_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(DataError, _data_error)
    app.add_exception_handler(IntegrityError, _integrity_error)
    app.add_exception_handler(OperationalError, _operational_error)
    app.add_exception_handler(NoConnection, _no_connection)


def answer(request: Request, status: int, code: str, detail: str) -> Response:
    """The same fault for a program (or a script of a page that asks for JSON) or for a person."""
    title = TITLES.get(status, "请求无法处理")
    if for_program(request):
        body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "code": code}
        return JSONResponse(body, status, media_type="application/problem+json")
    again = _address(request) if status in AGAIN and request.method == "GET" else ""
    home = _organisation_of(request, status, code)
    advice = ADVICE.get(status, "")
    at = clock.now()
    return page("web/fault.html", status=status, title=title, detail=detail, code=code, advice=advice, home=home, again=again, at=at)


def _organisation_of(request: Request, status: int, code: str) -> str:
    """The page of the organisation in the path, if the caller has been found to be one of its members; else "".

    Every route below an organisation asks that first and answers a stranger with `organisation_not_found`.
    """
    found = _ORGANISATION.match(request.url.path)
    is_member = status not in (401, 429, 503) and code != "organisation_not_found" and code not in UNPROVEN
    return found[0].rstrip("/") if found and is_member else ""


def for_program(request: Request) -> bool:
    """Whether the answer is JSON: below /api, and for a script of a page that asks for it."""
    return request.url.path.startswith("/api/") or request.headers.get("accept") == "application/json"


def _address(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def status_of(fault: ServiceError) -> int:
    return next(STATUS[kind] for kind in type(fault).__mro__ if kind in STATUS)


async def _service_error(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, ServiceError)  # noqa: S101  # registered for this type only
    if isinstance(fault, Unauthenticated):
        return _unauthenticated(request, fault)
    response = answer(request, status_of(fault), fault.code, str(fault))
    if isinstance(fault, Busy):
        response.headers["Retry-After"] = _seconds_until(fault.until)
    return response


def _seconds_until(moment: datetime) -> str:
    return str(max(1, round((moment - clock.now()).total_seconds())))


def _unauthenticated(request: Request, fault: Unauthenticated) -> Response:
    """A program gets 401, or 429 with a time to wait; a person who wanted a page is led to the log-in and back again."""
    if not for_program(request) and request.method == "GET" and fault.until is None:
        return RedirectResponse(f"/login?next={quote(_address(request), safe='')}", 303)
    response = answer(request, 401 if fault.until is None else 429, fault.code, str(fault))
    if fault.until is None:
        response.headers["WWW-Authenticate"] = "Bearer"
    else:
        response.headers["Retry-After"] = _seconds_until(fault.until)
    return response


async def _validation_error(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, RequestValidationError)  # noqa: S101  # registered for this type only
    return answer(request, 422, "validation", "；".join(f"{error['loc'][-1]} {_wrong(error['type'])}" for error in fault.errors()))


def _wrong(kind: str) -> str:
    """What is wrong with a field, by pydantic's name of the fault (its own words are English)."""
    return next((words for start, words in WRONG.items() if kind.startswith(start)), "填写有误")


async def _data_error(request: Request, fault: Exception) -> Response:
    """A value that passed every rule of ours and that this database does not take: NUL, or more than a column holds."""
    log.warning("%s %s: %s", request.method, request.url.path, getattr(fault, "orig", fault))
    return answer(request, 422, "bad_value", "有一项内容过长，或含有数据库不能保存的字符，请修改后再试")


async def _integrity_error(request: Request, fault: Exception) -> Response:
    """Two did what only one may, and the database noticed before we did: the other one is told to look again."""
    log.warning("%s %s: %s", request.method, request.url.path, getattr(fault, "orig", fault))
    return answer(request, 409, "conflict", "他人刚刚作了同样的修改，请刷新后再试")


async def _operational_error(request: Request, fault: Exception) -> Response:
    """Two waited for each other and the database has undone one of them (PostgreSQL), or the wait for the lock was too long (SQLite)."""
    reason = getattr(fault, "orig", fault)
    if getattr(reason, "sqlstate", None) in UNDONE or "database is locked" in str(reason):
        log.warning("%s %s: %s", request.method, request.url.path, reason)
        return answer(request, 409, "conflict", "他人正在修改同样的内容，请稍后再试")
    raise fault  # the guard logs it


async def _no_connection(request: Request, fault: Exception) -> Response:
    """Every connection to the database was in use for as long as one waits for it."""
    log.warning("%s %s: %s", request.method, request.url.path, fault)
    return await _service_error(request, Busy("同时处理的请求较多，请稍后再试", until=clock.now() + PAUSE))


async def _http_error(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, HTTPException)  # noqa: S101  # registered for this type only
    return answer(request, fault.status_code, "http", TITLES.get(fault.status_code, "请求无法处理"))
