"""What may be asked of a search besides words: states of revisions, kinds, departments, a day. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from service.documents.rules import STANDING_NAMES, Standing
from service.text.model import Kind

MOST_HITS = 100
"""How many hits a search gives at most; whoever wants more should say more."""
MOST_OF_ONE = 3
"""How many sections of one revision are among the hits; what else it has is counted."""
MOST_SUGGESTIONS = 10
STATE_NAMES: Mapping[Standing, str] = {**STANDING_NAMES, Standing.OBSOLETE: "已作废或被替代"}
"""A search finds revisions, of which most that are out of force were replaced."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What is looked at. `on` is the day that the states are about; empty sets of kinds and departments (keys) leave nothing out."""

    on: date
    states: frozenset[Standing] = frozenset({Standing.IN_FORCE})
    kinds: frozenset[Kind] = frozenset()
    departments: frozenset[str] = frozenset()
