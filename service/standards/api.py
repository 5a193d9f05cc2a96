"""JSON of standards and their indicators, which belong to nobody, and of an organisation's 删减 decisions."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from service import clock
from service.accounts.identity import ReadingCaller
from service.organisations.api import Member, allowed, allowed_to_write
from service.organisations.roles import Act
from service.standards.actions import decide_not_applicable, withdraw_not_applicable
from service.standards.queries import not_applicable_on
from service.standards.schemas import (
    DecisionBody,
    IndicatorBody,
    NewDecision,
    StandardLine,
    Withdrawal,
    decision_body,
    indicator_body,
    standard_line,
)
from service.standards.shipped import DEFAULT_STANDARD, standard, standards
from service.web.depends import AsOf, Reading, RecordedOn, Writing
from service.web.faults import PROBLEMS
from service.web.once import OnceRoute
from service.web.paging import USUAL, Cursor, Limit, Page, paged

shared = APIRouter(prefix="/standards", tags=["standards"], responses=PROBLEMS)
router = APIRouter(prefix="/organisations/{code}/not-applicable", tags=["indicators"], route_class=OnceRoute, responses=PROBLEMS)
StandardId = Annotated[str, Query(alias="standard", max_length=80, description="标准代号")]


@shared.get("")
def known_standards(caller: ReadingCaller, limit: Limit = USUAL, cursor: Cursor = None) -> Page[StandardLine]:
    """产品收录的标准。"""
    del caller  # whoever has logged in
    return paged([standard_line(each) for each in standards().values()], lambda each: each.id, limit, cursor)


@shared.get("/{standard_id}/indicators")
def indicators(standard_id: str, caller: ReadingCaller, limit: Limit = USUAL, cursor: Cursor = None) -> Page[IndicatorBody]:
    """一个标准的评价指标：转述、来源状态、要素；分值未知的为空。"""
    del caller
    return paged([indicator_body(node) for node in standard(standard_id).nodes], lambda each: each.code, limit, cursor)


@router.get("")
def decisions(
    member: Annotated[Member, allowed(Act.READ_ALL)],
    session: Reading,
    as_of: AsOf,
    recorded_on: RecordedOn,
    standard_id: StandardId = DEFAULT_STANDARD,
    limit: Limit = USUAL,
    cursor: Cursor = None,
) -> Page[DecisionBody]:
    """某日有效的删减决定。"""
    rows = not_applicable_on(session, member.organisation.id, standard(standard_id).id, as_of or member.today, recorded_on)
    return paged([decision_body(row) for row in rows.values()], lambda each: each.indicator, limit, cursor)


@router.post("", status_code=201)
def decide(
    body: NewDecision,
    member: Annotated[Member, allowed_to_write(Act.APPROVE)],
    session: Writing,
    standard_id: StandardId = DEFAULT_STANDARD,
) -> DecisionBody:
    """记录一项删减：由批准人本人决定，写明理由。"""
    by = member.actor(session)
    row = decide_not_applicable(
        session,
        member.organisation.id,
        standard(standard_id),
        body.indicator,
        justification=body.justification,
        approved_by=by.name,
        decided_on=body.decided_on,
        by=by,
        at=clock.now(),
    )
    return decision_body(row)


@router.post("/{indicator}/withdrawal")
def withdraw(
    indicator: str,
    body: Withdrawal,
    member: Annotated[Member, allowed_to_write(Act.APPROVE)],
    session: Writing,
    standard_id: StandardId = DEFAULT_STANDARD,
) -> DecisionBody:
    """撤销一项删减，指标自该日起重新适用。"""
    by, known = member.actor(session), standard(standard_id)
    row = withdraw_not_applicable(session, member.organisation.id, known, indicator, withdrawn_on=body.withdrawn_on, by=by, at=clock.now())
    return decision_body(row)
