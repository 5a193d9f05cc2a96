"""Copies and acknowledgements as lists and registers show them on a day: what had happened by then and was recorded by a moment. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from service.clock import local_date
from service.distribution.models import Acknowledgement, Copy
from service.distribution.rules import (
    AcknowledgementState,
    CopyStatus,
    Medium,
    Outcome,
    acknowledgement_state,
    copy_status,
    known,
)
from service.documents.models import Document, Revision


@dataclass(frozen=True, slots=True)
class HeldCopy:
    """A copy with the revision it is one of."""

    copy: Copy
    document: Document
    revision: Revision

    @property
    def name(self) -> str:
        """How sentences name it."""
        return f"{self.document.number} {self.revision.label} 分发号 {self.copy.copy_number}（{self.copy.holder_name}）"


@dataclass(frozen=True, slots=True)
class AskedPerson:
    """A request to read and acknowledge with the revision it is about."""

    row: Acknowledgement
    document: Document
    revision: Revision


@dataclass(frozen=True, slots=True)
class CopyRow:
    """A copy on a day; `department` is the name printed. What had not happened by then, or was not known, is None or ""."""

    id: UUID
    document: str
    title: str
    label: str
    copy_number: int
    holder_login: str | None
    holder_name: str
    department: str
    medium: Medium
    status: CopyStatus
    issued_on: date
    received_on: date | None
    recall_due_on: date | None
    recalled_on: date | None
    outcome: Outcome | None
    settled_on: date | None
    witness: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AcknowledgementRow:
    """A request to read and acknowledge on a day; `department` is the name printed."""

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


def copy_row(
    copy: Copy, document: Document, revision: Revision, names: Mapping[str, str], on: date, recorded_on: datetime | None = None
) -> CopyRow:
    """`names`: department key → name. The copy had been issued by `on`, as was recorded by `recorded_on`."""
    received = known(copy.received_on, copy.received_at, on, recorded_on)
    due = known(copy.recall_due_on, copy.recall_due_at, on, recorded_on)
    recalled = known(copy.recalled_on, copy.recalled_at, on, recorded_on)
    settled = known(copy.settled_on, copy.settled_at, on, recorded_on)
    outcome = copy.outcome if settled else None
    told = ((True, copy.note), (received, copy.receipt_note), (recalled, copy.recall_note), (settled, copy.settlement_note))
    return CopyRow(
        id=copy.id,
        document=document.number,
        title=revision.title,
        label=revision.label,
        copy_number=copy.copy_number,
        holder_login=copy.holder_login,
        holder_name=copy.holder_name,
        department=names.get(copy.department, copy.department),
        medium=copy.medium,
        status=copy_status(received, due, recalled, outcome),
        issued_on=copy.issued_on,
        received_on=received,
        recall_due_on=due,
        recalled_on=recalled,
        outcome=outcome,
        settled_on=settled,
        witness=copy.witness if settled else "",
        notes=tuple(dict.fromkeys(words for happened, words in told if happened and words)),
    )


def acknowledgement_row(
    row: Acknowledgement,
    document: Document,
    revision: Revision,
    names: Mapping[str, str],
    time_zone: str,
    on: date,
    recorded_on: datetime | None = None,
) -> AcknowledgementRow:
    """`names`: department key → name. It had been asked by `on` and by `recorded_on`; attempts are counted, not dated."""

    def day(moment: datetime | None) -> date | None:
        return known(local_date(moment, time_zone) if moment else None, moment, on, recorded_on)

    acknowledged, excused = day(row.acknowledged_at), day(row.excused_at)
    return AcknowledgementRow(
        id=row.id,
        document=document.number,
        title=revision.title,
        label=revision.label,
        login=row.login,
        name=row.name,
        department=names.get(row.department, row.department),
        state=acknowledgement_state(acknowledged, excused, day(row.ended_at), row.due_on, on),
        asked_on=local_date(row.asked_at, time_zone),
        due_on=row.due_on,
        acknowledged_at=row.acknowledged_at if acknowledged else None,
        attempts=row.attempts,
        score=row.score,
        excuse_reason=row.excuse_reason if excused else "",
    )
