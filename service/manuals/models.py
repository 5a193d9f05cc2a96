"""Table of builds: what was compiled, when, from what, and the files it gave."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field, SQLModel

from service.db import id_field, json_field, moment_field


class Build(SQLModel, table=True):
    """生成记录. `files` is a list of {name, sha256, bytes, pages}; the bytes lie in the file store under their sha256. `pictures` is a list of
    {source, missing}: each picture that the texts name, and whether a frame was printed in its place."""

    __tablename__ = "manual_build"

    id: UUID = id_field()
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    on: date = Field(sa_column_kwargs={"name": "as_of"})
    binding: str = Field(max_length=20)
    theme: str = Field(max_length=40)
    fingerprint: str = Field(max_length=64, index=True)
    files: list[dict[str, Any]] = json_field()
    pictures: list[dict[str, Any]] = json_field(default_factory=list)
    built_at: datetime = moment_field()
    built_by: str = Field(max_length=100)
