"""The port to a search engine: what is put in, what comes out. Whatever keeps it can be exchanged for another engine."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from service.errors import Refused
from service.search.query import Key, Query


@dataclass(frozen=True, slots=True)
class Section:
    """A section as it is shown: its words as plain text. The head of a text (its title, and what stands before the first section) has no
    anchor, clause or title; of a head without words `lead` is shown instead, where nothing is looked for."""

    anchor: str
    clause: str
    title: str
    text: str
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A revision to be found. `mark` changes with whatever is said here."""

    revision: Key
    mark: str
    number: str
    title: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A section that answers a query. `further`: how many more of the same revision do and are left out."""

    revision: Key
    section: Section
    further: int


@dataclass(frozen=True, slots=True)
class Found:
    """The best matches, the best first, and how many sections match in all. `is_near`: none had all the words, these have most of them."""

    matches: tuple[Match, ...] = ()
    total: int = 0
    is_near: bool = False


class SuggestionKind(StrEnum):
    NUMBER = "number"
    TITLE = "title"
    SECTION = "section"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A number, title or section title that goes on from what was typed, and where it leads."""

    kind: SuggestionKind
    text: str
    number: str
    title: str
    anchor: str


class Busy(Refused):
    """Another process is writing and takes long: what was to be changed is not."""

    def __init__(self) -> None:
        super().__init__("索引正由另一进程更新，请稍后再试", code="index_busy")


class Index(Protocol):
    """The sections of one organisation's revisions. Every change is whole or not at all, and seen by all processes afterwards."""

    def marks(self) -> Mapping[Key, str]:
        """{revision: its mark} of everything the index holds."""
        ...

    def stamp(self) -> str:
        """Changes with the content."""
        ...

    def add(self, entries: Sequence[Entry]) -> None:
        """Put these in, in place of what is there of the same revisions; Busy if somebody else is writing."""
        ...

    def remove(self, revisions: Collection[Key]) -> None:
        """Take these out; Busy if somebody else is writing."""
        ...

    def rebuild(self, batches: Iterable[Sequence[Entry]]) -> None:
        """These instead of everything; until it is done, the old content is found. Busy if somebody else is writing."""
        ...

    def search(self, query: Query, most: int) -> Found:
        """The sections that answer a query, never outside `query.within`."""
        ...

    def suggest(self, text: str, within: frozenset[Key], most: int) -> list[Suggestion]:
        """What could be meant by what was typed so far, never outside `within`."""
        ...
