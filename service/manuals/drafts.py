"""A draft as it would be printed: its PDF, stamped 草稿 on every page, so that nobody takes it for a document in force."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from service.book.mark import Stamp, StampKind
from service.book.stamp import stamp
from service.clock import local_date
from service.documents.drafts import read_draft
from service.documents.models import Document, Revision
from service.manuals.build import Format, export_document
from service.manuals.pictures import with_pictures
from service.manuals.queries import manual_number
from service.manuals.rules import ManualSource, SourceDocument
from service.manuals.workshop import Workshop
from service.organisations.models import Organisation
from service.organisations.queries import chart_on, values_on
from service.organisations.roles import Act
from service.organisations.rules import Actor, Chart, departments_of, names_by_key, require
from service.organisations.shipped import catalogue


def draft_pdf(
    session: Session, organisation: Organisation, workshop: Workshop, document: Document, revision: Revision, *, by: Actor, at: datetime
) -> tuple[str, bytes]:
    """(file name, PDF) of a revision that is not frozen; blanks stand as 【待填:NAME】. InputError for a text that cannot be read."""
    require(by, Act.DRAFT, document.department)
    chart = chart_on(session, organisation.id, local_date(at, organisation.time_zone))
    source = _source(session, organisation, workshop, document, revision, chart, at)
    source = with_pictures(session, organisation, source, workshop.data)
    [(name, data)] = export_document(source, source.documents[0], "", [Format.PDF], workshop.theme, workshop.fonts).items()
    mark = Stamp(StampKind.DRAFT, None, "", at.astimezone(ZoneInfo(organisation.time_zone)), f"{by.name}（{by.login}）")
    return name, stamp(data, Format.PDF, mark, workshop.theme, workshop.fonts)


def _source(
    session: Session, organisation: Organisation, workshop: Workshop, document: Document, revision: Revision, chart: Chart, at: datetime
) -> ManualSource:
    on = local_date(at, organisation.time_zone)
    return ManualSource(
        organisation=organisation.name,
        code=organisation.code,
        number=manual_number(organisation.number_pattern, organisation.code),
        on=on,
        label=revision.label,
        standard_number=workshop.standard.number,
        standard_title=workshop.standard.title,
        documents=(_document(session, organisation, document, revision, chart, at),),
        chart=chart,
        indicators=(),
        branches={},
        register=(),
    )


def _document(
    session: Session, organisation: Organisation, document: Document, revision: Revision, chart: Chart, at: datetime
) -> SourceDocument:
    """The draft without signatures, history and effective date."""
    on = local_date(at, organisation.time_zone)
    procedure = read_draft(session, organisation, revision.source, on=on, file=revision.title)
    retention = values_on(session, organisation.id, on, catalogue=catalogue()).get("retention")
    return SourceDocument(
        key=document.key or "",
        number=document.number,
        title=revision.title,
        label=revision.label,
        kind=document.kind,
        department=names_by_key(departments_of(chart)).get(document.department, document.department),
        released_on=None,
        effective_on=None,
        fingerprint="",
        procedure=procedure,
        signed=(),
        history=(),
        retention_years=retention.get(procedure.front.retention) if isinstance(retention, dict) else None,
    )
