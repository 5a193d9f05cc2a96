"""A firm with people of a quality and a finance department, and the shortest ways to give it approval rules and exceptions."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from small_firm import CLONED, COMPLAINT, Firm, cloned, day, found, founded, moment, person
from sqlmodel import Session, col, select

from service.approvals.exception_actions import grant_exception
from service.approvals.models import Approval, ApprovalRule, DutyException
from service.approvals.rule_actions import approve_rule, propose_rule
from service.approvals.rules import Meaning
from service.documents.models import Document, Revision
from service.errors import ServiceError
from service.organisations.roles import HeldRole, Role
from service.organisations.rules import Actor

MORE_POSTS = (
    "      - {key: service_manager, name: 服务部经理}\n",
    """\
      - {key: service_manager, name: 服务部经理}
  - key: quality
    name: 质量部
    also: [laboratory]
    posts:
      - {key: quality_manager, name: 质量部经理, also: [inspector]}
  - key: finance
    name: 财务部
    posts:
      - {key: finance_manager, name: 财务部经理}
      - {key: cashier, name: 出纳}
""",
)
MORE_PEOPLE = (
    "persons:\n",
    """\
persons:
  - {login: wu, name: 吴五, posts: [quality_manager]}
  - {login: zhao, name: 赵六, posts: [finance_manager]}
""",
)
WU = person("wu", "吴五", "quality_manager", "质量部经理", "quality", Role.REVIEWER)
ZHAO = person("zhao", "赵六", "finance_manager", "财务部经理", "finance", Role.REVIEWER)
RULED = moment(1, 4)
"""When rules are made: the day before the drafts are."""


def larger(session: Session, code: str = "JC") -> Firm:
    """The firm with a quality manager (who is the inspector too), a finance manager, a vacant cashier's post, and drafts of the small set."""
    firm = founded(session, code, MORE_POSTS, MORE_PEOPLE)
    cloned(session, firm)
    return firm


def also(person: Actor, *roles: Role) -> Actor:
    """Somebody who has these roles too."""
    return replace(person, roles=(*person.roles, *map(HeldRole, roles)))


def proposed(session: Session, firm: Firm, *, at: datetime = RULED, **rule: Any) -> ApprovalRule:
    """Somebody's proposal; `approvers` are management and `valid_from` is its own day if not said otherwise."""
    usual = {"approvers": ["general_manager", "management_representative"], "valid_from": at.date()}
    return propose_rule(session, firm.organisation, by=firm.controller, at=at, **{**usual, **rule})


def ruled(session: Session, firm: Firm, *, at: datetime = RULED, **rule: Any) -> ApprovalRule:
    """A rule in force."""
    row = proposed(session, firm, at=at, **rule)
    approve_rule(session, firm.organisation, row, by=firm.approver, at=at)
    return row


def granted(
    session: Session,
    firm: Firm,
    login: str,
    *meanings: Meaning,
    at: datetime = CLONED,
    valid_from: date | None = None,
    valid_until: date | None = None,
    document: Document | None = None,
    by: Actor | None = None,
    reason: str = "公司小，人手不够",
) -> DutyException:
    return grant_exception(
        session,
        firm.organisation,
        login=login,
        meanings=meanings,
        reason=reason,
        valid_from=valid_from or at.date(),
        valid_until=valid_until or day(12, 31),
        document=document,
        by=by or firm.approver,
        at=at,
    )


def complaint(session: Session, firm: Firm) -> Document:
    return found(session, firm, COMPLAINT)[0]


def fault(kind: type[ServiceError], ask: Callable[[], object]) -> tuple[str, str]:
    """(code, sentence) of the error that this must be."""
    with pytest.raises(kind) as caught:
        ask()
    return caught.value.code, caught.value.message


def code_of(kind: type[ServiceError], ask: Callable[[], object]) -> str:
    return fault(kind, ask)[0]


def logins(people: Collection[Actor]) -> set[str]:
    return {each.login for each in people}


def approvals_of(session: Session, revision: Revision) -> list[Approval]:
    """Every run of a revision through its approval, oldest first."""
    query = select(Approval).where(Approval.revision_id == revision.id)
    return list(session.exec(query.order_by(col(Approval.submitted_at))))
