"""The page of the trail: who did what when, filtered; whether the chain holds; all of it to take away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Annotated, Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, StreamingResponse
from sqlmodel import Session

from service.accounts.rules import has_control_characters
from service.errors import InputError
from service.organisations.api import Member, allowed
from service.organisations.pages import organisation_page
from service.organisations.queries import names_of
from service.organisations.roles import Act
from service.organisations.shipped import catalogue
from service.organisations.trail_api import note_reader
from service.settings import settings
from service.trail.chain import Verdict
from service.trail.export import export_lines
from service.trail.keys import public_key
from service.trail.models import TrailEntry
from service.trail.queries import actors, anchors_of, head_of, links, newest, verify
from service.trail.words import ACTION_NAMES, SUBJECT_NAMES, UNNAMED, action_groups, action_name, details_in_words
from service.web.depends import AsOf, Reading
from service.web.heavy import Heavy

router = APIRouter(prefix="/organisations/{code}/trail")
Auditing = Annotated[Member, allowed(Act.READ_TRAIL)]
Words = Annotated[str, Query(max_length=200)]
Before = Annotated[int | None, Query(ge=1, le=10**9)]
AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for; empty texts and None ask for everything."""

    subject_id: str = ""
    by: str = ""
    action: str = ""
    since: date | None = None
    until: date | None = None
    as_of: date | None = None

    @property
    def kept(self) -> dict[str, Any]:
        """What stays when another day is chosen."""
        return {name: value for name, value in asdict(self).items() if value and name != "as_of"}

    def address(self, before: int | None = None) -> str:
        """The query of the page with these filters."""
        more = {"as_of": self.as_of, "before": before}
        return f"?{urlencode(self.kept | {name: value for name, value in more.items() if value})}"


@dataclass(frozen=True, slots=True)
class TrailRow:
    """One entry, or a run of savings, as people read it; `seals`: position and seal of each, newest first."""

    position: int
    at: datetime
    by: str
    action: str
    subject: str
    name: str
    link: str
    details: list[tuple[str, str]]
    seals: list[tuple[int, str]]

    @property
    def positions(self) -> str:
        """第 12 条, or 第 8–12 条 of a run told in one row."""
        first, last = self.seals[-1][0], self.position
        return f"第 {last} 条" if first == last else f"第 {first}–{last} 条，共 {len(self.seals)} 次"


@router.get("")
def trail(
    request: Request,
    member: Auditing,
    session: Reading,
    as_of: AsOf,
    subject_id: Words = "",
    by: Words = "",
    action: Words = "",
    since: Words = "",
    until: Words = "",
    before: Before = None,
) -> HTMLResponse:
    """The newest first, fifty at a time; on a past day what had been recorded by its end. Reading is recorded once a day."""
    note_reader(request, member, session)
    filters = Filters(subject_id.strip(), by, action, _day(since), _day(until), as_of)
    return _page(session, member, filters, before)


@router.get("/verify", dependencies=[Heavy])
def verdict(request: Request, member: Auditing, session: Reading) -> HTMLResponse:
    """The same page with the verdict on the whole chain."""
    note_reader(request, member, session)
    owner = member.organisation
    found = verify(session, owner.id, anchors_of(session, owner.id), public_key(settings().data))
    return _page(session, member, Filters(), None, found)


@router.get("/export")
def export(request: Request, member: Auditing, session: Reading) -> StreamingResponse:
    """All entries as JSON lines, for checking them elsewhere (`trail verify --export`)."""
    note_reader(request, member, session)
    owner = member.organisation
    lines = export_lines(owner.code, owner.id, head_of(session, owner.id), links(session, owner.id))
    disposition = f'attachment; filename="trail-{owner.code}-{member.today}.jsonl"'
    return StreamingResponse(lines, media_type="application/jsonl", headers={"content-disposition": disposition})


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError as fault:
        raise InputError(f"“{value}”不是日期，请写成 YYYY-MM-DD", code="bad_date") from fault


def _page(session: Session, member: Member, filters: Filters, before: int | None, verdict: Verdict | None = None) -> HTMLResponse:
    owner, zone = member.organisation, ZoneInfo(member.organisation.time_zone)
    if any(map(has_control_characters, (filters.subject_id, filters.by, filters.action))):
        raise InputError("筛选条件中不能有控制字符", code="bad_subject")
    last = min((day for day in (filters.until, filters.as_of) if day), default=None)
    rows = newest(
        session,
        owner.id,
        AT_ONCE + 1,
        before=before,
        subject_id=filters.subject_id or None,
        by=filters.by or None,
        action=filters.action or None,
        since=datetime.combine(filters.since, time(), zone) if filters.since else None,
        until=datetime.combine(last + timedelta(days=1), time(), zone) if last else None,
    )
    people = actors(session, owner.id)
    names = names_of(session, owner.id, {*people, *(row.subject_id for row in rows if row.subject == "member")})
    shown = rows[:AT_ONCE]
    return organisation_page(
        "organisations/trail.html",
        member,
        "trail",
        as_of=filters.as_of,
        kept=filters.kept,
        rows=[_row(run, names, owner.code) for run in _runs(shown)],
        filters=filters,
        people=[(login, names.get(login, login)) for login in people],
        action_groups=action_groups(),
        other_action="" if filters.action in ACTION_NAMES else filters.action,
        older=filters.address(shown[-1].position) if len(rows) > AT_ONCE else "",
        newer=filters.address() if before else "",
        verdict=verdict,
    )


def _runs(rows: Sequence[TrailEntry]) -> list[list[TrailEntry]]:
    """The entries, newest first; one after the other of the same person saving the same draft are one run."""
    same = groupby(rows, lambda row: (row.by, row.subject_id) if row.action == "revision:edit" else row.position)
    return [list(run) for _, run in same]


def _row(run: Sequence[TrailEntry], names: dict[str, str], code: str) -> TrailRow:
    """A run as one row: what its newest entry says, and the seals of all."""
    row = run[0]
    return TrailRow(
        position=row.position,
        at=row.at,
        by=names.get(row.by, row.by),
        action=action_name(row.action),
        subject=SUBJECT_NAMES.get(row.subject, row.subject),
        name=_name(row, names),
        link=_link(row, code),
        details=details_in_words(row.details),
        seals=[(each.position, each.seal) for each in run],
    )


def _name(row: TrailEntry, names: dict[str, str]) -> str:
    if row.subject in UNNAMED:
        return str(row.details.get("name", ""))
    if row.subject == "variable":
        spec = catalogue().get(row.subject_id)
        return spec.label if spec else row.subject_id
    return names.get(row.subject_id, row.subject_id) if row.subject == "member" else row.subject_id


def _link(row: TrailEntry, code: str) -> str:
    """The page of the object, where it has one."""
    pages = {"document": "documents", "variable": "profile"}
    return f"/organisations/{code}/{pages[row.subject]}/{row.subject_id}" if row.subject in pages else ""
