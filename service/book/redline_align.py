"""Which of two sequences' members belong together: the same ones by patience, in the gaps between them the most alike."""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence

Pair = tuple[int, int]
Row = tuple[int | None, int | None]
Likeness = Callable[[int, int], float]
"""How alike old member i and new member j are; 0: they do not belong together."""

MOST = 60
"""Members of a gap that are compared each with each; a longer gap is cut into pieces of that size, so that the cost grows with the length."""


def aligned(old: Sequence[Hashable], new: Sequence[Hashable], likeness: Likeness) -> list[Row]:
    """Rows (old place, new place) in an order that both sequences keep; None where one of them has nothing."""
    return rows_between(same(old, new), len(old), len(new), likeness)


def rows_between(pairs: Sequence[Pair], olds: int, news: int, likeness: Likeness) -> list[Row]:
    """`pairs` of the same members, and between them the pairs that are alike; what is only old comes before what is only new."""
    rows: list[Row] = []
    start = (0, 0)
    for pair in (*pairs, (olds, news)):
        rows.extend(_gap(range(start[0], pair[0]), range(start[1], pair[1]), likeness))
        rows.append(pair)
        start = (pair[0] + 1, pair[1] + 1)
    return rows[:-1]


def same(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Pair]:
    """Places of equal members, rising in both: those equal at both ends, then those that each side has once, and so on between them.

    Where nothing stands once, the first of a kind goes with the first, the second with the second: no input costs more than n log n
    for each depth."""
    found: list[Pair] = []
    open_ = [(0, len(old), 0, len(new))]
    while open_:
        a, b, c, d = open_.pop()
        while a < b and c < d and old[a] == new[c]:
            found.append((a, c))
            a, c = a + 1, c + 1
        while a < b and c < d and old[b - 1] == new[d - 1]:
            b, d = b - 1, d - 1
            found.append((b, d))
        if a == b or c == d:
            continue
        anchors, final = _anchors(old[a:b], new[c:d])
        edges = [(a - 1, c - 1), *((a + i, c + j) for i, j in anchors), (b, d)]
        found.extend(edges[1:-1])
        if not final:
            open_.extend((i + 1, k, j + 1, m) for (i, j), (k, m) in itertools.pairwise(edges))
    return sorted(found)


def _anchors(old: Sequence[Hashable], new: Sequence[Hashable]) -> tuple[list[Pair], bool]:
    """(pairs, whether nothing is to be looked for between them)."""
    counts, others = Counter(old), Counter(new)
    unique = [(i, key) for i, key in enumerate(old) if counts[key] == 1 and others[key] == 1]
    if unique:
        places = {key: j for j, key in enumerate(new)}
        return rising([(i, places[key]) for i, key in unique]), False
    numbered = {key: j for j, key in enumerate(_numbered(new))}
    return rising([(i, numbered[key]) for i, key in enumerate(_numbered(old)) if key in numbered]), True


def _numbered(keys: Sequence[Hashable]) -> Iterator[tuple[Hashable, int]]:
    """Each key with how often it came before."""
    seen: Counter[Hashable] = Counter()
    for key in keys:
        yield key, seen[key]
        seen[key] += 1


def rising(pairs: Sequence[Pair]) -> list[Pair]:
    """The longest part of `pairs` (whose first numbers rise) whose second numbers rise too."""
    ends: list[int] = []  # the least last number of a rising part of each length
    places: list[int] = []
    former: list[int] = []
    for place, (_, number) in enumerate(pairs):
        length = bisect_left(ends, number)
        former.append(places[length - 1] if length else -1)
        ends[length : length + 1] = [number]
        places[length : length + 1] = [place]
    found = []
    place = places[-1] if places else -1
    while place >= 0:
        found.append(pairs[place])
        place = former[place]
    return found[::-1]


def _gap(old: range, new: range, likeness: Likeness) -> Iterator[Row]:
    """Rows of a gap; a long one is cut at the same share of both sides."""
    pieces = max(-(-len(old) // MOST), -(-len(new) // MOST), 1) if old and new else 1
    for piece in range(pieces):
        a, b = (len(old) * each // pieces for each in (piece, piece + 1))
        c, d = (len(new) * each // pieces for each in (piece, piece + 1))
        yield from _matched(old[a:b], new[c:d], likeness)


def _matched(old: range, new: range, likeness: Likeness) -> Iterator[Row]:
    """The rows with the greatest sum of likenesses."""
    scores = [[likeness(i, j) for j in new] for i in old] if old and new else []
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1) if scores else ():
        for j in range(len(new) - 1, -1, -1):
            pair = scores[i][j] + best[i + 1][j + 1] if scores[i][j] > 0 else 0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], pair)
    i = j = 0
    while i < len(old) and j < len(new):
        if scores[i][j] > 0 and best[i][j] == scores[i][j] + best[i + 1][j + 1]:
            yield old[i], new[j]
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            yield old[i], None
            i += 1
        else:
            yield None, new[j]
            j += 1
    yield from ((each, None) for each in old[i:])
    yield from ((None, each) for each in new[j:])


def profile(text: str) -> frozenset[str]:
    """What a text is compared by: its characters and pairs of neighbours that are letters, digits or Hanzi."""
    letters = [char if char.isalnum() else "" for char in text]
    return frozenset(filter(None, letters)) | {a + b for a, b in itertools.pairwise(letters) if a and b}


def resemblance(one: frozenset[str], other: frozenset[str]) -> float:
    """0…1: the shared part of both profiles, or most of the smaller one if it is nearly all in the other and long enough to say so."""
    if not one or not other:
        return 0
    common, least = len(one & other), min(len(one), len(other))
    share = 2 * common / (len(one) + len(other))
    return max(share, 0.6 * common / least) if least >= ENOUGH and common >= NEARLY * least else share


ENOUGH, NEARLY = 16, 0.85
