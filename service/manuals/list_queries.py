"""Gathering the rows of the master lists for a day, as they were known at a moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from service.distribution.queries import copy_rows
from service.distribution.rules import CopyStatus
from service.documents import queries as documents
from service.documents.external_queries import ExternalEntry, external_entries
from service.documents.external_rules import EXTERNAL_KIND_NAMES, ExternalKind, kind_of
from service.documents.models import Revision
from service.documents.review_queries import review_states
from service.documents.rules import KIND_NAMES
from service.manuals.list_rows import ExternalRow, MasterRow, ObsoleteRow, RecordFormRow, endings, next_revision, state_words
from service.manuals.queries import source_documents
from service.manuals.register_rows import citations, record_rows
from service.manuals.rules import SourceDocument
from service.organisations.models import Organisation
from service.organisations.queries import chart_on
from service.organisations.rules import departments_of, names_by_key
from service.standards.citations import merged
from service.standards.rules import REFERENCE_STATUS_NAMES, ReferenceEntry
from service.text.model import Kind

_FORMS = frozenset({Kind.RECORD_FORM})


def master_rows(session: Session, organisation: Organisation, on: date, recorded_on: datetime | None = None) -> list[MasterRow]:
    """Every document in force but record forms, which have a list of their own."""
    owner, names = organisation.id, _names(session, organisation, on, recorded_on)
    due = {state.document.id: state.due_on for state in review_states(session, owner, on, recorded_on)}
    waiting: dict[UUID, list[Revision]] = defaultdict(list)
    for pair in documents.awaited(session, owner, on):
        waiting[pair.document.id].append(pair.revision)
    return [
        MasterRow(
            number=document.number,
            title=revision.title,
            kind=KIND_NAMES[document.kind],
            label=revision.label,
            department=names.get(document.department, document.department),
            released_on=revision.released_on,
            effective_on=revision.effective_on or on,
            state=state_words(revision, next_revision(revision, waiting[document.id], recorded_on), recorded_on),
            next_review_on=due.get(document.id),
        )
        for document, revision in (
            (p.document, p.revision) for p in documents.in_force(session, owner, on, recorded_on, kinds=frozenset(Kind) - _FORMS)
        )
    ]


def record_form_rows(session: Session, organisation: Organisation, on: date, recorded_on: datetime | None = None) -> list[RecordFormRow]:
    """Every record form in force, with what the texts in force say of it."""
    return [
        RecordFormRow(
            number=row.form.number,
            title=row.form.title,
            label=row.form.label,
            department=row.form.department,
            keeper=row.terms.keeper or row.form.department,
            retention=row.terms.retention,
            medium=row.terms.medium,
            named_by=row.named_by,
        )
        for row in record_rows(_texts(session, organisation, on, recorded_on))
    ]


def external_rows(
    session: Session,
    organisation: Organisation,
    shipped: Sequence[ReferenceEntry],
    on: date,
    recorded_on: datetime | None = None,
) -> list[ExternalRow]:
    """The organisation's register, and what its texts cite beyond it: laws, standards, others, each in the order of numbers."""
    names = _names(session, organisation, on, recorded_on)
    own = external_entries(session, organisation, on, recorded_on)
    register = merged([entry.reference for entry in own], shipped)
    cited = {entry.number: numbers for entry, numbers in citations(_texts(session, organisation, on, recorded_on), register)}
    kept = {entry.row.number for entry in own}
    rows = [_registered(entry, cited.get(entry.row.number, ()), names) for entry in own]
    rows += [_cited(entry, cited[entry.number]) for entry in register if entry.number in cited and entry.number not in kept]
    order = [EXTERNAL_KIND_NAMES[kind] for kind in ExternalKind]
    return sorted(rows, key=lambda row: (order.index(row.kind), row.number))


def obsolete_rows(session: Session, organisation: Organisation, on: date, recorded_on: datetime | None = None) -> list[ObsoleteRow]:
    """Every revision that had been in force and is not on day `on`, by day and number."""
    names = _names(session, organisation, on, recorded_on)
    retained: dict[tuple[str, str], list[str]] = defaultdict(list)
    for copy in copy_rows(session, organisation, on, recorded_on, status=CopyStatus.RETAINED):
        retained[copy.document, copy.label].append(f"{copy.copy_number} 号（{copy.holder_name}）")
    history: dict[UUID, list[Revision]] = defaultdict(list)
    for revision in documents.released_until(session, organisation.id, on):
        history[revision.document_id].append(revision)
    rows = [
        ObsoleteRow(
            number=document.number,
            title=revision.title,
            label=revision.label,
            department=names.get(document.department, document.department),
            effective_on=revision.effective_on or day,
            obsolete_on=day,
            reason=why,
            retained=tuple(retained[document.number, revision.label]),
        )
        for document in documents.documents(session, organisation.id)
        for revision, day, why in endings(history[document.id], on, recorded_on)
    ]
    return sorted(rows, key=lambda row: row.obsolete_on)


def _names(session: Session, organisation: Organisation, on: date, recorded_on: datetime | None) -> dict[str, str]:
    return names_by_key(departments_of(chart_on(session, organisation.id, on, recorded_on)))


def _texts(session: Session, organisation: Organisation, on: date, recorded_on: datetime | None) -> tuple[SourceDocument, ...]:
    pairs = documents.in_force(session, organisation.id, on, recorded_on)
    return source_documents(session, organisation, pairs, chart_on(session, organisation.id, on, recorded_on), on, recorded_on)


def _registered(entry: ExternalEntry, cited_by: tuple[str, ...], names: dict[str, str]) -> ExternalRow:
    row, check, latest = entry.row, entry.check, entry.latest
    return ExternalRow(
        number=row.number,
        title=row.title,
        kind=EXTERNAL_KIND_NAMES[row.kind],
        edition=latest.edition,
        status=REFERENCE_STATUS_NAMES[latest.status],
        replaced_by=latest.replaced_by,
        checked_on=check.checked_on if check else None,
        checked_where=check.checked_where if check else "",
        checked_by=check.name if check else "",
        keeper=names.get(row.keeper, row.keeper),
        cited_by=cited_by,
        registered=True,
        note=row.note,
    )


def _cited(entry: ReferenceEntry, cited_by: tuple[str, ...]) -> ExternalRow:
    """Cited, but not in the organisation's own register: what the shipped one says."""
    return ExternalRow(
        number=entry.number,
        title=entry.title,
        kind=EXTERNAL_KIND_NAMES[kind_of(entry.number, entry.title)],
        edition=entry.edition,
        status=REFERENCE_STATUS_NAMES[entry.status],
        replaced_by=entry.replaced_by,
        checked_on=entry.checked_on,
        checked_where="系统附带清单",
        checked_by="",
        keeper="",
        cited_by=cited_by,
        registered=False,
        note="",
    )
