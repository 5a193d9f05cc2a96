"""Errors as answers: problem+json (RFC 9457) below /api, a Chinese page elsewhere; never a trace."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from service.errors import Conflict, InputError, NotFound, Refused, ServiceError
from service.web.templating import page

STATUS: Mapping[type[ServiceError], int] = {NotFound: 404, Conflict: 409, Refused: 409, InputError: 422, ServiceError: 400}
TITLES: Mapping[int, str] = {
    400: "请求无法处理",
    403: "不允许这样做",
    404: "没有找到",
    405: "不支持这种请求",
    409: "现在不能这样做",
    422: "填写有误",
    500: "服务出错",
}
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


def answer(request: Request, status: int, code: str, detail: str) -> Response:
    """The same fault for a program or for a person."""
    title = TITLES.get(status, "请求无法处理")
    if request.url.path.startswith("/api/"):
        body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "code": code}
        return JSONResponse(body, status, media_type="application/problem+json")
    return page("web/fault.html", status=status, title=title, detail=detail, code=code)


def status_of(fault: ServiceError) -> int:
    return next(STATUS[kind] for kind in type(fault).__mro__ if kind in STATUS)


async def _service_error(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, ServiceError)  # noqa: S101  # registered for this type only
    return answer(request, status_of(fault), fault.code, str(fault))


async def _validation_error(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, RequestValidationError)  # noqa: S101  # registered for this type only
    return answer(request, 422, "validation", "；".join(f"{error['loc'][-1]} {_wrong(error['type'])}" for error in fault.errors()))


def _wrong(kind: str) -> str:
    """What is wrong with a field, by pydantic's name of the fault (its own words are English)."""
    return next((words for start, words in WRONG.items() if kind.startswith(start)), "填写有误")


async def _http_error(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, HTTPException)  # noqa: S101  # registered for this type only
    return answer(request, fault.status_code, "http", TITLES.get(fault.status_code, "请求无法处理"))
