"""Which documents use a variable: by the values frozen with a text, or by the names in a draft's source."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session

from service.documents.models import Revision
from service.documents.queries import Controlled, in_force, running
from service.documents.rules import Status, state_name


@dataclass(frozen=True, slots=True)
class Use:
    """A revision that uses the variable. `value` is what its text was frozen with; a draft (`is_draft`) has none yet."""

    number: str
    title: str
    label: str
    state: str
    is_draft: bool
    value: Any


def uses_of(session: Session, organisation: UUID, name: str, on: date, *, with_running: bool) -> list[Use]:
    """Documents in force on `on`, and with `with_running` those on their way, whose texts name the variable."""
    pairs = [*in_force(session, organisation, on), *(running(session, organisation) if with_running else ())]
    return [_use(pair, name, on) for pair in pairs if _names(pair.revision, name)]


def use_counts(session: Session, organisation: UUID, on: date) -> Counter[str]:
    """{variable: in how many documents in force on `on` it stands}."""
    return Counter(name for pair in in_force(session, organisation, on) for name in pair.revision.variables)


def _names(revision: Revision, name: str) -> bool:
    if revision.status is not Status.DRAFT:
        return name in revision.variables
    return re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", revision.source) is not None


def _use(pair: Controlled, name: str, on: date) -> Use:
    revision = pair.revision
    state = state_name(revision.status, revision.effective_on, revision.obsolete_on, on)
    is_draft = revision.status is Status.DRAFT
    return Use(pair.document.number, revision.title, revision.label, state, is_draft, revision.variables.get(name))
