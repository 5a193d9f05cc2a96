"""Whether a section answers a query and how well: the same for every engine that lets us look at the text. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, fsum, log

from service.search.port import Entry, Section
from service.search.query import Field, Query, Word
from service.search.words import canonical

_NAMES_IN_HEAD, _NAMES_BELOW, _SECTION_TITLE = 6.0, 0.2, 4.0
_SATURATION, _LENGTH_COUNTS, _USUAL_LENGTH = 1.2, 0.6, 200
_IS_NAME, _BEGINS_NAME, _IN_NAME, _IN_NUMBER, _IS_SECTION, _TOGETHER = 8.0, 4.0, 3.0, 3.0, 2.5, 1.0
_NEAR, _MOST_WORTH = 0.4, 3.0


class Row:
    """A section as it is searched: canonical title, number, clause, section title and body in one text, each on a line of its own.

    `names_end` is where title and number end, `body` where the body begins. The head of a text (`is_head`) has no clause and no title.
    """

    __slots__ = ("body", "is_head", "names_end", "saturation", "text", "title_end")

    def __init__(self, text: str) -> None:
        title, number, clause, section, body = text.split("\n", 4)
        self.text = text
        self.title_end = len(title)
        self.names_end = len(title) + len(number) + 2
        self.body = len(text) - len(body)
        self.is_head = not clause and not section
        self.saturation = _SATURATION * (1 - _LENGTH_COUNTS + _LENGTH_COUNTS * len(body) / _USUAL_LENGTH)

    def zone(self, field: Field) -> tuple[int, int]:
        """(start, end) of a field; that of section titles takes in the clause."""
        match field:
            case Field.TITLE:
                return 0, self.title_end
            case Field.NUMBER:
                return self.title_end + 1, self.names_end
            case Field.CLAUSE:
                return self.names_end, self.text.index("\n", self.names_end)
            case Field.SECTION:
                return self.names_end, self.body
            case Field.BODY:
                return self.body, len(self.text)


def row_text(entry: Entry, section: Section) -> str:
    """A section as `Row` reads it."""
    return "\n".join(canonical(part) for part in (entry.title, entry.number, section.clause, section.title, section.text))


def is_excluded(query: Query, row: Row) -> bool:
    """Whether the row has a forbidden word."""
    return any(_has(word, row) for word in query.forbidden)


def _has(word: Word, row: Row) -> bool:
    if word.field is None:
        return word.pattern in row.text
    return row.text.find(word.pattern, *row.zone(word.field)) >= 0


def rarity(rows: int, having: int) -> float:
    """What a word is worth: the rarer the more."""
    return log(1 + (rows + 0.5) / (having + 0.5))


def rarity_near(rows: int, having: int) -> float:
    """The same for terms of a query that nothing answers: those that part two words are rare, and mean nothing."""
    return min(rarity(rows, having), _MOST_WORTH)


def rate(query: Query, row: Row, worths: Sequence[float]) -> float | None:
    """How well a row answers, `worths` being those of the required words; None if it lacks one of these, or has a forbidden one.

    Title and number stand in every row of a text, so that words may stand in the title and the section together; but a section
    answers only if it has at least one of the words itself: for those that have none, the head of the text answers.
    """
    if query.forbidden and is_excluded(query, row):
        return None
    total, is_own, is_titled = 0.0, row.is_head, row.is_head
    for word, worth in zip(query.required, worths, strict=True):
        if word.field is not None and not _has(word, row):
            return None
        own, titled, named = _count(word.pattern, row)
        often = own + _SECTION_TITLE * titled + named
        if not often:
            return None
        is_own = is_own or (own > 0 and word.field not in (Field.TITLE, Field.NUMBER))
        is_titled = is_titled or titled > 0
        total += worth * often / (often + row.saturation)
    if not is_own:
        return None
    return total + sum(worths) * _bonus(query, row) if is_titled or len(query.required) > 1 else total


def _count(words: str, row: Row) -> tuple[int, int, float]:
    """How often words stand in the row itself, in its section title, and what they count for in the title and number of the text."""
    text, end = row.text, row.names_end
    own = text.count(words, end)
    if row.is_head:
        return own, 0, _NAMES_IN_HEAD * text.count(words, 0, end)
    if own:
        return own, text.count(words, end, row.body), 0.0
    return 0, 0, _NAMES_BELOW if text.find(words, 0, end) >= 0 else 0.0


def rate_near(query: Query, row: Row, worths: Mapping[str, float]) -> float | None:
    """How well a row stands for a query that nothing answers, `worths` being those of its terms (as patterns); None for too few of them.

    Only what the row says itself counts: of the head of a text its names, the more the closer they are to the query.
    """
    if query.forbidden and is_excluded(query, row):
        return None
    text, start = row.text, 0 if row.is_head else row.names_end
    shared = [worth for term, worth in worths.items() if text.find(term, start) >= 0]
    if len(shared) < few(len(worths)):
        return None
    if not row.is_head:
        return fsum(shared)
    named = [worth for term, worth in worths.items() if text.find(term, 0, row.title_end) >= 0]
    return fsum(shared) + fsum(named) * (1 + 2 * len(named) / max(row.title_end, 1))


def few(count: int) -> int:
    """How many of so many terms a row must have to be near."""
    return ceil(_NEAR * count)


def _bonus(query: Query, row: Row) -> float:
    """For a query that stands whole in a name, or at least together in the text."""
    whole, text = query.whole, row.text
    if not whole or whole not in text:
        return 0.0
    if not row.is_head:
        title = text.find(whole, row.names_end, row.body)
        if title >= 0 and text[text.index("\n", row.names_end) + 1 : row.body].strip() == whole.strip():
            return _IS_SECTION
        return _TOGETHER if len(query.required) > 1 and text.find(whole, row.names_end) >= 0 else 0.0
    title_words, number, words = text[: row.title_end].strip(), text[row.title_end + 1 : row.names_end - 1].strip(), whole.strip()
    if words in (title_words, number):
        return _IS_NAME
    if title_words.startswith(words):
        return _BEGINS_NAME
    return _IN_NAME if words in title_words else _IN_NUMBER if whole in f" {number} " else _TOGETHER
