"""Tables of the trail: its entries, the head of each organisation's chain, and the anchors signed over it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Dialect, Index, UniqueConstraint
from sqlalchemy.types import UserDefinedType
from sqlmodel import Field, SQLModel

from service.db import id_field, moment_field
from service.trail.rules import canonical_json


class CanonicalJson(UserDefinedType[dict[str, Any]]):
    """A JSON column whose stored text is the very text that was sealed, so that verification reads bytes and guesses nothing."""

    cache_ok = True
    render_bind_cast = True  # PostgreSQL: a text parameter is not taken for json by itself

    def get_col_spec(self, **_options: Any) -> str:
        return "JSON"

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], str]:
        del dialect
        return canonical_json

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        del dialect, coltype
        return lambda value: json.loads(value) if isinstance(value, str) else value  # psycopg has read it already


class TrailEntry(SQLModel, table=True):
    """One state change. `seal` is SHA-256 over the previous seal and every other field but the id. Triggers refuse update and delete."""

    __tablename__ = "trail_entry"
    __table_args__ = (
        UniqueConstraint("organisation_id", "position"),
        Index("ix_trail_entry_subject", "organisation_id", "subject_id", "position"),
    )

    id: UUID = id_field()
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    position: int
    at: datetime = moment_field()
    by: str = Field(max_length=100)
    action: str = Field(max_length=60)
    subject: str = Field(max_length=40)
    subject_id: str = Field(max_length=200)
    details: dict[str, Any] = Field(sa_type=CanonicalJson)
    previous: str = Field(max_length=64)
    seal: str = Field(max_length=64)


class TrailHead(SQLModel, table=True):
    """The last entry of an organisation's chain; locking this row makes one writer at a time."""

    __tablename__ = "trail_head"

    organisation_id: UUID = Field(foreign_key="organisation.id", primary_key=True)
    position: int
    seal: str = Field(max_length=64)


class TrailAnchor(SQLModel, table=True):
    """A signed statement that the chain had `count` entries at `at`; one a day (UTC) at most for the same head. Never changed."""

    __tablename__ = "trail_anchor"
    __table_args__ = (UniqueConstraint("organisation_id", "count", "day"),)

    id: UUID = id_field()
    organisation_id: UUID = Field(foreign_key="organisation.id")
    code: str = Field(max_length=20)
    count: int
    seal: str = Field(max_length=64)
    at: datetime = moment_field()
    day: date
    signature: str = Field(max_length=128)
