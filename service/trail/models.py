"""Tables of the trail: its entries, and the head of each organisation's chain."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from service.db import id_field, json_field, moment_field


class TrailEntry(SQLModel, table=True):
    """One state change. `seal` is SHA-256 over the previous seal and every other field but the id."""

    __tablename__ = "trail_entry"
    __table_args__ = (UniqueConstraint("organisation_id", "position"),)

    id: UUID = id_field()
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    position: int
    at: datetime = moment_field()
    by: str = Field(max_length=100)
    action: str = Field(max_length=60)
    subject: str = Field(max_length=40)
    subject_id: str = Field(max_length=200)
    details: dict[str, Any] = json_field()
    previous: str = Field(max_length=64)
    seal: str = Field(max_length=64)


class TrailHead(SQLModel, table=True):
    """The last entry of an organisation's chain; locking this row makes one writer at a time."""

    __tablename__ = "trail_head"

    organisation_id: UUID = Field(foreign_key="organisation.id", primary_key=True)
    position: int
    seal: str = Field(max_length=64)
