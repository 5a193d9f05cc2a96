"""Tables of organisations: the organisation itself, its dated values, departments, posts and who holds them.

Rows with `valid_from`/`valid_to` hold on the days from ≤ D < to. `recorded_at` says when the system learned of the row,
`ended_at` when it learned of its end: the second clock. Nothing is overwritten, so that back-dating shows.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from service.db import enum_field, id_field, json_field, moment_field
from service.organisations.roles import Role

_OPEN = text("valid_to IS NULL")
_HELD = text("ended_at IS NULL")


def _one_open(table: str, *columns: str) -> Index:
    """At most one row without an end per organisation and `columns`."""
    return Index(f"uq_{table}_open", "organisation_id", *columns, unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN)


class Organisation(SQLModel, table=True):
    """企业. `code` is the 企业代号 in document numbers and never changes."""

    __tablename__ = "organisation"
    __table_args__ = (UniqueConstraint("code"),)

    id: UUID = id_field()
    code: str = Field(max_length=20)
    name: str = Field(max_length=200)
    time_zone: str = Field(max_length=60)
    number_pattern: str = Field(max_length=100)
    profile_fingerprint: str = Field(max_length=64)
    created_at: datetime = moment_field()


class VariableValue(SQLModel, table=True):
    """A value of an 企业参数 from a day on; `value` is JSON (a date as ISO text). Rows are only ever added."""

    __tablename__ = "variable_value"
    __table_args__ = (UniqueConstraint("organisation_id", "name", "valid_from", "recorded_at"),)

    id: UUID = id_field()
    organisation_id: UUID = Field(foreign_key="organisation.id")
    name: str = Field(max_length=80)
    value: Any = json_field(nullable=False)
    valid_from: date
    recorded_at: datetime = moment_field()
    recorded_by: str = Field(max_length=100)


class Department(SQLModel, table=True):
    """A department; `parent` is the key of the one above, `aliases` are joined keys, `position` its place in the profile."""

    __tablename__ = "department"
    __table_args__ = (_one_open("department", "key"),)

    id: UUID = id_field()
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    key: str = Field(max_length=80)
    name: str = Field(max_length=100)
    aliases: list[str] = json_field(default_factory=list)
    parent: str | None = Field(default=None, max_length=80)
    position: int
    valid_from: date
    valid_to: date | None = None
    recorded_at: datetime = moment_field()
    ended_at: datetime | None = moment_field(default=None)


class Post(SQLModel, table=True):
    """岗位 in a department (by key)."""

    __tablename__ = "post"
    __table_args__ = (_one_open("post", "key"),)

    id: UUID = id_field()
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    key: str = Field(max_length=80)
    name: str = Field(max_length=100)
    aliases: list[str] = json_field(default_factory=list)
    department: str = Field(max_length=80)
    position: int
    valid_from: date
    valid_to: date | None = None
    recorded_at: datetime = moment_field()
    ended_at: datetime | None = moment_field(default=None)


class PostHolder(SQLModel, table=True):
    """A person holds a post (by key); someone who holds two posts has two rows."""

    __tablename__ = "post_holder"
    __table_args__ = (_one_open("post_holder", "login", "post_key"),)

    id: UUID = id_field()
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    login: str = Field(max_length=100)
    name: str = Field(max_length=100)
    post_key: str = Field(max_length=80)
    position: int
    valid_from: date
    valid_to: date | None = None
    recorded_at: datetime = moment_field()
    ended_at: datetime | None = moment_field(default=None)


class Membership(SQLModel, table=True):
    """A person has a role in an organisation: one row per role. `departments` (keys) limit it, empty: all; `until` is its last day."""

    __tablename__ = "membership"
    __table_args__ = (
        Index("uq_membership_held", "organisation_id", "user_id", "role", unique=True, sqlite_where=_HELD, postgresql_where=_HELD),
    )

    id: UUID = id_field()
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    user_id: UUID = Field(foreign_key="account_user.id", index=True)
    role: Role = enum_field(Role)
    departments: list[str] = json_field(default_factory=list)
    until: date | None = None
    created_at: datetime = moment_field()
    created_by: str = Field(max_length=100)
    ended_at: datetime | None = moment_field(default=None)
    ended_by: str = Field(default="", max_length=100)
