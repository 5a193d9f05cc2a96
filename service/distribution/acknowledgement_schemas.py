"""Questions and acknowledgements as JSON: what the API gives and takes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from service.distribution.models import Question
from service.distribution.rows import AcknowledgementRow
from service.distribution.rules import (
    LONGEST_NAME,
    LONGEST_NOTE,
    LONGEST_OPTION,
    LONGEST_QUESTION,
    MOST_OPTIONS,
    MOST_QUESTIONS,
    AcknowledgementState,
)
from service.distribution.schemas import MOST_HOLDERS, Key, Label, Number, body_config

Login = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
Choice = Annotated[list[Annotated[int, Field(ge=0, lt=MOST_OPTIONS)]], Field(max_length=MOST_OPTIONS)]


class QuestionBody(BaseModel):
    """A question: `right` are the positions (from 0) of all right options."""

    model_config = body_config({"text": "报修应在多少分钟内登记？", "options": ["10 分钟", "30 分钟", "2 小时"], "right": [1]})

    text: Annotated[str, Field(min_length=1, max_length=LONGEST_QUESTION)]
    options: Annotated[list[Annotated[str, Field(min_length=1, max_length=LONGEST_OPTION)]], Field(min_length=2, max_length=MOST_OPTIONS)]
    right: Choice


class QuestionsBody(BaseModel):
    """All questions of a revision; an empty list: it is acknowledged without any."""

    model_config = body_config({"questions": [{"text": "报修应在多少分钟内登记？", "options": ["10 分钟", "30 分钟"], "right": [1]}]})

    questions: Annotated[list[QuestionBody], Field(max_length=MOST_QUESTIONS)]


class QuestionLine(BaseModel):
    """A question as it is put; `right` is null for whoever has still to answer it."""

    position: int
    text: str
    options: list[str]
    right: list[int] | None = None


class QuestionsLine(BaseModel):
    """The questions of a revision."""

    document: str
    label: str
    questions: list[QuestionLine]


class AcknowledgementLine(BaseModel):
    """A request to read and acknowledge as it stood on a day."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    document: str
    title: str
    label: str
    login: str
    name: str
    department: str
    state: AcknowledgementState
    asked_on: date
    due_on: date
    acknowledged_at: datetime | None
    attempts: int
    score: int | None
    excuse_reason: str


class MyAcknowledgement(AcknowledgementLine):
    """An open request of my own, with the questions to be answered."""

    questions: list[QuestionLine]


class AskBody(BaseModel):
    """Whom to ask, until when; neither departments nor posts nor log-in names: everybody the document is addressed to."""

    model_config = body_config(
        {"document": "JC/SH-CX-01", "due_on": "2026-03-20"}, {"document": "JC/SH-CX-01", "due_on": "2026-03-20", "logins": ["ding"]}
    )

    document: Number
    label: Label = None
    due_on: date
    departments: Annotated[list[Key], Field(max_length=200)] = []
    posts: Annotated[list[Key], Field(max_length=200)] = []
    logins: Annotated[list[Login], Field(max_length=MOST_HOLDERS)] = []


class AcknowledgeBody(BaseModel):
    """One answer for each question, in their order: the positions (from 0) of the options chosen."""

    model_config = body_config({"answers": [[1], [0, 2]]}, {})

    answers: Annotated[list[Choice], Field(max_length=MOST_QUESTIONS)] = []


class VerdictBody(BaseModel):
    """Whether it is acknowledged now; with wrong answers it is not, and one may try again."""

    model_config = ConfigDict(from_attributes=True)

    acknowledged: bool
    questions: int
    wrong: int
    attempts: int


class ExcuseBody(BaseModel):
    """Why somebody need not acknowledge."""

    model_config = body_config({"reason": "产假至 2026 年 9 月"})

    reason: Annotated[str, Field(min_length=1, max_length=LONGEST_NOTE)]


def acknowledgement_lines(rows: Iterable[AcknowledgementRow]) -> list[AcknowledgementLine]:
    return [AcknowledgementLine.model_validate(row) for row in rows]


def question_lines(rows: Iterable[Question], *, with_right: bool) -> list[QuestionLine]:
    return [
        QuestionLine(position=row.position, text=row.text, options=row.options, right=row.right_options if with_right else None)
        for row in rows
    ]
