"""What may be asked of a search besides words: states of revisions, kinds, departments, a day. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from service.documents.rules import STATUS_NAMES, Status
from service.text.model import Kind

MOST_HITS = 100
"""How many hits a search gives at most; whoever wants more should say more."""
MOST_OF_ONE = 3
"""How many sections of one revision are among the hits; what else it has is counted."""
MOST_SUGGESTIONS = 10


class State(StrEnum):
    """Where a revision stands on a day: its step, or what the dates of released ones make of it."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    COUNTERSIGNING = "countersigning"
    IN_APPROVAL = "in_approval"
    APPROVED = "approved"
    AWAITED = "awaited"
    IN_FORCE = "in_force"
    OBSOLETE = "obsolete"


STATE_NAMES: Mapping[State, str] = {
    **{State(status.value): name for status, name in STATUS_NAMES.items() if status is not Status.RELEASED},
    State.AWAITED: "待实施",
    State.IN_FORCE: "现行有效",
    State.OBSOLETE: "已作废或被替代",
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What is looked at. `on` is the day that the states are about; empty sets of kinds and departments (keys) leave nothing out."""

    on: date
    states: frozenset[State] = frozenset({State.IN_FORCE})
    kinds: frozenset[Kind] = frozenset()
    departments: frozenset[str] = frozenset()
