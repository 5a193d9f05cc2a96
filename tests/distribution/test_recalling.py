"""签收, 回收 and what becomes of a copy: who may, in which order of days, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from small_firm import day, moment
from sqlmodel import Session

from distribution.staff import NEXT, Staff, actions_of, held, in_force, issued, revised
from service.distribution.actions import recall, receive, report_lost, return_and_destroy, return_and_retain, settle
from service.distribution.issue import issue
from service.distribution.models import Copy
from service.distribution.queries import copy_rows, find_copy
from service.distribution.rules import CopyHolder, CopyStatus, Medium, Outcome
from service.errors import Forbidden, InputError, NotFound, Refused, ServiceError
from service.organisations.roles import HeldRole, Role
from service.organisations.rules import Actor
from service.trail.queries import entries

LATER = moment(2, 10)


def received(session: Session, staff: Staff, copy: Copy, by: Actor | None = None, at: datetime = LATER, **more: Any) -> None:
    receive(session, staff.organisation, held(session, copy), by=by or staff.firm.preparer, at=at, **more)


def recalled(session: Session, staff: Staff, copy: Copy, by: Actor | None = None, at: datetime = LATER, **more: Any) -> None:
    recall(session, staff.organisation, held(session, copy), by=by or staff.controller, at=at, **more)


def destroyed(
    session: Session, staff: Staff, copy: Copy, witness: str = "易二", by: Actor | None = None, at: datetime = LATER, **more: Any
) -> None:
    owner, who = staff.organisation, by or staff.controller
    return_and_destroy(session, owner, held(session, copy), witness=witness, by=who, at=at, **more)


def test_auditor_signs_for_nothing(undone: Session) -> None:
    staff = in_force(undone)
    [copy] = issued(undone, staff)
    auditor = replace(staff.firm.preparer, roles=(HeldRole(Role.AUDITOR),))
    with pytest.raises(Forbidden, match="不能阅读确认"):
        received(undone, staff, copy, auditor)


def status(session: Session, staff: Staff, on: date) -> CopyStatus:
    return copy_rows(session, staff.organisation, on)[0].status


def last_details(session: Session, staff: Staff) -> dict[str, Any]:
    return dict(entries(session, staff.organisation.id)[-1].details)


def test_holder_signs_for_his_copy(undone: Session) -> None:
    staff = in_force(undone)
    copy = issued(undone, staff, medium=Medium.ELECTRONIC)[0]
    assert status(undone, staff, day(2, 10)) is CopyStatus.ISSUED
    received(undone, staff, copy)
    assert (copy.received_on, copy.received_at, copy.received_by) == (day(2, 10), LATER, "ding")
    assert [status(undone, staff, each) for each in (day(2, 9), day(2, 10))] == [CopyStatus.ISSUED, CopyStatus.HELD]
    assert last_details(undone, staff) == {
        "label": "A/0",
        "copy_number": 1,
        "holder": "丁四",
        "received_on": "2026-02-10",
        "note": "",
    }


def test_reader_signs_for_his_copy(undone: Session) -> None:
    staff = in_force(undone)
    copy = issued(undone, staff, "wu")[0]
    received(undone, staff, copy, staff.technician)
    assert copy.received_by == "wu"


def test_receipt_of_a_paper_copy_is_recorded_from_the_signed_sheet(undone: Session) -> None:
    staff = in_force(undone)
    copy = issued(undone, staff)[0]
    received(undone, staff, copy, staff.controller, on=day(2, 3), remark="签收单第 3 页")
    assert (copy.received_on, copy.received_at, copy.received_by, copy.receipt_note) == (day(2, 3), LATER, "bing", "签收单第 3 页")


RECEIPTS: dict[str, tuple[type[ServiceError], str, dict[str, Any]]] = {
    "by another reader": (
        Forbidden,
        "吴五不能签收：分发号 1 由持有人丁四本人签收；纸质受控本也可由文控员凭签收记录登记",
        {"by": "technician"},
    ),
    "electronic, by the controller": (
        Forbidden,
        "邴三不能签收：分发号 1 由持有人丁四本人签收",
        {"by": "controller", "medium": Medium.ELECTRONIC, "remark": "口头"},
    ),
    "paper, without saying where it was signed": (
        InputError,
        "登记纸质受控本的签收时，请在说明中写明签收记录",
        {"by": "controller", "remark": "  "},
    ),
    "paper, in the future": (InputError, "签收日期 2026-02-11 晚于今天", {"by": "controller", "remark": "单", "on": day(2, 11)}),
    "paper, before it was issued": (
        InputError,
        "签收日期 2026-01-31 早于上一步的日期 2026-02-01",
        {"by": "controller", "remark": "单", "on": day(1, 31)},
    ),
    "by the holder, for yesterday": (InputError, "本人签收的日期就是今天，不能另填", {"on": day(2, 9)}),
    "by the holder, with a bad remark": (InputError, "签收说明须为一行文字，不能有控制字符", {"remark": "一\t二"}),
}


@pytest.mark.parametrize("case", RECEIPTS)
def test_receipt_is_refused(undone: Session, case: str) -> None:
    staff = in_force(undone)
    kind, sentence, given = RECEIPTS[case]
    options = dict(given)
    who = str(options.pop("by", "preparer"))
    by = staff.technician if who == "technician" else getattr(staff.firm, who)
    copy = issued(undone, staff, medium=Medium(str(options.pop("medium", "paper"))))[0]
    with pytest.raises(kind) as caught:
        received(undone, staff, copy, by, **options)
    assert str(caught.value) == sentence
    assert copy.received_on is None
    assert actions_of(undone, staff, "copy") == ["copy:issue"]


def test_copy_is_received_once(undone: Session) -> None:
    staff = in_force(undone)
    copy = issued(undone, staff)[0]
    received(undone, staff, copy)
    with pytest.raises(Refused, match=r"JC/SH-CX-01 A/0 分发号 1（丁四）已于 2026-02-10 签收"):
        received(undone, staff, copy, at=moment(2, 11))
    assert actions_of(undone, staff, "copy") == ["copy:issue", "copy:receive"]


def test_copy_that_came_back_is_no_longer_received(undone: Session) -> None:
    staff = in_force(undone)
    copy = issued(undone, staff)[0]
    recalled(undone, staff, copy, remark="调岗")
    with pytest.raises(Refused, match="已收回或已处置，不能再签收"):
        received(undone, staff, copy)


def test_copy_of_a_former_revision_comes_back_without_a_reason(undone: Session) -> None:
    staff = in_force(undone)
    copy = issued(undone, staff)[0]
    revised(undone, staff)
    recalled(undone, staff, copy, at=NEXT)
    assert (copy.recalled_on, copy.recalled_at, copy.recalled_by) == (day(4, 1), NEXT, "bing")
    assert status(undone, staff, day(4, 1)) is CopyStatus.RECALLED


def test_copy_in_force_is_taken_back_with_a_reason_only(undone: Session) -> None:
    staff = in_force(undone)
    copy = issued(undone, staff)[0]
    with pytest.raises(InputError) as caught:
        recalled(undone, staff, copy, remark=" ")
    assert str(caught.value) == "JC/SH-CX-01 A/0 分发号 1（丁四）的修订仍然有效，提前收回请写明原因"
    assert copy.recalled_on is None
    recalled(undone, staff, copy, remark="持有人离职")
    assert copy.recall_note == "持有人离职"


def test_copy_comes_back_once(undone: Session) -> None:
    staff = in_force(undone)
    copy = issued(undone, staff)[0]
    recalled(undone, staff, copy, remark="调岗")
    with pytest.raises(Refused, match="已于 2026-02-10 收回"):
        recalled(undone, staff, copy, remark="调岗")


def test_destruction_names_its_witness(undone: Session) -> None:
    staff = in_force(undone)
    copy = issued(undone, staff)[0]
    revised(undone, staff)
    recalled(undone, staff, copy, at=NEXT)
    destroyed(undone, staff, copy, at=moment(4, 3))
    assert (copy.outcome, copy.witness, copy.settled_on, copy.settled_by) == (Outcome.DESTROYED, "易二", day(4, 3), "bing")
    assert copy.recalled_on == day(4, 1)
    assert last_details(undone, staff) | {"settled_on": "2026-04-03", "witness": "易二", "recalled_on": "2026-04-01"} == last_details(
        undone, staff
    )
    assert actions_of(undone, staff, "copy") == ["copy:issue", "copy:recall", "copy:destroy"]


def test_copy_that_is_brought_to_be_destroyed_comes_back_on_that_day(undone: Session) -> None:
    staff = in_force(undone)
    copy = issued(undone, staff)[0]
    revised(undone, staff)
    destroyed(undone, staff, copy, at=moment(4, 3), on=day(4, 2))
    assert (copy.recalled_on, copy.settled_on, copy.recalled_by) == (day(4, 2), day(4, 2), "bing")
    assert actions_of(undone, staff, "copy") == ["copy:issue", "copy:destroy"]


@pytest.mark.parametrize(
    ("witness", "sentence"),
    [("", "请填写销毁的见证人"), ("邴三", "见证人须是登记人以外的人"), ("bing", "见证人须是登记人以外的人")],
)
def test_witness_is_somebody_else(undone: Session, witness: str, sentence: str) -> None:
    staff = in_force(undone)
    copy = issued(undone, staff)[0]
    with pytest.raises(InputError) as caught:
        destroyed(undone, staff, copy, witness, remark="破损")
    assert str(caught.value) == sentence
    assert (copy.outcome, copy.witness) == (None, "")


def test_obsolete_copy_is_retained_one_in_force_is_not(undone: Session) -> None:
    staff = in_force(undone)
    copy = issued(undone, staff)[0]
    with pytest.raises(Refused, match="修订仍然有效，不能作废保留"):
        return_and_retain(undone, staff.organisation, held(undone, copy), by=staff.controller, at=LATER, remark="留样")
    revised(undone, staff)
    return_and_retain(undone, staff.organisation, held(undone, copy), by=staff.controller, at=NEXT, remark="留样")
    assert (copy.outcome, copy.settlement_note, copy.recalled_on) == (Outcome.RETAINED, "留样", day(4, 1))
    assert actions_of(undone, staff, "copy") == ["copy:issue", "copy:retain"]


def test_loss_is_reported_with_its_circumstances(undone: Session) -> None:
    staff = in_force(undone)
    copy = issued(undone, staff)[0]
    with pytest.raises(InputError, match="请填写遗失经过"):
        report_lost(undone, staff.organisation, held(undone, copy), remark=" ", by=staff.controller, at=LATER)
    report_lost(undone, staff.organisation, held(undone, copy), remark="外出时遗失", by=staff.controller, at=LATER)
    assert (copy.outcome, copy.recalled_on, copy.settlement_note) == (Outcome.LOST, None, "外出时遗失")
    assert actions_of(undone, staff, "copy") == ["copy:issue", "copy:lose"]


AFTERWARDS: dict[str, Callable[[Session, Staff, Copy], None]] = {
    "recall": lambda session, staff, copy: recalled(session, staff, copy, remark="又"),
    "destroy": destroyed,
    "lose": lambda session, staff, copy: report_lost(
        session, staff.organisation, held(session, copy), remark="又", by=staff.controller, at=LATER
    ),
}


@pytest.mark.parametrize("act", AFTERWARDS)
def test_what_became_of_a_copy_is_final(undone: Session, act: str) -> None:
    staff = in_force(undone)
    copy = issued(undone, staff)[0]
    destroyed(undone, staff, copy, remark="破损")
    with pytest.raises(Refused) as caught:
        AFTERWARDS[act](undone, staff, copy)
    assert str(caught.value) == "JC/SH-CX-01 A/0 分发号 1（丁四）已于 2026-02-10 登记为销毁，不能再变更"
    assert actions_of(undone, staff, "copy") == ["copy:issue", "copy:destroy"]


def test_days_of_a_copy_come_in_their_order(undone: Session) -> None:
    staff = in_force(undone)
    copy = issued(undone, staff, on=day(2, 1))[0]
    received(undone, staff, copy)
    for on, sentence in (
        (day(2, 9), "回收日期 2026-02-09 早于上一步的日期 2026-02-10"),
        (day(2, 21), "回收日期 2026-02-21 晚于今天"),
    ):
        with pytest.raises(InputError) as caught:
            recalled(undone, staff, copy, at=moment(2, 20), on=on, remark="调岗")
        assert str(caught.value) == sentence
    recalled(undone, staff, copy, at=moment(2, 20), on=day(2, 15), remark="调岗")
    with pytest.raises(InputError, match="销毁日期 2026-02-14 早于上一步的日期 2026-02-15"):
        destroyed(undone, staff, copy, at=moment(2, 20), on=day(2, 14))


ACTS: dict[str, Callable[[Session, Staff, Copy, Actor], None]] = {
    "recall": lambda session, staff, copy, by: recalled(session, staff, copy, by, remark="因"),
    "destroy": lambda session, staff, copy, by: destroyed(session, staff, copy, by=by),
    "retain": lambda session, staff, copy, by: return_and_retain(session, staff.organisation, held(session, copy), by=by, at=LATER),
    "lose": lambda session, staff, copy, by: report_lost(session, staff.organisation, held(session, copy), remark="因", by=by, at=LATER),
    "settle": lambda session, staff, copy, by: settle(session, staff.organisation, held(session, copy), Outcome.LOST, by=by, at=LATER),
}


@pytest.mark.parametrize("act", ACTS)
def test_only_the_document_controller_takes_copies_back(undone: Session, act: str) -> None:
    staff = in_force(undone)
    copy = issued(undone, staff)[0]
    for person in (staff.firm.preparer, staff.firm.approver, staff.technician):
        with pytest.raises(Forbidden, match=f"{person.name}不能发放、回收文件：由文控员完成"):
            ACTS[act](undone, staff, copy, person)
    assert actions_of(undone, staff, "copy") == ["copy:issue"]


@pytest.mark.parametrize("outcome", Outcome)
def test_settling_by_name_is_the_same(undone: Session, outcome: Outcome) -> None:
    staff = in_force(undone)
    copy = issued(undone, staff)[0]
    revised(undone, staff)
    settle(undone, staff.organisation, held(undone, copy), outcome, witness="易二", by=staff.controller, at=NEXT, remark="说明")
    assert (copy.outcome, copy.witness) == (outcome, "易二" if outcome is Outcome.DESTROYED else "")


def test_copy_of_another_organisation_is_not_found(undone: Session) -> None:
    one, other = in_force(undone, "ONE"), in_force(undone, "TWO")
    copy = issued(undone, one)[0]
    with pytest.raises(NotFound) as caught:
        find_copy(undone, other.organisation.id, copy.id)
    assert (caught.value.code, str(caught.value)) == ("copy_not_found", "没有这份受控本")


def test_copies_are_found_by_document_holder_and_status(undone: Session) -> None:
    staff = in_force(undone)
    copies = issued(undone, staff, "ding", "wu")
    received(undone, staff, copies[0])
    outsider = CopyHolder(name="王五", department="认证机构")
    held_copy = held(undone, copies[0])
    document, revision = held_copy.document, held_copy.revision
    issue(undone, staff.organisation, document, revision, [outsider], medium=Medium.PAPER, by=staff.controller, at=LATER)

    def names(**only: Any) -> list[str]:
        return [row.holder_name for row in copy_rows(undone, staff.organisation, day(3, 1), **only)]

    assert names() == ["丁四", "吴五", "王五"]
    assert names(holder="wu") == ["吴五"]
    assert names(holder="王五") == ["王五"]
    assert names(holder="吴五") == []
    assert names(status=CopyStatus.HELD) == ["丁四"]
    assert names(status=CopyStatus.ISSUED) == ["吴五", "王五"]
    assert names(document=document) == ["丁四", "吴五", "王五"]
