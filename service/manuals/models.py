"""Tables of builds, builds under way, outlines and house styles: what was compiled, when, from what, and the files it gave."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from service.db import enum_field, id_field, json_field, moment_field
from service.manuals.rules import Binding
from service.manuals.steps import Stage, Step


class Build(SQLModel, table=True):
    """生成记录. `files` is a list of {name, sha256, bytes, pages}; the bytes lie in the file store under their sha256. `pictures` is a list of
    {source, missing}: each picture that the texts name, and whether a frame was printed in its place. `outline` is the version of the outline
    that it followed, 0 for the usual order. `remarks` is a list of {document, section, what, done}: what had to be done so that everything
    could be printed (book/remarks.py). `inputs` is a list of {kind, name, text, sha256}: all that it was made of (inputs.py); empty for a build
    that is older than this list."""

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
    outline: int = 0
    remarks: list[dict[str, Any]] = json_field(default_factory=list)
    inputs: list[dict[str, Any]] = json_field(default_factory=list)


class Making(SQLModel, table=True):
    """编制进度: a build that somebody asked for, how far it is or how it ended; forgotten an hour later. The process that does it says by
    `seen_at` that it still lives; `share` is in hundredths of the work; `asked_to_stop` is set by whoever calls it off. `manual_build_id` is the
    build that came of it."""

    __tablename__ = "manual_making"

    id: UUID = id_field()
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    on: date = Field(sa_column_kwargs={"name": "as_of"})
    binding: Binding = enum_field(Binding)
    asked_by: str = Field(max_length=100)
    started_at: datetime = moment_field()
    seen_at: datetime = moment_field()
    stage: Stage = enum_field(Stage, default=Stage.RUNNING)
    step: Step = enum_field(Step, default=Step.WAIT)
    share: float = 0.0
    asked_to_stop: bool = False
    said: str = ""
    manual_build_id: UUID | None = None


class SavedOutline(SQLModel, table=True):
    """编排 as it was saved: numbers of documents in order, and of those that are not bound. Never changed: a new one has the next `version`."""

    __tablename__ = "manual_outline"
    __table_args__ = (UniqueConstraint("organisation_id", "version"),)

    id: UUID = id_field()
    organisation_id: UUID = Field(foreign_key="organisation.id")
    version: int
    sequence: list[str] = json_field()
    left_out: list[str] = json_field()
    saved_at: datetime = moment_field()
    saved_by: str = Field(max_length=100)


class HouseStyle(SQLModel, table=True):
    """版式 as it was saved: the theme of ours, and below `style` what was read from the organisation's own Word template (house_json.py; empty
    without one), whose name and fingerprint are kept. `logo` is the SHA-256 of a picture in the file store, or empty. Never changed: a new
    one has the next `version`."""

    __tablename__ = "house_style"
    __table_args__ = (UniqueConstraint("organisation_id", "version"),)

    id: UUID = id_field()
    organisation_id: UUID = Field(foreign_key="organisation.id")
    version: int
    theme: str = Field(max_length=40)
    template: str = Field(max_length=120, default="")
    template_sha256: str = Field(max_length=64, default="")
    style: dict[str, Any] = json_field(default_factory=dict)
    logo: str = Field(max_length=64, default="")
    saved_at: datetime = moment_field()
    saved_by: str = Field(max_length=100)
