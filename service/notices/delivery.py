"""Sending what the outbox holds: each notice is taken under a lease, sent outside any transaction, and then marked.

A crash between sending and marking sends a notice again after the lease: twice perhaps, never not at all.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from service.db import reading, writing
from service.notices.faults import Undelivered
from service.notices.mail import Mailer
from service.notices.models import Channel, Notice
from service.notices.posting import post
from service.notices.queries import channels_by_id, due_notices, held_notice, is_any_due
from service.notices.robots import check_answer, request_of
from service.notices.rules import BATCH, LEASE, LONGEST_ERROR, ChannelKind, Parcel, pause_after

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Transport:
    """What notices are sent with: the mail server (see `Mailer`), who they are from; `anywhere`: robots may stand on this machine."""

    smtp: str
    sender: str
    anywhere: bool = False


@dataclass(frozen=True, slots=True)
class Delivered:
    """One batch: how many were sent, and how many were not (and will be tried again, or were given up)."""

    sent: int = 0
    unsent: int = 0

    @property
    def is_empty(self) -> bool:
        return not self.sent + self.unsent


def deliver(engine: Engine, transport: Transport, *, at: datetime) -> Delivered:
    """Send what is due, a batch of it; empty if nothing is. What one receiver does stands in nobody else's way."""
    sent = unsent = 0
    mailer = Mailer(transport.smtp, transport.sender)
    try:
        parcels, given_up = _take(engine, at)
        for parcel in parcels:
            fault = _send(parcel, mailer, transport, at)
            _mark(engine, parcel, fault, at)
            sent, unsent = sent + (fault is None), unsent + (fault is not None)
    finally:
        mailer.close()
    return Delivered(sent, unsent + given_up)


def _take(engine: Engine, at: datetime) -> tuple[list[Parcel], int]:
    """The next batch for this worker alone; how many were given up instead."""
    with reading(engine) as session:
        if not is_any_due(session, at):
            return [], 0
    with writing(engine) as session:
        rows = due_notices(session, at, BATCH)
        channels = channels_by_id(session, {row.channel_id for row in rows if row.channel_id})
        parcels = [_taken(row, channels[row.channel_id] if row.channel_id else None, at) for row in rows]
        return [each for each in parcels if each], parcels.count(None)


def _taken(row: Notice, channel: Channel | None, at: datetime) -> Parcel | None:
    if channel is not None and channel.ended_at is not None:
        _give_up(row, "通道已停用", at)
        return None
    if row.attempts and pause_after(row.attempts) is None:
        _give_up(row, "发送多次中断", at)
        return None
    row.attempts, row.next_try_at = row.attempts + 1, at + LEASE
    url, secret = (channel.url, channel.secret) if channel else ("", "")
    return Parcel(row.id, row.attempts, row.kind, row.recipient, row.subject, row.body, url, secret)


def _send(parcel: Parcel, mailer: Mailer, transport: Transport, at: datetime) -> Undelivered | None:
    """Why it was not sent, or None."""
    try:
        if parcel.kind is ChannelKind.EMAIL:
            mailer.send(parcel, at)
        else:
            url, body = request_of(parcel, at)
            check_answer(parcel, *post(url, body, anywhere=transport.anywhere))
    except Undelivered as fault:
        log.warning("notice %s not delivered: %s", parcel.id, fault.message)
        return fault
    except Exception as fault:  # a fault of ours keeps nobody else from his notice; its words and its trace may hold a secret
        log.error("notice %s not delivered: %s", parcel.id, type(fault).__name__)
        return Undelivered(f"程序出错（{type(fault).__name__}）")
    return None


def _mark(engine: Engine, parcel: Parcel, fault: Undelivered | None, at: datetime) -> None:
    with writing(engine) as session:
        row = held_notice(session, parcel.id, parcel.attempts)
        if row is None:
            return
        pause = pause_after(row.attempts)
        if fault is None:
            row.sent_at, row.error = at, ""
            _close(row)
        elif fault.final or pause is None:
            _give_up(row, fault.message, at)
        else:
            row.next_try_at, row.error = at + pause, fault.message[:LONGEST_ERROR]


def _give_up(row: Notice, error: str, at: datetime) -> None:
    row.failed_at, row.error = at, error[:LONGEST_ERROR]
    _close(row)


def _close(row: Notice) -> None:
    row.next_try_at = None
    if row.organisation_id is None:
        row.body = ""  # links of accounts are secrets, of which nothing is kept
