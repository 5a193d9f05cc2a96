"""JSON of an organisation's channels, and of the notices it was sent."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from sqlmodel import Session

from service import clock
from service.notices.models import Channel
from service.notices.queries import channels as channels_of
from service.notices.queries import find_channel, notices_of
from service.notices.rules import NoticeState
from service.organisations.api import Member, allowed, allowed_to_write
from service.organisations.channels import add_channel, end_channel, try_channel
from service.organisations.channels_schemas import ChannelBody, ChannelLine, NoticeLine, channel_line, notice_line
from service.organisations.roles import Act
from service.settings import settings
from service.web.depends import Reading, Writing
from service.web.faults import PROBLEMS
from service.web.once import OnceRoute
from service.web.paging import USUAL, Cursor, Limit, Page, paged

router = APIRouter(prefix="/organisations/{code}", tags=["channels"], route_class=OnceRoute, responses=PROBLEMS)
Manager = Annotated[Member, allowed(Act.MANAGE)]
ManagerWriting = Annotated[Member, allowed_to_write(Act.MANAGE)]


@router.get("/channels")
def channels(member: Manager, session: Reading, limit: Limit = USUAL, cursor: Cursor = None) -> Page[ChannelLine]:
    """全部通知通道，包括已停用的；不显示密钥和机器人地址。"""
    rows = [channel_line(row) for row in channels_of(session, member.organisation.id)]
    return paged(rows, lambda row: str(row.id), limit, cursor)


@router.post("/channels", status_code=201)
def add(body: ChannelBody, member: ManagerWriting, session: Writing) -> ChannelLine:
    """增加通知通道：群机器人，或多人共用的邮箱。"""
    by, anywhere = member.actor(session), settings().environment == "development"
    row = add_channel(session, member.organisation, body.kind, body.name, body.url, body.secret, anywhere=anywhere, by=by, at=clock.now())
    return channel_line(row)


@router.post("/channels/{channel_id}/end")
def end(channel_id: UUID, member: ManagerWriting, session: Writing) -> ChannelLine:
    """停用通知通道；其密钥和地址随之删除。"""
    row = _channel(session, member, channel_id)
    end_channel(session, row, by=member.actor(session), at=clock.now())
    return channel_line(row)


@router.post("/channels/{channel_id}/test", status_code=202)
def send_test(channel_id: UUID, member: ManagerWriting, session: Writing) -> ChannelLine:
    """向通道发一条测试通知；结果见通知列表。"""
    row = _channel(session, member, channel_id)
    try_channel(session, member.organisation, row, by=member.actor(session), at=clock.now())
    return channel_line(row)


@router.get("/notices")
def notices(
    member: Manager,
    session: Reading,
    state: Annotated[NoticeState | None, Query(description="只列出这种状态的通知")] = None,
    limit: Limit = USUAL,
    cursor: Cursor = None,
) -> Page[NoticeLine]:
    """本企业最近的通知（至多 1000 条，新的在前）及其发送情况；不含正文。"""
    rows = [notice_line(row) for row in notices_of(session, member.organisation.id, state)]
    return paged(rows, lambda row: str(row.id), limit, cursor)


def _channel(session: Session, member: Member, channel_id: UUID) -> Channel:
    return find_channel(session, member.organisation.id, channel_id)
