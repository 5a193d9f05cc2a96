"""What the code on a printed page says: the token in its address, and how a revision stands on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

import pytest

from service.documents.standing import PrintedStanding, Stood, revision_of, standing_address, stood, token_of


@dataclass(frozen=True)
class Row:
    label: str
    effective_on: date | None
    obsolete_on: date | None = None


def day(month: int, number: int = 1) -> date:
    return date(2026, month, number)


FIRST, SECOND, THIRD = Row("A/0", day(2)), Row("A/1", day(4)), Row("A/2", day(6))


def test_token_leads_back_to_its_revision_in_small_letters_and_in_capitals() -> None:
    revision = uuid4()
    token = token_of(revision)
    assert len(token) == 26
    assert token.islower()
    assert revision_of(token) == revision_of(token.upper()) == revision


@pytest.mark.parametrize(
    "change", [lambda t: t[:-1], lambda t: t + "a", lambda t: t[:-1] + "b", lambda t: "1" + t[1:], lambda _: "", lambda _: "维" * 26]
)
def test_nothing_else_is_a_token(change: object) -> None:
    assert revision_of(change(token_of(UUID(int=0)))) is None  # type: ignore[operator]  # one of the six above


def test_no_address_no_code() -> None:
    assert standing_address("", uuid4()) == ""
    assert standing_address("https://sh.example.com", UUID(int=0)) == "https://sh.example.com/r/" + "a" * 26


@pytest.mark.parametrize(
    ("label", "rows", "on", "expected"),
    [
        ("A/0", [FIRST], day(1), Stood(PrintedStanding.AWAITED, day(2))),
        ("A/0", [FIRST], day(2), Stood(PrintedStanding.IN_FORCE, day(2))),
        ("A/0", [FIRST, SECOND], day(3, 31), Stood(PrintedStanding.IN_FORCE, day(2))),
        ("A/1", [FIRST, SECOND], day(3, 31), Stood(PrintedStanding.AWAITED, day(4))),
        ("A/0", [FIRST, SECOND], day(4), Stood(PrintedStanding.REPLACED, day(4), "A/1")),
        ("A/0", [FIRST, SECOND, THIRD], day(6), Stood(PrintedStanding.REPLACED, day(4), "A/1", "A/2")),
        ("A/0", [Row("A/0", day(2), day(5))], day(4, 30), Stood(PrintedStanding.IN_FORCE, day(2))),
        ("A/0", [Row("A/0", day(2), day(5))], day(5), Stood(PrintedStanding.OBSOLETE, day(5), ended_on=day(5))),
        ("A/0", [FIRST, Row("A/1", day(4), day(5))], day(5), Stood(PrintedStanding.REPLACED, day(4), "A/1", ended_on=day(5))),
        ("A/1", [FIRST, Row("A/1", day(7)), Row("A/2", day(6))], day(8), Stood(PrintedStanding.REPLACED, day(6), "A/2")),
    ],
)
def test_how_a_revision_stands(label: str, rows: list[Row], on: date, expected: Stood) -> None:
    assert stood(label, rows, on) == expected
