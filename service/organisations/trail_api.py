"""JSON of an organisation's trail. Who reads it is recorded in it, once a day."""

from __future__ import annotations

from datetime import datetime, time
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from sqlmodel import Session

from service import clock
from service.accounts.rules import has_control_characters
from service.db import writing
from service.errors import InputError
from service.organisations.api import Member, allowed
from service.organisations.roles import Act
from service.organisations.schemas import AnchorLine, TrailLine, TrailVerdict, anchor_line, trail_line
from service.settings import settings
from service.trail.actions import record_reading
from service.trail.anchors import Anchor
from service.trail.keys import public_key, public_pem
from service.trail.queries import anchors_of, has_read, newest, verify
from service.web.depends import Reading
from service.web.faults import PROBLEMS
from service.web.heavy import Heavy
from service.web.paging import USUAL, Cursor, Limit, Page, opened, paged

router = APIRouter(prefix="/organisations/{code}/trail", tags=["trail"], responses=PROBLEMS)
Auditing = Annotated[Member, allowed(Act.READ_TRAIL)]
DIGITS = 9
"""Of the largest position a column holds."""
Subject = Annotated[str | None, Query(max_length=200, description="只看一个对象：文件编号、登录名等")]


class Anchors(Page[AnchorLine]):
    """Anchors, and the public key (PEM) by which anybody can check them; null where none has been signed yet."""

    public_key: str | None


@router.get("")
def trail(
    request: Request, member: Auditing, session: Reading, subject_id: Subject = None, limit: Limit = USUAL, cursor: Cursor = None
) -> Page[TrailLine]:
    """审计追踪，最新的在前；查阅本身每人每天记录一次。"""
    note_reader(request, member, session)
    if subject_id and has_control_characters(subject_id):
        raise InputError("对象的编号中不能有控制字符", code="bad_subject")
    rows = newest(session, member.organisation.id, limit + 1, before=_position(cursor), subject_id=subject_id)
    return paged([trail_line(row) for row in rows], lambda line: str(line.position), limit, None)


@router.get("/verify", dependencies=[Heavy])
def verdict(member: Auditing, session: Reading) -> TrailVerdict:
    """核对审计追踪：哈希链、链头和已签名的锚点。"""
    owner = member.organisation
    found = verify(session, owner.id, anchors_of(session, owner.id), public_key(settings().data))
    return TrailVerdict(
        holds=found.holds,
        count=found.count,
        fault=found.fault.value if found.fault else None,
        position=found.position,
        message=str(found),
    )


@router.get("/anchors")
def anchors(member: Auditing, session: Reading, limit: Limit = USUAL, cursor: Cursor = None) -> Anchors:
    """已签名的锚点，最早的在前，以及离线核对用的公钥。"""
    rows = anchors_of(session, member.organisation.id)
    found = paged(rows, _name, limit, cursor)
    key = public_key(settings().data)
    pem = public_pem(key).decode() if key else None
    return Anchors(items=[anchor_line(row) for row in found.items], next_cursor=found.next_cursor, public_key=pem)


def _name(anchor: Anchor) -> str:
    return f"{anchor.count} {anchor.at.isoformat()}"


def _position(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    position = opened(cursor)
    if not (position.isascii() and position.isdigit() and len(position) <= DIGITS):
        raise InputError("cursor 不是由本接口给出的", code="bad_cursor")
    return int(position)


def note_reader(request: Request, member: Member, session: Session) -> None:
    """Record once a day that this member reads the trail: in a transaction of its own, since the request itself only reads; before the
    answer, so that nobody reads unseen."""
    owner, by = member.organisation, member.caller.user.login
    since = datetime.combine(member.today, time(), ZoneInfo(owner.time_zone))
    if has_read(session, owner.id, "trail", owner.code, by, since):
        return
    with writing(request.app.state.engine) as noting:
        record_reading(noting, owner.id, "trail", owner.code, by=by, at=clock.now(), since=since)
