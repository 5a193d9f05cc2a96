"""Tables of controlled documents, their revisions, pictures and periodic reviews, and of the register of external documents."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from service.db import enum_field, id_field, json_field, moment_field
from service.documents.external_rules import ExternalKind
from service.documents.review_rules import USUAL_REVIEW_MONTHS, Verdict
from service.documents.rules import Status
from service.documents.rules import label as label_of
from service.standards.rules import ReferenceStatus
from service.text.model import Kind

_ONE_RUNNING = text("status <> 'released'")
_STANDING = text("ended_at IS NULL")


class Document(SQLModel, table=True):
    """受控文件. `number` is stable and never reused; `key` is the template's key, if it came from a set (套用).

    `review_months`: how many months after it took force or was last reviewed the next periodic review is due.
    """

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
    review_months: int = USUAL_REVIEW_MONTHS
    created_at: datetime = moment_field()


class Revision(SQLModel, table=True):
    """修订. `source` holds variables while it is a draft; submitting freezes `text`, `variables` and `fingerprint`.

    `effective_on` ≤ D and not obsolete on D make it in force on D, if it is the latest; `released_at` and `obsoleted_at`
    say when the system learned it (the second clock). `carrier_id`: the procedure a record form is approved with. `edited_by`: logins
    of who wrote in it, whom the separation of duties counts as its preparers.
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
    edited_by: list[str] = json_field(default_factory=list)
    approved_at: datetime | None = moment_field(default=None)
    released_at: datetime | None = moment_field(default=None)
    released_on: date | None = None
    effective_on: date | None = None
    obsolete_on: date | None = None
    obsoleted_at: datetime | None = moment_field(default=None)
    obsolete_reason: str = ""

    @property
    def label(self) -> str:
        return label_of(self.edition, self.revision_number)


class Picture(SQLModel, table=True):
    """图片 that texts name by `picture:<sha256>`; the bytes, made clean, lie in the file store. Width and height in pixels. Rows are only added."""

    __tablename__ = "picture"
    __table_args__ = (UniqueConstraint("organisation_id", "sha256"),)

    id: UUID = id_field()
    organisation_id: UUID = Field(foreign_key="organisation.id")
    sha256: str = Field(max_length=64)
    media: str = Field(max_length=40)
    width: int
    height: int
    bytes: int
    file_name: str = Field(max_length=120)
    uploaded_at: datetime = moment_field()
    uploaded_by: str = Field(max_length=100)


class Recipient(SQLModel, table=True):
    """发放范围: a document is for a department (and those below it) or for a post; for the whole company where neither is named.

    Rows are ended, never changed.
    """

    __tablename__ = "recipient"
    __table_args__ = (
        CheckConstraint("department IS NULL OR post IS NULL", name="one_kind"),
        Index("ix_recipient_standing", "organisation_id", "document_id", sqlite_where=_STANDING, postgresql_where=_STANDING),
    )

    id: UUID = id_field()
    organisation_id: UUID = Field(foreign_key="organisation.id")
    document_id: UUID = Field(foreign_key="document.id")
    department: str | None = Field(default=None, max_length=80)
    post: str | None = Field(default=None, max_length=80)
    created_at: datetime = moment_field()
    created_by: str = Field(max_length=100)
    ended_at: datetime | None = moment_field(default=None)
    ended_by: str = Field(default="", max_length=100)

    @property
    def everybody(self) -> bool:
        return self.department is None and self.post is None


class PeriodicReview(SQLModel, table=True):
    """定期评审 of the revision that was in force on `reviewed_on`; `recorded_at` is the second clock. Rows are only ever added."""

    __tablename__ = "periodic_review"

    id: UUID = id_field()
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    document_id: UUID = Field(foreign_key="document.id", index=True)
    revision_id: UUID = Field(foreign_key="revision.id")
    verdict: Verdict = enum_field(Verdict)
    comment: str = Field(default="", max_length=1000)
    reviewed_on: date
    recorded_at: datetime = moment_field()
    login: str = Field(max_length=100)
    name: str = Field(max_length=100)
    post: str = Field(max_length=100)


class ExternalDocument(SQLModel, table=True):
    """外来文件 as it was entered in the register; what is known of it since then is in its checks. `keeper` is a department (key)."""

    __tablename__ = "external_document"
    __table_args__ = (
        Index("uq_external_document_kept", "organisation_id", "number", unique=True, sqlite_where=_STANDING, postgresql_where=_STANDING),
    )

    id: UUID = id_field()
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    number: str = Field(max_length=100)
    title: str = Field(max_length=200)
    kind: ExternalKind = enum_field(ExternalKind)
    edition: str = Field(default="", max_length=60)
    status: ReferenceStatus = enum_field(ReferenceStatus)
    replaced_by: str = Field(default="", max_length=100)
    keeper: str = Field(default="", max_length=80)
    note: str = Field(default="", max_length=1000)
    created_at: datetime = moment_field()
    created_by: str = Field(max_length=100)
    ended_at: datetime | None = moment_field(default=None)
    ended_by: str = Field(default="", max_length=100)
    end_reason: str = Field(default="", max_length=1000)


class ExternalCheck(SQLModel, table=True):
    """核对: what somebody found about an external document on `checked_on`, and where. Rows are only ever added."""

    __tablename__ = "external_check"

    id: UUID = id_field()
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    external_document_id: UUID = Field(foreign_key="external_document.id", index=True)
    status: ReferenceStatus = enum_field(ReferenceStatus)
    edition: str = Field(default="", max_length=60)
    replaced_by: str = Field(default="", max_length=100)
    checked_on: date
    checked_where: str = Field(max_length=300)
    recorded_at: datetime = moment_field()
    login: str = Field(max_length=100)
    name: str = Field(max_length=100)
