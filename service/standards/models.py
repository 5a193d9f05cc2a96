"""Table of not-applicable decisions (删减): which indicator an organisation deletes, why, and who approved it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from service.db import id_field, moment_field

_STANDING = text("withdrawn_on IS NULL")


class NotApplicable(SQLModel, table=True):
    """One decision; it holds from `decided_on` until `withdrawn_on` (exclusive). At most one stands per indicator."""

    __tablename__ = "not_applicable"
    __table_args__ = (
        Index(
            "uq_not_applicable_standing",
            "organisation_id",
            "standard",
            "indicator",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
    )

    id: UUID = id_field()
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    standard: str = Field(max_length=40)
    indicator: str = Field(max_length=20)
    justification: str = Field(max_length=2000)
    approved_by: str = Field(max_length=100)
    decided_on: date
    recorded_at: datetime = moment_field()
    withdrawn_on: date | None = None
    withdrawn_at: datetime | None = moment_field(default=None)
