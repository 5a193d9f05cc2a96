"""The piece of a section that shows why it was found, cut from the stored text, with the places of the words. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from service.search.query import Query
from service.search.words import occurrences, pattern, runs, sharp_terms

LENGTH = 100
_BEFORE = 24  # characters shown before the first word at most
_BREAK = re.compile(r"[。！？；!?;\n]|[，、,：:|](?=.)")
_MOST_READ = 20_000  # of a very long section only so much is looked at
Place = tuple[int, int, int]
"""(start, end, number of the pattern), as `words.occurrences` gives them."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of text on one line, and (start, end) of every word looked for in it."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()


def snippet(text: str, query: Query, *, is_near: bool = False, length: int = LENGTH) -> Snippet:
    """The piece with most of the words: whole sentences where they fit. Without any of them, the beginning."""
    text = text[:_MOST_READ]
    found = occurrences(text, patterns(query, is_near=is_near))
    return _cut(text, _start(text, found, length) if found else 0, found, length)


def beginning(text: str, query: Query, *, is_near: bool = False, length: int = LENGTH) -> Snippet:
    """The first sentences of a text that was not itself looked through."""
    return _cut(text, 0, occurrences(text, patterns(query, is_near=is_near)), length)


def _cut(text: str, start: int, found: Sequence[Place], length: int) -> Snippet:
    end = _end(text, start, length)
    start += len(text[start:end]) - len(text[start:end].lstrip())
    piece = text[start:end].rstrip()
    before, after = "…" if start else "", "…" if start + len(piece) < len(text.rstrip()) else ""
    marks = _joined((a, b) for a, b, _ in found if start <= a and b <= start + len(piece))
    shift = len(before) - start
    return Snippet(before + piece.replace("\n", " ") + after, tuple((a + shift, b + shift) for a, b in marks))


def marked(text: str, query: Query, *, is_near: bool = False) -> Snippet:
    """A whole text, such as a title, with the places of the words."""
    return Snippet(text, tuple(_joined((a, b) for a, b, _ in occurrences(text, patterns(query, is_near=is_near)))))


def patterns(query: Query, *, is_near: bool) -> list[str]:
    """What is marked: the words, or of a query that nothing answers as it is, the terms they are made of."""
    words = [word.pattern for word in query.required]
    if not is_near:
        return words
    return [pattern(runs(term)) for term in dict.fromkeys(term for word in words for term in sharp_terms(word))]


def _start(text: str, found: Sequence[Place], length: int) -> int:
    """Where to begin: before the place after which most of the words follow, at the beginning of its sentence if that is near."""
    reach = length - _BEFORE
    best, most = found[0][0], 0
    for index, (start, _, _) in enumerate(found):
        near = [number for a, b, number in found[index : index + 20] if b <= start + reach]
        worth = 4 * len(set(near)) + min(len(near), 3)
        if worth > most:
            best, most = start, worth
    if best <= _BEFORE:
        return 0
    breaks = [each.end() for each in _BREAK.finditer(text, best - _BEFORE, best)]
    sentences = [at for at in breaks if text[at - 1] in "。！？；!?;\n"]
    return sentences[-1] if sentences else breaks[0] if breaks else best - _BEFORE // 2


def _end(text: str, start: int, length: int) -> int:
    """The end of a sentence in the last third of the room, else all the room there is."""
    room = start + length
    if room >= len(text):
        return len(text)
    breaks = [each.end() for each in _BREAK.finditer(text, start + 2 * length // 3, room)]
    return breaks[-1] if breaks else room


def _joined(places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Places that overlap or touch as one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
