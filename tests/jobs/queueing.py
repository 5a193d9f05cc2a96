"""Short ways to enqueue jobs, to do them, and to see what became of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from service.accounts.models import LoginAttempt
from service.db import reading, writing
from service.jobs.actions import enqueue
from service.jobs.models import Job

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


def after(**span: float) -> datetime:
    return NOW + timedelta(**span)


def put(engine: Engine, *names: str, run_at: datetime | None = None, key: str | None = None) -> None:
    """Jobs, committed; the payload says which is which."""
    with writing(engine) as session:
        for name in names:
            enqueue(session, name, {"row": name}, at=NOW, run_at=run_at, key=key)


def jobs(engine: Engine) -> list[Job]:
    with reading(engine) as session:
        return list(session.exec(select(Job).order_by(col(Job.name), col(Job.created_at))))


def only(engine: Engine) -> Job:
    [row] = jobs(engine)
    return row


def write_row(session: Session, job: Job, *, at: datetime) -> None:
    """A job that leaves a row, so that it can be seen how often it was done."""
    session.add(LoginAttempt(login_hash=f"{job.payload['row']} {job.attempts} {at.isoformat()}"))


def rows(engine: Engine) -> list[str]:
    """What `write_row` left."""
    with reading(engine) as session:
        return sorted(row.login_hash.split(" ")[0] for row in session.exec(select(LoginAttempt)))
