"""Tables of controlled documents and their revisions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from service.db import enum_field, id_field, json_field, moment_field
from service.documents.rules import Status
from service.documents.rules import label as label_of
from service.text.model import Kind

_ONE_RUNNING = text("status <> 'released'")


class Document(SQLModel, table=True):
    """受控文件. `number` is stable and never reused; `key` is the template's key, if it came from a set (套用)."""

    __tablename__ = "document"
    __table_args__ = (
        UniqueConstraint("organisation_id", "number"),
        UniqueConstraint("organisation_id", "kind", "serial"),
        UniqueConstraint("organisation_id", "key"),
    )

    id: UUID = id_field()
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    number: str = Field(max_length=60)
    kind: Kind = enum_field(Kind)
    serial: int
    key: str | None = Field(default=None, max_length=80)
    template_set: str = Field(default="", max_length=80)
    department: str = Field(max_length=80)
    created_at: datetime = moment_field()


class Revision(SQLModel, table=True):
    """修订. `source` holds variables while it is a draft; submitting freezes `text`, `variables` and `fingerprint`.

    `effective_on` ≤ D and not obsolete on D make it in force on D, if it is the latest; `released_at` and `obsoleted_at`
    say when the system learned it (the second clock). `carrier_id`: the procedure a record form is approved with.
    """

    __tablename__ = "revision"
    __table_args__ = (
        UniqueConstraint("document_id", "edition", "revision_number"),
        Index("ix_revision_one_running", "document_id", unique=True, sqlite_where=_ONE_RUNNING, postgresql_where=_ONE_RUNNING),
        Index("ix_revision_in_force", "organisation_id", "status", "effective_on"),
    )

    id: UUID = id_field()
    organisation_id: UUID = Field(foreign_key="organisation.id")
    document_id: UUID = Field(foreign_key="document.id", index=True)
    carrier_id: UUID | None = Field(default=None, foreign_key="revision.id", index=True)
    edition: str = Field(max_length=4)
    revision_number: int
    status: Status = enum_field(Status)
    title: str = Field(max_length=200)
    source: str
    text: str = ""
    variables: dict[str, Any] = json_field(default_factory=dict)
    fingerprint: str = Field(default="", max_length=64)
    change_summary: str = Field(default="", max_length=2000)
    created_at: datetime = moment_field()
    created_by: str = Field(max_length=100)
    approved_at: datetime | None = moment_field(default=None)
    released_at: datetime | None = moment_field(default=None)
    released_on: date | None = None
    effective_on: date | None = None
    obsolete_on: date | None = None
    obsoleted_at: datetime | None = moment_field(default=None)

    @property
    def label(self) -> str:
        return label_of(self.edition, self.revision_number)
