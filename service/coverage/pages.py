"""Coverage as pages: the list, the map indicator × document, one indicator to the very paragraph; and as a spreadsheet."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from service.coverage import views
from service.coverage.asked import Asked, AskedFor
from service.coverage.export import NOTICE, xlsx_bytes
from service.coverage.history_queries import claimed_standards, confirmation_history, decisions
from service.coverage.queries import Coverage, IndicatorRow, coverage_on
from service.coverage.rules import ELEMENT_NAMES, STATE_NAMES
from service.coverage.views import View
from service.errors import NotFound
from service.organisations.api import Member, allowed
from service.organisations.pages import organisation_page
from service.organisations.roles import Act
from service.standards.rules import PROOF_NAMES, STATUS_LABELS, indicator_fingerprint
from service.standards.shipped import standards
from service.web.depends import AsOf, Reading
from service.web.portions import PageNumber, portion

router = APIRouter(prefix="/organisations/{code}")
Viewer = Annotated[Member, allowed(Act.READ_ALL)]

ELEMENT_COLOURS = {"ruled": "green", "evidence_due": "teal", "suspect": "orange", "unconfirmed": "azure", "open": "red"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LOOKS: dict[str, Any] = {
    "colours": views.STATE_COLOURS,
    "element_colours": ELEMENT_COLOURS,
    "state_names": STATE_NAMES,
    "state_signs": views.STATE_SIGNS,
    "element_names": ELEMENT_NAMES,
    "cell_names": views.CELL_NAMES,
    "cell_signs": views.CELL_SIGNS,
    "proof_names": PROOF_NAMES,
    "status_labels": STATUS_LABELS,
    "notice": NOTICE,
}


@router.get("/coverage")
def matrix(member: Viewer, session: Reading, as_of: AsOf, asked: AskedFor) -> HTMLResponse:
    """The indicators that fit, as a list or as a map."""
    found = _coverage(session, member, as_of, asked)
    rows = views.chosen(found, asked.wanted)
    return organisation_page(
        f"coverage/{asked.view.value}.html",
        member,
        "coverage",
        as_of=as_of,
        kept=asked.kept,
        coverage=found,
        asked=asked,
        rows=rows,
        branches=views.branches(found.standard),
        choices=_choices(session, member),
        view_names=views.VIEW_NAMES,
        order_names=views.ORDER_NAMES,
        paragraph=partial(asked.paragraph, member.organisation),
        **_shown(found, rows, asked),
        **LOOKS,
    )


def _shown(found: Coverage, rows: list[IndicatorRow], asked: Asked) -> dict[str, Any]:
    """The rows as a map, or in groups as a list."""
    if asked.view is View.MAP:
        return {"map": views.map_of(found, rows)}
    return {"groups": views.grouped(rows, found.standard, asked.wanted.order)}


def _coverage(session: Session, member: Member, as_of: AsOf, asked: Asked) -> Coverage:
    return coverage_on(session, member.organisation.id, asked.standard, as_of or member.today)


def _choices(session: Session, member: Member) -> list[tuple[str, str]]:
    """Every standard that the product ships, by id, saying of those that nothing answers yet that it is so."""
    claimed = claimed_standards(session, member.organisation.id)
    return [(key, each.number if key in claimed else f"{each.number}（暂无对应）") for key, each in standards().items()]


@router.get("/coverage.xlsx")
def spreadsheet(member: Viewer, session: Reading, as_of: AsOf, asked: AskedFor) -> Response:
    """The whole of a standard on a day; what narrows the page narrows no file."""
    owner, found = member.organisation, _coverage(session, member, as_of, asked)
    headers = {"Content-Disposition": f'attachment; filename="coverage-{owner.code}-{found.on}.xlsx"'}
    return Response(xlsx_bytes(found, owner.name), media_type=XLSX, headers=headers)


@router.get("/coverage/{indicator}")
def indicator(
    member: Viewer,
    session: Reading,
    as_of: AsOf,
    asked: AskedFor,
    indicator: Annotated[str, Path(max_length=20)],
    page: PageNumber = 1,
) -> HTMLResponse:
    """One indicator: what it asks for, which words answer each element, who confirmed them, and what was decided before."""
    owner, found = member.organisation, _coverage(session, member, as_of, asked)
    place = next((place for place, row in enumerate(found.indicators) if row.indicator.code == indicator), None)
    if place is None:
        raise NotFound(f"{asked.standard.number} 没有可以对照的指标 {indicator}", code="indicator_not_found")
    history = confirmation_history(session, owner.id, asked.standard.id, indicator)
    row = found.indicators[place]
    return organisation_page(
        "coverage/indicator.html",
        member,
        "coverage",
        as_of=as_of,
        kept=asked.kept,
        asked=asked,
        row=row,
        parents=views.above(asked.standard, row.indicator),
        before=found.indicators[place - 1] if place else None,
        after=found.indicators[place + 1] if place + 1 < len(found.indicators) else None,
        fingerprint=indicator_fingerprint(row.indicator),
        sources=[asked.standard.sources[key] for key in row.indicator.sources if key in asked.standard.sources],
        history=portion(history, page, asked.parameters),
        titles={(claim.document, claim.section): f"{claim.clause} {claim.section_title}" for claim in row.claims},
        prints={(claim.document, claim.section): claim.fingerprint for claim in row.claims},
        decisions=decisions(session, owner.id, asked.standard.id, indicator),
        paragraph=partial(asked.paragraph, owner),
        **LOOKS,
    )
