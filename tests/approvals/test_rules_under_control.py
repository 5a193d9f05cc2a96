"""Approval rules: proposed by one, approved by another, in force from a day, the most specific first; what runs is not touched."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from small_firm import COMPLAINT, REPAIR, Firm, advance, approve, day, found, founded, moment, return_, review, submit
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from approvals.ruled import RULED, WU, also, approvals_of, code_of, complaint, fault, larger, proposed, ruled
from service.approvals.models import Approval
from service.approvals.queries import approval_rules, find_approval_rule, running_approval
from service.approvals.route import DEFAULT_ROUTE, Route
from service.approvals.rule_actions import approve_rule, end_rule
from service.approvals.rules import Outcome
from service.approvals.scope import RuleState, rule_for, rule_states
from service.documents.rules import Status
from service.errors import Conflict, Forbidden, InputError, NotFound, Refused
from service.organisations.queries import chart_on
from service.organisations.roles import Role
from service.organisations.rules import SYSTEM
from service.text.model import Kind
from service.trail.queries import entries

QUALITY = Route(("quality_manager",), (), 0, ("general_manager",))


def states(session: Session, firm: Firm, month: int, number: int, recorded: int | None = None) -> list[str]:
    """The states of all rules on a day, oldest first, as recorded on a day of January."""
    recorded_on = moment(1, recorded) if recorded else None
    return [
        state.value
        for _, state in rule_states(approval_rules(session, firm.organisation.id), day(month, number), "Asia/Shanghai", recorded_on)
    ]


def route_of(session: Session, firm: Firm, title: str = COMPLAINT) -> Route:
    approval = running_approval(session, found(session, firm, title)[1])
    assert approval is not None
    return approval.route


def test_without_rules_anybody_reviews_and_management_approves(undone: Session) -> None:
    firm = larger(undone)
    submit(undone, firm, COMPLAINT)
    assert route_of(undone, firm) == DEFAULT_ROUTE == Route((), (), 0, ("general_manager", "management_representative"))


def test_rule_takes_effect_only_when_another_person_has_approved_it(undone: Session) -> None:
    firm = larger(undone)
    rule = proposed(undone, firm, reviewers=["quality_manager"], approvers=["general_manager"])
    submit(undone, firm, COMPLAINT)
    assert route_of(undone, firm) == DEFAULT_ROUTE
    approve_rule(undone, firm.organisation, rule, by=firm.approver, at=RULED)
    submit(undone, firm, REPAIR)
    assert route_of(undone, firm, REPAIR) == QUALITY
    assert (rule.proposed_by, rule.approved_by, rule.approved_at) == ("bing", "jia", RULED)


def test_nobody_approves_his_own_rule(undone: Session) -> None:
    firm = larger(undone)
    rule = proposed(undone, firm)
    own = also(firm.controller, Role.APPROVER)
    assert code_of(Refused, lambda: approve_rule(undone, firm.organisation, rule, by=own, at=RULED)) == "own_approval_rule"
    assert states(undone, firm, 1, 5) == ["proposed"]


@pytest.mark.parametrize("who", ["approver", "reviewer", "preparer"])
def test_only_who_may_configure_proposes_a_rule(undone: Session, who: str) -> None:
    firm = founded(undone)
    others = replace(firm, controller=getattr(firm, who))
    assert code_of(Forbidden, lambda: proposed(undone, others)) == "not_allowed"


@pytest.mark.parametrize("who", ["controller", "reviewer", "preparer"])
def test_only_an_approver_approves_a_rule_or_ends_it(undone: Session, who: str) -> None:
    firm = larger(undone)
    waiting, held = proposed(undone, firm), ruled(undone, firm)
    by = getattr(firm, who)
    assert code_of(Forbidden, lambda: approve_rule(undone, firm.organisation, waiting, by=by, at=RULED)) == "not_allowed"
    assert code_of(Forbidden, lambda: end_rule(undone, firm.organisation, held, by=by, at=RULED)) == "not_allowed"
    assert (waiting.approved_at, held.ended_at) == (None, None)


def test_proposal_is_taken_back_by_whoever_may_propose(undone: Session) -> None:
    firm = larger(undone)
    rule = proposed(undone, firm)
    end_rule(undone, firm.organisation, rule, by=firm.controller, at=RULED)
    assert code_of(Conflict, lambda: approve_rule(undone, firm.organisation, rule, by=firm.approver, at=RULED)) == "approval_rule_ended"
    assert states(undone, firm, 1, 5) == ["ended"]


def test_rule_is_approved_once_and_ended_once(undone: Session) -> None:
    firm = larger(undone)
    rule = ruled(undone, firm)
    assert code_of(Conflict, lambda: approve_rule(undone, firm.organisation, rule, by=firm.approver, at=RULED)) == "approval_rule_approved"
    end_rule(undone, firm.organisation, rule, by=firm.approver, at=RULED)
    assert code_of(Conflict, lambda: end_rule(undone, firm.organisation, rule, by=firm.approver, at=RULED)) == "approval_rule_ended"


WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "empty_approvers": ({"approvers": []}, "bad_approval_rule", "批准岗位不能为空"),
    "too_many_wanted": ({"countersigners": ["quality_manager"], "countersigns_needed": 2}, "bad_approval_rule", "要求 2 个岗位会签"),
    "none_wanted": ({"countersigners": ["quality_manager"]}, "bad_approval_rule", "须写明至少几个岗位会签"),
    "nobody_to_countersign": ({"countersigns_needed": 1}, "bad_approval_rule", "只列出了 0 个会签岗位"),
    "same_post_twice": (
        {"countersigners": ["quality_manager", "inspector"], "countersigns_needed": 2},
        "bad_approval_rule",
        "只列出了 1 个会签岗位",
    ),
    "unknown_approver": ({"approvers": ["chairman"]}, "unknown_post", "没有岗位 chairman"),
    "unknown_reviewer": ({"reviewers": ["chairman"]}, "unknown_post", "没有岗位 chairman"),
    "unknown_countersigner": ({"countersigners": ["chairman"], "countersigns_needed": 1}, "unknown_post", "没有岗位 chairman"),
    "unknown_department": ({"department": "sales"}, "unknown_department", "没有部门 sales"),
    "past": ({"valid_from": day(1, 3)}, "valid_from_past", "已经过去"),
}


@pytest.mark.parametrize("wrong", list(WRONG))
def test_rule_by_which_nothing_could_be_approved_is_an_error(undone: Session, wrong: str) -> None:
    firm = larger(undone)
    rule, code, words = WRONG[wrong]
    before = len(entries(undone, firm.organisation.id))
    told = fault(InputError, lambda: proposed(undone, firm, **rule))
    assert told[0] == code
    assert words in told[1]
    assert approval_rules(undone, firm.organisation.id) == []
    assert len(entries(undone, firm.organisation.id)) == before


def test_posts_and_departments_are_kept_under_their_own_keys(undone: Session) -> None:
    firm = larger(undone)
    rule = proposed(undone, firm, department="laboratory", reviewers=["inspector", "quality_manager"])
    assert (rule.department, rule.reviewers) == ("quality", ["quality_manager"])


def test_post_that_is_gone_when_the_rule_is_approved_is_an_error(undone: Session) -> None:
    firm = larger(undone)
    rule = proposed(undone, firm, reviewers=["quality_manager"])
    rule.reviewers = ["quality_director"]
    assert code_of(InputError, lambda: approve_rule(undone, firm.organisation, rule, by=firm.approver, at=RULED)) == "unknown_post"


SCOPES = {
    # kind, department: the reviewer by whom the rule that won is known
    (Kind.PROCEDURE, "service"): "general_manager",
    (Kind.PROCEDURE, None): "quality_manager",
    (None, "service"): "finance_manager",
    (None, None): "cashier",
}


def test_most_specific_rule_in_force_wins(undone: Session) -> None:
    firm = larger(undone)
    document, chart = complaint(undone, firm), chart_on(undone, firm.organisation.id, day(1, 5))
    rules = {scope: ruled(undone, firm, kind=scope[0], department=scope[1], reviewers=[post]) for scope, post in SCOPES.items()}
    ruled(undone, firm, kind=Kind.MANUAL, department="service", reviewers=["cashier"])
    ruled(undone, firm, kind=Kind.PROCEDURE, department="finance", reviewers=["cashier"])
    for scope in SCOPES:
        found_rule = rule_for(approval_rules(undone, firm.organisation.id), document, chart, day(1, 5), "Asia/Shanghai")
        assert found_rule is rules[scope]
        end_rule(undone, firm.organisation, rules[scope], by=firm.approver, at=RULED)
    assert rule_for(approval_rules(undone, firm.organisation.id), document, chart, day(1, 5), "Asia/Shanghai") is None


def test_rule_of_a_department_holds_for_those_joined_with_it(undone: Session) -> None:
    firm = larger(undone)
    document, chart = complaint(undone, firm), chart_on(undone, firm.organisation.id, day(1, 5))
    rule = ruled(undone, firm, department="laboratory", reviewers=["quality_manager"])
    document.department = "laboratory"
    assert rule_for([rule], document, chart, day(1, 5), "Asia/Shanghai") is rule
    document.department = "service"
    assert rule_for([rule], document, chart, day(1, 5), "Asia/Shanghai") is None


def test_newer_rule_for_the_same_documents_takes_the_place_of_the_older_on_its_day(undone: Session) -> None:
    firm = larger(undone)
    ruled(undone, firm, kind=Kind.PROCEDURE, at=moment(1, 2))
    ruled(undone, firm, kind=Kind.PROCEDURE, at=moment(1, 3), valid_from=day(2, 1))
    ruled(undone, firm, kind=Kind.MANUAL, at=moment(1, 4))
    assert states(undone, firm, 1, 31) == ["in_force", "waiting", "in_force"]
    assert states(undone, firm, 2, 1) == ["superseded", "in_force", "in_force"]


def test_list_of_a_day_and_as_it_was_known_then(undone: Session) -> None:
    firm = larger(undone)
    rule = proposed(undone, firm, at=moment(1, 4))
    approve_rule(undone, firm.organisation, rule, by=firm.approver, at=moment(1, 10))
    end_rule(undone, firm.organisation, rule, by=firm.approver, at=moment(1, 20))
    assert [states(undone, firm, 1, number) for number in (4, 9, 10, 19, 20)] == [["waiting"]] * 2 + [["in_force"]] * 2 + [["ended"]]
    assert [states(undone, firm, 1, 25, recorded) for recorded in (3, 4, 10, 19, 20)] == [
        [],
        ["proposed"],
        ["in_force"],
        ["in_force"],
        ["ended"],
    ]


def test_rule_holds_from_the_organisations_own_day_of_its_approval(undone: Session) -> None:
    firm = larger(undone)
    rule = proposed(undone, firm)
    approve_rule(undone, firm.organisation, rule, by=firm.approver, at=moment(1, 10) + timedelta(hours=15))  # 1:00 of the 11th in Shanghai
    assert [states(undone, firm, 1, number) for number in (10, 11)] == [["waiting"], ["in_force"]]


def test_rule_is_neither_approved_nor_ended_before_it_was_made(undone: Session) -> None:
    firm = larger(undone)
    rule, before = proposed(undone, firm), RULED - timedelta(seconds=1)
    assert code_of(InputError, lambda: approve_rule(undone, firm.organisation, rule, by=firm.approver, at=before)) == "step_before_previous"
    approve_rule(undone, firm.organisation, rule, by=firm.approver, at=RULED)
    assert code_of(InputError, lambda: end_rule(undone, firm.organisation, rule, by=firm.approver, at=before)) == "step_before_previous"


def test_every_change_of_a_rule_leaves_one_entry_with_the_whole_rule(undone: Session) -> None:
    firm = larger(undone)
    rule = ruled(undone, firm, kind=Kind.PROCEDURE, department="service", countersigners=["quality_manager"], countersigns_needed=1)
    end_rule(undone, firm.organisation, rule, by=firm.approver, at=RULED)
    found_entries = entries(undone, firm.organisation.id, str(rule.id))
    assert [(entry.action, entry.by) for entry in found_entries] == [
        ("approval_rule:propose", "bing"),
        ("approval_rule:approve", "jia"),
        ("approval_rule:end", "jia"),
    ]
    assert found_entries[1].details == {
        "kind": "procedure",
        "department": "service",
        "reviewers": [],
        "countersigners": ["quality_manager"],
        "countersigns_needed": 1,
        "approvers": ["general_manager", "management_representative"],
        "valid_from": "2026-01-04",
        "ended_on": None,
    }
    assert found_entries[2].details["ended_on"] == "2026-01-04"


def test_rule_of_another_organisation_is_not_found(undone: Session) -> None:
    firm, other = larger(undone), founded(undone, "YI")
    rule = proposed(undone, firm)
    for key in (rule.id, uuid4()):
        assert code_of(NotFound, partial(find_approval_rule, undone, other.organisation.id, key)) == "approval_rule_not_found"
    assert find_approval_rule(undone, firm.organisation.id, rule.id) is rule


def test_route_is_frozen_when_a_revision_is_submitted_with_who_submitted_it(undone: Session) -> None:
    firm = larger(undone)
    rule = ruled(undone, firm, reviewers=["quality_manager"], approvers=["general_manager"])
    submit(undone, firm, COMPLAINT)
    _, revision = found(undone, firm, COMPLAINT)
    [approval] = approvals_of(undone, revision)
    assert (approval.rule_id, approval.submitted_by, approval.ended_at, approval.outcome) == (rule.id, "ding", None, None)
    [entry] = [entry for entry in entries(undone, firm.organisation.id) if entry.action == "revision:submit"]
    assert entry.details["route"]["reviewers"] == ["quality_manager"]
    assert entry.details["route"]["rule"] == str(rule.id)


def test_rule_changed_later_does_not_touch_what_is_under_way(undone: Session) -> None:
    firm = larger(undone)
    submit(undone, firm, COMPLAINT)
    ruled(undone, firm, reviewers=["quality_manager"], approvers=["general_manager"])
    review(undone, firm, COMPLAINT)  # by the management representative, whom the new rule does not ask
    return_(undone, firm, COMPLAINT)
    submit(undone, firm, COMPLAINT)
    assert "这一步由质量部经理（吴五）完成" in fault(Refused, lambda: review(undone, firm, COMPLAINT))[1]
    review(undone, firm, COMPLAINT, by=WU)


@pytest.mark.parametrize(
    ("status", "back", "outcomes"),
    [
        (Status.IN_REVIEW, False, [None]),
        (Status.IN_REVIEW, True, [Outcome.RETURNED]),
        (Status.APPROVED, False, [Outcome.APPROVED]),
        (Status.APPROVED, True, [Outcome.APPROVED]),
    ],
)
def test_approval_ends_with_what_came_of_it(undone: Session, status: Status, back: bool, outcomes: list[Outcome | None]) -> None:
    firm = larger(undone)
    advance(undone, firm, COMPLAINT, status, at=moment(2, 1))
    if back:
        return_(undone, firm, COMPLAINT, at=moment(2, 2))
    rows = approvals_of(undone, found(undone, firm, COMPLAINT)[1])
    assert [row.outcome for row in rows] == outcomes
    assert [row.ended_at is None for row in rows] == [outcome is None for outcome in outcomes]


def test_database_refuses_a_second_running_approval_of_a_document(undone: Session) -> None:
    firm = larger(undone)
    submit(undone, firm, COMPLAINT)
    running = running_approval(undone, found(undone, firm, COMPLAINT)[1])
    assert running is not None
    undone.add(Approval(**running.model_dump(exclude={"id"})))
    with pytest.raises(IntegrityError), undone.begin_nested():
        undone.flush()


def test_system_approves_no_text(undone: Session) -> None:
    firm = larger(undone)
    advance(undone, firm, COMPLAINT, Status.IN_APPROVAL)
    assert code_of(Refused, lambda: approve(undone, firm, COMPLAINT, by=SYSTEM)) == "post_missing"


def test_states_are_named() -> None:
    assert [state.value for state in RuleState] == ["proposed", "waiting", "in_force", "superseded", "ended"]
