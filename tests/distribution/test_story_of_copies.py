"""The whole way: issued, received, a new revision takes force, due for recall, recalled, destroyed; staff read the new one."""

from __future__ import annotations

from small_firm import day, moment
from sqlmodel import Session

from distribution.staff import actions_of, actor_of, held, in_force, issued, repair, revised, told
from service.distribution.acknowledgement_queries import acknowledgement_rows, find_acknowledgement, open_acknowledgements
from service.distribution.acknowledging import acknowledge
from service.distribution.actions import recall, receive, return_and_destroy
from service.distribution.asking import Asked, ask
from service.distribution.issue import issue_to_recipients
from service.distribution.queries import copy_rows
from service.distribution.questions import set_questions
from service.distribution.rules import MISSING, AcknowledgementState, QuestionText
from service.distribution.tasks import due
from service.documents.recipients import Addressees, set_recipients
from service.trail.queries import verify


def test_copies_and_readers_from_one_revision_to_the_next(undone: Session) -> None:
    staff = in_force(undone)
    owner, controller = staff.organisation, staff.controller
    document, _ = repair(undone, staff)
    set_recipients(undone, owner, document, Addressees(departments=("workshop",), posts=("seller",)), by=controller, at=moment(2, 1))

    paper = issued(undone, staff, "wu", "ji", at=moment(2, 2))
    receive(undone, owner, held(undone, paper[0]), by=staff.technician, at=moment(2, 3))
    receive(undone, owner, held(undone, paper[1]), by=controller, at=moment(2, 4), remark="签收单第 1 页")

    later = revised(undone, staff, at=moment(3, 10), effective_on=day(4, 1))
    question = QuestionText("几分钟内登记？", ("10 分钟", "30 分钟"), (1,))
    set_questions(undone, document, later, [question], by=staff.firm.preparer, at=moment(3, 10))
    ask(undone, owner, document, later, Asked(), due_on=day(4, 10), by=controller, at=moment(3, 11))
    due(undone, owner, at=moment(3, 31))
    assert [row.status.value for row in copy_rows(undone, owner, day(3, 31))] == ["held", "held"]

    due(undone, owner, at=moment(4, 1))
    assert [row.status.value for row in copy_rows(undone, owner, day(4, 1))] == ["recall_due", "recall_due"]
    assert {login for login, _ in told(undone, staff, "copy:recall_due")} == {"wu", "ji", "bing"}
    recall(undone, owner, held(undone, paper[0]), by=controller, at=moment(4, 2))
    for copy in paper:
        return_and_destroy(undone, owner, held(undone, copy), witness="易二", by=controller, at=moment(4, 3))
    fresh = issue_to_recipients(undone, owner, document, later, by=controller, at=moment(4, 3))
    assert {copy.holder_login: copy.copy_number for copy in fresh} == {copy.holder_login: copy.copy_number for copy in paper}

    for login, answers in (("wu", ([0], [1])), ("ji", ([1],))):
        request = find_acknowledgement(undone, owner.id, open_acknowledgements(undone, owner.id, login)[0].id)
        for answer in answers:
            verdict = acknowledge(undone, owner, request, [answer], by=actor_of(undone, owner, login, day(4, 4)), at=moment(4, 4))
        assert verdict.acknowledged

    assert [(row.label, row.status.value) for row in copy_rows(undone, owner, day(4, 4))] == [
        ("A/0", "destroyed"),
        ("A/0", "destroyed"),
        ("A/1", "issued"),
        ("A/1", "issued"),
    ]
    assert acknowledgement_rows(undone, owner, day(4, 4), states=MISSING) == []
    attempts = {row.login: (row.state, row.attempts) for row in acknowledgement_rows(undone, owner, day(4, 4))}
    assert attempts == {"wu": (AcknowledgementState.ACKNOWLEDGED, 2), "ji": (AcknowledgementState.ACKNOWLEDGED, 1)}
    assert actions_of(undone, staff, "copy") == [
        "copy:issue",
        "copy:receive",
        "copy:receive",
        "copy:recall_due",
        "copy:recall",
        "copy:destroy",
        "copy:destroy",
        "copy:issue",
    ]
    assert verify(undone, owner.id).position is None
