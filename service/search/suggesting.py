"""Which names go on from what was typed so far, and which of them come first. Pure."""

from __future__ import annotations

from service.search.port import Suggestion, SuggestionKind
from service.search.query import LONGEST_QUERY, Field
from service.search.rank import Row
from service.search.words import pattern, runs

Rank = tuple[int, int, int]
"""Kind of name, whether it only has the words somewhere, its length: the smaller the better."""
_ORDER = (SuggestionKind.NUMBER, SuggestionKind.TITLE, SuggestionKind.SECTION)


def beginning(text: str) -> str:
    """What a name must hold to go on from `text`, whose last word may go on, too; "" for nothing.

    Zeros at the end may be the first ones of a number that is compared without them: CX-0 goes on to CX-07.
    """
    read = list(runs(text[:LONGEST_QUERY]))
    if read[1:] and read[-1].text == "0":
        return pattern(read[:-1])
    return pattern(read).rstrip()


def fit(row: Row, wanted: str) -> tuple[Rank, SuggestionKind] | None:
    """How well the names of a row go on from `wanted`; None if they do not. Title and number are asked of the head of a text only."""
    section = (row.text.index("\n", row.names_end), row.body)
    zones = (row.zone(Field.NUMBER), row.zone(Field.TITLE)) if row.is_head else (section,)
    for kind, (start, end) in zip(_ORDER if row.is_head else _ORDER[2:], zones, strict=False):
        at = row.text.find(wanted, start, end)
        if at >= 0:
            begins = at <= start + 2  # a line break and a blank may come first
            return (_ORDER.index(kind), 0 if begins else 1, end - start), kind
    return None


def best(found: list[tuple[Rank, Suggestion]], most: int) -> list[Suggestion]:
    """The first `most`, each text once."""
    texts: dict[str, Suggestion] = {}
    for _, suggestion in sorted(found, key=lambda each: (each[0], each[1].text, each[1].number)):
        texts.setdefault(suggestion.text, suggestion)
        if len(texts) == most:
            break
    return list(texts.values())
