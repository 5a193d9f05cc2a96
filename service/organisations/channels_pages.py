"""通知渠道: robots and mailboxes that are told what happens, and how the last notices went."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from service import clock
from service.notices.models import Channel
from service.notices.queries import channels, find_channel, notices_of
from service.notices.rules import KIND_NAMES, LONGEST_NAME, LONGEST_SECRET, LONGEST_URL, ChannelKind, NoticeState
from service.organisations.api import Member, allowed, allowed_to_write
from service.organisations.channels import add_channel, end_channel, shown_address, try_channel
from service.organisations.pages import organisation_page
from service.organisations.queries import names_of
from service.organisations.roles import Act
from service.settings import settings
from service.web.depends import Reading, Writing
from service.web.forms import NOTHING, Filled, Form, attempt, see
from service.web.once import PageRoute
from service.web.portions import PageNumber, portion

router = APIRouter(prefix="/organisations/{code}/channels", route_class=PageRoute)
Manager = Annotated[Member, allowed(Act.MANAGE)]
ManagerWriting = Annotated[Member, allowed_to_write(Act.MANAGE)]
STATE_NAMES = {NoticeState.WAITING: "待发送", NoticeState.SENT: "已发送", NoticeState.FAILED: "发送失败"}
COLOURS = {NoticeState.WAITING: "azure", NoticeState.SENT: "green", NoticeState.FAILED: "red"}


@router.get("")
def listed(member: Manager, session: Reading, state: Annotated[str, Query(max_length=20)] = "", page: PageNumber = 1) -> HTMLResponse:
    return _page(session, member, state=state, page=page)


@router.post("")
def add(member: ManagerWriting, session: Writing, form: Form) -> Response:
    kind = form.choice("kind", ChannelKind, required="请选择渠道")
    name = form.text("name", required="请填写名称", longest=LONGEST_NAME)
    url = form.text("url", required="请填写机器人地址或邮箱", longest=LONGEST_URL)
    secret, anywhere = form.text("secret", longest=LONGEST_SECRET), settings().environment == "development"
    by, at = member.actor(session), clock.now()

    def make() -> Channel:
        assert kind is not None  # noqa: S101  # `attempt` has refused the form without it; tells the type checker
        return add_channel(session, member.organisation, kind, name, url, secret, anywhere=anywhere, by=by, at=at)

    attempt(session, form, make)
    return _page(session, member, filled=form) if form.fault else _back(member, f"已添加“{name}”，请发一条测试通知")


@router.post("/{channel_id}/test")
def send_test(channel_id: UUID, member: ManagerWriting, session: Writing) -> Response:
    row = find_channel(session, member.organisation.id, channel_id)
    try_channel(session, member.organisation, row, by=member.actor(session), at=clock.now())
    return _back(member, f"测试通知已交给“{row.name}”，结果稍后见下面的通知")


@router.post("/{channel_id}/end")
def end(channel_id: UUID, member: ManagerWriting, session: Writing) -> Response:
    row = find_channel(session, member.organisation.id, channel_id)
    end_channel(session, row, by=member.actor(session), at=clock.now())
    return _back(member, f"“{row.name}”已停用，其地址和密钥已删除")


def _back(member: Member, said: str) -> Response:
    return see(f"/organisations/{member.organisation.code}/channels", said)


def _page(session: Session, member: Member, *, filled: Filled = NOTHING, state: str = "", page: int = 1) -> HTMLResponse:
    owner = member.organisation
    wanted = NoticeState(state) if state in set(NoticeState) else None
    rows = channels(session, owner.id)
    return organisation_page(
        "organisations/channels.html",
        member,
        "channels",
        status=422 if filled.fault else 200,
        channels=[(row, shown_address(row)) for row in rows if row.ended_at is None],
        ended=[row for row in rows if row.ended_at is not None],
        names=names_of(session, owner.id, {login for row in rows for login in (row.created_by, row.ended_by)}),
        kinds=[(kind.value, KIND_NAMES[kind]) for kind in ChannelKind],
        kind_names=KIND_NAMES,
        notices=portion(notices_of(session, owner.id, wanted), page, {"state": state}),
        states=[(each.value, words) for each, words in STATE_NAMES.items()],
        state=state if wanted else "",
        state_names=STATE_NAMES,
        colours=COLOURS,
        filled=filled,
    )
