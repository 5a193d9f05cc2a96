"""Tables of claims and their confirmations."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from service.db import id_field, moment_field


class Claim(SQLModel, table=True):
    """指标对应: one element of one indicator, ruled by one section of a frozen revision. Written when the revision is submitted.

    `blank` says that a variable, blank or leftover stands in the section: such a claim never counts.
    """

    __tablename__ = "claim"
    __table_args__ = (UniqueConstraint("revision_id", "standard", "indicator", "element", "section"),)

    id: UUID = id_field()
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    document_id: UUID = Field(foreign_key="document.id", index=True)
    revision_id: UUID = Field(foreign_key="revision.id", index=True)
    standard: str = Field(max_length=40)
    indicator: str = Field(max_length=20)
    element: int
    section: str = Field(max_length=80)
    section_title: str = Field(max_length=200)
    clause: str = Field(max_length=20)
    quote: str
    section_fingerprint: str = Field(max_length=64)
    blank: bool = False


class Confirmation(SQLModel, table=True):
    """对应确认: somebody read that this section (fingerprint) answers this element of the indicator (fingerprint).

    Bound to document and anchor: it carries over to a later revision whose section says the same. `revision_id` is the revision that was
    read; if that one goes back to draft, or a later reviewer leaves the same words out, the confirmation is void from `voided_at` on.
    """

    __tablename__ = "confirmation"

    id: UUID = id_field()
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    document_id: UUID = Field(foreign_key="document.id", index=True)
    revision_id: UUID = Field(foreign_key="revision.id", index=True)
    standard: str = Field(max_length=40)
    indicator: str = Field(max_length=20)
    element: int
    section: str = Field(max_length=80)
    section_fingerprint: str = Field(max_length=64)
    indicator_fingerprint: str = Field(max_length=64)
    login: str = Field(max_length=100)
    name: str = Field(max_length=100)
    at: datetime = moment_field()
    voided_at: datetime | None = moment_field(default=None)
