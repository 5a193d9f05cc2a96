"""Approval rules and exceptions from separate duties as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from service.approvals.models import ApprovalRule, DutyException
from service.approvals.queries import is_valid
from service.approvals.rules import LONGEST_WORDS, Meaning
from service.approvals.scope import RULE_STATE_NAMES, RuleState
from service.text.model import Kind

Key = Annotated[str, Field(min_length=1, max_length=80)]
Posts = Annotated[list[Key], Field(max_length=50)]
_RULE: dict[str, JsonValue] = {
    "kind": "procedure",
    "department": "service",
    "reviewers": ["management_representative"],
    "countersigners": ["quality_manager", "service_manager"],
    "countersigns_needed": 2,
    "approvers": ["general_manager"],
    "valid_from": "2026-03-01",
}
_EXCEPTION: dict[str, JsonValue] = {
    "number": "JC/SH-CX-01",
    "login": "jia",
    "meanings": ["prepare", "approve"],
    "reason": "本部门只有一人熟悉该业务",
    "valid_from": "2026-03-01",
    "valid_until": "2026-08-31",
}


class ProposedRule(BaseModel):
    """Who reviews (empty: any reviewer), countersigns and approves documents of a kind and department (null: of all)."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_RULE]})

    kind: Kind | None = None
    department: Key | None = None
    reviewers: Posts = []
    countersigners: Posts = []
    countersigns_needed: Annotated[int, Field(ge=0, le=50)] = 0
    approvers: Posts
    valid_from: date


class RuleLine(BaseModel):
    """A rule with where it stands on the day asked for."""

    id: UUID
    state: RuleState
    state_name: str
    kind: Kind | None
    department: str | None
    reviewers: list[str]
    countersigners: list[str]
    countersigns_needed: int
    approvers: list[str]
    valid_from: date
    proposed_at: datetime
    proposed_by: str
    approved_at: datetime | None
    approved_by: str
    ended_on: date | None
    ended_at: datetime | None
    ended_by: str


class GrantedException(BaseModel):
    """Which meanings somebody may sign together, on the document `number` (null: on all), why and how long."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_EXCEPTION]})

    number: Annotated[str, Field(max_length=60)] | None = None
    login: Annotated[str, Field(min_length=1, max_length=100)]
    meanings: Annotated[list[Meaning], Field(min_length=2, max_length=3)]
    reason: Annotated[str, Field(min_length=1, max_length=LONGEST_WORDS)]
    valid_from: date
    valid_until: date


class ExceptionLine(BaseModel):
    """An exception; `valid`: it holds on the day asked for."""

    id: UUID
    valid: bool
    number: str | None
    login: str
    name: str
    meanings: list[Meaning]
    reason: str
    valid_from: date
    valid_until: date
    granted_at: datetime
    granted_by: str
    ended_on: date | None
    ended_at: datetime | None
    ended_by: str


def rule_line(rule: ApprovalRule, state: RuleState, recorded_on: datetime | None = None) -> RuleLine:
    """As known at `recorded_on`: what happened to the rule later is left out."""
    known = rule.model_dump()
    if recorded_on is not None and rule.approved_at is not None and rule.approved_at > recorded_on:
        known |= {"approved_at": None, "approved_by": ""}
    if recorded_on is not None and rule.ended_at is not None and rule.ended_at > recorded_on:
        known |= {"ended_on": None, "ended_at": None, "ended_by": ""}
    return RuleLine.model_validate({**known, "state": state, "state_name": RULE_STATE_NAMES[state]})


def exception_line(row: DutyException, numbers: Mapping[UUID, str], on: date) -> ExceptionLine:
    number = numbers[row.document_id] if row.document_id else None
    return ExceptionLine.model_validate({**row.model_dump(), "valid": is_valid(row, on), "number": number})
