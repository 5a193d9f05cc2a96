"""发放: numbers that stay with their holders, one copy per holder and revision, and what is refused."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from small_firm import COMPLAINT, REPAIR, advance, approve, day, found, moment, review, submit
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from distribution.staff import IN_FORCE, NEXT, Staff, actions_of, held, in_force, issued, reopened, repair, revised, staffed, told
from service.approvals import actions as approvals
from service.db import reading, writing
from service.distribution.actions import report_lost, return_and_destroy
from service.distribution.issue import issue, issue_to_recipients
from service.distribution.models import Copy, CopyNumber
from service.distribution.queries import copies_out, numbers_of
from service.distribution.rules import CopyHolder, Medium
from service.documents.recipients import Addressees, set_recipients
from service.errors import Conflict, Forbidden, InputError, Refused, ServiceError
from service.trail.queries import entries

OUTSIDER = CopyHolder(name="王五", department="认证机构")


def numbers(copies: list[Copy]) -> dict[str, int]:
    return {copy.holder_name: copy.copy_number for copy in copies}


def issued_to(session: Session, staff: Staff, *holders: CopyHolder, medium: Medium = Medium.PAPER) -> list[Copy]:
    document, revision = repair(session, staff)
    return issue(session, staff.organisation, document, revision, holders, medium=medium, by=staff.controller, at=IN_FORCE)


def test_copies_are_numbered_in_the_order_of_their_holders(undone: Session) -> None:
    staff = in_force(undone)
    assert numbers(issued(undone, staff, "ding", "wu")) == {"丁四": 1, "吴五": 2}
    assert numbers(issued_to(undone, staff, OUTSIDER)) == {"王五": 3}
    assert numbers(issued(undone, staff, "jia")) == {"贾一": 4}


def test_copy_says_who_holds_which_revision_since_when_and_by_whom(undone: Session) -> None:
    staff = in_force(undone)
    document, revision = repair(undone, staff)
    copy = issued(undone, staff, "wu", medium=Medium.ELECTRONIC)[0]
    assert (copy.document_id, copy.revision_id, copy.holder_login, copy.holder_name) == (document.id, revision.id, "wu", "吴五")
    assert (copy.department, copy.medium, copy.issued_on, copy.issued_at) == ("workshop", Medium.ELECTRONIC, day(2, 1), IN_FORCE)
    assert (copy.issued_by, copy.received_on, copy.outcome) == ("bing", None, None)


def test_holder_keeps_his_number_through_all_revisions(undone: Session) -> None:
    staff = in_force(undone)
    issued(undone, staff, "ding", "wu", "jia")
    revised(undone, staff)
    assert numbers(issued(undone, staff, "jia", "ji", "ding", at=NEXT)) == {"贾一": 3, "纪六": 4, "丁四": 1}


def test_numbers_of_each_document_are_its_own(undone: Session) -> None:
    staff = in_force(undone)
    issued(undone, staff, "jia", "ding")
    advance(undone, staff.firm, COMPLAINT, at=IN_FORCE)
    document, revision = found(undone, staff.firm, COMPLAINT)
    copies = issue(
        undone, staff.organisation, document, revision, [CopyHolder("ding")], medium=Medium.PAPER, by=staff.controller, at=IN_FORCE
    )
    assert numbers(copies) == {"丁四": 1}


def test_number_of_a_lost_copy_is_never_used_again(undone: Session) -> None:
    staff = in_force(undone)
    lost = issued(undone, staff, "ding", "wu")[0]
    report_lost(undone, staff.organisation, held(undone, lost), remark="外出时遗失", by=staff.controller, at=moment(2, 5))
    assert numbers(issued(undone, staff, "ding", at=moment(2, 6))) == {"丁四": 3}
    revised(undone, staff)
    assert numbers(issued(undone, staff, "ding", "ji", at=NEXT)) == {"丁四": 3, "纪六": 4}


def test_number_lives_on_while_its_holder_has_another_copy_under_it(undone: Session) -> None:
    staff = in_force(undone)
    former = issued(undone, staff, "ding")[0]
    revised(undone, staff)
    issued(undone, staff, "ding", at=NEXT)
    report_lost(undone, staff.organisation, held(undone, former), remark="找不到", by=staff.controller, at=NEXT)
    revised(undone, staff, at=moment(5, 1))
    assert numbers(issued(undone, staff, "ding", at=moment(5, 1))) == {"丁四": 1}


def test_holder_whose_copy_was_destroyed_may_get_another_under_his_number(undone: Session) -> None:
    staff = in_force(undone)
    copy = issued(undone, staff, "ding", "wu")[0]
    owner, at = staff.organisation, moment(2, 5)
    return_and_destroy(undone, owner, held(undone, copy), witness="易二", remark="破损", by=staff.controller, at=at)
    assert numbers(issued(undone, staff, "ding", at=at)) == {"丁四": 1}


def test_outside_holders_are_told_apart_by_name_and_place(undone: Session) -> None:
    staff = in_force(undone)
    other = CopyHolder(name="王五", department="客户公司")
    assert [copy.copy_number for copy in issued_to(undone, staff, OUTSIDER, other)] == [1, 2]
    with pytest.raises(Conflict):
        issued_to(undone, staff, OUTSIDER)


def test_everybody_addressed_gets_one_electronic_copy(undone: Session) -> None:
    staff = in_force(undone)
    document, revision = repair(undone, staff)
    issued(undone, staff, "wu")
    copies = issue_to_recipients(undone, staff.organisation, document, revision, by=staff.controller, at=moment(2, 2))
    assert [(copy.holder_login, copy.medium) for copy in copies] == [("ding", Medium.ELECTRONIC)]
    with pytest.raises(Conflict, match="已发放给发放范围内的全部人员"):
        issue_to_recipients(undone, staff.organisation, document, revision, by=staff.controller, at=moment(2, 3))


def test_document_that_is_addressed_to_nobody_is_issued_to_nobody(undone: Session) -> None:
    staff = in_force(undone)
    document, revision = repair(undone, staff)
    document.department = "nowhere"
    undone.add(document)
    with pytest.raises(Refused, match="发放范围内没有人员"):
        issue_to_recipients(undone, staff.organisation, document, revision, by=staff.controller, at=IN_FORCE)


def test_awaited_revision_is_issued_before_it_takes_force(undone: Session) -> None:
    staff = in_force(undone)
    revised(undone, staff, at=moment(3, 1), effective_on=day(4, 1))
    assert issued(undone, staff, "ding", at=moment(3, 2))[0].issued_on == day(3, 2)


def test_issue_leaves_one_trail_entry_and_tells_the_holders(undone: Session) -> None:
    staff = in_force(undone)
    issued(undone, staff, "ding", "wu")
    assert actions_of(undone, staff, "copy") == ["copy:issue"]
    entry = next(row for row in entries(undone, staff.organisation.id) if row.action == "copy:issue")
    assert (entry.by, entry.subject, entry.subject_id) == ("bing", "document", "JC/SH-CX-01")
    assert entry.details == {
        "label": "A/0",
        "issued_on": "2026-02-01",
        "medium": "paper",
        "copies": [
            {"copy_number": 1, "holder": "丁四", "department": "service"},
            {"copy_number": 2, "holder": "吴五", "department": "workshop"},
        ],
    }
    subject = f"请签收 JC/SH-CX-01《{REPAIR}》A/0"
    assert sorted(told(undone, staff, "copy:issue")) == [("ding", subject), ("wu", subject)]


def test_copy_handed_out_earlier_is_recorded_with_its_day(undone: Session) -> None:
    staff = in_force(undone)
    copy = issued(undone, staff, at=moment(2, 10), on=day(2, 3))[0]
    assert (copy.issued_on, copy.issued_at) == (day(2, 3), moment(2, 10))


REFUSED: dict[str, tuple[type[ServiceError], str, dict[str, Any]]] = {
    "nobody": (InputError, "请至少指定一名持有人", {"holders": []}),
    "unknown login": (InputError, "示范甲公司没有登录名为“nobody”的人员", {"holders": [CopyHolder("nobody")]}),
    "outsider without a place": (InputError, "请填写持有人的部门或单位", {"holders": [CopyHolder(name="王五")]}),
    "outsider without a name": (InputError, "请填写持有人姓名", {"holders": [CopyHolder(department="客户")]}),
    "electronic copy for an outsider": (InputError, "电子受控本须发给有登录名的人员", {"holders": [OUTSIDER], "medium": Medium.ELECTRONIC}),
    "one holder twice": (
        Conflict,
        "丁四已持有 JC/SH-CX-01 A/0（分发号 1），不能重复发放；遗失的请先登记遗失",
        {"holders": [CopyHolder("ding")] * 2},
    ),
    "future": (InputError, "发放日期 2026-02-02 晚于今天", {"on": day(2, 2)}),
    "before the release": (InputError, "发放日期 2026-01-31 早于 JC/SH-CX-01 A/0 的发布日期 2026-02-01", {"on": day(1, 31)}),
    "control character": (InputError, "备注须为一行文字，不能有控制字符", {"remark": "一\n二"}),
    "author": (Forbidden, "丁四不能发放、回收文件：由文控员完成", {"by": "preparer"}),
}


@pytest.mark.parametrize("case", REFUSED)
def test_issue_is_refused_with_its_reason_and_leaves_nothing(undone: Session, case: str) -> None:
    staff = in_force(undone)
    kind, sentence, given = REFUSED[case]
    document, revision = repair(undone, staff)
    options: dict[str, Any] = {"holders": [CopyHolder("ding")], "medium": Medium.PAPER, "by": "controller"} | given
    by = getattr(staff.firm, str(options.pop("by")))
    before = len(entries(undone, staff.organisation.id))
    with pytest.raises(kind) as caught, undone.begin_nested():
        issue(undone, staff.organisation, document, revision, by=by, at=IN_FORCE, **options)
    assert str(caught.value) == sentence
    assert (copies_out(undone, staff.organisation.id), numbers_of(undone, document)) == ([], [])
    assert len(entries(undone, staff.organisation.id)) == before


def test_holder_of_a_copy_gets_no_second_one_of_the_same_revision(undone: Session) -> None:
    staff = in_force(undone)
    issued(undone, staff, "ding")
    with pytest.raises(Conflict, match="丁四已持有 JC/SH-CX-01 A/0（分发号 1）"):
        issued(undone, staff, "wu", "ding", medium=Medium.ELECTRONIC)


def test_what_is_not_released_is_not_issued(undone: Session) -> None:
    staff = staffed(undone)
    states = []
    for step in (submit, review, approve):
        with pytest.raises(Refused) as caught:
            issued(undone, staff)
        states.append(str(caught.value))
        step(undone, staff.firm, REPAIR)
    with pytest.raises(Refused) as caught:
        issued(undone, staff)
    states.append(str(caught.value))
    stated = [f"JC/SH-CX-01 A/0 尚未发布（{state}），由文控员发布后才能发放" for state in ("编制中", "审核中", "待批准", "已批准")]
    assert states == stated


def test_what_is_out_of_use_is_not_issued(undone: Session) -> None:
    staff = in_force(undone)
    document, former = repair(undone, staff)
    later = revised(undone, staff)
    with pytest.raises(Refused, match=r"A/0 自 2026-04-01 起不再有效，不能发放"):
        issued(undone, staff, at=NEXT, revision=former)
    approvals.obsolete(undone, document, later, on=day(4, 9), by=staff.controller, at=moment(4, 9), reason="不再维修")
    with pytest.raises(Refused, match=r"A/1 自 2026-04-09 起不再有效，不能发放"):
        issued(undone, staff, at=moment(4, 9))


def test_copies_and_numbers_of_one_organisation_are_not_anothers(undone: Session) -> None:
    one, other = in_force(undone, "ONE"), in_force(undone, "TWO")
    issued(undone, one, "jia", "ding")
    assert copies_out(undone, other.organisation.id) == []
    assert numbers_of(undone, repair(undone, other)[0]) == []
    assert numbers(issued(undone, other, "ding")) == {"丁四": 1}


def number_row(staff: Staff, document_id: UUID, number: int, holder: str) -> CopyNumber:
    return CopyNumber(organisation_id=staff.organisation.id, document_id=document_id, number=number, holder=holder, assigned_at=IN_FORCE)


@pytest.mark.parametrize(("number", "holder"), [(1, "login:wu"), (2, "login:ding")])
def test_database_gives_a_number_to_one_holder_and_a_holder_one_number(undone: Session, number: int, holder: str) -> None:
    staff = in_force(undone)
    issued(undone, staff, "ding")
    undone.add(number_row(staff, repair(undone, staff)[0].id, number, holder))
    with pytest.raises(IntegrityError):
        undone.flush()


def test_database_keeps_one_copy_per_holder_and_revision_that_is_not_settled(undone: Session) -> None:
    staff = in_force(undone)
    copy = issued(undone, staff, "ding")[0]
    again = copy.model_dump(exclude={"id"})
    undone.add(Copy(**again))
    with pytest.raises(IntegrityError):
        undone.flush()


def test_copy_cannot_bear_a_number_that_was_never_given(undone: Session) -> None:
    staff = in_force(undone)
    copy = issued(undone, staff, "ding")[0]
    undone.add(Copy(**copy.model_dump(exclude={"id", "copy_number"}), copy_number=7))
    with pytest.raises(IntegrityError):
        undone.flush()


def test_issued_at_once_by_many_the_same_holder_has_one_copy(engine: Engine) -> None:
    with writing(engine) as session:
        in_force(session)
    start, workers = Barrier(8), 8

    def try_it(position: int) -> str:
        start.wait()
        try:
            with writing(engine) as session:
                staff = reopened(session)
                issued(session, staff, "ding", at=IN_FORCE + timedelta(seconds=position))
        except Conflict as fault:
            return fault.code
        return "issued"

    with ThreadPoolExecutor(workers) as pool:
        answers = list(pool.map(try_it, range(workers)))
    assert sorted(answers) == ["copy_exists"] * (workers - 1) + ["issued"]
    with reading(engine) as session:
        assert len(session.exec(select(Copy)).all()) == len(session.exec(select(CopyNumber)).all()) == 1
        staff = reopened(session)
        assert actions_of(session, staff, "copy") == ["copy:issue"]


def test_issued_at_once_to_different_holders_every_copy_has_its_number(engine: Engine) -> None:
    with writing(engine) as session:
        in_force(session)
    logins = ("jia", "yi", "bing", "ding", "wu", "ji")
    start = Barrier(len(logins))

    def try_it(login: str) -> int:
        start.wait()
        with writing(engine) as session:
            return issued(session, reopened(session), login)[0].copy_number

    with ThreadPoolExecutor(len(logins)) as pool:
        assert sorted(pool.map(try_it, logins)) == [1, 2, 3, 4, 5, 6]


def test_recipients_set_for_everybody_are_issued_to_members_without_a_post(undone: Session) -> None:
    staff = in_force(undone)
    document, revision = repair(undone, staff)
    set_recipients(undone, staff.organisation, document, Addressees(everybody=True), by=staff.controller, at=IN_FORCE)
    copies = issue_to_recipients(undone, staff.organisation, document, revision, by=staff.controller, at=IN_FORCE)
    assert numbers(copies) == {"贾一": 1, "易二": 2, "邴三": 3, "丁四": 4, "吴五": 5, "纪六": 6, "辛七": 7}
