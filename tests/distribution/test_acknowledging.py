"""阅读确认: the person's own word, with right answers where there are questions, and only for what is in force."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from typing import Any

import pytest
from small_firm import REPAIR, approve, day, moment, release, review, submit
from sqlalchemy import Engine
from sqlmodel import Session

from distribution.staff import IN_FORCE, NEXT, Staff, actions_of, in_force, reopened, repair, revised, staffed
from service.approvals import actions as approvals
from service.db import reading, writing
from service.distribution.acknowledgement_queries import find_acknowledgement, open_acknowledgements, questions_of
from service.distribution.acknowledging import acknowledge, excuse
from service.distribution.asking import Asked, ask
from service.distribution.models import Acknowledgement
from service.distribution.questions import sees_right_options, set_questions
from service.distribution.rows import AskedPerson
from service.distribution.rules import QuestionText, Verdict
from service.documents.models import Revision
from service.errors import Forbidden, InputError, Refused
from service.organisations.roles import HeldRole, Role
from service.organisations.rules import Actor
from service.trail.queries import entries

LATER = moment(2, 10)
QUESTIONS = (
    QuestionText("报修应在多少分钟内登记？", ("10 分钟", "30 分钟", "2 小时"), (1,)),
    QuestionText("上门后要做什么？", ("填写《上门服务记录》", "什么也不做", "顾客不满意的按投诉处理"), (0, 2)),
)
RIGHT = ((1,), (2, 0))


def asked(session: Session, staff: Staff, login: str = "wu", at: datetime = IN_FORCE, revision: Revision | None = None) -> AskedPerson:
    """A request to this person to read the newest revision or this one."""
    document, newest = repair(session, staff)
    whom = Asked(logins=frozenset({login}))
    rows = ask(session, staff.organisation, document, revision or newest, whom, due_on=day(5, 20), by=staff.controller, at=at)
    return find_acknowledgement(session, staff.organisation.id, rows[0].id)


def confirm(
    session: Session, staff: Staff, request: AskedPerson, answers: Any = (), at: datetime = LATER, by: Actor | None = None
) -> Verdict:
    return acknowledge(session, staff.organisation, request, answers, by=by or staff.technician, at=at)


def with_questions(session: Session, staff: Staff, by: Actor | None = None, questions: tuple[QuestionText, ...] = QUESTIONS) -> None:
    set_questions(session, *repair(session, staff), questions, by=by or staff.controller, at=IN_FORCE)


def test_person_says_that_he_has_read(undone: Session) -> None:
    staff = in_force(undone)
    request = asked(undone, staff)
    assert confirm(undone, staff, request) == Verdict(acknowledged=True, questions=0, wrong=0, attempts=1)
    assert (request.row.acknowledged_at, request.row.attempts, request.row.score) == (LATER, 1, None)
    entry = entries(undone, staff.organisation.id)[-1]
    assert (entry.action, entry.by) == ("acknowledgement:confirm", "wu")
    assert entry.details["fingerprint"] == request.revision.fingerprint


def test_wrong_answers_may_be_tried_again_and_are_counted(undone: Session) -> None:
    staff = in_force(undone)
    with_questions(undone, staff)
    request = asked(undone, staff)
    row = request.row
    assert confirm(undone, staff, request, [[0], [0, 2]]) == Verdict(acknowledged=False, questions=2, wrong=1, attempts=1)
    assert (row.acknowledged_at, row.score, row.answers) == (None, 50, [[0], [0, 2]])
    assert confirm(undone, staff, request, [[0], [0]]) == Verdict(acknowledged=False, questions=2, wrong=2, attempts=2)
    assert confirm(undone, staff, request, RIGHT) == Verdict(acknowledged=True, questions=2, wrong=0, attempts=3)
    assert (row.acknowledged_at, row.score, row.answers, row.attempts) == (LATER, 100, [[1], [2, 0]], 3)
    assert actions_of(undone, staff, "acknowledgement") == [
        "acknowledgement:ask",
        "acknowledgement:fail",
        "acknowledgement:fail",
        "acknowledgement:confirm",
    ]


def test_questions_are_not_passed_over(undone: Session) -> None:
    staff = in_force(undone)
    with_questions(undone, staff)
    request = asked(undone, staff)
    with pytest.raises(InputError) as caught:
        confirm(undone, staff, request)
    assert str(caught.value) == "本修订有 2 道题，请逐题作答（收到 0 个答案）"
    assert (request.row.attempts, request.row.acknowledged_at) == (0, None)


def test_nobody_acknowledges_for_another(undone: Session) -> None:
    staff = in_force(undone)
    request = asked(undone, staff)
    for person in (staff.controller, staff.firm.preparer):
        with pytest.raises(Forbidden) as caught:
            confirm(undone, staff, request, by=person)
        assert str(caught.value) == f"{person.name}不能代人确认：由吴五本人确认"
    assert request.row.acknowledged_at is None


def test_auditor_acknowledges_nothing(undone: Session) -> None:
    staff = in_force(undone)
    auditor = Actor("wu", "吴五", (), "", (HeldRole(Role.AUDITOR),))
    with pytest.raises(Forbidden, match="不能阅读确认"):
        confirm(undone, staff, asked(undone, staff), by=auditor)


def test_acknowledged_once(undone: Session) -> None:
    staff = in_force(undone)
    request = asked(undone, staff)
    confirm(undone, staff, request)
    with pytest.raises(Refused) as caught:
        confirm(undone, staff, request)
    assert str(caught.value) == "吴五对 JC/SH-CX-01 A/0 的阅读确认已完成"
    assert request.row.attempts == 1


def test_what_is_not_released_yet_is_not_acknowledged(undone: Session) -> None:
    staff = staffed(undone)
    for step in (submit, review, approve):
        step(undone, staff.firm, REPAIR)
    request = asked(undone, staff)
    with pytest.raises(Refused) as caught:
        confirm(undone, staff, request)
    assert str(caught.value) == "JC/SH-CX-01 A/0 尚未发布，由文控员发布后才能确认"
    release(undone, staff.firm, REPAIR, at=LATER)
    assert confirm(undone, staff, request).acknowledged


def test_former_revision_is_not_acknowledged_and_the_one_in_force_is_named(undone: Session) -> None:
    staff = in_force(undone)
    request = asked(undone, staff)
    revised(undone, staff)
    with pytest.raises(Refused) as caught:
        confirm(undone, staff, request, at=NEXT)
    assert str(caught.value) == "JC/SH-CX-01 现行有效的是 A/1，JC/SH-CX-01 A/0 不再需要确认"


def test_awaited_revision_is_acknowledged_when_it_takes_force(undone: Session) -> None:
    staff = in_force(undone)
    later = revised(undone, staff, at=moment(3, 1), effective_on=day(4, 1))
    request = asked(undone, staff, at=moment(3, 1), revision=later)
    with pytest.raises(Refused) as caught:
        confirm(undone, staff, request, at=moment(3, 2))
    assert str(caught.value) == "JC/SH-CX-01 现行有效的是 A/0，JC/SH-CX-01 A/1 自 2026-04-01 起实施，届时再确认"
    assert confirm(undone, staff, request, at=NEXT).acknowledged


def test_obsolete_document_is_not_acknowledged(undone: Session) -> None:
    staff = in_force(undone)
    request = asked(undone, staff)
    document, revision = repair(undone, staff)
    approvals.obsolete(undone, document, revision, on=day(3, 1), by=staff.controller, at=moment(3, 1), reason="停")
    with pytest.raises(Refused) as caught:
        confirm(undone, staff, request, at=moment(3, 2))
    assert str(caught.value) == "JC/SH-CX-01 A/0 自 2026-03-01 起不再有效，不再需要确认"


def test_excused_with_a_reason_by_the_document_controller(undone: Session) -> None:
    staff = in_force(undone)
    request = asked(undone, staff)
    with pytest.raises(Forbidden):
        excuse(undone, request, reason="忙", by=staff.technician, at=LATER)
    with pytest.raises(InputError, match="请填写免予确认的原因"):
        excuse(undone, request, reason=" ", by=staff.controller, at=LATER)
    excuse(undone, request, reason="产假", by=staff.controller, at=LATER)
    assert (request.row.excused_at, request.row.excused_by, request.row.excuse_reason) == (LATER, "bing", "产假")
    with pytest.raises(Refused) as caught:
        confirm(undone, staff, request)
    assert str(caught.value) == "吴五对 JC/SH-CX-01 A/0 的阅读确认已免除：产假"
    with pytest.raises(Refused):
        excuse(undone, request, reason="又", by=staff.controller, at=LATER)
    assert actions_of(undone, staff, "acknowledgement") == ["acknowledgement:ask", "acknowledgement:excuse"]


def test_questions_are_replaced_until_somebody_has_answered(undone: Session) -> None:
    staff = in_force(undone)
    with_questions(undone, staff)
    with_questions(undone, staff, by=staff.firm.preparer, questions=QUESTIONS[:1])
    assert [row.text for row in questions_of(undone, repair(undone, staff)[1])] == [QUESTIONS[0].text]
    request = asked(undone, staff)
    confirm(undone, staff, request, [[0]])
    with pytest.raises(Refused) as caught:
        with_questions(undone, staff)
    assert str(caught.value) == "JC/SH-CX-01 A/0 已有人答题，不能再改题目"
    assert actions_of(undone, staff, "question") == ["question:set"] * 2


def test_questions_do_not_tell_the_right_options_in_the_trail(undone: Session) -> None:
    staff = in_force(undone)
    with_questions(undone, staff)
    details = entries(undone, staff.organisation.id)[-1].details
    assert details["questions"][0] == {"text": QUESTIONS[0].text, "options": list(QUESTIONS[0].options)}


def test_questions_are_written_by_authors_of_the_department_and_the_controller(undone: Session) -> None:
    staff = in_force(undone)
    elsewhere = Actor("ji", "纪六", (), "", (HeldRole(Role.AUTHOR, frozenset({"sales"})),))
    for person, sentence in ((staff.technician, "由文控员或编制人或咨询师完成"), (elsewhere, "其角色不包括本文件的归口部门")):
        with pytest.raises(Forbidden, match=sentence):
            with_questions(undone, staff, by=person)
    with pytest.raises(InputError):
        with_questions(undone, staff, questions=(QuestionText("问", ("甲",), (0,)),))
    assert questions_of(undone, repair(undone, staff)[1]) == []


def test_right_options_are_shown_to_writers_and_to_who_has_answered(undone: Session) -> None:
    staff = in_force(undone)
    with_questions(undone, staff)
    pair = repair(undone, staff)
    author, reader = staff.firm.preparer, staff.technician
    assert [sees_right_options(undone, *pair, each) for each in (staff.controller, author, reader)] == [True, True, False]
    requests = {each.login: asked(undone, staff, each.login) for each in (author, reader)}
    assert [sees_right_options(undone, *pair, each) for each in (author, reader)] == [False, False]
    for person in (author, reader):
        confirm(undone, staff, requests[person.login], RIGHT, by=person)
    assert [sees_right_options(undone, *pair, each) for each in (author, reader)] == [True, True]


def test_acknowledged_at_once_in_many_windows_counts_once(engine: Engine) -> None:
    with writing(engine) as session:
        staff = in_force(session)
        request = asked(session, staff).row.id
    start = Barrier(6)

    def try_it(_: int) -> str:
        start.wait()
        try:
            with writing(engine) as session:
                staff = reopened(session)
                confirm(session, staff, find_acknowledgement(session, staff.organisation.id, request, lock=True))
        except Refused as fault:
            return fault.code
        return "confirmed"

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(try_it, range(6))) == ["acknowledged_already"] * 5 + ["confirmed"]
    with reading(engine) as session:
        row = session.get(Acknowledgement, request)
        assert row is not None
        assert row.attempts == 1
        assert open_acknowledgements(session, row.organisation_id) == []
