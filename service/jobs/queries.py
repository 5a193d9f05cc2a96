"""Selects of jobs: which is due, and which was enqueued under a key."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, or_, select

from service.jobs.models import Job
from service.jobs.rules import JobState


def job_by_key(session: Session, key: str) -> Job | None:
    """The job with this fingerprint (see `actions.job_key`), whatever its state."""
    return session.exec(select(Job).where(Job.key == key)).one_or_none()


def is_any_due(session: Session, names: Collection[str], at: datetime) -> bool:
    """Whether a worker that can do these jobs has something to do; locks nothing."""
    return session.exec(select(Job.id).where(*_due(names, at)).limit(1)).first() is not None


def next_due(session: Session, names: Collection[str], at: datetime) -> Job | None:
    """The job that has waited longest, locked until the transaction ends; those that others have locked are passed over."""
    query = select(Job).where(*_due(names, at)).order_by(col(Job.run_at), col(Job.created_at)).limit(1)
    return session.exec(query.with_for_update(skip_locked=True)).one_or_none()


def held_job(session: Session, job_id: UUID, attempts: int) -> Job | None:
    """The job as it was taken at this attempt, locked; None if it is over, or another worker has taken it since."""
    query = select(Job).where(Job.id == job_id, Job.attempts == attempts, Job.state == JobState.WAITING)
    return session.exec(query.with_for_update().execution_options(populate_existing=True)).one_or_none()


def _due(names: Collection[str], at: datetime) -> tuple[Any, ...]:
    free = or_(col(Job.taken_until).is_(None), col(Job.taken_until) <= at)
    return (Job.state == JobState.WAITING, col(Job.run_at) <= at, free, col(Job.name).in_(names))
