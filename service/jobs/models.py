"""Table of jobs: what is to be done, when, and how it went."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.db import enum_field, id_field, json_field, moment_field
from service.jobs.rules import LONGEST_ERROR, JobState


class Job(SQLModel, table=True):
    """`name` says which function does it, `key` (a fingerprint) that it is the same job; `taken_until` is a worker's lease."""

    __tablename__ = "job"
    __table_args__ = (UniqueConstraint("key"), Index("ix_job_due", "state", "run_at"))

    id: UUID = id_field()
    organisation_id: UUID | None = Field(default=None, foreign_key="organisation.id", index=True)
    name: str = Field(max_length=80)
    payload: dict[str, Any] = json_field()
    key: str | None = Field(default=None, max_length=64)
    state: JobState = enum_field(JobState, default=JobState.WAITING)
    run_at: datetime = moment_field()
    created_at: datetime = moment_field()
    attempts: int = 0
    taken_until: datetime | None = moment_field(default=None)
    finished_at: datetime | None = moment_field(default=None)
    error: str = Field(default="", max_length=LONGEST_ERROR)
