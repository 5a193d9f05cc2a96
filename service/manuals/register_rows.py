"""What the registers say, row by row: record forms with their terms, and external documents with who cites them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, Protocol, TypeVar

from service.manuals.rules import SourceDocument
from service.standards.citations import cited
from service.standards.rules import ReferenceEntry
from service.text.inline import plain_inlines
from service.text.model import Inlines, Kind, Procedure, Reference, Table
from service.text.plain import section_text
from service.text.references import references

TEXTS = 1024  # texts that are read once: those of a large manual
RECORDS = "records"  # the anchor of 相关记录
_COLUMNS: Mapping[str, re.Pattern[str]] = {
    "retention": re.compile("期限|年限"),
    "keeper": re.compile("部门|保管|保存人"),
    "medium": re.compile("介质|载体|形式|存储|储存"),
}
"""What a column of 相关记录 tells, by its head."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What 相关记录 of a text says of a record: how long, by whom and on what it is kept; "" where it says nothing."""

    retention: str = ""
    keeper: str = ""
    medium: str = ""


class Named(Protocol):
    """What is asked of a document: a `SourceDocument`, or whatever knows as much."""

    @property
    def key(self) -> str: ...
    @property
    def number(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def kind(self) -> Kind: ...
    @property
    def retention_years(self) -> object: ...


Form = TypeVar("Form", bound=Named)


@dataclass(frozen=True, slots=True)
class RecordRow(Generic[Form]):
    """A record form with the numbers of the texts that name it, and how its records are kept."""

    form: Form
    named_by: tuple[str, ...]
    terms: Terms


@dataclass(frozen=True, slots=True)
class Naming:
    """What a text says of record forms: keys and titles of those it names (in its front matter, and in 相关记录, which a text that came in
    has only), and the terms it tells by title."""

    keys: frozenset[str]
    titles: frozenset[str]
    terms: tuple[tuple[str, Terms], ...]


@lru_cache(maxsize=TEXTS)
def naming(procedure: Procedure) -> Naming:
    titles = (found.title for found in references(procedure) if found.section == RECORDS)
    return Naming(frozenset(procedure.front.records), frozenset(titles), tuple(_told(procedure)))


def record_rows(documents: Sequence[SourceDocument]) -> list[RecordRow[SourceDocument]]:
    """Every record form. Its own term counts, else what the texts say of it; where texts differ, all of it is there."""
    return rows_of([(document, naming(document.procedure)) for document in documents])


def rows_of(documents: Sequence[tuple[Form, Naming]]) -> list[RecordRow[Form]]:
    """The same from what each text says."""
    told = [each for _, said in documents for each in said.terms]
    rows = []
    for form, _ in documents:
        if form.kind is Kind.RECORD_FORM:
            said = [terms for title, terms in told if title == form.title]
            years = f"{form.retention_years} 年" if form.retention_years else _joined(terms.retention for terms in said)
            terms = Terms(years, _joined(terms.keeper for terms in said), _joined(terms.medium for terms in said))
            named_by = tuple(each.number for each, says in documents if form.key in says.keys or form.title in says.titles)
            rows.append(RecordRow(form, named_by, terms))
    return rows


def _joined(words: Iterable[str]) -> str:
    return "；".join(dict.fromkeys(word for word in words if word))


def _told(procedure: Procedure) -> Iterator[tuple[str, Terms]]:
    """(title of a record, its terms) for every row of the tables in 相关记录."""
    for section in procedure.sections:
        if section.anchor == RECORDS:
            for block in section.blocks:
                if isinstance(block, Table) and block.head:
                    yield from _rows(block)


def _rows(table: Table) -> Iterator[tuple[str, Terms]]:
    cells = full_rows(table)
    places = {
        name: next((place for place, head in enumerate(cells[0]) if pattern.search(plain_inlines(head))), None)
        for name, pattern in _COLUMNS.items()
    }
    for row in cells[table.head :]:
        terms = Terms(**{name: "" if place is None else plain_inlines(row[place]).strip() for name, place in places.items()})
        yield from ((part.title, terms) for part in row[0] if isinstance(part, Reference))


def full_rows(table: Table) -> list[list[Inlines]]:
    """The contents of every place of a table: a merged cell's stand in all the places it covers."""
    places: dict[tuple[int, int], Inlines] = {}
    for r, row in enumerate(table.rows):
        column = 0
        for cell in row:
            while (r, column) in places:
                column += 1
            places |= {(r + down, column + right): cell.content for down in range(cell.rowspan) for right in range(cell.colspan)}
    return [[places.get((r, column), ()) for column in range(table.columns)] for r in range(len(table.rows))]


@lru_cache(maxsize=TEXTS)
def _words(procedure: Procedure) -> str:
    return section_text(procedure, "")


def citations(documents: Sequence[SourceDocument], register: Sequence[ReferenceEntry]) -> list[tuple[ReferenceEntry, tuple[str, ...]]]:
    """(entry, numbers of the texts that cite it) of everything that the texts cite, in the order of the register."""
    texts = {document.number: _words(document.procedure) for document in documents}
    found = cited(register, "\n".join(texts.values()))
    by_text = {number: cited(found, words) for number, words in texts.items()}
    return [(entry, tuple(number for number, entries in by_text.items() if entry in entries)) for entry in found]
