"""Jobs of the search: after a change of texts, and once an hour for what no job has told of."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

from service.clock import local_date
from service.documents.recording import INDEX
from service.errors import NotFound
from service.jobs.actions import enqueue
from service.jobs.models import Job
from service.organisations.models import Organisation
from service.search.catching_up import catch_up, index_of

JOB = INDEX
"""Enqueued where a text changes. Whatever differs from the database is put in, so that it does not matter which change it was."""
_AT_A_TIME = 2.0  # seconds: on SQLite nobody else writes while a job is done
_PAUSE = timedelta(seconds=5)  # divides a minute: further jobs stand at its multiples


def index_changes(session: Session, job: Job, *, at: datetime) -> None:
    """Put in what has changed; what takes long is done by further jobs."""
    organisation = session.get(Organisation, job.organisation_id)
    if organisation is None:
        raise NotFound("任务没有指明企业", code="organisation_not_found")
    due(session, organisation, at=at)


def due(session: Session, organisation: Organisation, *, at: datetime) -> int:
    """The same for an organisation; how many revisions are left for the next job.

    There is one next job, whoever finds something left: else every change would begin one more chain while the index cannot be written.
    """
    on = local_date(at, organisation.time_zone)
    behind = catch_up(session, organisation, index_of(organisation), on=on, seconds=_AT_A_TIME)
    if behind:
        next_one = at.replace(second=at.second // _PAUSE.seconds * _PAUSE.seconds, microsecond=0) + _PAUSE
        enqueue(session, JOB, {}, at=at, run_at=next_one, key=next_one.isoformat(), organisation=organisation.id)
    return len(behind)
