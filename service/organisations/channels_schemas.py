"""Bodies and answers of the channels' and notices' routes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from service.notices.models import Channel, Notice
from service.notices.rules import LONGEST_NAME, LONGEST_SECRET, LONGEST_URL, ChannelKind, NoticeState
from service.organisations.channels import shown_address

_ROBOT: JsonDict = {
    "kind": "dingtalk",
    "name": "售后服务群",
    "url": "https://oapi.dingtalk.com/robot/send?access_token=0123456789abcdef",
    "secret": "SEC0123456789abcdef",
}
_MAILBOX: JsonDict = {"kind": "email", "name": "质量部公共邮箱", "url": "quality@example.com"}


class ChannelBody(BaseModel):
    """A channel to add. `url`: a robot's address, or a mailbox where `kind` is email; `secret`: what 钉钉 and 飞书 robots sign with."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_ROBOT, _MAILBOX]})

    kind: ChannelKind
    name: str = Field(max_length=LONGEST_NAME)
    url: str = Field(max_length=LONGEST_URL)
    secret: str = Field(default="", max_length=LONGEST_SECRET)


class ChannelLine(BaseModel):
    """A channel without its secrets: of a robot's address the host only."""

    id: UUID
    kind: ChannelKind
    name: str
    address: str
    signed: bool
    created_at: datetime
    created_by: str
    ended_at: datetime | None
    ended_by: str


class NoticeLine(BaseModel):
    """A notice and how it went; `recipient` is an address or a channel's name, `next_try_at` is null once it is sent or given up."""

    id: UUID
    kind: ChannelKind
    recipient: str
    subject: str
    event: str
    state: NoticeState
    created_at: datetime
    attempts: int
    next_try_at: datetime | None
    sent_at: datetime | None
    failed_at: datetime | None
    error: str


def channel_line(row: Channel) -> ChannelLine:
    return ChannelLine(**row.model_dump(exclude={"organisation_id", "url", "secret"}), address=shown_address(row), signed=bool(row.secret))


def notice_line(row: Notice) -> NoticeLine:
    return NoticeLine(**row.model_dump(exclude={"organisation_id", "channel_id", "body", "key"}), state=row.state)
