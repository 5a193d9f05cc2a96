"""JSON of approval rules and of exceptions from separate duties."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from sqlmodel import Session

from service import clock
from service.approvals import exception_actions, rule_actions
from service.approvals.models import ApprovalRule, DutyException
from service.approvals.queries import approval_rules, duty_exceptions, find_approval_rule, find_duty_exception
from service.approvals.rule_schemas import ExceptionLine, GrantedException, ProposedRule, RuleLine, exception_line, rule_line
from service.approvals.scope import RuleState, rule_states
from service.documents.queries import documents, find_document
from service.organisations.api import Member, allowed, allowed_to_write
from service.organisations.roles import Act
from service.organisations.rules import require
from service.web.depends import AsOf, Reading, RecordedOn, Writing
from service.web.faults import PROBLEMS
from service.web.once import OnceRoute
from service.web.paging import USUAL, Cursor, Limit, Page, paged

SOON = 30
"""Days within which an exception is said to expire soon."""
rules = APIRouter(prefix="/organisations/{code}/approval-rules", tags=["approval-rules"], route_class=OnceRoute, responses=PROBLEMS)
exceptions = APIRouter(prefix="/organisations/{code}/duty-exceptions", tags=["duty-exceptions"], route_class=OnceRoute, responses=PROBLEMS)
AllReader = Annotated[Member, allowed(Act.READ_ALL)]
Proposer = Annotated[Member, allowed_to_write(Act.CONFIGURE)]
Approver = Annotated[Member, allowed_to_write(Act.APPROVE)]
Ender = Annotated[Member, allowed_to_write(Act.CONFIGURE, Act.APPROVE)]
"""Who may end a rule depends on whether it is approved; the action asks."""


def granter(member: Annotated[Member, allowed_to_write(Act.READ)], session: Writing) -> Member:
    """An approver, or the general manager: whether he may where there are approvers, the action asks."""
    if exception_actions.GENERAL_MANAGER not in member.actor(session).posts:
        require(member.without_posts, Act.APPROVE)
    return member


Granter = Annotated[Member, Depends(granter, scope="function")]


class Listed(StrEnum):
    """Which exceptions to list."""

    ALL = "all"
    VALID = "valid"
    EXPIRING = "expiring"


StateFilter = Annotated[RuleState | None, Query(description="只列出处于此状态的规则")]
ListedFilter = Annotated[Listed, Query(description="全部、有效的、有效且在 days 天内到期的")]
Days = Annotated[int, Query(ge=0, le=366, description="几天内到期")]


@rules.get("")
def listed_rules(
    member: AllReader,
    session: Reading,
    as_of: AsOf,
    recorded_on: RecordedOn,
    state: StateFilter = None,
    limit: Limit = USUAL,
    cursor: Cursor = None,
) -> Page[RuleLine]:
    """审批规则及其在某日的状态；没有规则适用的文件由任一审核人审核、总经理或管理者代表批准。"""
    on, zone = as_of or member.today, member.organisation.time_zone
    found = rule_states(approval_rules(session, member.organisation.id), on, zone, recorded_on)
    lines = [rule_line(rule, where, recorded_on) for rule, where in found if state in (None, where)]
    return paged(lines, lambda line: line.id.hex, limit, cursor)


@rules.post("", status_code=201)
def propose(body: ProposedRule, member: Proposer, session: Writing) -> RuleLine:
    """提出审批规则；由另一人批准后才起作用。"""
    by, at = member.actor(session), clock.now()
    return _rule_line(member, session, rule_actions.propose_rule(session, member.organisation, **dict(body), by=by, at=at))


@rules.post("/{rule}/approve")
def approve(rule: UUID, member: Approver, session: Writing) -> RuleLine:
    """批准审批规则：须本人登录，且不是提出人。"""
    member.caller.require_person()
    found = find_approval_rule(session, member.organisation.id, rule)
    rule_actions.approve_rule(session, member.organisation, found, by=member.actor(session), at=clock.now())
    return _rule_line(member, session, found)


@rules.post("/{rule}/end")
def end(rule: UUID, member: Ender, session: Writing) -> RuleLine:
    """终止审批规则：自今日起不再适用，在途的审批不受影响。"""
    member.caller.require_person()
    found = find_approval_rule(session, member.organisation.id, rule)
    rule_actions.end_rule(session, member.organisation, found, by=member.actor(session), at=clock.now())
    return _rule_line(member, session, found)


def _rule_line(member: Member, session: Session, rule: ApprovalRule) -> RuleLine:
    states = rule_states(approval_rules(session, member.organisation.id), member.today, member.organisation.time_zone)
    return next(rule_line(row, state) for row, state in states if row.id == rule.id)


@exceptions.get("")
def listed_exceptions(
    member: AllReader,
    session: Reading,
    as_of: AsOf,
    show: ListedFilter = Listed.ALL,
    days: Days = SOON,
    limit: Limit = USUAL,
    cursor: Cursor = None,
) -> Page[ExceptionLine]:
    """编制、审核、批准分离的例外，供评审员查阅。"""
    on = as_of or member.today
    within = timedelta(days=days) if show is Listed.EXPIRING else timedelta.max
    rows = duty_exceptions(session, member.organisation.id, on=None if show is Listed.ALL else on, within=within)
    numbers = {row.id: row.number for row in documents(session, member.organisation.id)}
    return paged([exception_line(row, numbers, on) for row in rows], lambda line: line.id.hex, limit, cursor)


@exceptions.post("", status_code=201)
def grant(body: GrantedException, member: Granter, session: Writing) -> ExceptionLine:
    """批准例外：须本人登录，且不能是受益人。"""
    member.caller.require_person()
    document = find_document(session, member.organisation.id, body.number) if body.number else None
    by, at = member.actor(session), clock.now()
    wanted = dict(body)
    del wanted["number"]
    row = exception_actions.grant_exception(session, member.organisation, document=document, **wanted, by=by, at=at)
    return _exception_line(member, session, row)


@exceptions.post("/{exception}/end")
def end_exception(exception: UUID, member: Approver, session: Writing) -> ExceptionLine:
    """终止例外：自今日起无效，已有的签署不受影响。"""
    member.caller.require_person()
    found = find_duty_exception(session, member.organisation.id, exception)
    exception_actions.end_exception(session, member.organisation, found, by=member.actor(session), at=clock.now())
    return _exception_line(member, session, found)


def _exception_line(member: Member, session: Session, row: DutyException) -> ExceptionLine:
    numbers = {document.id: document.number for document in documents(session, member.organisation.id)}
    return exception_line(row, numbers, member.today)
