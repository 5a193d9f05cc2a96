"""The text of a revision as its page shows it: section by section, with the claims beside the sections they stand in, and links in 《…》."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from service.book.drawing_svg import to_svg
from service.book.html_fragment import render_fragment
from service.book.html_text import address
from service.book.model import Block, Figure, Heading
from service.book.theme import FORMAL
from service.coverage.queries import claims_of_revision, confirmed_claims
from service.documents.models import Document, Revision
from service.documents.rules import Status
from service.documents.texts import SetText, procedure_of, set_text
from service.organisations.models import Organisation
from service.settings import settings
from service.standards.rules import Standard, code_key

_DEEPEST = 3
"""Levels of headings in the table of contents: h2 and h3."""


@dataclass(frozen=True, slots=True)
class Note:
    """An indicator that a section answers: the elements that are confirmed, and those that are not yet. `blank`: a blank stands in it."""

    code: str
    title: str
    confirmed: tuple[int, ...]
    unconfirmed: tuple[int, ...]
    blank: bool


@dataclass(frozen=True, slots=True)
class Passage:
    """A section with its heading, or what stands before the first one, as HTML; `notes` stand beside it."""

    anchor: str
    html: str
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table of contents."""

    address: str
    clause: str
    title: str
    level: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A text ready for the page."""

    passages: tuple[Passage, ...]
    contents: tuple[Entry, ...]

    @property
    def has_notes(self) -> bool:
        return any(passage.notes for passage in self.passages)


def shown_text(
    session: Session, organisation: Organisation, document: Document, revision: Revision, standard: Standard, addresses: Mapping[str, str]
) -> Shown:
    """`addresses`: title in 《…》 → the page it leads to."""
    text = set_text(session, organisation, document, revision, settings().data, {title: f"to:{title}" for title in addresses})
    notes = _notes(session, organisation, revision, standard)
    links = {f"to:{title}": page for title, page in addresses.items()}
    groups = list(_grouped(text.blocks))
    passages = tuple(_passage(text, group, notes, links) for group in groups)
    contents = tuple(
        Entry(address(head.anchor), head.number, head.text, head.level)
        for head in (group[0] for group in groups)
        if isinstance(head, Heading) and head.level <= _DEEPEST
    )
    return Shown(passages, contents)


def _grouped(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """The blocks of each section, its heading first."""
    group: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading) and group:
            yield group
            group = []
        group.append(block)
    if group:
        yield group


def _passage(text: SetText, group: Sequence[Block], notes: Mapping[str, tuple[Note, ...]], links: Mapping[str, str]) -> Passage:
    drawings = {block.drawing: to_svg(block.drawing, FORMAL) for block in group if isinstance(block, Figure)}
    html = render_fragment(group, drawings, text.addresses, links)
    anchor = group[0].anchor if isinstance(group[0], Heading) else ""
    return Passage(anchor, html, notes.get(anchor.removeprefix(f"{text.prefix}."), ()))


def _notes(session: Session, organisation: Organisation, revision: Revision, standard: Standard) -> dict[str, tuple[Note, ...]]:
    """Section → its notes. A draft's claims are still only written in its front matter."""
    titles = {node.code: node.title for node in standard.nodes}
    if revision.status is Status.DRAFT:
        lines = procedure_of(session, organisation, revision).front.claims
        found = [(line.section, Note(line.indicator, titles.get(line.indicator, ""), (), line.elements, blank=False)) for line in lines]
    else:
        found = list(_claimed(session, organisation, revision, standard, titles))
    by_section: dict[str, list[Note]] = defaultdict(list)
    for section, note in sorted(found, key=lambda each: code_key(each[1].code)):
        by_section[section].append(note)
    return {section: tuple(notes) for section, notes in by_section.items()}


def _claimed(
    session: Session, organisation: Organisation, revision: Revision, standard: Standard, titles: Mapping[str, str]
) -> Iterator[tuple[str, Note]]:
    claims = [claim for claim in claims_of_revision(session, organisation.id, revision.id) if claim.standard == standard.id]
    confirmed = confirmed_claims(session, claims, standard)
    for section, code in dict.fromkeys((claim.section, claim.indicator) for claim in claims):
        own = [claim for claim in claims if (claim.section, claim.indicator) == (section, code)]
        done = tuple(claim.element for claim in own if claim.id in confirmed)
        left = tuple(claim.element for claim in own if claim.id not in confirmed)
        yield section, Note(code, titles.get(code, ""), done, left, any(claim.blank for claim in own))
