"""JSON of the register of external documents: list, enter, adopt what texts cite, check, and take out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter

from service import clock
from service.documents import external
from service.documents.external_queries import checks_of, external_entries, find_external
from service.documents.register_schemas import CheckBody, CheckLine, EndBody, ExternalBody, ExternalLine, check_line, external_line
from service.organisations.api import Member, allowed, allowed_to_write
from service.organisations.roles import Act
from service.standards.shipped import register
from service.web.depends import AsOf, Reading, RecordedOn, Writing
from service.web.faults import PROBLEMS
from service.web.once import OnceRoute
from service.web.paging import USUAL, Cursor, Limit, Page, paged

router = APIRouter(
    prefix="/organisations/{code}/external-documents", tags=["external-documents"], route_class=OnceRoute, responses=PROBLEMS
)
Viewer = Annotated[Member, allowed(Act.READ_ALL)]
Keeper = Annotated[Member, allowed_to_write(Act.REGISTER)]


@router.get("")
def entries(
    member: Viewer, session: Reading, as_of: AsOf, recorded_on: RecordedOn, limit: Limit = USUAL, cursor: Cursor = None
) -> Page[ExternalLine]:
    """外来文件登记册：某日的，按系统某时刻所知。"""
    found = external_entries(session, member.organisation, as_of or member.today, recorded_on)
    return paged([external_line(entry) for entry in found], lambda line: line.number, limit, cursor)


@router.post("", status_code=201)
def add(body: ExternalBody, member: Keeper, session: Writing) -> ExternalLine:
    """登记一份外来文件；登记不等于核对。"""
    row = external.add_external(session, member.organisation, body.new(), by=member.actor(session), at=clock.now())
    return _line(session, member, row.number)


@router.post("/adopt")
def adopt(member: Keeper, session: Writing) -> list[ExternalLine]:
    """把现行文件引用、系统附带清单中有而本企业尚未登记的法规标准登记入册，状态为未核对。"""
    rows = external.adopt_cited(session, member.organisation, register(), by=member.actor(session), at=clock.now())
    adopted = {row.number for row in rows}
    found = external_entries(session, member.organisation, member.today)
    return [external_line(entry) for entry in found if entry.row.number in adopted]


@router.get("/{number:path}/checks")
def checks(number: str, member: Viewer, session: Reading, limit: Limit = USUAL, cursor: Cursor = None) -> Page[CheckLine]:
    """一份外来文件的历次核对。"""
    row = find_external(session, member.organisation.id, number)
    lines = [check_line(row.number, check) for check in checks_of(session, row)]
    return paged(lines, lambda line: line.id.hex, limit, cursor)


@router.post("/{number:path}/checks", status_code=201)
def check(number: str, body: CheckBody, member: Keeper, session: Writing) -> CheckLine:
    """记录一次核对：状态、日期和途径。"""
    row = find_external(session, member.organisation.id, number)
    made = external.check_external(session, member.organisation, row, body.finding(), by=member.actor(session), at=clock.now())
    return check_line(row.number, made)


@router.post("/{number:path}/end", status_code=204)
def end(number: str, body: EndBody, member: Keeper, session: Writing) -> None:
    """从登记册中移出；历次核对仍保留。"""
    row = find_external(session, member.organisation.id, number)
    external.end_external(session, row, reason=body.reason, by=member.actor(session), at=clock.now())


def _line(session: Writing, member: Member, number: str) -> ExternalLine:
    found = external_entries(session, member.organisation, member.today)
    return next(external_line(entry) for entry in found if entry.row.number == number)
