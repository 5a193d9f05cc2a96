"""Selects of notices: an organisation's channels and notices, and what is to be sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from service.errors import NotFound
from service.notices.models import Channel, Notice
from service.notices.rules import NoticeState

LISTED = 1000


def channels(session: Session, organisation_id: UUID) -> Sequence[Channel]:
    """All of an organisation, ended ones too, the oldest first."""
    query = select(Channel).where(Channel.organisation_id == organisation_id)
    return session.exec(query.order_by(col(Channel.created_at), col(Channel.name))).all()


def open_channels(session: Session, organisation_id: UUID) -> list[Channel]:
    """Those that nobody has ended."""
    return [row for row in channels(session, organisation_id) if row.ended_at is None]


def find_channel(session: Session, organisation_id: UUID, channel_id: UUID) -> Channel:
    """An open channel of this organisation, locked until the transaction ends; NotFound for every other."""
    query = select(Channel).where(Channel.organisation_id == organisation_id, Channel.id == channel_id)
    row = session.exec(query.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if row is None or row.ended_at is not None:
        raise NotFound("没有这个通知通道，或已停用", code="channel_not_found")
    return row


def notices_of(session: Session, organisation_id: UUID, state: NoticeState | None = None) -> list[Notice]:
    """The newest of an organisation (1000), or of those in one state, the newest first."""
    query = select(Notice).where(Notice.organisation_id == organisation_id)
    if state is NoticeState.SENT:
        query = query.where(col(Notice.sent_at).is_not(None))
    elif state is NoticeState.FAILED:
        query = query.where(col(Notice.failed_at).is_not(None))
    elif state is NoticeState.WAITING:
        query = query.where(col(Notice.next_try_at).is_not(None))
    return list(session.exec(query.order_by(col(Notice.created_at).desc(), col(Notice.id)).limit(LISTED)))


def keys_written(session: Session, keys: Iterable[str]) -> set[str]:
    """Which of these notices are there already."""
    return set(session.exec(select(Notice.key).where(col(Notice.key).in_(list(keys)))))


def is_any_due(session: Session, at: datetime) -> bool:
    """Whether there is something to send; locks nothing."""
    return session.exec(select(Notice.id).where(col(Notice.next_try_at) <= at).limit(1)).first() is not None


def due_notices(session: Session, at: datetime, limit: int) -> list[Notice]:
    """Those that have waited longest, locked until the transaction ends; what others have locked is passed over."""
    query = select(Notice).where(col(Notice.next_try_at) <= at).order_by(col(Notice.next_try_at), col(Notice.created_at)).limit(limit)
    return list(session.exec(query.with_for_update(skip_locked=True)))


def held_notice(session: Session, notice_id: UUID, attempts: int) -> Notice | None:
    """The notice as it was taken at this attempt, locked; None if another worker has taken it since."""
    query = select(Notice).where(Notice.id == notice_id, Notice.attempts == attempts, col(Notice.next_try_at).is_not(None))
    return session.exec(query.with_for_update().execution_options(populate_existing=True)).one_or_none()


def channels_by_id(session: Session, ids: Iterable[UUID]) -> dict[UUID, Channel]:
    """Channels of whatever organisation: for sending only."""
    return {row.id: row for row in session.exec(select(Channel).where(col(Channel.id).in_(list(ids))))}
