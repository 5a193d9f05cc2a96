"""The rows of the master lists as plain values: 受控文件清单, 记录清单, 外来文件清单, 作废文件清单. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from service.documents.models import Revision
from service.documents.rules import was_known


@dataclass(frozen=True, slots=True)
class MasterRow:
    """A document in force. `state` says so, and what is known to follow; `next_review_on` is None once its end is decided."""

    number: str
    title: str
    kind: str
    label: str
    department: str
    released_on: date | None
    effective_on: date
    state: str
    next_review_on: date | None


@dataclass(frozen=True, slots=True)
class RecordFormRow:
    """A record form in force. `keeper` and `medium` as the texts say in 相关记录; where they say no keeper, whoever owns the form."""

    number: str
    title: str
    label: str
    department: str
    keeper: str
    retention: str
    medium: str
    named_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExternalRow:
    """An external document that is registered or cited. Not `registered`: what the shipped register says of a cited one."""

    number: str
    title: str
    kind: str
    edition: str
    status: str
    replaced_by: str
    checked_on: date | None
    checked_where: str
    checked_by: str
    keeper: str
    cited_by: tuple[str, ...]
    registered: bool
    note: str


@dataclass(frozen=True, slots=True)
class ObsoleteRow:
    """A revision that is out of force: made obsolete, or replaced by a later one. `retained` names the copies marked 作废保留."""

    number: str
    title: str
    label: str
    department: str
    effective_on: date
    obsolete_on: date
    reason: str
    retained: tuple[str, ...]


Row = MasterRow | RecordFormRow | ExternalRow | ObsoleteRow


def state_words(revision: Revision, following: Revision | None, recorded_on: datetime | None) -> str:
    """现行有效, and what is known to come: the next revision, or the end."""
    if revision.obsolete_on is not None and was_known(revision.obsoleted_at, recorded_on):
        return f"现行有效（{revision.obsolete_on} 起作废）"
    if following is not None:
        return f"现行有效（{following.label} 自 {following.effective_on} 起实施）"
    return "现行有效"


def next_revision(revision: Revision, awaited: Iterable[Revision], recorded_on: datetime | None) -> Revision | None:
    """Of the document's released revisions that wait for their day, the one that follows first."""
    later = [row for row in awaited if _place(row) > _place(revision) and was_known(row.released_at, recorded_on)]
    return min(later, key=lambda row: (row.effective_on or date.max, _place(row)), default=None)


def endings(history: Sequence[Revision], on: date, recorded_on: datetime | None) -> list[tuple[Revision, date, str]]:
    """(revision, day it went out of force, why) of one document's revisions that had taken force by `on` and are out of it then.

    A later revision takes the place of all earlier ones on the day it takes force; what is made obsolete before that ends by itself.
    """
    found = []
    known = sorted((row for row in history if was_known(row.released_at, recorded_on)), key=_place)
    for position, row in enumerate(known):
        ends = [(later.effective_on, f"由 {later.label} 代替：{later.change_summary}") for later in known[position + 1 :]]
        if was_known(row.obsoleted_at, recorded_on):
            ends.append((row.obsolete_on, row.obsolete_reason))
        days = [(day, why) for day, why in ends if day is not None and day <= on]
        if days:
            day, why = min(days, key=lambda end: end[0])
            found.append((row, day, why))
    return found


def _place(revision: Revision) -> tuple[str, int]:
    return revision.edition, revision.revision_number
