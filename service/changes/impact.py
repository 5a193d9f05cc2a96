"""影响分析: what a change of documents touches, over texts, claims, copies and requests gathered before. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from html import unescape

from service.text.frontmatter import read_front
from service.text.inline import REFERENCE
from service.text.model import FrontMatter, Kind, Procedure
from service.text.parse import parse_procedure
from service.text.quantities import Quantity, quantities
from service.text.walk import placed_leaves


@dataclass(frozen=True)
class Text:
    """A document with the text that is valid: the one in force, or the next one if none is yet.

    Parsing costs most of it all, so a text is parsed only when it could have to do with what is looked for (`could_say`).
    """

    number: str
    title: str
    label: str
    kind: Kind
    source: str

    def could_say(self, words: str) -> bool:
        """Whether the parsed text may hold these words; False is certain."""
        return _squeezed(words) in self._squeezed

    @cached_property
    def _squeezed(self) -> str:
        return _squeezed(self.source)

    @cached_property
    def front(self) -> FrontMatter:
        return read_front(self.source, self.title)

    @cached_property
    def procedure(self) -> Procedure:
        return parse_procedure(self.source, file=self.title)

    @cached_property
    def said(self) -> list[tuple[str, str]]:
        """(clause, words) of every stretch of the text."""
        return [(section.clause if section else "", leaf.text) for section, leaf in placed_leaves(self.procedure)]

    @cached_property
    def figures(self) -> tuple[Quantity, ...]:
        return quantities(self.procedure)


def _squeezed(words: str) -> str:
    """Without what Markdown adds between the characters of a word."""
    return _MARKS.sub("", unescape(words))


_MARKS = re.compile(r"[\s\\*_`]")


@dataclass(frozen=True, slots=True)
class ClaimedElement:
    """One claim in force: element of an indicator, ruled by a section of a document."""

    code: str
    title: str
    element: int
    number: str
    clause: str


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything that impact compares on day `on`; mappings are by document number. `targets`: subjects as `quantities` names them."""

    on: date
    standard: str
    texts: tuple[Text, ...]
    claims: tuple[ClaimedElement, ...]
    targets: frozenset[str]
    copies_out: Mapping[str, int] = field(default_factory=dict)
    unacknowledged: Mapping[str, int] = field(default_factory=dict)
    open_requests: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Citing:
    """A document whose text names the changed one, with the clauses ("" stands for text before the first heading)."""

    number: str
    title: str
    label: str
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CarriedForm:
    """A record form that the changed text carries; `shared_with`: numbers of the other texts that carry it too."""

    number: str
    title: str
    label: str
    shared_with: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Leaning:
    """An indicator that leans on the changed text. `left_open`: elements that no other text rules; `only`: none of it would be left."""

    code: str
    title: str
    elements: tuple[int, ...]
    clauses: tuple[str, ...]
    left_open: tuple[int, ...]
    only: bool


@dataclass(frozen=True, slots=True)
class SamePlace:
    """Another document that sets a figure for a target of the changed text."""

    subject: str
    value: str
    number: str
    title: str
    clause: str
    quote: str


@dataclass(frozen=True, slots=True)
class DocumentImpact:
    """What the change of one document touches."""

    number: str
    title: str
    label: str
    cited_by: tuple[Citing, ...]
    forms: tuple[CarriedForm, ...]
    indicators: tuple[Leaning, ...]
    copies_out: int
    unacknowledged: int
    open_requests: tuple[str, ...]
    quantities: tuple[SamePlace, ...]


@dataclass(frozen=True, slots=True)
class Impact:
    """The impact of a request: one entry per document, on day `on` (ISO), by the standard of this id."""

    on: str
    standard: str
    documents: tuple[DocumentImpact, ...]


def impact_of(gathered: Gathered, numbers: Collection[str]) -> Impact:
    """What changing these documents together touches, in their order; a document without a valid text is left out.

    An element is left open if no document outside `numbers` rules it. Documents that are changed together still count as citing each
    other: whoever writes one has to look at the other.
    """
    texts = {text.number: text for text in gathered.texts}
    found = tuple(_of_document(texts[number], gathered, frozenset(numbers)) for number in dict.fromkeys(numbers) if number in texts)
    return Impact(gathered.on.isoformat(), gathered.standard, found)


