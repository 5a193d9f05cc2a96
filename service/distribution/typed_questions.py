"""Questions as they come from their form: `question-N-text`, `question-N-option-M` and the ticks `question-N-right`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from service.distribution.rules import LONGEST_OPTION, LONGEST_QUESTION, MOST_OPTIONS, QuestionText
from service.web.forms import Filled

TEXT_FIELD = re.compile(r"question-([1-9]\d{0,2})-text", re.ASCII)


def positions(names: Iterable[str]) -> list[int]:
    """The numbers of the questions among these fields, in their order."""
    return sorted(int(match[1]) for match in map(TEXT_FIELD.fullmatch, names) if match)


def typed_questions(form: Filled) -> list[QuestionText]:
    """Questions in which something was typed; empty options are left out, and what is right follows them. What is wrong stands by its field."""
    return [question for position in positions(form.values) if (question := _question(form, position)) is not None]


def usual_questions(questions: Sequence[QuestionText]) -> dict[str, str]:
    """Field → what stands in it; a right option has `question-N-right-M`."""
    usual = {}
    for position, question in enumerate(questions, 1):
        usual[f"question-{position}-text"] = question.text
        for number, option in enumerate(question.options, 1):
            usual[f"question-{position}-option-{number}"] = option
            if number - 1 in question.right:
                usual[f"question-{position}-right-{number}"] = "yes"
    return usual


def _question(form: Filled, position: int) -> QuestionText | None:
    name = f"question-{position}"
    texts = {number: form.text(f"{name}-option-{number}", longest=LONGEST_OPTION) for number in range(1, MOST_OPTIONS + 1)}
    options = {number: text for number, text in texts.items() if text}
    if not options and not form[f"{name}-text"].strip():
        return None
    text = form.text(f"{name}-text", required="请填写题目", longest=LONGEST_QUESTION)
    ticked = form.texts(f"{name}-right")
    right = tuple(place for place, number in enumerate(options) if str(number) in ticked)
    if not 2 <= len(set(options.values())) == len(options):
        form.faults[f"{name}-options"] = "请填写至少 2 个各不相同的选项"
    elif not right:
        form.faults[f"{name}-options"] = "请勾选正确的选项"
    return QuestionText(text, tuple(options.values()), right)
