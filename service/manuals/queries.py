"""Gathering a manual's source: texts in force, sign-offs, change records, coverage, chart, register of references."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import defer
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from service.approvals.models import Signoff
from service.approvals.queries import signoffs_by_revision
from service.approvals.rules import Meaning
from service.coverage.queries import ClaimRow, IndicatorRow, coverage_by
from service.documents import queries as documents
from service.documents.external_queries import register_on
from service.documents.models import Revision
from service.documents.rules import anchor_prefix, number
from service.documents.standing import standing_address
from service.errors import InputError, NotFound
from service.manuals.build_queries import build_of
from service.manuals.models import Build
from service.manuals.outline_queries import outline_at
from service.manuals.rules import Change, ManualSource, Signed, SourceClaim, SourceDocument, SourceIndicator
from service.manuals.signed_queries import printed
from service.organisations.models import Organisation
from service.organisations.queries import chart_on
from service.organisations.rules import Chart, departments_of, names_by_key
from service.standards.rules import ReferenceEntry, Standard
from service.text.frontmatter import read_front
from service.text.model import Kind, Part
from service.text.parsed import parsed


def load_source(
    session: Session,
    organisation: Organisation,
    standard: Standard,
    register: tuple[ReferenceEntry, ...],
    *,
    on: date,
    recorded_on: datetime | None = None,
    address: str = "",
) -> ManualSource:
    """What the manual of day `on` says; InputError if nothing is in force then. The organisation's own entries come before `register`'s.

    `address`: where the service is reached, for the codes on the pages; without it there are none.
    """
    pairs = documents.in_force(session, organisation.id, on, recorded_on)
    require_documents(pairs, on)
    chart = chart_on(session, organisation.id, on, recorded_on)
    coverage = coverage_by(session, organisation.id, standard, pairs, on, recorded_on)
    prefixes = {pair.document.number: anchor_prefix(pair.document.key, pair.document.number) for pair in pairs}
    return ManualSource(
        organisation=organisation.name,
        code=organisation.code,
        number=manual_number(organisation.number_pattern, organisation.code),
        on=on,
        label=_label(pairs),
        standard_number=standard.number,
        standard_title=standard.title,
        documents=source_documents(session, organisation, pairs, chart, on, recorded_on, address),
        chart=chart,
        indicators=tuple(_indicator(row, prefixes) for row in coverage.indicators),
        branches={node.code: node.title for node in standard.nodes if node.level < 3},
        register=register_on(session, organisation, register, on, recorded_on),
        outline=outline_at(session, organisation.id, recorded_on),
    )


def require_documents(pairs: Sequence[documents.Controlled], on: date) -> None:
    """InputError if nothing is in force on a day: there is no manual of it."""
    if not pairs:
        raise InputError(f"{on} 没有现行有效的文件，无法编制手册，请先发布文件", code="nothing_in_force")


def document_source(
    session: Session, organisation: Organisation, standard: Standard, pair: documents.Controlled, *, on: date, address: str = ""
) -> ManualSource:
    """What one document in force on day `on` prints by itself: without the tables of a manual, which cost most of the time."""
    chart = chart_on(session, organisation.id, on)
    return ManualSource(
        organisation=organisation.name,
        code=organisation.code,
        number=manual_number(organisation.number_pattern, organisation.code),
        on=on,
        label=pair.revision.label,
        standard_number=standard.number,
        standard_title=standard.title,
        documents=source_documents(session, organisation, [pair], chart, on, None, address),
        chart=chart,
        indicators=(),
        branches={},
        register=(),
    )


def source_documents(
    session: Session,
    organisation: Organisation,
    pairs: Sequence[documents.Controlled],
    chart: Chart,
    on: date,
    recorded_on: datetime | None = None,
    address: str = "",
) -> tuple[SourceDocument, ...]:
    """Documents in force on day `on` as they are printed: parsed, with department's name, signatures and change record."""
    names = names_by_key(departments_of(chart))
    asked = {pair.document.id for pair in pairs}
    signed = signoffs_by_revision(session, organisation.id, documents=asked)
    history = _history(session, organisation.id, asked, on, recorded_on)
    shown = printed(session, organisation, {pair.revision.id: signed[pair.revision.id] for pair in pairs})
    return tuple(
        replace(_document(pair, names, shown[pair.revision.id], signed, history), code=standing_address(address, pair.revision.id))
        for pair in pairs
    )


