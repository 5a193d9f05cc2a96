"""A draft as it would read today: its conditions settled, and what nobody has filled in yet marked as blank."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlmodel import Session

from service.organisations.models import Organisation
from service.organisations.queries import values_on
from service.organisations.shipped import catalogue
from service.text.fill import fill, variables_in
from service.text.model import Procedure
from service.text.parse import parse_procedure


def read_draft(session: Session, organisation: Organisation, source: str, *, on: date, file: str = "") -> Procedure:
    """The text that `source` becomes with the organisation's values of day `on`; blanks stand as 【待填:NAME】.

    A name that the organisation does not have (a post that is not on its chart yet) is a blank too: a draft can be written before the
    chart is complete; submitting refuses both. InputError for a text that cannot be parsed.
    """
    values = values_on(session, organisation.id, on, catalogue=catalogue())
    return parse_procedure(filled_draft(source, values, file=file), file=file)


def filled_draft(source: str, values: Mapping[str, Any], *, file: str = "") -> str:
    """The text of a draft with these values; what has none, and every name that they do not hold, stands as a blank."""
    return fill(source, _with_unknown(values, variables_in(source, file=file)), file=file, blank="mark")


def _with_unknown(values: Mapping[str, Any], names: frozenset[str]) -> dict[str, Any]:
    """The values with every further name of a text as a blank."""
    known = {group: dict(entries) if isinstance(entries, Mapping) else entries for group, entries in values.items()}
    for name in names:
        group, _, key = name.partition(".")
        entries = known.setdefault(group, {} if key else None)
        if key and isinstance(entries, dict):
            entries.setdefault(key, None)
    return known
