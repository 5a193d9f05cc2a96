"""Freezing a text when it is submitted: filled with the values of that day, which are kept with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlmodel import Session

from service.coverage.actions import record_claims
from service.documents import actions as documents
from service.documents.models import Revision
from service.standards.rules import Standard
from service.text.fill import fill, variables_in
from service.text.frontmatter import read_front


def freeze_together(session: Session, revisions: Iterable[Revision], values: Mapping[str, Any], standard: Standard) -> None:
    """Fill and freeze every text and record its claims. InputError if a variable is blank or unknown: then nothing changes."""
    filled = [(each, fill(each.source, values, file=each.title)) for each in revisions]  # all of them before any changes
    for each, text in filled:
        _freeze(session, each, text, values)
        record_claims(session, each, standard)


def _freeze(session: Session, revision: Revision, text: str, values: Mapping[str, Any]) -> None:
    names = set(variables_in(revision.source))
    retention = read_front(revision.source, revision.title).retention
    if retention:
        names.add(f"retention.{retention}")
    documents.freeze(session, revision, text, {name: _plain(_lookup(values, name)) for name in sorted(names)})


def _lookup(values: Mapping[str, Any], name: str) -> Any:
    found: Any = values
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _plain(value: Any) -> Any:
    """A value as JSON: dates as text, the rest as it is."""
    return value.isoformat() if isinstance(value, date) else value
