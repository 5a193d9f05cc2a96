"""Tables of change requests and their items."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from service.changes.rules import ChangeKind, ChangeStatus
from service.db import enum_field, enum_type, id_field, json_field, moment_field
from service.text.model import Kind


class ChangeRequest(SQLModel, table=True):
    """文件更改申请. What it touches (`impact`) is frozen when it is submitted; `seal` stands for the whole of it as it was decided, and
    `decided_entry` is the position of the entry in the trail that holds the seal too. `edited_by`: log-in names of whoever has edited it.

    `status` is never `done`: that is computed. `closed_at` says when the system found everything carried out.
    """

    __tablename__ = "change_request"
    __table_args__ = (UniqueConstraint("organisation_id", "number"), UniqueConstraint("organisation_id", "year", "serial"))

    id: UUID = id_field()
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    number: str = Field(max_length=20)
    year: int
    serial: int
    title: str = Field(max_length=200)
    reason: str = ""
    status: ChangeStatus = enum_field(ChangeStatus, default=ChangeStatus.DRAFT)
    impact: dict[str, Any] = json_field(default_factory=dict)
    created_at: datetime = moment_field()
    created_by: str = Field(max_length=100)
    created_name: str = Field(max_length=100)
    created_post: str = Field(default="", max_length=200)
    edited_by: list[str] = json_field(default_factory=list)
    submitted_at: datetime | None = moment_field(default=None)
    submitted_by: str = Field(default="", max_length=100)
    decided_at: datetime | None = moment_field(default=None)
    decided_by: str = Field(default="", max_length=100)
    decided_name: str = Field(default="", max_length=100)
    decided_post: str = Field(default="", max_length=200)
    comment: str = ""
    seal: str = Field(default="", max_length=64)
    decided_entry: int | None = None
    withdrawn_at: datetime | None = moment_field(default=None)
    closed_at: datetime | None = moment_field(default=None)


class ChangeItem(SQLModel, table=True):
    """One change that a request asks for. A new document has title, kind and department, and a `document_id` once it is made.

    Approval fills in `former_id`, the revision that was the newest then, and `revision_id`, the draft that came of it.
    """

    __tablename__ = "change_item"
    __table_args__ = (UniqueConstraint("request_id", "position"),)

    id: UUID = id_field()
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    request_id: UUID = Field(foreign_key="change_request.id")
    position: int
    kind: ChangeKind = enum_field(ChangeKind)
    document_id: UUID | None = Field(default=None, foreign_key="document.id", index=True)
    title: str = Field(default="", max_length=200)
    document_kind: Kind | None = Field(default=None, sa_type=enum_type(Kind))
    department: str = Field(default="", max_length=80)
    section: str = Field(default="", max_length=80)
    proposed: str = ""
    former_id: UUID | None = Field(default=None, foreign_key="revision.id")
    revision_id: UUID | None = Field(default=None, foreign_key="revision.id", index=True)
