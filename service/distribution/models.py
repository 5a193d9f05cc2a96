"""Tables of controlled copies and of read-and-acknowledge.

A fact about a copy has the day on which it happened (`issued_on`, …) and the moment at which the system learned it (`issued_at`, …):
the two clocks of the register. What happens on the screen itself (acknowledging) has only the moment.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from service.db import enum_field, id_field, json_field, moment_field
from service.distribution.rules import LONGEST_NOTE, LONGEST_QUESTION, Medium, Outcome

_NOT_CANCELLED = text("cancelled_at IS NULL")
_NOT_SETTLED = text("settled_at IS NULL")
_NOT_ENDED = text("ended_at IS NULL")
_NOT_OVER = text("ended_at IS NULL AND excused_at IS NULL")


class CopyNumber(SQLModel, table=True):
    """分发号 of a document: given to one holder (see `holder_key`) and to nobody else ever. Cancelled when his copy is lost."""

    __tablename__ = "copy_number"
    __table_args__ = (
        UniqueConstraint("document_id", "number"),
        Index("uq_copy_number_holder", "document_id", "holder", unique=True, sqlite_where=_NOT_CANCELLED, postgresql_where=_NOT_CANCELLED),
    )

    id: UUID = id_field()
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    document_id: UUID = Field(foreign_key="document.id")
    number: int
    holder: str = Field(max_length=220)
    assigned_at: datetime = moment_field()
    cancelled_at: datetime | None = moment_field(default=None)


class Copy(SQLModel, table=True):
    """受控本: one copy of one revision in the hands of one holder. At most one per holder and revision is not settled.

    `department` is a key of the chart, or what was written for a holder outside of it; `witness` of a destruction.
    """

    __tablename__ = "copy"
    __table_args__ = (
        ForeignKeyConstraint(["document_id", "copy_number"], ["copy_number.document_id", "copy_number.number"], name="fk_copy_copy_number"),
        Index("uq_copy_out", "revision_id", "copy_number", unique=True, sqlite_where=_NOT_SETTLED, postgresql_where=_NOT_SETTLED),
        Index("ix_copy_document", "organisation_id", "document_id"),
    )

    id: UUID = id_field()
    organisation_id: UUID = Field(foreign_key="organisation.id")
    document_id: UUID = Field(foreign_key="document.id")
    revision_id: UUID = Field(foreign_key="revision.id")
    copy_number: int
    holder_login: str | None = Field(default=None, max_length=100, index=True)
    holder_name: str = Field(max_length=100)
    department: str = Field(max_length=100)
    medium: Medium = enum_field(Medium)
    note: str = Field(default="", max_length=LONGEST_NOTE)
    issued_on: date
    issued_at: datetime = moment_field()
    issued_by: str = Field(max_length=100)
    received_on: date | None = None
    received_at: datetime | None = moment_field(default=None)
    received_by: str = Field(default="", max_length=100)
    receipt_note: str = Field(default="", max_length=LONGEST_NOTE)
    recall_due_on: date | None = None
    recall_due_at: datetime | None = moment_field(default=None)
    reminded_on: date | None = None
    recalled_on: date | None = None
    recalled_at: datetime | None = moment_field(default=None)
    recalled_by: str = Field(default="", max_length=100)
    recall_note: str = Field(default="", max_length=LONGEST_NOTE)
    outcome: Outcome | None = enum_field(Outcome, default=None)
    witness: str = Field(default="", max_length=100)
    settled_on: date | None = None
    settled_at: datetime | None = moment_field(default=None)
    settled_by: str = Field(default="", max_length=100)
    settlement_note: str = Field(default="", max_length=LONGEST_NOTE)


class Question(SQLModel, table=True):
    """A question about a revision; `options` are texts, `right_options` the positions (from 0) of all right ones. Rows are ended, never changed."""

    __tablename__ = "question"
    __table_args__ = (
        Index("uq_question_standing", "revision_id", "position", unique=True, sqlite_where=_NOT_ENDED, postgresql_where=_NOT_ENDED),
    )

    id: UUID = id_field()
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    revision_id: UUID = Field(foreign_key="revision.id")
    position: int
    text: str = Field(max_length=LONGEST_QUESTION)
    options: list[str] = json_field()
    right_options: list[int] = json_field()
    created_at: datetime = moment_field()
    created_by: str = Field(max_length=100)
    ended_at: datetime | None = moment_field(default=None)
    ended_by: str = Field(default="", max_length=100)


class Acknowledgement(SQLModel, table=True):
    """阅读确认: a person is asked to read a revision until `due_on`; `answers` are those of the last attempt, `score` its right ones in percent.

    Excused: the document controller asks no longer. Ended: the revision is no longer in force, so there is nothing left to read.
    """

    __tablename__ = "acknowledgement"
    __table_args__ = (
        Index("uq_acknowledgement_asked", "revision_id", "login", unique=True, sqlite_where=_NOT_OVER, postgresql_where=_NOT_OVER),
        Index("ix_acknowledgement_login", "organisation_id", "login"),
    )

    id: UUID = id_field()
    organisation_id: UUID = Field(foreign_key="organisation.id")
    document_id: UUID = Field(foreign_key="document.id", index=True)
    revision_id: UUID = Field(foreign_key="revision.id")
    login: str = Field(max_length=100)
    name: str = Field(max_length=100)
    department: str = Field(max_length=100)
    asked_at: datetime = moment_field()
    asked_by: str = Field(max_length=100)
    due_on: date
    acknowledged_at: datetime | None = moment_field(default=None)
    answers: list[list[int]] = json_field(default_factory=list)
    score: int | None = None
    attempts: int = 0
    reminded_on: date | None = None
    excused_at: datetime | None = moment_field(default=None)
    excused_by: str = Field(default="", max_length=100)
    excuse_reason: str = Field(default="", max_length=LONGEST_NOTE)
    ended_at: datetime | None = moment_field(default=None)