def manual_number(pattern: str, company: str) -> str:
    """The number of the manual as a whole: the pattern's of a manual part, without its serial. `{company}/SH-{kind}-{serial:02}` → HC/SH-SC."""
    numbered = number(pattern, company=company, kind=Kind.MANUAL, serial=0)
    return re.sub(r"[-_./\s]*0+$", "", numbered)


def _label(pairs: list[documents.Controlled]) -> str:
    """Edition and revision of the manual are those of its 颁布令, which is promulgated anew with each edition; else of its first document."""
    for pair in pairs:
        if read_front(pair.revision.text, pair.revision.title).part is Part.PROMULGATION_ORDER:
            return pair.revision.label
    return pairs[0].revision.label


def _document(
    pair: documents.Controlled,
    names: dict[str, str],
    shown: tuple[Signed, ...],
    signed: Mapping[UUID, list[Signoff]],
    history: Mapping[UUID, list[Revision]],
) -> SourceDocument:
    document, revision = pair.document, pair.revision
    procedure = parsed(revision.text, revision.title)
    return SourceDocument(
        key=document.key or "",
        number=document.number,
        title=revision.title,
        label=revision.label,
        kind=document.kind,
        department=names.get(document.department, document.department),
        released_on=revision.released_on,
        effective_on=revision.effective_on or pair.revision.created_at.date(),
        fingerprint=revision.fingerprint,
        procedure=procedure,
        signed=shown,
        history=tuple(_change(row, signed.get(row.id, [])) for row in history[document.id]),
        retention_years=revision.variables.get(f"retention.{procedure.front.retention}"),
        variables=revision.variables,
    )


def _history(
    session: Session, organisation: UUID, asked: Collection[UUID], on: date, recorded_on: datetime | None
) -> dict[UUID, list[Revision]]:
    """The change records of the documents asked for, by document."""
    found: dict[UUID, list[Revision]] = defaultdict(list)
    for revision in documents.released_until(session, organisation, on, asked):
        if recorded_on is not None and revision.released_at is not None and revision.released_at > recorded_on:
            continue  # not known yet
        found[revision.document_id].append(revision)
    return found


def _change(row: Revision, signed: list[Signoff]) -> Change:
    approver = next((s.name for s in signed if s.meaning is Meaning.APPROVE), "")
    return Change(row.label, row.change_summary, row.effective_on, approver)


def _indicator(row: IndicatorRow, prefixes: Mapping[str, str]) -> SourceIndicator:
    return SourceIndicator(
        row.indicator,
        row.state,
        tuple(element.state for element in row.elements),
        tuple(_claim(claim, prefixes) for claim in row.claims),
        row.not_applicable.justification if row.not_applicable else "",
    )


def _claim(claim: ClaimRow, prefixes: Mapping[str, str]) -> SourceClaim:
    anchor = f"{prefixes[claim.document]}.{claim.section}"
    return SourceClaim(claim.element, claim.document, anchor, claim.clause, claim.section_title, claim.department)


def builds(session: Session, organisation: UUID) -> list[Build]:
    """The organisation's builds, newest first; their many inputs are fetched only when somebody asks for them."""
    return list(session.exec(_builds(organisation)))


def find_build(session: Session, organisation: UUID, made_of: str, formats: Collection[str]) -> Build | None:
    """A finished build of this fingerprint that has every format asked for."""
    for row in session.exec(_builds(organisation).where(Build.fingerprint == made_of)):
        if set(formats) <= {file["name"].rsplit(".", 1)[-1] for file in row.files}:
            return row
    return None


def _builds(organisation: UUID) -> SelectOfScalar[Build]:
    query = select(Build).where(Build.organisation_id == organisation).order_by(col(Build.built_at).desc())
    return query.options(defer(Build.inputs))  # type: ignore[arg-type]  # a column, which SQLModel's types call its value


def find_file(session: Session, organisation: UUID, build: UUID, name: str) -> dict[str, Any]:
    """A file of one of the organisation's builds by its name; NotFound otherwise."""
    for file in build_of(session, organisation, build).files:
        if file["name"] == name:
            return file
    raise NotFound("没有这个手册文件", code="manual_file_not_found")
