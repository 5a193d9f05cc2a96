"""Approval rules under control: one person proposes a rule, another approves it; a rule is ended, never changed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlmodel import Session

from service.approvals.models import ApprovalRule
from service.approvals.route import Route, route_fault
from service.clock import local_date
from service.errors import Conflict, InputError, Refused
from service.organisations.models import Organisation
from service.organisations.queries import chart_on
from service.organisations.roles import Act
from service.organisations.rules import Actor, Chart, departments_of, posts_of, require
from service.text.model import Kind
from service.trail.actions import record


def propose_rule(
    session: Session,
    organisation: Organisation,
    *,
    kind: Kind | None = None,
    department: str | None = None,
    reviewers: Sequence[str] = (),
    countersigners: Sequence[str] = (),
    countersigns_needed: int = 0,
    approvers: Sequence[str],
    valid_from: date,
    by: Actor,
    at: datetime,
) -> ApprovalRule:
    """A rule that takes effect once somebody else approves it. Posts and the department are keys of the organisation chart.

    InputError for an empty list of approvers, an unknown post or department, a number of countersignatures that the list of posts does
    not give, or a first day that is over.
    """
    require(by, Act.CONFIGURE)
    if valid_from < local_date(at, organisation.time_zone):
        raise InputError(f"开始日期 {valid_from} 已经过去", code="valid_from_past")
    chart = chart_on(session, organisation.id, valid_from)
    lists = [_posts(chart, posts, valid_from) for posts in (reviewers, countersigners, approvers)]
    route = Route(lists[0], lists[1], countersigns_needed, lists[2])
    fault = route_fault(route)
    if fault:
        raise InputError(fault, code="bad_approval_rule")
    rule = ApprovalRule(
        organisation_id=organisation.id,
        kind=kind,
        department=_department(chart, department, valid_from),
        reviewers=list(route.reviewers),
        countersigners=list(route.countersigners),
        countersigns_needed=route.needed,
        approvers=list(route.approvers),
        valid_from=valid_from,
        proposed_at=at,
        proposed_by=by.login,
    )
    session.add(rule)
    session.flush()
    _trail(session, rule, "approval_rule:propose", by, at)
    return rule


def approve_rule(session: Session, organisation: Organisation, rule: ApprovalRule, *, by: Actor, at: datetime) -> None:
    """The rule takes effect: on its first day, or today if that is over. Refused for whoever proposed it."""
    require(by, Act.APPROVE)
    _still_open(rule)
    if rule.approved_at is not None:
        raise Conflict("这条审批规则已经批准", code="approval_rule_approved")
    if rule.proposed_by == by.login:
        raise Refused(f"{by.name}不能批准自己提出的审批规则，由另一名批准人批准", code="own_approval_rule")
    _not_before(rule, at)
    day = max(rule.valid_from, local_date(at, organisation.time_zone))
    chart = chart_on(session, organisation.id, day)
    for posts in (rule.reviewers, rule.countersigners, rule.approvers):
        _posts(chart, posts, day)
    _department(chart, rule.department, day)
    rule.approved_at, rule.approved_by = at, by.login
    session.add(rule)
    session.flush()
    _trail(session, rule, "approval_rule:approve", by, at)


def end_rule(session: Session, organisation: Organisation, rule: ApprovalRule, *, by: Actor, at: datetime) -> None:
    """From today on the rule does not hold; approvals under way go on as they began. Ending loosens control, so it takes an approver;
    a proposal may be taken back by whoever may propose."""
    require(by, Act.CONFIGURE if rule.approved_at is None else Act.APPROVE)
    _still_open(rule)
    _not_before(rule, at)
    rule.ended_on, rule.ended_at, rule.ended_by = local_date(at, organisation.time_zone), at, by.login
    session.add(rule)
    session.flush()
    _trail(session, rule, "approval_rule:end", by, at)


def _still_open(rule: ApprovalRule) -> None:
    if rule.ended_at is not None:
        raise Conflict("这条审批规则已经终止", code="approval_rule_ended")


def _not_before(rule: ApprovalRule, at: datetime) -> None:
    if at < (rule.approved_at or rule.proposed_at):
        raise InputError("时间早于审批规则的提出或批准时间", code="step_before_previous")


def _posts(chart: Chart, keys: Collection[str], on: date) -> tuple[str, ...]:
    """The posts under their own keys, each once; InputError for one that is not on the chart."""
    own = {key: post.key for post in posts_of(chart) for key in (post.key, *post.aliases)}
    unknown = sorted(set(keys) - set(own))
    if unknown:
        raise InputError(f"{on} 的组织机构图上没有岗位 {'、'.join(unknown)}", code="unknown_post")
    return tuple(dict.fromkeys(own[key] for key in keys))


def _department(chart: Chart, key: str | None, on: date) -> str | None:
    """The department under its own key; InputError if it is not on the chart."""
    if key is None:
        return None
    for node in departments_of(chart):
        if key in (node.key, *node.aliases):
            return node.key
    raise InputError(f"{on} 的组织机构图上没有部门 {key}", code="unknown_department")


def _trail(session: Session, rule: ApprovalRule, action: str, by: Actor, at: datetime) -> None:
    details = {
        "kind": rule.kind.value if rule.kind else None,
        "department": rule.department,
        "reviewers": rule.reviewers,
        "countersigners": rule.countersigners,
        "countersigns_needed": rule.countersigns_needed,
        "approvers": rule.approvers,
        "valid_from": rule.valid_from.isoformat(),
        "ended_on": rule.ended_on.isoformat() if rule.ended_on else None,
    }
    subject = {"subject": "approval_rule", "subject_id": str(rule.id)}
    record(session, rule.organisation_id, at=at, by=by.login, action=action, **subject, details=details)
