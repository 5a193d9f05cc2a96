"""审批规则: who reviews, countersigns and approves which documents, proposed by one person and approved by another; duty exceptions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from service import clock
from service.approvals import exception_actions, rule_actions
from service.approvals.exception_actions import GENERAL_MANAGER
from service.approvals.models import ApprovalRule, DutyException
from service.approvals.queries import approval_rules, duty_exceptions, find_approval_rule, find_duty_exception, is_valid
from service.approvals.rules import APART, LONGEST_WORDS, MEANING_NAMES, Meaning
from service.approvals.rules_api import SOON, Granter
from service.approvals.scope import RULE_STATE_NAMES, RuleState, rule_states
from service.documents.queries import documents, find_document
from service.documents.rules import KIND_NAMES
from service.organisations.api import Member, allowed, allowed_to_write
from service.organisations.pages import organisation_page
from service.organisations.queries import chart_on, names_of
from service.organisations.roles import Act, may
from service.organisations.rules import Chart, departments_of, names_by_key, posts_of
from service.text.model import Kind
from service.web.depends import AsOf, Reading, Writing
from service.web.forms import NOTHING, Filled, Form, attempt, see
from service.web.once import PageRoute

router = APIRouter(prefix="/organisations/{code}/approval-rules", route_class=PageRoute)
Viewer = Annotated[Member, allowed(Act.READ_ALL)]
Proposer = Annotated[Member, allowed_to_write(Act.CONFIGURE)]
Approver = Annotated[Member, allowed_to_write(Act.APPROVE)]
Ender = Annotated[Member, allowed_to_write(Act.CONFIGURE, Act.APPROVE)]


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule in words; `actions` are those that this member may take: approve, end."""

    id: UUID
    scope: str
    reviewers: str
    countersigners: str
    approvers: str
    valid_from: date
    state: str
    colour: str
    proposed: str
    approved: str
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExceptionRow:
    """An exception in words. `ends_soon`: it expires within a month."""

    id: UUID
    name: str
    meanings: str
    document: str
    reason: str
    valid_from: date
    valid_until: date
    granted: str
    state: str
    colour: str
    ends_soon: bool
    may_end: bool


COLOURS = {RuleState.PROPOSED: "yellow", RuleState.WAITING: "azure", RuleState.IN_FORCE: "green"}


@router.get("")
def listed(member: Viewer, session: Reading, as_of: AsOf) -> HTMLResponse:
    return _page(session, member, as_of=as_of)


@router.post("")
def propose(member: Proposer, session: Writing, form: Form) -> Response:
    kind = form.choice("kind", Kind)
    from_day = form.day("valid_from", required="请填写从哪天起适用") or member.today
    needed = form.number("countersigns_needed", most=50) or 0
    lists = {name: form.texts(name) for name in ("reviewers", "countersigners", "approvers")}
    if not lists["approvers"]:
        form.faults["approvers"] = "请至少选择一个批准岗位"
    wanted: dict[str, Any] = {"kind": kind, "department": form.text("department") or None, "countersigns_needed": needed, **lists}
    by, at = member.actor(session), clock.now()
    attempt(session, form, lambda: rule_actions.propose_rule(session, member.organisation, **wanted, valid_from=from_day, by=by, at=at))
    if form.fault:
        return _page(session, member, filled=form)
    return _back(member, "审批规则已提出，由另一名批准人批准后适用")


@router.post("/{rule}/approve")
def approve(rule: UUID, member: Approver, session: Writing, form: Form) -> Response:
    member.caller.require_person()
    found, by = find_approval_rule(session, member.organisation.id, rule), member.actor(session)
    attempt(session, form, lambda: rule_actions.approve_rule(session, member.organisation, found, by=by, at=clock.now()))
    return _page(session, member, refused=form) if form.fault else _back(member, "审批规则已批准")


@router.post("/{rule}/end")
def end(rule: UUID, member: Ender, session: Writing, form: Form) -> Response:
    member.caller.require_person()
    found, by = find_approval_rule(session, member.organisation.id, rule), member.actor(session)
    attempt(session, form, lambda: rule_actions.end_rule(session, member.organisation, found, by=by, at=clock.now()))
    return _page(session, member, refused=form) if form.fault else _back(member, "审批规则已终止，在途的审批不受影响")


@router.post("/exceptions")
def grant(member: Granter, session: Writing, form: Form) -> Response:
    """Let somebody sign two or three meanings together, for a reason and a time."""
    member.caller.require_person()
    owner = member.organisation
    login, reason = form.text("login", required="请选择人员"), form.text("reason", required="请写明理由", longest=LONGEST_WORDS)
    meanings = [Meaning(value) for value in form.texts("meanings") if value in {each.value for each in APART}]
    first, last = form.day("first", required="请填写开始日期"), form.day("last", required="请填写截止日期")
    if len(meanings) < 2:
        form.faults["meanings"] = "请选择两项以上"
    by, at, number = member.actor(session), clock.now(), form.text("number", longest=60)

    def give() -> DutyException:
        assert first is not None  # noqa: S101  # `attempt` has refused the form without it; tells the type checker
        assert last is not None  # noqa: S101  # as well
        document = find_document(session, owner.id, number) if number else None
        wanted: dict[str, Any] = {"login": login, "meanings": meanings, "reason": reason, "valid_from": first, "valid_until": last}
        return exception_actions.grant_exception(session, owner, document=document, **wanted, by=by, at=at)

    if number and number not in {row.number for row in documents(session, owner.id)}:
        form.faults["number"] = f"没有编号为 {number} 的文件"
    attempt(session, form, give)
    return _page(session, member, filled=form) if form.fault else _back(member, "例外已批准，会印在文件上并列给评审员")


