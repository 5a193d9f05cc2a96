"""The coverage matrix as a page and as a spreadsheet."""

from __future__ import annotations

from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from service.coverage.export import NOTICE, xlsx_bytes
from service.coverage.queries import Coverage, IndicatorRow, coverage_on
from service.coverage.rules import ELEMENT_NAMES, STATE_NAMES
from service.organisations.api import Member, allowed
from service.organisations.pages import organisation_page
from service.organisations.roles import Act
from service.standards.rules import STATUS_LABELS, Indicator
from service.standards.shipped import standard
from service.web.depends import AsOf, Reading

router = APIRouter(prefix="/organisations/{code}")
Viewer = Annotated[Member, allowed(Act.READ_ALL)]

COLOURS = {"covered": "green", "partial": "yellow", "suspect": "orange", "uncovered": "red", "not_applicable": "secondary"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/coverage")
def matrix(member: Viewer, session: Reading, as_of: AsOf) -> HTMLResponse:
    found = coverage_on(session, member.organisation.id, standard(), as_of or member.today)
    return organisation_page(
        "coverage/matrix.html",
        member,
        "coverage",
        as_of=as_of,
        coverage=found,
        branches=branches(found),
        notice=NOTICE,
        colours=COLOURS,
        state_names=STATE_NAMES,
        element_names=ELEMENT_NAMES,
        status_labels=STATUS_LABELS,
    )


def branches(coverage: Coverage) -> list[tuple[Indicator, list[IndicatorRow]]]:
    """The indicators below their second-level title, in the standard's order."""
    nodes = {node.code: node for node in coverage.standard.nodes}
    return [(nodes[code], list(rows)) for code, rows in groupby(coverage.indicators, key=lambda row: row.indicator.parent or "")]


@router.get("/coverage.xlsx")
def spreadsheet(member: Viewer, session: Reading, as_of: AsOf) -> Response:
    owner = member.organisation
    found = coverage_on(session, owner.id, standard(), as_of or member.today)
    headers = {"Content-Disposition": f'attachment; filename="coverage-{owner.code}-{found.on}.xlsx"'}
    return Response(xlsx_bytes(found, owner.name), media_type=XLSX, headers=headers)
