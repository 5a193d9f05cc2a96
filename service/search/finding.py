"""Searching: what somebody may find, by words; readers only what is in force and addressed to them, others what they ask for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from service.documents.readers import addressed
from service.documents.rules import Standing
from service.organisations.models import Organisation
from service.organisations.roles import Act, may
from service.organisations.rules import Actor, require
from service.search.catching_up import catch_up
from service.search.port import Found, Index, Match, Suggestion
from service.search.queries import Facts, facts, standings
from service.search.query import Key, Query, build
from service.search.rules import MOST_HITS, MOST_SUGGESTIONS, Filters
from service.search.snippet import Snippet, beginning, marked, snippet

PATIENCE = 1.0
"""Seconds that somebody who searches waits for the index to catch up; what it lacks then is found next time."""


@dataclass(frozen=True, slots=True)
class Results:
    """What answers a query, the best first, `found.total` sections in all, and where each revision stands.

    `is_complete`: False while the index is still catching up with what is there.
    """

    query: Query
    found: Found
    states: Mapping[Key, Standing]
    is_complete: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A section that answers, with what is shown of its revision. `further`: more of the same revision that is not listed.

    The head of a text has no anchor, clause or section title. `title` and `section` are texts with the places of the words.
    """

    number: str
    title: Snippet
    facts: Facts
    state: Standing
    anchor: str
    clause: str
    section: Snippet
    snippet: Snippet
    further: int


def search(
    session: Session,
    organisation: Organisation,
    index: Index,
    text: str,
    filters: Filters,
    *,
    by: Actor,
    today: date,
    wait: float | None = PATIENCE,
) -> Results:
    """The sections that answer `text` (see `query.build`) among what this person may find.

    InputError for a text that asks for nothing; Forbidden for a reader who asks for more than what is in force. `wait`: None for as long
    as it takes.
    """
    build(text, frozenset())  # what asks for nothing is refused before anything is looked up
    states, behind = _findable(session, organisation, index, filters, by=by, today=today, wait=wait)
    query = build(text, frozenset(states) - behind)
    return Results(query, index.search(query, MOST_HITS), states, behind.isdisjoint(states))


def hits(session: Session, organisation: Organisation, results: Results, matches: Iterable[Match]) -> list[Hit]:
    """Some of the matches, such as those of a page, as they are shown."""
    chosen = list(matches)
    shown = facts(session, organisation.id, {match.revision for match in chosen})
    return [_hit(match, shown[match.revision], results) for match in chosen]


def _hit(match: Match, shown: Facts, results: Results) -> Hit:
    section, query, is_near = match.section, results.query, results.found.is_near
    piece = snippet(section.text, query, is_near=is_near) if section.text else beginning(section.lead, query, is_near=is_near)
    return Hit(
        number=shown.number,
        title=marked(shown.title, query, is_near=is_near),
        facts=shown,
        state=results.states[match.revision],
        anchor=section.anchor,
        clause=section.clause,
        section=marked(section.title, query, is_near=is_near),
        snippet=piece,
        further=match.further,
    )


def suggest(
    session: Session, organisation: Organisation, index: Index, text: str, filters: Filters, *, by: Actor, today: date
) -> list[Suggestion]:
    """Numbers, titles and section titles that go on from what was typed, among what this person may find; none for nothing."""
    states, behind = _findable(session, organisation, index, filters, by=by, today=today, wait=0)
    return index.suggest(text, frozenset(states) - behind, MOST_SUGGESTIONS)


def _findable(
    session: Session, organisation: Organisation, index: Index, filters: Filters, *, by: Actor, today: date, wait: float | None
) -> tuple[dict[Key, Standing], frozenset[Key]]:
    """What this person may find, asked of the database each time, and what the index does not hold as it is."""
    require(by, Act.READ)
    if filters.states != {Standing.IN_FORCE}:
        require(by, Act.READ_ALL)
    mine = None if may(by.roles, Act.READ_ALL) else addressed(session, organisation.id, by, today)
    behind = catch_up(session, organisation, index, on=today, seconds=wait)
    return standings(session, organisation.id, filters, mine), behind
