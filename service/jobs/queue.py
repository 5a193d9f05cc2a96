"""Doing jobs: several workers take them from one table, each job once, and again if its worker crashes.

A job runs in one transaction with the mark that it is done: both stay or both are undone. It should be short, since on SQLite it keeps
everybody else from writing; what takes long is cut into several jobs.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session

from service.db import reading, writing
from service.errors import ServiceError
from service.jobs.models import Job
from service.jobs.queries import held_job, is_any_due, next_due
from service.jobs.rules import LEASE, LONGEST_ERROR, MOST_ATTEMPTS, JobState, pause_after

log = logging.getLogger(__name__)


class Handler(Protocol):
    """What does the jobs of one name; idempotent, changes nothing but the database, never commits."""

    def __call__(self, session: Session, job: Job, *, at: datetime) -> object: ...


@dataclass(frozen=True, slots=True)
class Taken:
    """A job under lease; `attempts` tells this taking from every other."""

    id: UUID
    name: str
    attempts: int


def take(engine: Engine, names: Collection[str], at: datetime) -> Taken | None:
    """One due job of these names for this worker alone, for the length of a lease; None if there is none."""
    with reading(engine) as session:
        if not is_any_due(session, names, at):
            return None
    with writing(engine) as session:
        row = next_due(session, names, at)
        while row is not None and row.attempts >= MOST_ATTEMPTS:
            _close(row, JobState.FAILED, at, "任务多次中断，没有做完")
            session.flush()
            row = next_due(session, names, at)
        if row is None:
            return None
        row.attempts, row.taken_until = row.attempts + 1, at + LEASE
        return Taken(row.id, row.name, row.attempts)


def finish(session: Session, taken: Taken, at: datetime) -> None:
    """Mark a job as done, in the transaction that did it."""
    row = held_job(session, taken.id, taken.attempts)
    if row is not None:
        _close(row, JobState.DONE, at)


def fail(session: Session, taken: Taken, error: str, at: datetime) -> JobState:
    """Put a job off, twice as long after each failure, or give it up; what it is now. Another worker's job is left alone."""
    row = held_job(session, taken.id, taken.attempts)
    if row is None:
        return JobState.WAITING
    pause = pause_after(row.attempts)
    if pause is None:
        _close(row, JobState.FAILED, at, error)
    else:
        row.run_at, row.taken_until, row.error = at + pause, None, error[:LONGEST_ERROR]
    return row.state


def run_next(engine: Engine, handlers: Mapping[str, Handler], at: datetime) -> JobState | None:
    """Take one due job and do it: done, to be tried again (waiting), or given up (failed); None if nothing is due."""
    taken = take(engine, handlers.keys(), at)
    if taken is None:
        return None
    try:
        with writing(engine) as session:
            row = held_job(session, taken.id, taken.attempts)
            if row is not None:
                handlers[taken.name](session, row, at=at)
                finish(session, taken, at)
    except Exception as fault:  # whatever goes wrong in one job keeps nobody from the next
        log.warning("job %s %s failed", taken.name, taken.id, exc_info=not isinstance(fault, ServiceError))
        with writing(engine) as session:
            return fail(session, taken, _sentence(fault), at)
    return JobState.DONE


def _close(row: Job, state: JobState, at: datetime, error: str = "") -> None:
    row.state, row.finished_at, row.taken_until, row.error = state, at, None, error[:LONGEST_ERROR]


def _sentence(fault: Exception) -> str:
    """What people may read; what a program's own errors say may hold anything, so only their kind is told."""
    return str(fault) if isinstance(fault, ServiceError) else f"程序出错（{type(fault).__name__}），详见日志"
