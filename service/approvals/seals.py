"""Sealed sign-offs: a seal over all that a sign-off says, and whether those in the database are the ones that the trail knows. Pure."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from service.approvals.rules import MEANING_NAMES, Meaning
from service.trail.rules import canonical

STEP_ACTIONS = tuple(f"revision:{step}" for step in ("submit", "review", "countersign", "approve", "return", "withdraw"))
"""Actions in the trail whose entries carry the seals made (`seals`) and the seals voided (`voided`)."""
CARRIED_OVER = "signoff:seal"
"""The entry by which a migration sealed what had been signed before there were seals."""


class Tampering(StrEnum):
    """What was done to a sign-off behind the system's back."""

    CHANGED = "changed_signoff"
    ADDED = "added_signoff"
    DELETED = "deleted_signoff"
    VOIDED = "voided_signoff"
    TEXT = "changed_fingerprint"


TAMPERING_NAMES: Mapping[Tampering, str] = {
    Tampering.CHANGED: "签署被改动，或被移到别的修订",
    Tampering.ADDED: "审计追踪中没有这一签署",
    Tampering.DELETED: "审计追踪中的签署被删除或改动",
    Tampering.VOIDED: "签署是否作废与审计追踪不符",
    Tampering.TEXT: "修订的内容指纹与签署时不同",
}


class Words(NamedTuple):
    """What a sign-off says, and of which revision."""

    number: str
    label: str
    meaning: Meaning
    login: str
    name: str
    post: str
    post_key: str
    at: datetime
    fingerprint: str
    comment: str
    exception_id: UUID | None


@dataclass(frozen=True, slots=True)
class Found:
    """A sign-off as the database has it now. `own`: its revision belongs to the same organisation."""

    words: Words
    seal: str
    voided: bool
    revision_fingerprint: str
    own: bool

    @property
    def where(self) -> str:
        return f"{self.words.number} {self.words.label} {MEANING_NAMES[self.words.meaning]} {self.words.name}"


@dataclass(frozen=True, slots=True)
class SignoffFault:
    """One sign-off that is not as it was made; `where` says which, of a deleted one only the seal is known."""

    tampering: Tampering
    where: str

    def __str__(self) -> str:
        return f"{self.where}：{TAMPERING_NAMES[self.tampering]}"


def seal(code: str, words: Words) -> str:
    """64 hex digits over length-prefixed fields: the organisation's code and every one of `words`; the moment in UTC (ISO 8601).

    No database id takes part but that of the exception, by which it is looked up.
    """
    texts = (
        code,
        words.number,
        words.label,
        words.meaning.value,
        words.login,
        words.name,
        words.post,
        words.post_key,
        words.at.astimezone(UTC).isoformat(),
        words.fingerprint,
        words.comment,
        words.exception_id.hex if words.exception_id else "",
    )
    return hashlib.sha256(canonical(texts)).hexdigest()


def find_faults(code: str, rows: Iterable[Found], sealed: Counter[str], voided: Counter[str]) -> list[SignoffFault]:
    """Every sign-off of the organisation `code` that is not as the trail knows it.

    `sealed`: the seals in the trail, `voided`: those of them that a return or a withdrawal made void.
    """
    rows = list(rows)
    where = {row.seal: row.where for row in rows}
    there = Counter(row.seal for row in rows)
    void = Counter(row.seal for row in rows if row.voided)
    unlike = {*(void - voided), *(voided - void)} & there.keys()
    return [
        *(fault for row in rows for fault in _fault_of(row, code)),
        *(SignoffFault(Tampering.ADDED, where[key]) for key in sorted(there - sealed)),
        *(SignoffFault(Tampering.DELETED, f"印记 {key[:16]}") for key in sorted(sealed - there)),
        *(SignoffFault(Tampering.VOIDED, where[key]) for key in sorted(unlike)),
    ]


def _fault_of(row: Found, code: str) -> Iterator[SignoffFault]:
    """What is wrong with a sign-off by itself."""
    if not row.own or row.seal != seal(code, row.words):
        yield SignoffFault(Tampering.CHANGED, row.where)
    elif not row.voided and row.words.fingerprint != row.revision_fingerprint:
        yield SignoffFault(Tampering.TEXT, row.where)
