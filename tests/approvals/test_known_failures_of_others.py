"""What other systems are known to let through, each by its name; see also test_every_cell.py and test_at_once.py."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import pytest
from small_firm import CLONED, COMPLAINT, Firm, advance, approve, cloned, countersign, day, found, founded, moment, review, submit
from sqlmodel import Session

from approvals.ruled import WU, ZHAO, also, code_of, fault, granted, larger, proposed, ruled
from service.approvals.models import ApprovalRule
from service.approvals.queries import approval_rules, running_approval
from service.approvals.rules import Meaning
from service.documents.queries import in_force
from service.documents.rules import Status
from service.errors import Forbidden, InputError, Refused
from service.organisations.roles import Role
from service.organisations.rules import Actor

VACANT = ("  - {login: yi, name: 易二, posts: [management_representative]}\n", "")


def in_force_on_the_last_day(session: Session, firm: Firm) -> list[str]:
    return [pair.document.number for pair in in_force(session, firm.organisation.id, day(12, 31))]


def test_first_of_several_signatures_does_not_approve_though_all_must_sign(undone: Session) -> None:
    firm = larger(undone)
    ruled(undone, firm, countersigners=["quality_manager", "finance_manager"], countersigns_needed=2)
    submit(undone, firm, COMPLAINT)
    review(undone, firm, COMPLAINT)
    countersign(undone, firm, COMPLAINT, by=WU)
    assert found(undone, firm, COMPLAINT)[1].status is Status.COUNTERSIGNING
    assert code_of(Refused, lambda: approve(undone, firm, COMPLAINT)) == "step_refused"
    countersign(undone, firm, COMPLAINT, by=ZHAO)
    approve(undone, firm, COMPLAINT)


def test_empty_list_of_approvers_is_never_proposed(undone: Session) -> None:
    firm = larger(undone)
    assert code_of(InputError, lambda: proposed(undone, firm, approvers=[])) == "bad_approval_rule"
    assert approval_rules(undone, firm.organisation.id) == []


def test_empty_list_of_approvers_in_the_database_submits_nothing(undone: Session) -> None:
    firm = larger(undone)
    empty = ApprovalRule(
        organisation_id=firm.organisation.id,
        valid_from=day(1, 1),
        proposed_at=CLONED,
        proposed_by="bing",
        approved_at=CLONED,
        approved_by="jia",
    )
    undone.add(empty)
    undone.flush()
    code, words = fault(Refused, lambda: submit(undone, firm, COMPLAINT))
    assert (code, "批准岗位不能为空" in words) == ("post_vacant", True)
    assert found(undone, firm, COMPLAINT)[1].status is Status.DRAFT


def test_empty_list_of_approvers_never_publishes_what_is_under_way(undone: Session) -> None:
    firm = larger(undone)
    advance(undone, firm, COMPLAINT, Status.IN_APPROVAL)
    _, revision = found(undone, firm, COMPLAINT)
    approval = running_approval(undone, revision)
    assert approval is not None
    approval.approvers = []
    undone.flush()
    for person in (firm.approver, also(firm.preparer, Role.APPROVER), also(firm.controller, Role.APPROVER)):
        assert code_of(Refused, partial(approve, undone, firm, COMPLAINT, by=person)) == "step_refused"
    assert revision.status is Status.IN_APPROVAL
    assert in_force_on_the_last_day(undone, firm) == []


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"approvers": ["cashier"]}, "没有编制人以外的人可以批准，批准岗位：出纳（空缺）"),
        ({"approvers": ["service_manager"]}, "没有编制人以外的人可以批准，批准岗位：服务部经理（丁四）"),
        ({"reviewers": ["cashier"]}, "没有编制人以外的人可以审核，审核岗位：出纳（空缺）"),
        (
            {"countersigners": ["quality_manager", "cashier"], "countersigns_needed": 2},
            "须有 2 个岗位由不同的人会签，现在只能有 1 个，会签岗位：质量部经理（吴五）、出纳（空缺）",
        ),
    ],
)
def test_vacant_post_is_named_when_submitting_and_never_a_silent_approval(undone: Session, rule: dict[str, Any], words: str) -> None:
    firm = larger(undone)
    ruled(undone, firm, **rule)
    assert fault(Refused, lambda: submit(undone, firm, COMPLAINT)) == ("post_vacant", f"JC/SH-CX-02 A/0：现在不能提交审核：{words}")
    assert found(undone, firm, COMPLAINT)[1].status is Status.DRAFT


def test_nobody_approves_for_vacant_management(undone: Session) -> None:
    firm = founded(undone, "JC", VACANT, ("  - {login: jia, name: 贾一, posts: [general_manager]}\n", ""))
    cloned(undone, firm)
    code, words = fault(Refused, lambda: submit(undone, firm, COMPLAINT))
    assert code == "post_vacant"
    assert words.endswith("批准岗位：总经理（空缺）、管理者代表（空缺）")


def test_post_that_is_not_on_the_chart_at_all_is_vacant_too(undone: Session) -> None:
    firm = founded(undone, "JC", VACANT, ("      - {key: management_representative, name: 管理者代表}\n", ""))
    cloned(undone, firm)
    only = also(firm.approver, Role.AUTHOR)
    assert fault(Refused, lambda: submit(undone, firm, COMPLAINT, by=only))[1].endswith("批准岗位：总经理（贾一）、管理者代表（空缺）")


@pytest.mark.parametrize("until", [None, day(1, 31)])
def test_self_approval_is_refused_without_an_exception_and_with_an_expired_one(undone: Session, until: date | None) -> None:
    firm = larger(undone)
    if until:
        granted(undone, firm, "yi", Meaning.PREPARE, Meaning.APPROVE, valid_until=until)
    self_made = also(firm.reviewer, Role.AUTHOR, Role.APPROVER)
    submit(undone, firm, COMPLAINT, at=moment(2, 1), by=self_made)
    review(undone, firm, COMPLAINT, at=moment(2, 1), by=also(firm.controller, Role.REVIEWER))
    words = fault(Refused, lambda: approve(undone, firm, COMPLAINT, at=moment(2, 1), by=self_made))[1]
    assert words.endswith("已在本修订上签署，编制、审核、批准须由不同的人完成，可由总经理（贾一）或管理者代表（易二）完成")
    assert found(undone, firm, COMPLAINT)[1].status is Status.IN_APPROVAL


def test_nobody_signs_for_another_not_even_with_his_post(undone: Session) -> None:
    """The sign-off is that of who acts: another person under the same post does not become the one whose turn it is."""
    firm = larger(undone)
    deputy = Actor("ding", "丁四", ("general_manager",), "总经理", also(firm.preparer, Role.APPROVER).roles)
    advance(undone, firm, COMPLAINT, Status.IN_APPROVAL)  # prepared by 丁四
    assert code_of(Refused, lambda: approve(undone, firm, COMPLAINT, by=deputy)) == "step_refused"


def test_administrator_signs_nothing(undone: Session) -> None:
    firm = larger(undone)
    administrator = Actor("admin", "管理员", ("general_manager",), "总经理", also(Actor("", "", (), ""), Role.ADMINISTRATOR).roles)
    advance(undone, firm, COMPLAINT, Status.IN_APPROVAL)
    assert "管理员不能批准：由批准人完成" in fault(Forbidden, lambda: approve(undone, firm, COMPLAINT, by=administrator))[1]
