"""阅读确认: whom one asks, until when, and who has not read yet."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from small_firm import REPAIR, approve, day, moment, review, submit
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from distribution.staff import IN_FORCE, NEXT, Staff, actions_of, in_force, repair, revised, staffed, told
from service.distribution.acknowledgement_queries import (
    acknowledgement_rows,
    acknowledgements_of,
    find_acknowledgement,
    open_acknowledgements,
)
from service.distribution.acknowledging import acknowledge, excuse
from service.distribution.asking import Asked, ask
from service.distribution.models import Acknowledgement
from service.distribution.rules import MISSING, AcknowledgementState
from service.documents.models import Revision
from service.documents.recipients import Addressees, set_recipients
from service.errors import Conflict, Forbidden, InputError, NotFound, Refused, ServiceError
from service.organisations.models import PostHolder
from service.organisations.queries import open_rows
from service.organisations.rules import Actor
from service.trail.queries import entries

DUE = day(2, 20)


def asked(
    session: Session,
    staff: Staff,
    *,
    due_on: date = DUE,
    at: datetime = IN_FORCE,
    by: Actor | None = None,
    revision: Revision | None = None,
    **whom: Any,
) -> list[str]:
    document, newest = repair(session, staff)
    who = by or staff.controller
    rows = ask(session, staff.organisation, document, revision or newest, Asked(**whom), due_on=due_on, by=who, at=at)
    return [row.login for row in rows]


def states(session: Session, staff: Staff, on: date, recorded_on: datetime | None = None) -> dict[str, AcknowledgementState]:
    return {row.login: row.state for row in acknowledgement_rows(session, staff.organisation, on, recorded_on)}


CHOICES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "everybody addressed": ({}, ["ding", "wu"]),
    "a department with those below": ({"departments": frozenset({"service"})}, ["ding", "wu"]),
    "a department below": ({"departments": frozenset({"workshop"})}, ["wu"]),
    "a post": ({"posts": frozenset({"technician"})}, ["wu"]),
    "log-in names": ({"logins": frozenset({"wu", "ding"})}, ["ding", "wu"]),
    "who reads everything anyhow": ({"logins": frozenset({"jia"})}, ["jia"]),
    "a post and a log-in name": ({"posts": frozenset({"technician"}), "logins": frozenset({"yi"})}, ["yi", "wu"]),
}


@pytest.mark.parametrize("case", CHOICES)
def test_people_are_asked_by_department_post_or_name(undone: Session, case: str) -> None:
    staff = in_force(undone)
    whom, expected = CHOICES[case]
    assert asked(undone, staff, **whom) == expected


def test_request_says_who_is_asked_what_until_when(undone: Session) -> None:
    staff = in_force(undone)
    asked(undone, staff)
    document, revision = repair(undone, staff)
    row = next(each for each in acknowledgements_of(undone, revision) if each.login == "wu")
    assert (row.document_id, row.name, row.department, row.due_on) == (document.id, "吴五", "workshop", DUE)
    assert (row.asked_at, row.asked_by, row.attempts, row.acknowledged_at) == (IN_FORCE, "bing", 0, None)
    assert actions_of(undone, staff, "acknowledgement") == ["acknowledgement:ask"]
    entry = entries(undone, staff.organisation.id)[-1]
    assert entry.details == {"label": "A/0", "due_on": "2026-02-20", "logins": ["ding", "wu"]}
    subject = f"请阅读 JC/SH-CX-01《{REPAIR}》A/0"
    assert sorted(told(undone, staff, "acknowledgement:ask")) == [("ding", subject), ("wu", subject)]


def test_who_was_asked_already_is_left_out(undone: Session) -> None:
    staff = in_force(undone)
    assert asked(undone, staff, logins=frozenset({"wu"})) == ["wu"]
    assert asked(undone, staff) == ["ding"]
    with pytest.raises(Conflict) as caught:
        asked(undone, staff)
    assert str(caught.value) == "已请这些人员阅读 JC/SH-CX-01 A/0，不能重复发起"


def test_whoever_was_excused_may_be_asked_again(undone: Session) -> None:
    staff = in_force(undone)
    asked(undone, staff)
    row = next(each for each in open_acknowledgements(undone, staff.organisation.id, "wu"))
    waiting = find_acknowledgement(undone, staff.organisation.id, row.id)
    excuse(undone, waiting, reason="产假", by=staff.controller, at=moment(2, 3))
    assert asked(undone, staff, at=moment(2, 4)) == ["wu"]


def test_revision_may_be_announced_when_it_is_approved(undone: Session) -> None:
    staff = staffed(undone)
    sentences = []
    for step in (submit, review, approve):
        with pytest.raises(Refused) as caught:
            asked(undone, staff)
        sentences.append(str(caught.value))
        step(undone, staff.firm, REPAIR)
    stated = [f"JC/SH-CX-01 A/0 尚未批准（{state}），批准后才能请人阅读确认" for state in ("编制中", "审核中", "待批准")]
    assert sentences == stated
    assert asked(undone, staff) == ["ding", "wu"]


def test_nobody_is_asked_to_read_what_is_out_of_use(undone: Session) -> None:
    staff = in_force(undone)
    _, former = repair(undone, staff)
    revised(undone, staff)
    with pytest.raises(Refused, match=r"A/0 自 2026-04-01 起不再有效，不能请人阅读确认"):
        asked(undone, staff, at=NEXT, due_on=day(4, 20), revision=former)


def test_document_that_is_addressed_to_nobody_is_read_by_nobody(undone: Session) -> None:
    staff = in_force(undone)
    document, _ = repair(undone, staff)
    document.department = "nowhere"
    undone.add(document)
    with pytest.raises(InputError, match="发放范围内没有人员，请先设置发放范围"):
        asked(undone, staff)


REFUSED: dict[str, tuple[type[ServiceError], str, dict[str, Any]]] = {
    "yesterday": (InputError, "阅读确认的截止日期 2026-01-31 须在今天至一年之内", {"due_on": day(1, 31)}),
    "in years": (InputError, "阅读确认的截止日期 2027-02-03 须在今天至一年之内", {"due_on": date(2027, 2, 3)}),
    "unknown login": (InputError, "示范甲公司没有登录名为“a、b”的人员", {"logins": frozenset({"b", "a", "ding"})}),
    "unknown department": (InputError, "组织机构图上没有部门 moon", {"departments": frozenset({"moon", "service"})}),
    "unknown post": (InputError, "组织机构图上没有岗位 pilot", {"posts": frozenset({"pilot"})}),
    "who cannot read it": (
        InputError,
        "纪六、辛七不在文件 JC/SH-CX-01 的发放范围内，请先调整发放范围",
        {"logins": frozenset({"ji", "xin", "ding"})},
    ),
    "by an author": (Forbidden, "丁四不能发放、回收文件：由文控员完成", {"by": "preparer"}),
}


@pytest.mark.parametrize("case", REFUSED)
def test_asking_is_refused_with_its_reason(undone: Session, case: str) -> None:
    staff = in_force(undone)
    kind, sentence, given = REFUSED[case]
    options = dict(given)
    by = getattr(staff.firm, str(options.pop("by", "controller")))
    with pytest.raises(kind) as caught:
        asked(undone, staff, by=by, **options)
    assert str(caught.value) == sentence
    assert acknowledgements_of(undone, repair(undone, staff)[1]) == []


def test_department_without_people_is_refused(undone: Session) -> None:
    staff = in_force(undone)
    document, _ = repair(undone, staff)
    set_recipients(undone, staff.organisation, document, Addressees(everybody=True), by=staff.controller, at=IN_FORCE)
    holder = next(row for row in open_rows(undone, PostHolder, staff.organisation.id) if row.login == "ji")
    holder.valid_to = day(1, 31)
    undone.add(holder)
    undone.flush()
    with pytest.raises(InputError, match="所选部门和岗位没有人员"):
        asked(undone, staff, departments=frozenset({"sales"}))


def test_lists_say_who_has_not_read_yet(undone: Session) -> None:
    staff = in_force(undone)
    asked(undone, staff)
    owner = staff.organisation
    document, _ = repair(undone, staff)
    waiting = find_acknowledgement(undone, owner.id, open_acknowledgements(undone, owner.id, "wu")[0].id)
    acknowledge(undone, owner, waiting, by=staff.technician, at=moment(2, 10))
    missing = acknowledgement_rows(undone, owner, day(2, 10), document=document, states=MISSING)
    assert [(row.login, row.state) for row in missing] == [("ding", AcknowledgementState.OPEN)]
    late = acknowledgement_rows(undone, owner, day(2, 21), states=MISSING)
    assert [(row.login, row.state) for row in late] == [("ding", AcknowledgementState.OVERDUE)]
    per_person = acknowledgement_rows(undone, owner, day(2, 21), login="wu")
    assert [(row.document, row.label, row.name, row.department, row.state) for row in per_person] == [
        ("JC/SH-CX-01", "A/0", "吴五", "维修组", AcknowledgementState.ACKNOWLEDGED)
    ]


def test_list_of_a_past_day_shows_who_had_read_by_then(undone: Session) -> None:
    staff = in_force(undone)
    asked(undone, staff)
    owner = staff.organisation
    waiting = find_acknowledgement(undone, owner.id, open_acknowledgements(undone, owner.id, "wu")[0].id)
    acknowledge(undone, owner, waiting, by=staff.technician, at=moment(2, 10))
    both_open = {"ding": AcknowledgementState.OPEN, "wu": AcknowledgementState.OPEN}
    assert states(undone, staff, day(1, 31)) == {}
    assert states(undone, staff, day(2, 9)) == both_open
    assert states(undone, staff, day(2, 10)) == both_open | {"wu": AcknowledgementState.ACKNOWLEDGED}
    assert states(undone, staff, day(2, 10), moment(2, 9)) == both_open
    assert states(undone, staff, day(2, 10), moment(1, 9)) == {}


def test_request_of_another_organisation_is_not_found(undone: Session) -> None:
    one, other = in_force(undone, "ONE"), in_force(undone, "TWO")
    asked(undone, one)
    row = open_acknowledgements(undone, one.organisation.id)[0]
    with pytest.raises(NotFound) as caught:
        find_acknowledgement(undone, other.organisation.id, row.id)
    assert (caught.value.code, str(caught.value)) == ("acknowledgement_not_found", "没有这项阅读确认")
    assert open_acknowledgements(undone, other.organisation.id) == []
    assert states(undone, other, day(3, 1)) == {}


def test_database_keeps_one_request_per_person_and_revision(undone: Session) -> None:
    staff = in_force(undone)
    asked(undone, staff)
    row = open_acknowledgements(undone, staff.organisation.id, "wu")[0]
    undone.add(Acknowledgement(**row.model_dump(exclude={"id"})))
    with pytest.raises(IntegrityError):
        undone.flush()