def _of_document(text: Text, gathered: Gathered, together: frozenset[str]) -> DocumentImpact:
    others = [other for other in gathered.texts if other.number != text.number]
    return DocumentImpact(
        number=text.number,
        title=text.title,
        label=text.label,
        cited_by=tuple(_citing(text, others)),
        forms=tuple(_forms(text, others)),
        indicators=tuple(_indicators(text, gathered.claims, together)),
        copies_out=gathered.copies_out.get(text.number, 0),
        unacknowledged=gathered.unacknowledged.get(text.number, 0),
        open_requests=gathered.open_requests.get(text.number, ()),
        quantities=tuple(_same_places(text, others, gathered.targets)),
    )


def _citing(text: Text, others: Collection[Text]) -> Iterator[Citing]:
    """Whoever names the title in 《》 or the number, or carries it as a record form."""
    number = _number_pattern(text.number)
    for other in others:
        could = other.could_say(text.title) or other.could_say(text.number)
        clauses = {clause for clause, said in (other.said if could else ()) if _names(said, text.title) or number.search(said)}
        carries = text.kind is Kind.RECORD_FORM and text.front.key in other.front.records
        if clauses or carries:
            yield Citing(other.number, other.title, other.label, tuple(sorted(clauses, key=_clause_key)))


def _names(words: str, title: str) -> bool:
    return title in words and any(found.group(1) == title for found in REFERENCE.finditer(words))


def _number_pattern(number: str) -> re.Pattern[str]:
    """A document number that is not part of a longer one: JC/SH-CX-1 does not stand in JC/SH-CX-10."""
    return re.compile(rf"(?<![A-Za-z0-9/\-]){re.escape(number)}(?![A-Za-z0-9\-])")


def _clause_key(clause: str) -> tuple[int, ...]:
    return tuple(int(part) for part in clause.split(".") if part)


def _forms(text: Text, others: Collection[Text]) -> Iterator[CarriedForm]:
    forms = {other.front.key: other for other in others if other.kind is Kind.RECORD_FORM}
    for key in text.front.records:
        if key in forms:
            shared = tuple(other.number for other in others if key in other.front.records)
            yield CarriedForm(forms[key].number, forms[key].title, forms[key].label, shared)


def _indicators(text: Text, claims: Collection[ClaimedElement], together: frozenset[str]) -> Iterator[Leaning]:
    by_code: dict[str, list[ClaimedElement]] = defaultdict(list)
    for claim in claims:
        by_code[claim.code].append(claim)
    for code, rows in by_code.items():
        own = [claim for claim in rows if claim.number == text.number]
        if own:
            elsewhere = {claim.element for claim in rows if claim.number not in together}
            elements = tuple(sorted({claim.element for claim in own}))
            clauses = tuple(sorted({claim.clause for claim in own}, key=_clause_key))
            left_open = tuple(element for element in elements if element not in elsewhere)
            yield Leaning(code, own[0].title, elements, clauses, left_open, not elsewhere)


def _same_places(text: Text, others: Collection[Text], targets: Collection[str]) -> Iterator[SamePlace]:
    own = {(quantity.subject, quantity.unit) for quantity in text.figures if quantity.subject in targets}
    hints = {hint for subject, _ in own for hint in _hints(subject)}
    for other in others:
        if not any(map(other.could_say, hints)):
            continue
        clauses = {section.anchor: section.clause for section in other.procedure.sections}
        for quantity in other.figures:
            if (quantity.subject, quantity.unit) in own:
                clause = clauses.get(quantity.section, "")
                yield SamePlace(quantity.subject, _figure(quantity), other.number, other.title, clause, quantity.quote)


def _hints(subject: str) -> tuple[str, ...]:
    """What must stand in a text that sets a figure for this subject: its beginning, since 返修 may be said of 返修率, and 经费 of 费用."""
    beginning = subject[:2]
    return (beginning, beginning.replace("费用", "经费")) if "费" in beginning else (beginning,)


def _figure(quantity: Quantity) -> str:
    return f"{quantity.comparator} {quantity.value:g} {quantity.unit}".removeprefix("= ")
