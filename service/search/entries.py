"""What is found of a revision: its title, and its sections as plain text; a draft as it reads with the values of the day."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from service.documents.drafts import filled_draft
from service.errors import ServiceError
from service.search.port import Entry, Section
from service.search.query import Key
from service.text.model import Procedure
from service.text.parse import parse_procedure
from service.text.plain import blocks_text, section_text

log = logging.getLogger(__name__)

_LEAD = 300


@dataclass(frozen=True, slots=True)
class Written:
    """A revision as it is written: `text` is empty while it is a draft, which has variables in its `source`."""

    revision: Key
    number: str
    title: str
    text: str
    source: str


def entry(written: Written, mark: str, values: Mapping[str, Any]) -> Entry:
    """A revision for the index. Of a draft that cannot be read (a condition that cannot be worked out) only the title is found."""
    sections: tuple[Section, ...]
    try:
        text = written.text or filled_draft(written.source, values, file=written.number)
        sections = tuple(_sections(parse_procedure(text, file=written.number)))
    except ServiceError as fault:
        log.info("%s is indexed by its title only: %s", written.number, fault)
        sections = (Section("", "", "", ""),)
    return Entry(written.revision, mark, written.number, written.title, sections)


def _sections(procedure: Procedure) -> Iterator[Section]:
    head = blocks_text(procedure.preamble)
    yield Section("", "", "", head, "" if head else section_text(procedure, "")[:_LEAD])
    for section in procedure.sections:
        words = blocks_text(section.blocks)
        lead = "" if words else section_text(procedure, section.anchor).removeprefix(section.title).strip()[:_LEAD]
        yield Section(section.anchor, section.clause, section.title, words, lead)
