"""Channels of an organisation: where it is told what happens, set up by its 系统管理员."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from service.errors import Conflict, InputError
from service.notices.actions import post_to_channel
from service.notices.models import Channel
from service.notices.rules import ChannelKind, channel_fault, shown_url
from service.organisations.models import Organisation
from service.organisations.roles import Act
from service.organisations.rules import Actor, require
from service.trail.actions import record


def add_channel(
    session: Session,
    organisation: Organisation,
    kind: ChannelKind,
    name: str,
    url: str,
    secret: str = "",
    *,
    anywhere: bool = False,
    by: Actor,
    at: datetime,
) -> Channel:
    """A new channel: a robot's address, or a mailbox. InputError if nothing can be sent there, Conflict if another has this name.

    `anywhere` (development) allows robots on this machine and its network, and http.
    """
    require(by, Act.MANAGE)
    name, url, secret = name.strip(), url.strip(), secret.strip()
    fault = channel_fault(kind, name, url, secret, anywhere=anywhere)
    if fault is not None:
        raise InputError(fault, code="bad_channel")
    row = Channel(organisation_id=organisation.id, kind=kind, name=name, url=url, secret=secret, created_at=at, created_by=by.login)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as fault_of_name:
        raise Conflict(f"已有名为“{name}”的通知通道", code="channel_exists") from fault_of_name
    details = {"name": name, "kind": kind.value, "address": shown_address(row), "signed": bool(secret)}
    _trail(session, row, "channel:add", by, at, details)
    return row


def end_channel(session: Session, channel: Channel, *, by: Actor, at: datetime) -> None:
    """Stop using a channel (see `find_channel`); its secret and what lets somebody call it are forgotten, what waits for it is given up."""
    require(by, Act.MANAGE)
    channel.url, channel.secret = shown_address(channel), ""
    channel.ended_at, channel.ended_by = at, by.login
    session.add(channel)
    _trail(session, channel, "channel:end", by, at, {"name": channel.name})


def try_channel(session: Session, organisation: Organisation, channel: Channel, *, by: Actor, at: datetime) -> None:
    """Send a test notice through the outbox: how it went stands among the organisation's notices."""
    require(by, Act.MANAGE)
    subject, body = f"{organisation.name}：通知测试", f"{by.name}发出的测试通知。收到即表示通道“{channel.name}”可用。"
    post_to_channel(session, channel, subject, body, event="channel:test", key=f"channel:test {channel.id} {at.isoformat()}", at=at)
    _trail(session, channel, "channel:test", by, at, {"name": channel.name})


def shown_address(channel: Channel) -> str:
    """What people may see: of a robot's address the host only, since the rest is what lets somebody call it."""
    return channel.url if channel.kind is ChannelKind.EMAIL else shown_url(channel.url)


def _trail(session: Session, channel: Channel, action: str, by: Actor, at: datetime, details: dict[str, Any]) -> None:
    owner = channel.organisation_id
    record(session, owner, at=at, by=by.login, action=action, subject="channel", subject_id=str(channel.id), details=details)
