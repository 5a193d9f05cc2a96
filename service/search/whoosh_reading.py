"""Reading an index that whoosh keeps: its rows by revision, which of them answer a query, and names that go on from what was typed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from heapq import nsmallest
from itertools import groupby
from typing import Any

from whoosh.reading import TermNotFound

from service.search.port import Found, Match, Section, Suggestion, SuggestionKind
from service.search.query import Key, Query
from service.search.rank import Row, few, rarity, rarity_near, rate, rate_near
from service.search.rules import MOST_OF_ONE
from service.search.suggesting import beginning, best, fit
from service.search.whoosh_files import State
from service.search.words import pattern, runs, sharp_terms

_MOST_TERMS = 24  # of a query that nothing answers as it is
_REACH = 5  # times as many rows are put in order as are wanted, since some of the same revision are left out
_ENOUGH_ROWS = 500  # to look at, rather than to ask for further terms
Scored = tuple[float, int, int]
"""(score, below zero; number of the leaf; number of the row in it)."""


class Leaf:
    """One of the files that an index is made of. Its rows are read when they are needed, and kept."""

    def __init__(self, reader: Any, offset: int, old: Leaf | None) -> None:
        self.reader, self.offset = reader, offset
        self.revisions: list[Key] = old.revisions if old else _revisions(reader)
        self._rows: list[Row | None] = old._rows if old else [None] * len(self.revisions)
        self._blocks: list[tuple[Key, int, int]] = old._blocks if old else _blocks(self.revisions)
        self._texts = reader.column_reader("row", translate=False)
        self._names = reader.column_reader("names", translate=False)
        deleted = frozenset(reader.segment().deleted_docs())
        self.ranges = {key: (start, end) for key, start, end in self._blocks if start not in deleted}

    def row(self, number: int) -> Row:
        found = self._rows[number]
        if found is None:
            found = self._rows[number] = Row(bytes(self._texts[number]).decode())
        return found

    def name(self, number: int) -> tuple[str, Key]:
        """Title and number as they are compared, and the revision."""
        row = self.row(number)
        return row.text[: row.names_end], self.revisions[number]

    def names(self, number: int) -> list[str]:
        """Number, title, anchor, clause and section title as they are shown."""
        return bytes(self._names[number]).decode().split("\n")

    def section(self, number: int) -> Section:
        _, _, anchor, clause, title = self.names(number)
        text, lead = self.reader.stored_fields(number)["section"]
        return Section(anchor, clause, title, text, lead)

    def frequency(self, term: str) -> int:
        return int(self.reader.doc_frequency("terms", term.encode()))

    def having(self, term: str) -> list[int]:
        """The rows that have a term."""
        try:
            return list(self.reader.postings("terms", term.encode()).all_ids())
        except TermNotFound:
            return []

    def allowed(self, within: Set[Key]) -> bytearray:
        """For each row whether it may be found."""
        flags = bytearray(len(self.revisions))
        for revision, (start, end) in self.ranges.items():
            if revision in within:
                flags[start:end] = b"\1" * (end - start)
        return flags


def _revisions(reader: Any) -> list[Key]:
    return [bytes(each).hex() for each in reader.column_reader("revision", translate=False)]


def _blocks(revisions: Sequence[Key]) -> list[tuple[Key, int, int]]:
    """(revision, first row, end): its rows stand together, and are deleted together."""
    found, start = [], 0
    for key, rows in groupby(revisions):
        end = start + sum(1 for _ in rows)
        found.append((key, start, end))
        start = end
    return found


class Opened:
    """The content of an index at one moment, which `stamp` names."""

    def __init__(self, stamp: str, state: State, reader: Any, old: Opened | None) -> None:
        self.stamp, self.state = stamp, state
        before = {leaf.reader.segment().segment_id(): leaf for leaf in old.leaves} if old else {}
        pairs = list(reader.leaf_readers()) if reader.doc_count_all() else []
        self.leaves: list[Leaf] = [Leaf(each, offset, before.get(each.segment().segment_id())) for each, offset in pairs]
        self.count = sum(len(leaf.revisions) for leaf in self.leaves)

    def rows_of(self, revision: Key) -> Iterator[int]:
        """The numbers, in the whole index, of a revision's rows."""
        for leaf in self.leaves:
            start, end = leaf.ranges.get(revision, (0, 0))
            yield from range(leaf.offset + start, leaf.offset + end)

    def frequency(self, term: str) -> int:
        return sum(leaf.frequency(term) for leaf in self.leaves)


