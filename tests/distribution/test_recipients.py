"""发放范围: whom a document is addressed to, and what a reader finds."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from small_firm import REPAIR, day, found, moment
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from distribution.staff import Staff, actor_of, in_force, repair, revised, staffed
from service.documents.models import Recipient
from service.documents.readers import addressed, departments_above, people_addressed, readable, recipients_of
from service.documents.recipients import Addressees, set_recipients
from service.errors import Forbidden, InputError
from service.organisations.models import Department
from service.organisations.rules import Actor
from service.text.model import Kind
from service.trail.queries import entries

ON = day(3, 1)


def address(session: Session, staff: Staff, by: Actor | None = None, month: int = 2, **wanted: Any) -> list[Recipient]:
    document, _ = repair(session, staff)
    named = Addressees(**wanted)
    return set_recipients(session, staff.organisation, document, named, by=by or staff.controller, at=moment(month, 2))


def readers(session: Session, staff: Staff) -> set[str]:
    """Log-ins of everybody the repair procedure is addressed to, asked one by one and asked of the document: the same answer."""
    document, _ = repair(session, staff)
    people = {login: actor_of(session, staff.organisation, login, ON) for login in ("jia", "yi", "bing", "ding", "wu", "ji", "xin")}
    one_by_one = {login for login, actor in people.items() if document.id in addressed(session, staff.organisation.id, actor, ON)}
    assert {person.login for person in people_addressed(session, document, ON)} == one_by_one
    return one_by_one


CASES: dict[str, tuple[dict[str, Any], set[str]]] = {
    "nobody named: its own department and those below": ({}, {"ding", "wu"}),
    "a department": ({"departments": ("sales",)}, {"ji"}),
    "a department above": ({"departments": ("service",)}, {"ding", "wu"}),
    "a department below": ({"departments": ("workshop",)}, {"wu"}),
    "a department by a joined key": ({"departments": ("repair_shop",)}, {"wu"}),
    "a post": ({"posts": ("general_manager",)}, {"jia"}),
    "a department and a post": ({"departments": ("sales",), "posts": ("technician",)}, {"ji", "wu"}),
    "everybody, members without a post too": ({"everybody": True}, {"jia", "yi", "bing", "ding", "wu", "ji", "xin"}),
}


@pytest.mark.parametrize("case", CASES)
def test_document_is_addressed_to_departments_posts_or_everybody(undone: Session, case: str) -> None:
    staff = in_force(undone)
    wanted, expected = CASES[case]
    address(undone, staff, **wanted)
    assert readers(undone, staff) == expected


def test_part_of_the_manual_is_for_everybody_unless_somebody_is_named(undone: Session) -> None:
    staff = in_force(undone)
    document, _ = repair(undone, staff)
    document.kind = Kind.MANUAL
    undone.add(document)
    undone.flush()
    assert readers(undone, staff) == {"jia", "yi", "bing", "ding", "wu", "ji", "xin"}
    address(undone, staff, departments=("sales",))
    assert readers(undone, staff) == {"ji"}


def test_reader_finds_what_is_in_force_and_addressed_to_him(undone: Session) -> None:
    staff = in_force(undone)
    owner = staff.organisation.id
    forms = {"报修单", "上门服务记录"}
    assert {pair.revision.title for pair in readable(undone, owner, staff.technician, ON)} == {REPAIR} | forms
    assert readable(undone, owner, staff.technician, day(1, 31)) == []
    assert readable(undone, owner, staff.seller, ON) == []
    address(undone, staff, departments=("sales",))
    assert {pair.revision.title for pair in readable(undone, owner, staff.seller, ON)} == {REPAIR}
    assert {pair.revision.title for pair in readable(undone, owner, staff.technician, ON)} == forms


def test_reader_gets_the_revision_that_is_in_force(undone: Session) -> None:
    staff = in_force(undone)
    revised(undone, staff)

    def labels(month: int) -> set[str]:
        pairs = readable(undone, staff.organisation.id, staff.technician, day(month, 2))
        return {pair.revision.label for pair in pairs if pair.revision.title == REPAIR}

    assert (labels(3), labels(4)) == ({"A/0"}, {"A/1"})


def test_who_may_read_all_finds_everything_in_force(undone: Session) -> None:
    staff = in_force(undone)
    address(undone, staff, departments=("sales",))
    found_by = [{pair.revision.title for pair in readable(undone, staff.organisation.id, each, ON)} for each in (staff.firm.reviewer,)]
    assert found_by == [{REPAIR, "报修单", "上门服务记录"}]


def test_recipients_are_replaced_and_the_former_ones_kept(undone: Session) -> None:
    staff = in_force(undone)
    document, _ = repair(undone, staff)
    address(undone, staff, departments=("sales",))
    former = recipients_of(undone, document)
    address(undone, staff, month=3, posts=("technician",))
    assert [(row.department, row.post) for row in recipients_of(undone, document)] == [(None, "technician")]
    assert [(row.department, row.ended_at, row.ended_by) for row in former] == [("sales", moment(3, 2), "bing")]
    details = [row.details for row in entries(undone, staff.organisation.id) if row.action == "document:address"]
    assert details == [
        {"everybody": False, "departments": ["sales"], "posts": []},
        {"everybody": False, "departments": [], "posts": ["technician"]},
    ]


def test_setting_what_stands_already_changes_nothing(undone: Session) -> None:
    staff = in_force(undone)
    first = address(undone, staff, departments=("sales", "service"))
    again = address(undone, staff, month=3, departments=("service", "sales", "sales"))
    assert [row.id for row in again] == [row.id for row in first]
    assert [row.action for row in entries(undone, staff.organisation.id)].count("document:address") == 1


REFUSED: dict[str, tuple[dict[str, Any], str, str]] = {
    "unknown department": ({"departments": ("service", "moon", "mars")}, "unknown_recipient", "组织机构图上没有部门 mars、moon"),
    "unknown post": ({"posts": ("pilot",)}, "unknown_recipient", "组织机构图上没有岗位 pilot"),
    "everybody and some": (
        {"everybody": True, "posts": ("technician",)},
        "recipients_twice",
        "发放范围已是全公司，不能再列出部门或岗位",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_recipients_that_make_no_sense_are_refused(undone: Session, case: str) -> None:
    staff = in_force(undone)
    wanted, code, sentence = REFUSED[case]
    with pytest.raises(InputError) as caught:
        address(undone, staff, **wanted)
    assert (caught.value.code, str(caught.value)) == (code, sentence)
    assert recipients_of(undone, repair(undone, staff)[0]) == []


def test_only_the_document_controller_sets_recipients(undone: Session) -> None:
    staff = in_force(undone)
    for person in (staff.firm.preparer, staff.firm.approver, staff.technician):
        with pytest.raises(Forbidden, match="由文控员完成"):
            address(undone, staff, by=person, everybody=True)


def test_recipient_is_a_department_or_a_post_not_both(undone: Session) -> None:
    staff = in_force(undone)
    document, _ = repair(undone, staff)
    both = Recipient(
        organisation_id=staff.organisation.id,
        document_id=document.id,
        department="sales",
        post="technician",
        created_at=moment(2, 1),
        created_by="bing",
    )
    undone.add(both)
    with pytest.raises(IntegrityError):
        undone.flush()


def test_recipients_of_one_organisation_say_nothing_in_another(undone: Session) -> None:
    one, other = in_force(undone, "ONE"), staffed(undone, "TWO")
    address(undone, one, everybody=True)
    mine = addressed(undone, other.organisation.id, actor_of(undone, other.organisation, "ji"), ON)
    assert mine == set()
    assert recipients_of(undone, found(undone, other.firm, REPAIR)[0]) == []
    assert readable(undone, other.organisation.id, one.seller, ON) == []


def test_departments_above_end_at_the_top_whatever_the_chart_says() -> None:
    def department(key: str, parent: str | None) -> Department:
        return Department(
            organisation_id=UUID(int=0), key=key, name=key, parent=parent, position=0, valid_from=ON, recorded_at=moment(1, 1)
        )

    rows = [department("a", "b"), department("b", "a"), department("c", "gone"), department("d", None)]
    above = {key: departments_above(rows, [key]) for key in ("a", "c", "d", "unknown")}
    assert above == {"a": {"a", "b"}, "c": {"c"}, "d": {"d"}, "unknown": {"unknown"}}
