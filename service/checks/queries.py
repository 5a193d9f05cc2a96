"""Gathering what checks compare, and running them all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sqlmodel import Session

from service.approvals.models import Signoff
from service.approvals.queries import signoffs_by_revision
from service.approvals.rules import Meaning
from service.checks.blanks import check_blanks
from service.checks.chart import check_chart
from service.checks.dates import check_dates
from service.checks.editions import check_editions
from service.checks.pictures import check_pictures
from service.checks.quantities import check_quantities
from service.checks.readable import check_readable
from service.checks.references import check_references
from service.checks.rules import Checked, Context, Dates, Problem, Problems
from service.checks.sections import check_sections
from service.clock import local_date, today
from service.documents import queries as documents
from service.documents.drafts import filled_draft
from service.documents.external_queries import register_on
from service.documents.models import Revision
from service.documents.pictures import sources_there
from service.errors import ServiceError
from service.organisations.models import Organisation
from service.organisations.queries import values_on
from service.organisations.rules import Catalogue
from service.settings import settings
from service.standards.rules import ReferenceEntry
from service.text.model import FrontMatter, Kind, Procedure
from service.text.parsed import parsed
from service.text.quantities import measure

CHECKS: tuple[Callable[[Context], Problems], ...] = (
    check_readable,
    check_blanks,
    check_references,
    check_sections,
    check_chart,
    check_quantities,
    check_editions,
    check_dates,
    check_pictures,
)


def gather(
    session: Session,
    organisation: Organisation,
    on: date,
    catalogue: Catalogue,
    register: tuple[ReferenceEntry, ...],
    *,
    drafts: bool | None = None,
) -> Context:
    """The texts in force on `on`; with `drafts` also, for a document not in force yet, what is awaited or its draft with blanks marked.

    The organisation's own register of external documents counts before `register`.
    Unless told, drafts are looked at only if `on` is today: on any other day nobody knows what a draft says.
    """
    if drafts is None:
        drafts = on == today(organisation.time_zone)
    values = values_on(session, organisation.id, on, catalogue=catalogue)
    signed = signoffs_by_revision(session, organisation.id)
    pairs = documents.current(session, organisation.id, on) if drafts else documents.in_force(session, organisation.id, on)
    titles = {pair.revision.title for pair in pairs}
    checked = tuple(_checked(pair, values, signed.get(pair.revision.id, []), organisation.time_zone) for pair in pairs)
    return Context(
        on=on,
        documents=checked,
        obsolete_titles=frozenset(documents.titles(session, organisation.id, on) - titles),
        names=frozenset({*_names(values, "departments"), *_names(values, "posts")}),
        register=register_on(session, organisation, register, on),
        target_labels=frozenset(measure(spec.label) for name, spec in catalogue.items() if name.startswith("targets.")),
        pictures=sources_there(session, organisation.id, [document.procedure for document in checked], settings().data),
    )


_WITHOUT_TEXT = Procedure(FrontMatter("", "", Kind.PROCEDURE, ""), (), ())
"""Of a draft that cannot be read. Always the same one: what was found is remembered by the texts."""


def _checked(pair: documents.Controlled, values: Mapping[str, Any], signed: list[Signoff], time_zone: str) -> Checked:
    revision = pair.revision
    procedure, unreadable = _read(revision, values)
    last = {row.meaning: local_date(row.at, time_zone) for row in signed}
    return Checked(
        number=pair.document.number,
        title=revision.title,
        kind=pair.document.kind,
        label=revision.label,
        in_force=revision.effective_on is not None,
        procedure=procedure,
        dates=Dates(tuple((meaning, last[meaning]) for meaning in Meaning if meaning in last), revision.released_on, revision.effective_on),
        unreadable=unreadable,
    )


def _read(revision: Revision, values: Mapping[str, Any]) -> tuple[Procedure, str]:
    """The text and "", or no text and why: a condition may ask for a value that nobody has filled in since."""
    try:
        text = revision.text or filled_draft(revision.source, values, file=revision.title)
        return parsed(text, revision.title), ""
    except ServiceError as fault:
        line = f"第 {fault.place.line} 行，" if fault.place and fault.place.line else ""
        return _WITHOUT_TEXT, f"{line}{fault.message}"


def _names(values: Mapping[str, Any], group: str) -> list[str]:
    """Names of the departments or posts on the chart; joined ones are named as their texts name them."""
    return [str(name) for name in values[group].values()]


def find_problems(context: Context) -> list[Problem]:
    """Every problem, in the order of documents, then of checks."""
    order = {document.number: position for position, document in enumerate(context.documents)}
    return sorted((problem for check in CHECKS for problem in check(context)), key=lambda problem: order.get(problem.document, 0))
