"""删减: decided once, with a reason and an approver, until withdrawn; and when doubt about a confirmation arises."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from service.errors import Conflict, InputError, NotFound
from service.organisations.models import Organisation
from service.organisations.profile import NotApplicableEntry
from service.organisations.roles import HeldRole, Role
from service.organisations.rules import Actor
from service.standards.actions import decide_not_applicable, record_profile_decisions, withdraw_not_applicable
from service.standards.models import NotApplicable
from service.standards.queries import not_applicable_on
from service.standards.rules import Element, Indicator, Proof, Standard, find_indicator, indicator_fingerprint
from service.trail.queries import entries, verify

JIA = Actor("jia", "贾一", ("general_manager",), "总经理", (HeldRole(Role.APPROVER),))
AT, DECIDED, LATER = datetime(2026, 2, 1, tzinfo=UTC), date(2026, 2, 1), date(2026, 6, 1)
HOUR = timedelta(hours=1)


def decide(session: Session, firm: Organisation, standard: Standard, code: str, justification: str = "不涉及") -> NotApplicable:
    return decide_not_applicable(
        session, firm.id, standard, code, justification=justification, approved_by="贾一", decided_on=DECIDED, by=JIA, at=AT
    )


def test_decision_holds_from_its_day_on(session: Session, firm: Organisation, national: Standard) -> None:
    decide(session, firm, national, "5.1.6.4")
    assert not_applicable_on(session, firm.id, national.id, DECIDED - timedelta(days=1)) == {}
    assert not_applicable_on(session, firm.id, national.id, DECIDED)["5.1.6.4"].justification == "不涉及"
    assert not_applicable_on(session, firm.id, "sbt10401-2006", DECIDED) == {}


def test_decisions_come_in_natural_order(session: Session, firm: Organisation, national: Standard) -> None:
    for code in ("5.2.4.4", "5.1.6.4", "5.2.3.1"):
        decide(session, firm, national, code)
    assert list(not_applicable_on(session, firm.id, national.id, LATER)) == ["5.1.6.4", "5.2.3.1", "5.2.4.4"]


def test_withdrawn_decision_ends_and_the_former_knowledge_stays(session: Session, firm: Organisation, national: Standard) -> None:
    decide(session, firm, national, "5.1.6.4")
    withdraw_not_applicable(session, firm.id, national, "5.1.6.4", withdrawn_on=LATER, by=JIA, at=AT + HOUR)
    assert "5.1.6.4" in not_applicable_on(session, firm.id, national.id, LATER - timedelta(days=1))
    assert "5.1.6.4" not in not_applicable_on(session, firm.id, national.id, LATER)
    assert "5.1.6.4" in not_applicable_on(session, firm.id, national.id, LATER, AT)
    assert not_applicable_on(session, firm.id, national.id, LATER, AT - HOUR) == {}


def test_each_step_leaves_one_trail_entry(session: Session, firm: Organisation, national: Standard) -> None:
    decide(session, firm, national, "5.1.6.4")
    withdraw_not_applicable(session, firm.id, national, "5.1.6.4", withdrawn_on=LATER, by=JIA, at=AT)
    assert [(entry.action, entry.subject_id) for entry in entries(session, firm.id)] == [
        ("not_applicable:decide", "5.1.6.4"),
        ("not_applicable:withdraw", "5.1.6.4"),
    ]
    assert verify(session, firm.id).position is None


@pytest.mark.parametrize("code", ["5.9.9.9", "5.1.6", "5.1", ""])
def test_only_indicators_without_children_can_be_deleted(session: Session, firm: Organisation, national: Standard, code: str) -> None:
    with pytest.raises(InputError) as caught:
        decide(session, firm, national, code)
    assert caught.value.code == "unknown_indicator"


def test_empty_justification_is_refused(session: Session, firm: Organisation, national: Standard) -> None:
    with pytest.raises(InputError, match="理由"):
        decide(session, firm, national, "5.1.6.4", " ")


def test_second_decision_on_an_indicator_is_refused(session: Session, firm: Organisation, national: Standard) -> None:
    decide(session, firm, national, "5.1.6.4")
    with pytest.raises(Conflict):
        decide(session, firm, national, "5.1.6.4", "另一理由")


def test_database_itself_refuses_a_second_standing_decision(session: Session, firm: Organisation, national: Standard) -> None:
    row = decide(session, firm, national, "5.1.6.4")
    session.add(NotApplicable(**row.model_dump(exclude={"id"})))
    with pytest.raises(IntegrityError), session.begin_nested():
        session.flush()


def test_after_withdrawal_it_may_be_decided_again(session: Session, firm: Organisation, national: Standard) -> None:
    decide(session, firm, national, "5.1.6.4")
    withdraw_not_applicable(session, firm.id, national, "5.1.6.4", withdrawn_on=LATER, by=JIA, at=AT)
    assert decide(session, firm, national, "5.1.6.4").withdrawn_on is None


def test_withdrawal_needs_a_decision_and_a_later_day(session: Session, firm: Organisation, national: Standard) -> None:
    with pytest.raises(NotFound):
        withdraw_not_applicable(session, firm.id, national, "5.1.6.4", withdrawn_on=LATER, by=JIA, at=AT)
    decide(session, firm, national, "5.1.6.4")
    with pytest.raises(InputError, match="不得早于"):
        withdraw_not_applicable(session, firm.id, national, "5.1.6.4", withdrawn_on=date(2026, 1, 1), by=JIA, at=AT)


def test_profile_is_recorded_once_and_whole(session: Session, firm: Organisation, national: Standard) -> None:
    good = NotApplicableEntry("5.1.6.4", "不涉及", "贾一", DECIDED)
    with pytest.raises(InputError, match=r"5\.7\.7\.7"):
        record_profile_decisions(session, firm.id, national, [good, replace(good, indicator="5.7.7.7")], by=JIA, at=AT)
    assert not_applicable_on(session, firm.id, national.id, LATER) == {}
    assert len(record_profile_decisions(session, firm.id, national, [good], by=JIA, at=AT)) == 1
    assert record_profile_decisions(session, firm.id, national, [good], by=JIA, at=AT) == []


def test_fingerprint_follows_the_words_not_points_or_sources(national: Standard) -> None:
    indicator = find_indicator(national, "5.1.6.4")
    assert indicator is not None
    first = indicator_fingerprint(indicator)
    same: list[Indicator] = [replace(indicator, points=2), replace(indicator, sources=()), replace(indicator, notes=("注",))]
    other: list[Indicator] = [
        replace(indicator, code="5.1.6.5"),
        replace(indicator, requirement="别的"),
        replace(indicator, items=(("a", "甲"),)),
        replace(indicator, elements=(Element("服务标准化工作", Proof.FACT), indicator.elements[1])),
    ]
    assert {indicator_fingerprint(item) for item in same} == {first}
    assert len({first, *map(indicator_fingerprint, other)}) == 5
