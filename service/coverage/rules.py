"""When an element is ruled and an indicator covered. Pure functions over plain values (domain.md §3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class ElementState(StrEnum):
    """An element of an indicator: ruled; ruled but its evidence is due; what was confirmed has changed; claimed only; nothing."""

    RULED = "ruled"
    EVIDENCE_DUE = "evidence_due"
    SUSPECT = "suspect"
    UNCONFIRMED = "unconfirmed"
    OPEN = "open"


class State(StrEnum):
    COVERED = "covered"
    PARTIAL = "partial"
    SUSPECT = "suspect"
    UNCOVERED = "uncovered"
    NOT_APPLICABLE = "not_applicable"


STATE_NAMES: Mapping[State, str] = {
    State.COVERED: "已覆盖",
    State.PARTIAL: "部分覆盖",
    State.SUSPECT: "待确认",
    State.UNCOVERED: "未覆盖",
    State.NOT_APPLICABLE: "删减",
}

ELEMENT_NAMES: Mapping[ElementState, str] = {
    ElementState.RULED: "已规定",
    ElementState.EVIDENCE_DUE: "已规定，待证据",
    ElementState.SUSPECT: "待确认",
    ElementState.UNCONFIRMED: "已对应，未确认",
    ElementState.OPEN: "无规定",
}

PROOF_NAMES: Mapping[str, str] = {"text": "制度文本", "record": "记录", "fact": "事实证据"}

_RULED = frozenset({ElementState.RULED, ElementState.EVIDENCE_DUE})
_BEST_FIRST = tuple(ElementState)


@dataclass(frozen=True, slots=True)
class Answer:
    """A claim in force with what is known of its confirmation."""

    element: int
    confirmed: bool
    changed: bool
    blank: bool


def answer_state(answer: Answer, proof: str) -> ElementState:
    """What one claim is worth: a blank or an absent confirmation does not count, a changed section is suspect."""
    if answer.blank:
        return ElementState.OPEN
    if answer.confirmed:
        return ElementState.RULED if proof == "text" else ElementState.EVIDENCE_DUE
    return ElementState.SUSPECT if answer.changed else ElementState.UNCONFIRMED


def element_state(answers: Iterable[Answer], proof: str) -> ElementState:
    """The best of the claims on one element."""
    return min((answer_state(answer, proof) for answer in answers), key=_BEST_FIRST.index, default=ElementState.OPEN)


def indicator_state(elements: Sequence[ElementState], *, deleted: bool) -> State:
    """covered: every element ruled; suspect: something confirmed has changed; partial: something is claimed; else uncovered."""
    if deleted:
        return State.NOT_APPLICABLE
    if elements and all(state in _RULED for state in elements):
        return State.COVERED
    if ElementState.SUSPECT in elements:
        return State.SUSPECT
    return State.UNCOVERED if all(state is ElementState.OPEN for state in elements) else State.PARTIAL
