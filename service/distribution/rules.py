"""Rules of copies and of read-and-acknowledge: kinds, states as tables and functions of dates, texts that people type. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from service.accounts.rules import has_control_characters
from service.errors import InputError


class Medium(StrEnum):
    PAPER = "paper"
    ELECTRONIC = "electronic"


MEDIUM_NAMES: Mapping[Medium, str] = {Medium.PAPER: "纸质", Medium.ELECTRONIC: "电子"}


class Outcome(StrEnum):
    """What became of a copy that is out of use: 销毁, 作废保留, 遗失."""

    DESTROYED = "destroyed"
    RETAINED = "retained"
    LOST = "lost"


OUTCOME_NAMES: Mapping[Outcome, str] = {Outcome.DESTROYED: "销毁", Outcome.RETAINED: "作废保留", Outcome.LOST: "遗失"}


class CopyStatus(StrEnum):
    """Where a copy stands on a day; computed from its dates, never stored."""

    ISSUED = "issued"
    HELD = "held"
    RECALL_DUE = "recall_due"
    RECALLED = "recalled"
    DESTROYED = "destroyed"
    RETAINED = "retained"
    LOST = "lost"


COPY_STATUS_NAMES: Mapping[CopyStatus, str] = {
    CopyStatus.ISSUED: "待签收",
    CopyStatus.HELD: "使用中",
    CopyStatus.RECALL_DUE: "待回收",
    CopyStatus.RECALLED: "已回收待处置",
    CopyStatus.DESTROYED: "已销毁",
    CopyStatus.RETAINED: "作废保留",
    CopyStatus.LOST: "已遗失",
}


class AcknowledgementState(StrEnum):
    """Where a request to read and acknowledge stands on a day."""

    OPEN = "open"
    OVERDUE = "overdue"
    ACKNOWLEDGED = "acknowledged"
    EXCUSED = "excused"
    ENDED = "ended"


ACKNOWLEDGEMENT_STATE_NAMES: Mapping[AcknowledgementState, str] = {
    AcknowledgementState.OPEN: "待确认",
    AcknowledgementState.OVERDUE: "逾期未确认",
    AcknowledgementState.ACKNOWLEDGED: "已确认",
    AcknowledgementState.EXCUSED: "免予确认",
    AcknowledgementState.ENDED: "修订已失效，不再确认",
}
MISSING = frozenset({AcknowledgementState.OPEN, AcknowledgementState.OVERDUE})
"""Who has not read yet."""

REMIND_BEFORE = timedelta(days=3)
REMIND_AGAIN = timedelta(days=7)
LONGEST_NOTE, LONGEST_NAME = 500, 100
MOST_QUESTIONS, MOST_OPTIONS, LONGEST_QUESTION, LONGEST_OPTION = 30, 10, 500, 200


@dataclass(frozen=True, slots=True)
class CopyHolder:
    """Who is to get a copy: a person of the organisation by log-in name, or somebody else by name and department."""

    login: str = ""
    name: str = ""
    department: str = ""


@dataclass(frozen=True, slots=True)
class QuestionText:
    """A question of the test: options, and the positions (from 0) of all right ones."""

    text: str
    options: tuple[str, ...]
    right: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of an attempt to acknowledge: how many of the answers were wrong, at which attempt."""

    acknowledged: bool
    questions: int
    wrong: int
    attempts: int


def holder_key(login: str | None, name: str, department: str) -> str:
    """What makes two holders the same: the log-in name, or name and department."""
    return f"login:{login}" if login else f"name:{name}@{department}"


def known(day: date | None, moment: datetime | None, on: date, recorded_on: datetime | None) -> date | None:
    """A fact's day as it stood on `on`, by what was recorded until `recorded_on` (None: until now); else None."""
    if day is None or day > on or (recorded_on is not None and (moment is None or moment > recorded_on)):
        return None
    return day


def copy_status(received_on: date | None, recall_due_on: date | None, recalled_on: date | None, outcome: Outcome | None) -> CopyStatus:
    """The last thing that happened to a copy decides."""
    if outcome is not None:
        return CopyStatus(outcome.value)
    if recalled_on is not None:
        return CopyStatus.RECALLED
    if recall_due_on is not None:
        return CopyStatus.RECALL_DUE
    return CopyStatus.HELD if received_on is not None else CopyStatus.ISSUED


def acknowledgement_state(
    acknowledged_on: date | None, excused_on: date | None, ended_on: date | None, due_on: date, on: date
) -> AcknowledgementState:
    """Acknowledged wins: what was read stays read. Then excused, ended, overdue from the day after `due_on`."""
    if acknowledged_on is not None:
        return AcknowledgementState.ACKNOWLEDGED
    if excused_on is not None:
        return AcknowledgementState.EXCUSED
    if ended_on is not None:
        return AcknowledgementState.ENDED
    return AcknowledgementState.OVERDUE if due_on < on else AcknowledgementState.OPEN


def reminder_day(due_on: date, today: date) -> date | None:
    """The latest day that has come on which one is reminded: three days before, on the due day, then weekly. None: none has come."""
    if today < due_on - REMIND_BEFORE:
        return None
    if today < due_on:
        return due_on - REMIND_BEFORE
    return due_on + REMIND_AGAIN * ((today - due_on) // REMIND_AGAIN)


def wrong_answers(right: Sequence[Sequence[int]], answers: Sequence[Sequence[int]]) -> int:
    """How many questions are not answered by exactly the right options; InputError unless there is one answer for each question."""
    if len(answers) != len(right):
        raise InputError(f"本修订有 {len(right)} 道题，请逐题作答（收到 {len(answers)} 个答案）", code="answers_missing")
    return sum(set(given) != set(wanted) for wanted, given in zip(right, answers, strict=True))


def checked_questions(questions: Sequence[QuestionText]) -> tuple[QuestionText, ...]:
    """The questions with blanks around their texts removed; InputError, with its number, for one that nobody could answer."""
    if len(questions) > MOST_QUESTIONS:
        raise InputError(f"最多 {MOST_QUESTIONS} 道题", code="too_many_questions")
    return tuple(_checked_question(position, question) for position, question in enumerate(questions, 1))


def _checked_question(position: int, question: QuestionText) -> QuestionText:
    where = f"第 {position} 题"
    text = line(question.text, f"{where}的题目", LONGEST_QUESTION)
    options = tuple(line(option, f"{where}的选项", LONGEST_OPTION) for option in question.options)
    right = tuple(sorted(set(question.right)))
    if not 2 <= len(set(options)) == len(options) <= MOST_OPTIONS:
        raise InputError(f"{where}须有 2 至 {MOST_OPTIONS} 个各不相同的选项", code="bad_question")
    if not right or right[0] < 0 or right[-1] >= len(options):
        raise InputError(f"{where}没有指明正确选项，或指向了不存在的选项", code="bad_question")
    return QuestionText(text, options, right)


def line(text: str, what: str, longest: int) -> str:
    """One line that says something, without blanks around; InputError for an empty or too long one and for control characters."""
    plain = note(text, what, longest)
    if not plain:
        raise InputError(f"请填写{what}", code="text_missing")
    return plain


def note(text: str, what: str, longest: int = LONGEST_NOTE) -> str:
    """The same for a text that may be empty."""
    plain = text.strip()
    if len(plain) > longest:
        raise InputError(f"{what}最长 {longest} 个字符", code="text_too_long")
    if has_control_characters(plain):
        raise InputError(f"{what}须为一行文字，不能有控制字符", code="control_characters")
    return plain
