"""What happened to one copy, in order: the day of each fact, and who recorded it when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from service.distribution.models import Copy
from service.distribution.rows import HeldCopy
from service.distribution.rules import MEDIUM_NAMES, OUTCOME_NAMES
from service.organisations.models import Organisation
from service.organisations.queries import names_of


@dataclass(frozen=True, slots=True)
class Fact:
    """`by`: the name of whoever recorded it; "" for what the system did by itself. `note`: what was written about it."""

    on: date
    what: str
    note: str
    by: str
    at: datetime | None


def told(session: Session, organisation: Organisation, held: HeldCopy) -> list[Fact]:
    """Oldest first."""
    facts = [fact for fact in _facts(held.copy) if fact[0] is not None]
    names = names_of(session, organisation.id, {by for _, _, _, by, _ in facts})
    return [Fact(on, what, note, names.get(by, by), at) for on, what, note, by, at in facts if on is not None]


def _facts(copy: Copy) -> Iterator[tuple[date | None, str, str, str, datetime | None]]:
    yield copy.issued_on, f"发放给{copy.holder_name}（{MEDIUM_NAMES[copy.medium]}）", copy.note, copy.issued_by, copy.issued_at
    yield copy.received_on, "签收", copy.receipt_note, copy.received_by, copy.received_at
    yield copy.recall_due_on, "修订不再有效，应予收回", "", "", copy.recall_due_at
    yield copy.recalled_on, "收回", copy.recall_note, copy.recalled_by, copy.recalled_at
    if copy.outcome is not None:
        witness = f"见证人：{copy.witness}" if copy.witness else ""
        note = "；".join(filter(None, (witness, copy.settlement_note)))
        yield copy.settled_on, OUTCOME_NAMES[copy.outcome], note, copy.settled_by, copy.settled_at
