"""Which approval rule holds for a document on a day, as the system knew it at a moment. No select."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum

from service.approvals.models import ApprovalRule
from service.clock import local_date
from service.documents.models import Document
from service.organisations.rules import Chart, departments_of


class RuleState(StrEnum):
    """Where a rule stands on a day. A newer rule for the same documents takes the place of the older."""

    PROPOSED = "proposed"
    WAITING = "waiting"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    ENDED = "ended"


RULE_STATE_NAMES: Mapping[RuleState, str] = {
    RuleState.PROPOSED: "待批准",
    RuleState.WAITING: "待实施",
    RuleState.IN_FORCE: "现行有效",
    RuleState.SUPERSEDED: "已被替代",
    RuleState.ENDED: "已终止",
}


def rule_states(
    rules: Iterable[ApprovalRule], on: date, time_zone: str, recorded_on: datetime | None = None
) -> list[tuple[ApprovalRule, RuleState]]:
    """Every rule that was known at `recorded_on` (now, if None) with its state on day `on`, in the given order."""
    known = [rule for rule in rules if recorded_on is None or rule.proposed_at <= recorded_on]
    states = {rule.id: _state(rule, on, time_zone, recorded_on) for rule in known}
    newest: dict[tuple[str | None, str | None], ApprovalRule] = {}
    for rule in sorted((each for each in known if states[each.id] is RuleState.IN_FORCE), key=lambda each: _start(each, time_zone)):
        scope = (rule.kind, rule.department)
        if scope in newest:
            states[newest[scope].id] = RuleState.SUPERSEDED
        newest[scope] = rule
    return [(rule, states[rule.id]) for rule in known]


def rule_for(rules: Iterable[ApprovalRule], document: Document, chart: Chart, on: date, time_zone: str) -> ApprovalRule | None:
    """The most specific rule in force: kind and department, then kind, then department, then the organisation's own; None: there is none."""
    departments = {document.department}.union(
        *({node.key, *node.aliases} for node in departments_of(chart) if document.department in (node.key, *node.aliases))
    )
    fitting = [
        rule
        for rule, state in rule_states(rules, on, time_zone)
        if state is RuleState.IN_FORCE
        and rule.kind in (None, document.kind)
        and (rule.department is None or rule.department in departments)
    ]
    return max(fitting, key=lambda rule: (rule.kind is not None, rule.department is not None, _start(rule, time_zone)), default=None)


def _state(rule: ApprovalRule, on: date, time_zone: str, recorded_on: datetime | None) -> RuleState:
    def is_known(moment: datetime | None) -> bool:
        return moment is not None and (recorded_on is None or moment <= recorded_on)

    if rule.ended_on is not None and is_known(rule.ended_at) and rule.ended_on <= on:
        return RuleState.ENDED
    if not is_known(rule.approved_at):
        return RuleState.PROPOSED
    return RuleState.IN_FORCE if _start(rule, time_zone)[0] <= on else RuleState.WAITING


def _start(rule: ApprovalRule, time_zone: str) -> tuple[date, datetime]:
    """The first day on which an approved rule holds: never before it was approved."""
    assert rule.approved_at is not None  # noqa: S101  # only approved rules have a start; tells the type checker
    return max(rule.valid_from, local_date(rule.approved_at, time_zone)), rule.approved_at
