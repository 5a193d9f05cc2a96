"""What a code on a printed page says: whether the revision it was printed from is in force. The token in its address, and the rule. Pure."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol
from uuid import UUID

PATH = "/r"
"""Short, since every character makes the symbol finer."""
TOKEN_LENGTH = 26


class PrintedStanding(StrEnum):
    """How a released revision stands on a day."""

    IN_FORCE = "in_force"
    AWAITED = "awaited"
    REPLACED = "replaced"
    OBSOLETE = "obsolete"


PRINTED_STANDING_NAMES = {
    PrintedStanding.IN_FORCE: "现行有效",
    PrintedStanding.AWAITED: "待实施",
    PrintedStanding.REPLACED: "已被代替",
    PrintedStanding.OBSOLETE: "已作废",
}


class Dated(Protocol):
    """What is asked of a released revision."""

    @property
    def label(self) -> str: ...
    @property
    def effective_on(self) -> date | None: ...
    @property
    def obsolete_on(self) -> date | None: ...


@dataclass(frozen=True, slots=True)
class Stood:
    """How a revision stands and since when (待实施: from when). `by`: the label of the revision that replaced it; `newest`: of the one
    in force instead, if that is yet another; `ended_on`: the day on which the document itself was made obsolete."""

    standing: PrintedStanding
    since: date | None
    by: str = ""
    newest: str = ""
    ended_on: date | None = None


def token_of(revision: UUID) -> str:
    """26 characters a-z and 2-7 for an id: as hard to guess as the id, which is random."""
    return base64.b32encode(revision.bytes).decode().rstrip("=").lower()


def revision_of(token: str) -> UUID | None:
    """The id that a token stands for, in capitals too; None for anything that `token_of` never gives."""
    if len(token) != TOKEN_LENGTH or not token.isascii():
        return None
    try:
        found = UUID(bytes=base64.b32decode(token.upper() + "======"))
    except (binascii.Error, ValueError):
        return None
    return found if token_of(found) == token.lower() else None


def standing_address(home: str, revision: UUID) -> str:
    """The address that a revision's code leads to; "" for a service that has none."""
    return f"{home}{PATH}/{token_of(revision)}" if home else ""


def stood(label: str, released: Sequence[Dated], on: date) -> Stood:
    """How the revision `label` stands on day `on`. `released`: all released revisions of its document, oldest first.

    The rule of `documents.queries.of_day`: of those that took force the newest decides, and an older one never comes back.
    """
    place = next(place for place, row in enumerate(released) if row.label == label)
    own, begun = released[place], [row for row in released[place + 1 :] if row.effective_on is not None and row.effective_on <= on]
    if begun:
        first = min(begun, key=lambda row: (row.effective_on or on, row.label))
        newest = begun[-1]
        ended = newest.obsolete_on if newest.obsolete_on is not None and newest.obsolete_on <= on else None
        return Stood(
            PrintedStanding.REPLACED, first.effective_on, first.label, newest.label if newest is not first and not ended else "", ended
        )
    if own.obsolete_on is not None and own.obsolete_on <= on:
        return Stood(PrintedStanding.OBSOLETE, own.obsolete_on, ended_on=own.obsolete_on)
    if own.effective_on is None or own.effective_on > on:
        return Stood(PrintedStanding.AWAITED, own.effective_on)
    return Stood(PrintedStanding.IN_FORCE, own.effective_on)
