"""States and reminder days as functions of dates; questions and texts that people type. No database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from small_firm import day, moment

from service.distribution.rules import (
    ACKNOWLEDGEMENT_STATE_NAMES,
    COPY_STATUS_NAMES,
    MEDIUM_NAMES,
    OUTCOME_NAMES,
    AcknowledgementState,
    CopyStatus,
    Medium,
    Outcome,
    QuestionText,
    acknowledgement_state,
    checked_questions,
    copy_status,
    holder_key,
    known,
    line,
    note,
    reminder_day,
    wrong_answers,
)
from service.errors import InputError

D = day(3, 1)


@pytest.mark.parametrize(
    ("received", "due", "recalled", "outcome", "status"),
    [
        (None, None, None, None, CopyStatus.ISSUED),
        (D, None, None, None, CopyStatus.HELD),
        (D, D, None, None, CopyStatus.RECALL_DUE),
        (None, D, None, None, CopyStatus.RECALL_DUE),
        (D, D, D, None, CopyStatus.RECALLED),
        (D, None, D, None, CopyStatus.RECALLED),
        (D, D, D, Outcome.DESTROYED, CopyStatus.DESTROYED),
        (D, D, D, Outcome.RETAINED, CopyStatus.RETAINED),
        (None, None, None, Outcome.LOST, CopyStatus.LOST),
    ],
)
def test_last_thing_that_happened_decides_where_a_copy_stands(
    received: date | None, due: date | None, recalled: date | None, outcome: Outcome | None, status: CopyStatus
) -> None:
    assert copy_status(received, due, recalled, outcome) is status


@pytest.mark.parametrize(
    ("acknowledged", "excused", "ended", "on", "state"),
    [
        (None, None, None, day(3, 1), AcknowledgementState.OPEN),
        (None, None, None, day(3, 10), AcknowledgementState.OPEN),
        (None, None, None, day(3, 11), AcknowledgementState.OVERDUE),
        (D, None, None, day(3, 11), AcknowledgementState.ACKNOWLEDGED),
        (D, None, D, day(3, 11), AcknowledgementState.ACKNOWLEDGED),
        (None, D, None, day(3, 11), AcknowledgementState.EXCUSED),
        (None, None, D, day(3, 11), AcknowledgementState.ENDED),
    ],
)
def test_state_of_a_request_to_read(
    acknowledged: date | None, excused: date | None, ended: date | None, on: date, state: AcknowledgementState
) -> None:
    assert acknowledgement_state(acknowledged, excused, ended, day(3, 10), on) is state


def test_fact_is_known_once_it_has_happened_and_was_recorded() -> None:
    asked = [(day(3, 1), None), (day(3, 2), None), (day(3, 2), moment(3, 4)), (day(3, 2), moment(3, 5)), (day(3, 9), moment(3, 4))]
    assert [known(day(3, 2), moment(3, 5), on, recorded) for on, recorded in asked] == [None, day(3, 2), None, day(3, 2), None]
    assert known(None, None, day(3, 2), None) is None


def test_one_is_reminded_three_days_before_on_the_day_and_weekly_after_it() -> None:
    due_on = day(3, 20)
    days = [reminder_day(due_on, day(3, 10) + timedelta(days=n)) for n in range(30)]
    assert days[:7] == [None] * 7  # 10 to 16 March
    assert dict.fromkeys(days[7:]) == dict.fromkeys([day(3, 17), day(3, 20), day(3, 27), day(4, 3)])
    assert [days.count(each) for each in (day(3, 17), day(3, 20), day(3, 27))] == [3, 7, 7]


def test_holder_is_known_by_his_login_or_by_name_and_place() -> None:
    keys = [
        holder_key("ding", "丁四", "service"),
        holder_key("ding", "丁四", "sales"),
        holder_key(None, "丁四", "service"),
        holder_key(None, "丁四", "认证机构"),
    ]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3


def test_answers_are_right_when_exactly_the_right_options_are_chosen() -> None:
    right = [[1], [0, 2]]
    assert wrong_answers(right, [[1], [2, 0]]) == 0
    assert wrong_answers(right, [[1], [0]]) == 1
    assert wrong_answers(right, [[1], [0, 1, 2]]) == 1
    assert wrong_answers(right, [[], []]) == 2
    assert wrong_answers([], []) == 0


@pytest.mark.parametrize("answers", [[], [[1]], [[1], [0], [0]]])
def test_there_is_one_answer_for_each_question(answers: list[list[int]]) -> None:
    with pytest.raises(InputError) as caught:
        wrong_answers([[1], [0]], answers)
    assert str(caught.value) == f"本修订有 2 道题，请逐题作答（收到 {len(answers)} 个答案）"


GOOD = QuestionText(" 几分钟内登记？ ", (" 10 分钟", "30 分钟 "), (1, 1))


def test_blanks_around_the_texts_of_a_question_are_removed() -> None:
    assert checked_questions([GOOD]) == (QuestionText("几分钟内登记？", ("10 分钟", "30 分钟"), (1,)),)


BAD: dict[str, tuple[QuestionText, str]] = {
    "no text": (QuestionText("  ", ("甲", "乙"), (0,)), "请填写第 2 题的题目"),
    "empty option": (QuestionText("问", ("甲", " "), (0,)), "请填写第 2 题的选项"),
    "one option": (QuestionText("问", ("甲",), (0,)), "第 2 题须有 2 至 10 个各不相同的选项"),
    "same options": (QuestionText("问", ("甲", "甲 "), (0,)), "第 2 题须有 2 至 10 个各不相同的选项"),
    "too many options": (QuestionText("问", tuple("一二三四五六七八九十又"), (0,)), "第 2 题须有 2 至 10 个各不相同的选项"),
    "nothing right": (QuestionText("问", ("甲", "乙"), ()), "第 2 题没有指明正确选项，或指向了不存在的选项"),
    "right one not there": (QuestionText("问", ("甲", "乙"), (2,)), "第 2 题没有指明正确选项，或指向了不存在的选项"),
    "below the first": (QuestionText("问", ("甲", "乙"), (-1,)), "第 2 题没有指明正确选项，或指向了不存在的选项"),
    "long": (QuestionText("问" * 501, ("甲", "乙"), (0,)), "第 2 题的题目最长 500 个字符"),
    "control character": (QuestionText("问\x00", ("甲", "乙"), (0,)), "第 2 题的题目须为一行文字，不能有控制字符"),
}


@pytest.mark.parametrize("case", BAD)
def test_question_that_nobody_could_answer_is_refused_by_its_number(case: str) -> None:
    question, sentence = BAD[case]
    with pytest.raises(InputError) as caught:
        checked_questions([GOOD, question])
    assert str(caught.value) == sentence


def test_there_are_at_most_thirty_questions() -> None:
    assert len(checked_questions([GOOD] * 30)) == 30
    with pytest.raises(InputError, match="最多 30 道题"):
        checked_questions([GOOD] * 31)


def test_texts_are_one_line_without_blanks_around() -> None:
    assert (line(" 易二 ", "见证人", 10), note("  ", "说明")) == ("易二", "")
    for words, sentence in ((" ", "请填写见证人"), ("一" * 11, "见证人最长 10 个字符"), ("易\n二", "见证人须为一行文字，不能有控制字符")):
        with pytest.raises(InputError) as caught:
            line(words, "见证人", 10)
        assert str(caught.value) == sentence


def test_every_value_has_its_chinese_name() -> None:
    for names, kind in (
        (MEDIUM_NAMES, Medium),
        (OUTCOME_NAMES, Outcome),
        (COPY_STATUS_NAMES, CopyStatus),
        (ACKNOWLEDGEMENT_STATE_NAMES, AcknowledgementState),
    ):
        assert list(names) == list(kind)