def find(opened: Opened, query: Query, most: int) -> Found:
    """The best of the rows that answer; if there are none, of those that have most of the terms."""
    allowed = [leaf.allowed(query.within) for leaf in opened.leaves]
    scored = list(_answering(opened, query, allowed))
    if scored:
        return _picked(opened, scored, most, is_near=False)
    return _picked(opened, list(_near(opened, query, allowed)), most, is_near=True)


def _answering(opened: Opened, query: Query, allowed: Sequence[bytearray]) -> Iterator[Scored]:
    """The rows that answer, with their scores. Only rows that have the rarest term of each word are looked at."""
    rarest = [min((opened.frequency(term), term) for term in sharp_terms(word.pattern)) for word in query.required]
    worths = [rarity(opened.count, frequency) for frequency, _ in rarest]
    wanted = [term for _, term in sorted(rarest)]
    for place, leaf in enumerate(opened.leaves):
        flags = allowed[place]
        for number in _candidates(leaf, wanted):
            if flags[number]:
                found = rate(query, leaf.row(number), worths)
                if found is not None:
                    yield -found, place, number


def _candidates(leaf: Leaf, wanted: Sequence[str]) -> Iterable[int]:
    """Rows that have these terms, the rarest first; not all terms are asked for once few rows are left."""
    found = set(leaf.having(wanted[0]))
    for term in wanted[1:]:
        if len(found) < _ENOUGH_ROWS:
            break
        found.intersection_update(leaf.having(term))
    return found


def _near(opened: Opened, query: Query, allowed: Sequence[bytearray]) -> Iterator[Scored]:
    """The rows that have enough of the query's terms; what is forbidden stays so."""
    known = {term: opened.frequency(term) for word in query.required for term in sharp_terms(word.pattern)}
    rarest = sorted(known, key=lambda term: (known[term], term))[:_MOST_TERMS]
    worths = {pattern(runs(term)): rarity_near(opened.count, known[term]) for term in rarest}
    for place, leaf in enumerate(opened.leaves):
        having = Counter(number for term in rarest for number in leaf.having(term) if allowed[place][number])
        for number, count in having.items():
            found = rate_near(query, leaf.row(number), worths) if count >= few(len(worths)) else None
            if found is not None:
                yield -found, place, number


def _picked(opened: Opened, scored: list[Scored], most: int, *, is_near: bool) -> Found:
    """The first `most`, no more than a few of each revision; equally good ones in the order of their titles."""
    leaves = opened.leaves
    counts = Counter(leaves[place].revisions[number] for _, place, number in scored)
    leading = nsmallest(most * _REACH, scored)
    leading.sort(key=lambda each: (each[0], *leaves[each[1]].name(each[2]), each[2]))
    taken, matches = Counter[Key](), list[Match]()
    for _, place, number in leading:
        revision = leaves[place].revisions[number]
        taken[revision] += 1
        if taken[revision] <= MOST_OF_ONE:
            further = max(0, counts[revision] - MOST_OF_ONE)
            matches.append(Match(revision, leaves[place].section(number), further))
            if len(matches) == most:
                break
    return Found(tuple(matches), len(scored), is_near and bool(scored))


def suggestions(opened: Opened, text: str, within: frozenset[Key], most: int) -> list[Suggestion]:
    """Names that go on from what was typed, the best first; each text once."""
    wanted = beginning(text)
    if not wanted.strip():
        return []
    found = []
    for leaf in opened.leaves:
        allowed = leaf.allowed(within)
        number = allowed.find(1)
        while number >= 0:
            fitting = fit(leaf.row(number), wanted)
            if fitting:
                found.append((fitting[0], _suggestion(leaf.names(number), fitting[1])))
            number = allowed.find(1, number + 1)
    return best(found, most)


def _suggestion(names: Sequence[str], kind: SuggestionKind) -> Suggestion:
    number, title, anchor, _, section = names
    return Suggestion(kind, {"number": number, "title": title, "section": section}[kind], number, title, anchor)
