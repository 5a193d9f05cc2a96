"""Tables of accounts. They belong to no organisation: one person may be a member of several.

Of every secret only a hash is stored, but for the second factor's, which both sides must know.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.accounts.rules import LinkPurpose
from service.db import enum_field, id_field, json_field, moment_field


class User(SQLModel, table=True):
    """A person who logs in. No password: invited, not yet arrived. The second factor counts once it is confirmed."""

    __tablename__ = "account_user"
    __table_args__ = (UniqueConstraint("login"),)

    id: UUID = id_field()
    login: str = Field(max_length=100)
    name: str = Field(max_length=100)
    email: str = Field(default="", max_length=200)
    password_hash: str | None = Field(default=None, max_length=200)
    password_set_at: datetime | None = moment_field(default=None)
    totp_secret: str | None = Field(default=None, max_length=64)
    totp_confirmed_at: datetime | None = moment_field(default=None)
    totp_last_step: int = 0
    created_at: datetime = moment_field()
    disabled_at: datetime | None = moment_field(default=None)


class LoginSession(SQLModel, table=True):
    """One browser that is logged in."""

    __tablename__ = "login_session"
    __table_args__ = (UniqueConstraint("token_hash"),)

    id: UUID = id_field()
    user_id: UUID = Field(foreign_key="account_user.id", index=True)
    token_hash: str = Field(max_length=64)
    created_at: datetime = moment_field()
    expires_at: datetime = moment_field()
    last_seen_at: datetime = moment_field()
    revoked_at: datetime | None = moment_field(default=None)


class AccountLink(SQLModel, table=True):
    """An invitation or a reset sent by e-mail. `used_at`: followed; `voided_at`: overtaken by another one or by a new password."""

    __tablename__ = "account_link"
    __table_args__ = (UniqueConstraint("token_hash"),)

    id: UUID = id_field()
    user_id: UUID = Field(foreign_key="account_user.id", index=True)
    purpose: LinkPurpose = enum_field(LinkPurpose)
    token_hash: str = Field(max_length=64)
    created_at: datetime = moment_field()
    expires_at: datetime = moment_field()
    used_at: datetime | None = moment_field(default=None)
    voided_at: datetime | None = moment_field(default=None)


class ApiToken(SQLModel, table=True):
    """A program acts for a person; `scopes` are values of `TokenScope`."""

    __tablename__ = "api_token"
    __table_args__ = (UniqueConstraint("token_hash"),)

    id: UUID = id_field()
    user_id: UUID = Field(foreign_key="account_user.id", index=True)
    name: str = Field(max_length=80)
    token_hash: str = Field(max_length=64)
    scopes: list[str] = json_field()
    created_at: datetime = moment_field()
    expires_at: datetime = moment_field()
    last_used_at: datetime | None = moment_field(default=None)
    revoked_at: datetime | None = moment_field(default=None)


class LoginAttempt(SQLModel, table=True):
    """Failures in a row under one log-in name, whether somebody has it or not; hashed, as people type passwords there too."""

    __tablename__ = "login_attempt"

    login_hash: str = Field(primary_key=True, max_length=64)
    failures: int = 0
    last_failed_at: datetime | None = moment_field(default=None)
    locked_until: datetime | None = moment_field(default=None)


class AccountEvent(SQLModel, table=True):
    """What happened to an account: rows are only ever added. `by` is a log-in name, empty where nobody has shown who he is."""

    __tablename__ = "account_event"
    __table_args__ = (Index("ix_account_event_subject", "subject_id", "action", "at"),)

    id: UUID = id_field()
    at: datetime = moment_field()
    by: str = Field(max_length=100)
    action: str = Field(max_length=60)
    user_id: UUID | None = Field(default=None, foreign_key="account_user.id", index=True)
    subject_id: str = Field(max_length=100)
    details: dict[str, Any] = json_field()
