"""JSON of what an organisation is made of on a day: its values, each of which can be set from a day on, and its chart."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Response

from service import clock
from service.errors import InputError, NotFound
from service.organisations.actions import lock, set_value
from service.organisations.api import Member, Reader, allowed_to_write
from service.organisations.models import VariableValue
from service.organisations.queries import chart_on, current_values, value_rows
from service.organisations.roles import Act
from service.organisations.rules import OUTLETS, VariableSpec, VariableType
from service.organisations.schemas import ChartAnswer, ValueAnswer, ValueBody, department_line, value_answer
from service.organisations.shipped import catalogue
from service.web.depends import AsOf, Reading, RecordedOn, Writing
from service.web.etag import IfMatch, etag, require_match
from service.web.faults import PROBLEMS
from service.web.once import OnceRoute

router = APIRouter(prefix="/organisations/{code}", tags=["organisations"], route_class=OnceRoute, responses=PROBLEMS)
LARGEST = 60_000
"""Bytes of a value as JSON: a list of outlets is the longest there is."""


@router.get("/values/{name}")
def value(name: str, member: Reader, session: Reading, response: Response, as_of: AsOf, recorded_on: RecordedOn) -> ValueAnswer:
    """一个企业参数某日有效的值；ETag 供修改时放入 If-Match。"""
    spec = _spec(name)
    response.headers["ETag"] = _tag(value_rows(session, member.organisation.id, name))
    known = current_values(session, member.organisation.id, as_of or member.today, recorded_on)
    return value_answer(spec, known.get(name))


@router.put("/values/{name}")
def put_value(
    name: str,
    body: ValueBody,
    member: Annotated[Member, allowed_to_write(Act.CONFIGURE)],
    session: Writing,
    response: Response,
    if_match: IfMatch = None,
) -> ValueAnswer:
    """从某日起改变一个企业参数；已批准的文件不随之改变。答复该日有效的值。"""
    spec, owner = _spec(name), member.organisation
    lock(session, owner)  # before the action does: what If-Match names must not change between this look and that
    require_match(if_match, _tag(value_rows(session, owner.id, name)))
    given = _given(spec, body.value)
    by, at = member.actor(session), clock.now()
    set_value(session, owner, name, given, valid_from=body.valid_from, by=by, at=at, catalogue=catalogue())
    session.flush()
    response.headers["ETag"] = _tag(value_rows(session, owner.id, name))
    return value_answer(spec, current_values(session, owner.id, body.valid_from).get(name))


@router.get("/chart")
def chart(member: Reader, session: Reading, as_of: AsOf, recorded_on: RecordedOn) -> ChartAnswer:
    """某日的组织机构图：部门、岗位和在岗人员。"""
    owner = member.organisation
    on = as_of or member.today
    roots = chart_on(session, owner.id, on, recorded_on).roots
    return ChartAnswer(on=on, departments=[department_line(root) for root in roots])


def _spec(name: str) -> VariableSpec:
    spec = OUTLETS if name == OUTLETS.name else catalogue().get(name)
    if spec is None:
        raise NotFound(f"没有名为“{name}”的企业参数", code="variable_not_found")
    return spec


def _given(spec: VariableSpec, value: Any) -> Any:
    """The value as the action takes it: a date out of its text; nothing that no database could hold."""
    try:
        size = len(json.dumps(value, ensure_ascii=False, allow_nan=False).encode())
    except (ValueError, RecursionError) as fault:  # half surrogates, NaN, lists in lists without end
        raise InputError(f"参数“{spec.name}”的值无法保存", code="bad_value") from fault
    if size > LARGEST:
        raise InputError(f"参数“{spec.name}”的值太长", code="bad_value")
    if spec.type is not VariableType.DATE or not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value.strip()) if value.strip() else None
    except ValueError as fault:
        raise InputError(f"参数“{spec.name}”（{spec.label}）须为日期，写作 2026-01-05", code="bad_value") from fault


def _tag(rows: list[VariableValue]) -> str:
    """Of everything that is known of a variable, the future included."""
    return etag(*(str(row.id) for row in rows))
