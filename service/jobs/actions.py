"""Putting a job in the queue, in the transaction of whoever wants it done: undone with it, if that is undone."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from service.jobs.models import Job
from service.jobs.queries import job_by_key
from service.jobs.rules import DONE_KEPT, FAILED_KEPT, JobState
from service.kit.fingerprint import fingerprint


def enqueue(
    session: Session,
    name: str,
    payload: dict[str, Any],
    *,
    at: datetime,
    run_at: datetime | None = None,
    key: str | None = None,
    organisation: UUID | None = None,
) -> Job:
    """A job to be done from `run_at` on (now). With a `key`, the one of this name, organisation and key that is there already, if any.

    The function that does it (see `worker.py`) may be called more than once for one job, after a crash: it must be idempotent.
    `payload` holds plain JSON, and no secret.
    """
    made = None if key is None else job_key(name, key, organisation)
    row = Job(organisation_id=organisation, name=name, payload=payload, key=made, run_at=run_at or at, created_at=at)
    if made is None:
        session.add(row)
        return row
    known = job_by_key(session, made)
    if known is not None:
        return known
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        known = job_by_key(session, made)  # somebody else has just enqueued the same
        if known is None:
            raise
        return known
    return row


def job_key(name: str, key: str, organisation: UUID | None = None) -> str:
    """What is unique: the same key means another job under another name and in another organisation."""
    return fingerprint(("job", name, organisation.hex if organisation else "", key))


def forget_finished(session: Session, *, at: datetime) -> None:
    """For the hourly job: those done a week ago, and those that failed three months ago."""
    for state, kept in ((JobState.DONE, DONE_KEPT), (JobState.FAILED, FAILED_KEPT)):
        session.execute(delete(Job).where(col(Job.state) == state, col(Job.finished_at) < at - kept))
