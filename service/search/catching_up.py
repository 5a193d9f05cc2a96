"""Keeping an index as the database is: what differs is put in anew, whoever notices it first.

Every change of an organisation moves the head of its trail. While that has not moved, nothing needs to be compared; when it has, the marks
of all revisions are, which costs some milliseconds. So a search finds what is there even if no job has run and after any crash.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from time import monotonic
from typing import Any
from uuid import UUID

from sqlmodel import Session

from service.errors import ServiceError
from service.kit.fingerprint import fingerprint
from service.organisations.models import Organisation
from service.organisations.queries import values_on
from service.organisations.shipped import catalogue
from service.search.entries import entry
from service.search.port import Entry, Index
from service.search.queries import marks, written
from service.search.query import Key
from service.search.whoosh_index import open_index
from service.settings import settings
from service.trail.queries import head_of

log = logging.getLogger(__name__)

MANY, FEW = 200, 25
"""Revisions written at once: many where there is time, few where somebody waits."""

_agreed: dict[UUID, tuple[str, date, str]] = {}  # organisation → head of the trail, day and content of the index that were found to agree


def index_of(organisation: Organisation) -> Index:
    """The organisation's own index, in the data folder."""
    return open_index(settings().data / "index" / organisation.id.hex)


def catch_up(session: Session, organisation: Organisation, index: Index, *, on: date, seconds: float | None = None) -> frozenset[Key]:
    """Make the index agree with what `session` sees; what it does not hold as it is, because there was no time, is returned.

    `on` is today: drafts are read with its values. `seconds`: after so long the rest is left for the next time.
    """
    now = (head_of(session, organisation.id).seal, on, index.stamp())
    if _agreed.get(organisation.id) == now:
        return frozenset()
    values = values_on(session, organisation.id, on, catalogue=catalogue())
    wanted = marks(session, organisation.id, fingerprint(values))
    try:
        _put_right(session, organisation, index, wanted, values, seconds)
    except (ServiceError, OSError) as fault:  # another process is at it, or the disk is full: the search goes on with what is there
        log.warning("index of %s is behind: %r", organisation.code, fault)
    held = index.marks()
    behind = frozenset(revision for revision, mark in wanted.items() if held.get(revision) != mark)
    if not behind:
        _agreed[organisation.id] = (*now[:2], index.stamp())
    return behind


def _put_right(
    session: Session, organisation: Organisation, index: Index, wanted: Mapping[Key, str], values: Mapping[str, Any], seconds: float | None
) -> None:
    held, end = index.marks(), None if seconds is None else monotonic() + seconds
    gone = held.keys() - wanted.keys()
    if gone:
        index.remove(gone)
    differing = [revision for revision, mark in wanted.items() if held.get(revision) != mark]
    for entries in _batches(session, organisation, differing, wanted, values, MANY if end is None else FEW):
        index.add(entries)
        if end is not None and monotonic() > end:
            break


def _batches(
    session: Session,
    organisation: Organisation,
    revisions: Sequence[Key],
    wanted: Mapping[Key, str],
    values: Mapping[str, Any],
    size: int,
) -> Iterator[list[Entry]]:
    for start in range(0, len(revisions), size):
        some: Collection[Key] = revisions[start : start + size]
        yield [entry(each, wanted[each.revision], values) for each in written(session, organisation.id, some)]


def reindex(session: Session, organisation: Organisation, index: Index, *, on: date) -> int:
    """Build the index anew from the database; how many revisions it holds. Until it is done, the old one is searched."""
    values = values_on(session, organisation.id, on, catalogue=catalogue())
    wanted = marks(session, organisation.id, fingerprint(values))
    index.rebuild(_batches(session, organisation, list(wanted), wanted, values, MANY))
    return len(wanted)
