"""Deciding that an indicator does not apply to an organisation (删减), and taking that back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from service.errors import Conflict, InputError, NotFound, Place
from service.organisations.profile import NotApplicableEntry
from service.organisations.roles import Act
from service.organisations.rules import Actor, require
from service.standards.models import NotApplicable
from service.standards.queries import standing_decision
from service.standards.rules import Standard
from service.trail.actions import record


def decide_not_applicable(
    session: Session,
    organisation_id: UUID,
    standard: Standard,
    indicator: str,
    *,
    justification: str,
    approved_by: str,
    decided_on: date,
    by: Actor,
    at: datetime,
) -> NotApplicable:
    """Record a 删减. `indicator` must be one without children; `approved_by` is the approver's name as printed."""
    require(by, Act.APPROVE)
    _check_indicator(standard, indicator)
    if not justification.strip() or not approved_by.strip():
        raise InputError(f"删减指标 {indicator} 须写明理由和批准人", code="justification_missing")
    if standing_decision(session, organisation_id, standard.id, indicator):
        raise Conflict(f"指标 {indicator} 已作过删减决定", code="already_not_applicable")
    row = NotApplicable(
        organisation_id=organisation_id,
        standard=standard.id,
        indicator=indicator,
        justification=justification.strip(),
        approved_by=approved_by.strip(),
        decided_on=decided_on,
        recorded_at=at,
    )
    session.add(row)
    _trail(session, row, "not_applicable:decide", by, at, {"decided_on": decided_on.isoformat(), "justification": row.justification})
    return row


def withdraw_not_applicable(
    session: Session, organisation_id: UUID, standard: Standard, indicator: str, *, withdrawn_on: date, by: Actor, at: datetime
) -> NotApplicable:
    """The indicator applies again from `withdrawn_on`."""
    require(by, Act.APPROVE)
    row = standing_decision(session, organisation_id, standard.id, indicator)
    if row is None:
        raise NotFound(f"指标 {indicator} 没有可撤销的删减决定", code="not_applicable_not_found")
    if withdrawn_on < row.decided_on:
        raise InputError(f"撤销日期不得早于删减决定日期 {row.decided_on}", code="withdrawn_before_decided")
    row.withdrawn_on, row.withdrawn_at = withdrawn_on, at
    session.add(row)
    _trail(session, row, "not_applicable:withdraw", by, at, {"withdrawn_on": withdrawn_on.isoformat()})
    return row


def record_profile_decisions(
    session: Session, organisation_id: UUID, standard: Standard, entries: Sequence[NotApplicableEntry], *, by: Actor, at: datetime
) -> list[NotApplicable]:
    """Record the 删减 of a profile that are not recorded yet; every indicator is checked before anything is written."""
    for entry in entries:
        _check_indicator(standard, entry.indicator, entry.place)
    return [
        decide_not_applicable(
            session,
            organisation_id,
            standard,
            entry.indicator,
            justification=entry.justification,
            approved_by=entry.approved_by,
            decided_on=entry.decided_on,
            by=by,
            at=at,
        )
        for entry in entries
        if standing_decision(session, organisation_id, standard.id, entry.indicator) is None
    ]


def _check_indicator(standard: Standard, indicator: str, place: Place | None = None) -> None:
    if indicator not in {leaf.code for leaf in standard.leaves}:
        raise InputError(f"{standard.number} 没有可删减的指标 {indicator}，请写三级指标的编号", code="unknown_indicator", place=place)


def _trail(session: Session, row: NotApplicable, action: str, by: Actor, at: datetime, details: dict[str, Any]) -> None:
    session.flush()
    details = {"standard": row.standard, "approved_by": row.approved_by, **details}
    record(session, row.organisation_id, at=at, by=by.login, action=action, subject="indicator", subject_id=row.indicator, details=details)
