"""JSON of coverage, and of one document's claims."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel

from service.coverage.export import as_json
from service.coverage.models import Claim
from service.coverage.queries import claims_of_revision, coverage_on
from service.documents.queries import of_day, with_revisions
from service.organisations.api import Member, allowed
from service.organisations.roles import Act
from service.standards.shipped import DEFAULT_STANDARD, standard
from service.web.depends import AsOf, Reading, RecordedOn
from service.web.faults import PROBLEMS
from service.web.paging import USUAL, Cursor, Limit, Page, paged

router = APIRouter(prefix="/organisations/{code}/coverage", tags=["coverage"], responses=PROBLEMS)
claims_router = APIRouter(prefix="/organisations/{code}/documents", tags=["claims"], responses=PROBLEMS)
StandardId = Annotated[str, Query(alias="standard", max_length=80, description="标准代号")]
Viewer = Annotated[Member, allowed(Act.READ_ALL)]


class ClaimLine(BaseModel):
    """指标对应: the section that answers an element of an indicator, with the words; `blank`: it does not count yet."""

    standard: str
    indicator: str
    element: int
    section: str
    section_title: str
    clause: str
    quote: str
    blank: bool


@router.get("")
def coverage(
    member: Viewer, session: Reading, as_of: AsOf, recorded_on: RecordedOn, standard_id: StandardId = DEFAULT_STANDARD
) -> dict[str, Any]:
    """某日的指标对照：每个指标的状态、要素和对应章节。"""
    return as_json(coverage_on(session, member.organisation.id, standard(standard_id), as_of or member.today, recorded_on))


@claims_router.get("/{number:path}/claims")
def claims(
    number: str, member: Viewer, session: Reading, as_of: AsOf, recorded_on: RecordedOn, limit: Limit = USUAL, cursor: Cursor = None
) -> Page[ClaimLine]:
    """一份文件的指标对应：当日现行有效的修订的；没有现行有效的修订时为最新一次修订的。"""
    _, history = with_revisions(session, member.organisation.id, number)
    shown = of_day(history, as_of or member.today, recorded_on) or history[-1]
    lines = [_line(claim) for claim in claims_of_revision(session, member.organisation.id, shown.id)]
    return paged(lines, lambda each: f"{each.standard} {each.indicator} {each.element} {each.section}", limit, cursor)


def _line(claim: Claim) -> ClaimLine:
    return ClaimLine(
        standard=claim.standard,
        indicator=claim.indicator,
        element=claim.element,
        section=claim.section,
        section_title=claim.section_title,
        clause=claim.clause,
        quote=claim.quote,
        blank=claim.blank,
    )
