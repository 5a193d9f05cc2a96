"""The problems of one draft, while it is being written: what `find_problems` will say of it, without reading every other text."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session

from service.checks.queries import CHECKS
from service.checks.rules import Checked, Context, Dates, Problem
from service.documents import queries as documents
from service.documents.drafts import read_draft
from service.documents.external_queries import register_on
from service.documents.models import Document, Revision
from service.documents.pictures import sources_there
from service.organisations.models import Organisation
from service.organisations.queries import chart_on
from service.organisations.rules import Catalogue, departments_of, names_by_key, posts_of
from service.settings import settings
from service.standards.rules import ReferenceEntry
from service.text.model import FrontMatter, Kind, Procedure
from service.text.quantities import measure


def draft_problems(
    session: Session,
    organisation: Organisation,
    document: Document,
    revision: Revision,
    on: date,
    catalogue: Catalogue,
    register: tuple[ReferenceEntry, ...],
) -> list[Problem]:
    """The problems of this revision as it is written now. InputError for a text that cannot be read.

    Contradictions between its figures and those of other documents are left to the checks of the whole organisation.
    """
    procedure = read_draft(session, organisation, revision.source, on=on, file=revision.title)
    own = Checked(document.number, revision.title, document.kind, revision.label, False, procedure, Dates())
    titles = documents.titles_now(session, organisation.id, on)
    others = [_named(title, in_force) for number, (title, in_force) in titles.items() if number != document.number]
    chart = chart_on(session, organisation.id, on)
    names = [*names_by_key(departments_of(chart)).values(), *names_by_key(posts_of(chart)).values()]
    context = Context(
        on=on,
        documents=(own, *others),
        obsolete_titles=frozenset(documents.titles(session, organisation.id, on) - {title for title, _ in titles.values()}),
        names=frozenset(names),
        register=register_on(session, organisation, register, on),
        target_labels=frozenset(measure(spec.label) for name, spec in catalogue.items() if name.startswith("targets.")),
        pictures=sources_there(session, organisation.id, [procedure], settings().data),
    )
    return [problem for check in CHECKS for problem in check(context) if problem.document == document.number]


def _named(title: str, in_force: bool) -> Checked:
    """Another document as far as this one names it: without its text, and of a kind that needs no sections."""
    front = FrontMatter("", title, Kind.RECORD_FORM, "")
    return Checked("", title, Kind.RECORD_FORM, "", in_force, Procedure(front, (), ()), Dates())
