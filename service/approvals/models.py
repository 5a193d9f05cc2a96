"""Table of sign-offs."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from service.approvals.rules import Meaning
from service.db import enum_field, id_field, moment_field

_VALID = text("voided_at IS NULL")


class Signoff(SQLModel, table=True):
    """签署: who signed in which meaning, under which post, when, over which text. Returning a revision voids its sign-offs."""

    __tablename__ = "signoff"
    __table_args__ = (
        Index("ix_signoff_once", "revision_id", "meaning", "login", unique=True, sqlite_where=_VALID, postgresql_where=_VALID),
    )

    id: UUID = id_field()
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    revision_id: UUID = Field(foreign_key="revision.id", index=True)
    meaning: Meaning = enum_field(Meaning)
    login: str = Field(max_length=100)
    name: str = Field(max_length=100)
    post: str = Field(max_length=100)
    at: datetime = moment_field()
    fingerprint: str = Field(max_length=64)
    comment: str = Field(default="", max_length=2000)
    voided_at: datetime | None = moment_field(default=None)