@router.post("/exceptions/{exception}/end")
def end_exception(exception: UUID, member: Approver, session: Writing, form: Form) -> Response:
    member.caller.require_person()
    found, by = find_duty_exception(session, member.organisation.id, exception), member.actor(session)
    attempt(session, form, lambda: exception_actions.end_exception(session, member.organisation, found, by=by, at=clock.now()))
    return _page(session, member, refused=form) if form.fault else _back(member, "例外已终止，已有的签署不受影响")


def _back(member: Member, said: str) -> Response:
    return see(f"/organisations/{member.organisation.code}/approval-rules", said)


def _page(
    session: Session, member: Member, *, as_of: date | None = None, filled: Filled = NOTHING, refused: Filled | None = None
) -> HTMLResponse:
    """`filled`: a form with fields that was refused; `refused`: a single button that was."""
    owner, on = member.organisation, as_of or member.today
    chart, rules = chart_on(session, owner.id, on), approval_rules(session, owner.id)
    exceptions = duty_exceptions(session, owner.id)
    logins = {login for row in rules for login in (row.proposed_by, row.approved_by)} | {row.granted_by for row in exceptions}
    names = names_of(session, owner.id, logins)
    numbers = {row.id: row.number for row in documents(session, owner.id)}
    by = member.actor(session)
    states = [(rule, state) for rule, state in rule_states(rules, on, owner.time_zone) if not as_of or state is not RuleState.PROPOSED]
    shown = refused or filled
    return organisation_page(
        "approvals/rules.html",
        member,
        "approval-rules",
        status=422 if shown.fault else 200,
        as_of=as_of,
        rules=[_rule_row(rule, state, chart, names, member, is_today=not as_of) for rule, state in reversed(states)],
        exceptions=[
            _exception_row(row, names, numbers, on, may_end=not as_of and may(member.roles, Act.APPROVE)) for row in exceptions[::-1]
        ],
        kinds=[(kind.value, KIND_NAMES[kind]) for kind in Kind],
        departments=[(node.key, node.name) for node in departments_of(chart)],
        posts=[(post.key, post.name) for post in posts_of(chart)],
        people=sorted({(holder.login, holder.name) for post in posts_of(chart) for holder in post.holders}),
        meanings=[(meaning.value, MEANING_NAMES[meaning]) for meaning in Meaning if meaning in APART],
        may_grant=not as_of and (may(member.roles, Act.APPROVE) or GENERAL_MANAGER in by.posts),
        may_propose=not as_of and may(member.roles, Act.CONFIGURE),
        filled=shown,
    )


def _rule_row(rule: ApprovalRule, state: RuleState, chart: Chart, names: Mapping[str, str], member: Member, *, is_today: bool) -> RuleRow:
    posts, departments = names_by_key(posts_of(chart)), names_by_key(departments_of(chart))
    countersigners = "、".join(posts.get(key, key) for key in rule.countersigners)
    kind = KIND_NAMES[rule.kind] if rule.kind else "全部类别"
    department = departments.get(rule.department, rule.department) if rule.department else "全部部门"
    return RuleRow(
        id=rule.id,
        scope=f"{kind}，{department}",
        reviewers="、".join(posts.get(key, key) for key in rule.reviewers) or "任一审核人",
        countersigners=f"{countersigners}（{rule.countersigns_needed} 人）" if countersigners else "",
        approvers="、".join(posts.get(key, key) for key in rule.approvers),
        valid_from=rule.valid_from,
        state=RULE_STATE_NAMES[state],
        colour=COLOURS.get(state, "secondary"),
        proposed=names.get(rule.proposed_by, rule.proposed_by),
        approved=names.get(rule.approved_by, rule.approved_by),
        actions=_actions(rule, state, member) if is_today else (),
    )


def _actions(rule: ApprovalRule, state: RuleState, member: Member) -> tuple[str, ...]:
    """What this member may do with the rule, as the actions will allow it."""
    if rule.ended_at is not None or state is RuleState.ENDED:
        return ()
    approves = may(member.roles, Act.APPROVE)
    if rule.approved_at is not None:
        return ("end",) if approves else ()
    first = ("approve",) if approves and rule.proposed_by != member.caller.user.login else ()
    return (*first, "end") if may(member.roles, Act.CONFIGURE) else first


def _exception_row(row: DutyException, names: Mapping[str, str], numbers: Mapping[UUID, str], on: date, *, may_end: bool) -> ExceptionRow:
    valid = is_valid(row, on)
    over = row.ended_on is not None and row.ended_on <= on
    state = "有效" if valid else "已终止" if over else "未开始" if on < row.valid_from else "已到期"
    return ExceptionRow(
        id=row.id,
        name=row.name,
        meanings="、".join(MEANING_NAMES[Meaning(value)] for value in row.meanings),
        document=numbers.get(row.document_id, "") if row.document_id else "",
        reason=row.reason,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        granted=names.get(row.granted_by, row.granted_by),
        state=state,
        colour={"有效": "green", "未开始": "azure"}.get(state, "secondary"),
        ends_soon=valid and (row.valid_until - on).days <= SOON,
        may_end=may_end and row.ended_at is None and on <= row.valid_until,
    )
