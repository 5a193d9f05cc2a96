"""The coverage matrix as a page and as a spreadsheet."""

from __future__ import annotations

from itertools import groupby

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from service.clock import today
from service.coverage.export import NOTICE, xlsx_bytes
from service.coverage.queries import Coverage, IndicatorRow, coverage_on
from service.coverage.rules import ELEMENT_NAMES, STATE_NAMES
from service.organisations.api import Owner
from service.standards.rules import STATUS_LABELS, Indicator
from service.standards.shipped import standard
from service.web.depends import AsOf, Reading
from service.web.templating import page

router = APIRouter(prefix="/organisations/{code}")

COLOURS = {"covered": "green", "partial": "yellow", "suspect": "orange", "uncovered": "red", "not_applicable": "secondary"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/coverage")
def matrix(owner: Owner, session: Reading, as_of: AsOf) -> HTMLResponse:
    found = coverage_on(session, owner.id, standard(), as_of or today(owner.time_zone))
    return page(
        "coverage/matrix.html",
        organisation=owner,
        tab="coverage",
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
def spreadsheet(owner: Owner, session: Reading, as_of: AsOf) -> Response:
    found = coverage_on(session, owner.id, standard(), as_of or today(owner.time_zone))
    headers = {"Content-Disposition": f'attachment; filename="coverage-{owner.code}-{found.on}.xlsx"'}
    return Response(xlsx_bytes(found, owner.name), media_type=XLSX, headers=headers)
