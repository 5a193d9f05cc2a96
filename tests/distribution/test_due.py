"""What falls due: copies of former revisions, reminders, and requests that nobody needs to answer any longer. Once, however often asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from small_firm import COMPLAINT, REPAIR, advance, day, found, moment
from sqlmodel import Session

from distribution.staff import IN_FORCE, NEXT, Staff, actions_of, held, in_force, issued, repair, revised, told
from service.approvals import actions as approvals
from service.distribution.acknowledgement_queries import acknowledgement_rows, acknowledgements_of
from service.distribution.actions import recall, return_and_destroy
from service.distribution.asking import Asked, ask
from service.distribution.issue import issue
from service.distribution.models import Acknowledgement
from service.distribution.queries import copy_rows, former
from service.distribution.rules import AcknowledgementState, CopyHolder, CopyStatus, Medium
from service.distribution.tasks import due
from service.documents.rules import Status
from service.notices.queries import notices_of
from service.notices.rules import ChannelKind
from service.organisations.channels import add_channel
from service.organisations.roles import HeldRole, Role
from service.trail.queries import entries


def run(session: Session, staff: Staff, at: datetime) -> None:
    due(session, staff.organisation, at=at)


def statuses(session: Session, staff: Staff, on: date) -> list[CopyStatus]:
    return [row.status for row in copy_rows(session, staff.organisation, on)]


def asked(session: Session, staff: Staff, due_on: date, at: datetime = IN_FORCE) -> list[Acknowledgement]:
    document, revision = repair(session, staff)
    return ask(session, staff.organisation, document, revision, Asked(), due_on=due_on, by=staff.controller, at=at)


def reminded(session: Session, staff: Staff) -> list[str]:
    return sorted(login for login, _ in told(session, staff, "acknowledgement:remind"))


def test_copies_are_due_for_recall_when_the_next_revision_takes_force(undone: Session) -> None:
    staff = in_force(undone)
    issued(undone, staff, "ding", "wu")
    revised(undone, staff, at=moment(3, 20), effective_on=day(4, 1))
    run(undone, staff, moment(3, 31))
    assert statuses(undone, staff, day(3, 31)) == [CopyStatus.ISSUED] * 2
    run(undone, staff, moment(4, 2))
    rows = copy_rows(undone, staff.organisation, day(4, 2))
    assert [(row.status, row.recall_due_on) for row in rows] == [(CopyStatus.RECALL_DUE, day(4, 1))] * 2
    entry = entries(undone, staff.organisation.id)[-1]
    assert (entry.action, entry.by) == ("copy:recall_due", "system")
    assert entry.details == {"label": "A/0", "recall_due_on": "2026-04-01", "copy_numbers": [1, 2]}


def test_copies_are_due_for_recall_when_the_document_is_made_obsolete(undone: Session) -> None:
    staff = in_force(undone)
    issued(undone, staff)
    document, revision = repair(undone, staff)
    approvals.obsolete(undone, document, revision, on=day(3, 5), by=staff.controller, at=moment(3, 1), reason="不再维修")
    run(undone, staff, moment(3, 4))
    assert actions_of(undone, staff, "copy") == ["copy:issue"]
    run(undone, staff, moment(3, 5))
    assert [row.recall_due_on for row in copy_rows(undone, staff.organisation, day(3, 5))] == [day(3, 5)]


def test_channels_hear_of_a_recall_and_not_of_who_is_late(undone: Session) -> None:
    staff = in_force(undone)
    administrator = replace(staff.controller, roles=(HeldRole(Role.ADMINISTRATOR),))
    add_channel(undone, staff.organisation, ChannelKind.WECOM, "服务群", "https://chat.example/x", by=administrator, at=IN_FORCE)
    issued(undone, staff, "ding")
    asked(undone, staff, day(2, 10))
    run(undone, staff, moment(2, 12))
    revised(undone, staff)
    for at in (NEXT, NEXT + timedelta(days=1)):
        run(undone, staff, at)
    rows = notices_of(undone, staff.organisation.id)
    assert {"acknowledgement:remind", "copy:recall_overdue"} <= {row.event for row in rows}
    assert [row.event for row in rows if row.recipient == "服务群"] == ["copy:recall_due"]


def test_holders_and_the_document_controller_are_told_in_one_notice(undone: Session) -> None:
    staff = in_force(undone)
    issued(undone, staff, "ding", "wu")
    revised(undone, staff)
    run(undone, staff, NEXT)
    assert sorted(told(undone, staff, "copy:recall_due")) == [(login, "请交还 2 份受控本") for login in ("bing", "ding", "wu")]
    body = next(row.body for row in notices_of(undone, staff.organisation.id) if row.event == "copy:recall_due")
    assert body.splitlines() == [
        "以下受控本的修订已被替代或作废，请停止使用并交还文控员：",
        "JC/SH-CX-01 A/0 分发号 1 丁四（2026-04-01 起应回收）",
        "JC/SH-CX-01 A/0 分发号 2 吴五（2026-04-01 起应回收）",
    ]


def test_running_again_changes_nothing(undone: Session) -> None:
    staff = in_force(undone)
    issued(undone, staff, "ding", "wu")
    asked(undone, staff, day(4, 1))
    revised(undone, staff)
    for hours in (0, 1, 5):
        run(undone, staff, NEXT + timedelta(hours=hours))
    assert actions_of(undone, staff, "copy") == ["copy:issue", "copy:recall_due"]
    assert actions_of(undone, staff, "acknowledgement") == ["acknowledgement:ask", "acknowledgement:end"]
    assert len(told(undone, staff, "copy:recall_due")) == 3


def test_copies_that_came_back_are_not_called_for(undone: Session) -> None:
    staff = in_force(undone)
    copies = issued(undone, staff, "ding", "wu", "jia")
    recall(undone, staff.organisation, held(undone, copies[0]), remark="调岗", by=staff.controller, at=moment(2, 5))
    owner, at = staff.organisation, moment(2, 5)
    return_and_destroy(undone, owner, held(undone, copies[1]), witness="易二", remark="破损", by=staff.controller, at=at)
    revised(undone, staff)
    run(undone, staff, NEXT)
    assert statuses(undone, staff, day(4, 1)) == [CopyStatus.RECALLED, CopyStatus.DESTROYED, CopyStatus.RECALL_DUE]


def test_copies_of_what_is_in_force_or_awaited_stay_out(undone: Session) -> None:
    staff = in_force(undone)
    issued(undone, staff)
    later = revised(undone, staff, at=moment(3, 1), effective_on=day(4, 1))
    issued(undone, staff, "wu", at=moment(3, 2), revision=later)
    run(undone, staff, moment(3, 31))
    run(undone, staff, moment(4, 1))
    assert statuses(undone, staff, day(4, 1)) == [CopyStatus.RECALL_DUE, CopyStatus.ISSUED]


def test_nothing_is_issued_by_itself(undone: Session) -> None:
    staff = in_force(undone)
    issued(undone, staff)
    revised(undone, staff)
    run(undone, staff, NEXT)
    assert [row.label for row in copy_rows(undone, staff.organisation, day(4, 1))] == ["A/0"]


def test_overdue_recalls_are_reminded_once_a_day_until_they_come_back(undone: Session) -> None:
    staff = in_force(undone)
    copy = issued(undone, staff, "ding")[0]
    revised(undone, staff)
    run(undone, staff, NEXT)
    assert told(undone, staff, "copy:recall_overdue") == []
    for at in (moment(4, 2), moment(4, 2) + timedelta(hours=1), moment(4, 3)):
        run(undone, staff, at)
    subject = "逾期未交还的受控本 1 份"
    assert sorted(told(undone, staff, "copy:recall_overdue")) == [("bing", subject)] * 2 + [("ding", subject)] * 2
    recall(undone, staff.organisation, held(undone, copy), by=staff.controller, at=moment(4, 4))
    run(undone, staff, moment(4, 4))
    assert len(told(undone, staff, "copy:recall_overdue")) == 4


def test_recall_found_late_is_due_since_the_day_it_ought_to_have_been(undone: Session) -> None:
    staff = in_force(undone)
    issued(undone, staff)
    revised(undone, staff)
    run(undone, staff, moment(4, 9))
    assert [row.recall_due_on for row in copy_rows(undone, staff.organisation, day(4, 9))] == [day(4, 1)]
    known = copy_rows(undone, staff.organisation, day(4, 9), moment(4, 5))
    assert [(row.status, row.recall_due_on) for row in known] == [(CopyStatus.ISSUED, None)]


def test_revision_is_former_from_the_first_day_that_a_later_one_holds(undone: Session) -> None:
    staff = in_force(undone)
    document, first = repair(undone, staff)
    second = revised(undone, staff)
    third = revised(undone, staff, at=moment(5, 1))
    approvals.obsolete(undone, document, third, on=day(6, 1), by=staff.controller, at=moment(5, 2), reason="停")
    ours = {first.id: "A/0", second.id: "A/1", third.id: "A/2"}

    def on(month: int, number: int) -> dict[str, date]:
        found_former = former(undone, staff.organisation.id, day(month, number))
        return {ours[key]: since for key, since in found_former.items() if key in ours}

    assert on(3, 31) == {}
    assert on(4, 1) == {"A/0": day(4, 1)}
    assert on(5, 1) == {"A/0": day(4, 1), "A/1": day(5, 1)}
    assert on(6, 1) == {"A/0": day(4, 1), "A/1": day(5, 1), "A/2": day(6, 1)}


def test_revision_that_a_later_one_overtook_before_its_own_day_is_former(undone: Session) -> None:
    staff = in_force(undone)
    overtaken = revised(undone, staff, at=moment(3, 1), effective_on=day(6, 1))
    revised(undone, staff, at=moment(3, 2), effective_on=day(4, 1))
    assert former(undone, staff.organisation.id, day(3, 31)).get(overtaken.id) is None
    assert former(undone, staff.organisation.id, day(4, 1))[overtaken.id] == day(4, 1)


DUE_ON = day(3, 20)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([day(3, 16)], []),
        ([day(3, 17)], ["ding", "wu"]),
        ([day(3, 17), day(3, 18), day(3, 19)], ["ding", "wu"]),
        ([day(3, 19)], ["ding", "wu"]),
        ([day(3, 17), day(3, 20)], ["ding", "ding", "wu", "wu"]),
        ([day(3, 20), day(3, 21), day(3, 26)], ["ding", "wu"]),
        ([day(3, 20), day(3, 27), day(3, 28)], ["bing", "ding", "ding", "wu", "wu"]),
        ([day(3, 27), day(4, 3)], ["bing", "bing", "ding", "ding", "wu", "wu"]),
    ],
)
def test_people_are_reminded_before_the_due_day_on_it_and_weekly_after_it(undone: Session, days: list[date], expected: list[str]) -> None:
    staff = in_force(undone)
    asked(undone, staff, DUE_ON)
    for each in days:
        for hour in (0, 1):
            run(undone, staff, moment(each.month, each.day) + timedelta(hours=hour))
    assert reminded(undone, staff) == expected


def test_reminder_says_who_has_not_read_what(undone: Session) -> None:
    staff = in_force(undone)
    asked(undone, staff, DUE_ON)
    run(undone, staff, moment(3, 17))
    notice = next(row for row in notices_of(undone, staff.organisation.id) if row.event == "acknowledgement:remind")
    assert notice.subject == f"请阅读并确认 JC/SH-CX-01《{REPAIR}》A/0"
    assert notice.body == (f"JC/SH-CX-01《{REPAIR}》A/0 的阅读确认将于 2026-03-20 到期，尚未确认的有：丁四、吴五。请阅读后登录系统确认。")


def test_whoever_was_asked_on_a_reminder_day_is_not_reminded_on_it(undone: Session) -> None:
    staff = in_force(undone)
    asked(undone, staff, DUE_ON, at=moment(3, 17))
    run(undone, staff, moment(3, 17) + timedelta(hours=1))
    assert reminded(undone, staff) == []
    run(undone, staff, moment(3, 20))
    assert reminded(undone, staff) == ["ding", "wu"]


def test_who_has_acknowledged_or_was_excused_is_not_reminded(undone: Session) -> None:
    staff = in_force(undone)
    rows = {row.login: row for row in asked(undone, staff, DUE_ON)}
    rows["ding"].acknowledged_at = moment(3, 1)
    rows["wu"].excused_at = moment(3, 1)
    undone.add_all(rows.values())
    run(undone, staff, moment(3, 27))
    assert reminded(undone, staff) == []


def test_open_requests_end_when_the_revision_is_superseded(undone: Session) -> None:
    staff = in_force(undone)
    rows = {row.login: row for row in asked(undone, staff, day(4, 20))}
    rows["ding"].acknowledged_at = moment(3, 1)
    undone.add(rows["ding"])
    revised(undone, staff)
    run(undone, staff, NEXT)
    states = {row.login: row.state for row in acknowledgement_rows(undone, staff.organisation, day(4, 1))}
    assert states == {"ding": AcknowledgementState.ACKNOWLEDGED, "wu": AcknowledgementState.ENDED}
    before = {row.login: row.state for row in acknowledgement_rows(undone, staff.organisation, day(3, 31))}
    assert before == {"ding": AcknowledgementState.ACKNOWLEDGED, "wu": AcknowledgementState.OPEN}
    assert entries(undone, staff.organisation.id)[-1].details == {"label": "A/0", "logins": ["wu"]}


def test_nobody_is_reminded_of_what_is_not_released_yet(undone: Session) -> None:
    staff = in_force(undone)
    _, revision = repair(undone, staff)
    asked(undone, staff, DUE_ON)
    revision.status = Status.APPROVED
    undone.add(revision)
    run(undone, staff, moment(3, 17))
    assert reminded(undone, staff) == []
    assert acknowledgements_of(undone, revision)[0].reminded_on is None


def test_what_falls_due_in_one_organisation_is_left_alone_in_another(undone: Session) -> None:
    one, other = in_force(undone, "ONE"), in_force(undone, "TWO")
    for staff in (one, other):
        issued(undone, staff)
        revised(undone, staff)
    run(undone, one, NEXT)
    assert statuses(undone, one, day(4, 1)) == [CopyStatus.RECALL_DUE]
    assert statuses(undone, other, day(4, 1)) == [CopyStatus.ISSUED]
    assert told(undone, other, "copy:recall_due") == []


def test_recalls_of_several_documents_are_told_together(undone: Session) -> None:
    staff = in_force(undone)
    advance(undone, staff.firm, COMPLAINT, at=IN_FORCE)
    issued(undone, staff)
    document, revision = found(undone, staff.firm, COMPLAINT)
    issue(undone, staff.organisation, document, revision, [CopyHolder("wu")], medium=Medium.PAPER, by=staff.controller, at=IN_FORCE)
    revised(undone, staff)
    approvals.obsolete(undone, document, revision, on=day(4, 1), by=staff.controller, at=NEXT, reason="并入")
    run(undone, staff, NEXT)
    assert sorted(told(undone, staff, "copy:recall_due")) == [(login, "请交还 2 份受控本") for login in ("bing", "ding", "wu")]
    assert actions_of(undone, staff, "copy")[-2:] == ["copy:recall_due"] * 2
