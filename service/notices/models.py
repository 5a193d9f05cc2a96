"""Tables of notices: the channels of an organisation, and the outbox."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from service.db import enum_field, id_field, moment_field
from service.notices.rules import (
    LONGEST_ERROR,
    LONGEST_NAME,
    LONGEST_SECRET,
    LONGEST_SUBJECT,
    LONGEST_URL,
    ChannelKind,
    NoticeState,
)

_OPEN = text("ended_at IS NULL")


class Channel(SQLModel, table=True):
    """Where an organisation is told what happens: a robot's address (`url`), or a mailbox. Ended: address and secret are forgotten."""

    __tablename__ = "channel"
    __table_args__ = (Index("uq_channel_open", "organisation_id", "name", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),)

    id: UUID = id_field()
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    kind: ChannelKind = enum_field(ChannelKind)
    name: str = Field(max_length=LONGEST_NAME)
    url: str = Field(max_length=LONGEST_URL)
    secret: str = Field(default="", max_length=LONGEST_SECRET)
    created_at: datetime = moment_field()
    created_by: str = Field(max_length=100)
    ended_at: datetime | None = moment_field(default=None)
    ended_by: str = Field(default="", max_length=100)


class Notice(SQLModel, table=True):
    """One message to one receiver. `key` is a fingerprint of whose it is, what it is about and who gets it: each is written once.

    `next_try_at` is empty once it is sent or given up; while a worker has it, it is the end of the lease. `recipient` is an
    address, or a channel's name. The text of a notice without an organisation (links of accounts) is forgotten once it is over.
    """

    __tablename__ = "notice"
    __table_args__ = (UniqueConstraint("key"), Index("ix_notice_of_organisation", "organisation_id", "created_at"))

    id: UUID = id_field()
    organisation_id: UUID | None = Field(default=None, foreign_key="organisation.id")
    kind: ChannelKind = enum_field(ChannelKind)
    channel_id: UUID | None = Field(default=None, foreign_key="channel.id")
    recipient: str = Field(max_length=LONGEST_SUBJECT)
    subject: str = Field(max_length=LONGEST_SUBJECT)
    body: str
    event: str = Field(max_length=60)
    key: str = Field(max_length=64)
    created_at: datetime = moment_field()
    next_try_at: datetime | None = moment_field(default=None, index=True)
    attempts: int = 0
    sent_at: datetime | None = moment_field(default=None)
    failed_at: datetime | None = moment_field(default=None)
    error: str = Field(default="", max_length=LONGEST_ERROR)

    @property
    def state(self) -> NoticeState:
        if self.sent_at is not None:
            return NoticeState.SENT
        return NoticeState.WAITING if self.failed_at is None else NoticeState.FAILED
