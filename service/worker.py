"""The worker: sends notices, does jobs, and once an hour has the due acts done. As many as you like may run beside each other."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import Engine
from sqlmodel import Session

from service import clock
from service.accounts.forgetting import forget_old_links, forget_old_sessions
from service.accounts.login import forget_old_attempts
from service.approvals import tasks as approvals_tasks
from service.changes import tasks as changes_tasks
from service.db import reading, writing
from service.distribution import tasks as distribution_tasks
from service.documents import tasks as documents_tasks
from service.errors import NotFound
from service.jobs.actions import enqueue, forget_finished, job_key
from service.jobs.models import Job
from service.jobs.queries import job_by_key
from service.jobs.queue import Handler, run_next
from service.jobs.rules import JobState
from service.notices.delivery import Transport, deliver
from service.organisations.models import Organisation
from service.organisations.queries import list_organisations
from service.organisations.tasks import anchor_daily, take_name
from service.search import tasks as search_tasks
from service.settings import settings
from service.web.once import forget_old_answers

log = logging.getLogger(__name__)

PAUSE, PAUSE_AFTER_FAULT = 2.0, 30.0
"""Seconds between two looks for something to do; longer when the database cannot be reached."""
HOURLY = "due"


class DueAct(Protocol):
    """What falls due in an organisation. Idempotent: done twice in the same hour it changes nothing."""

    def __call__(self, session: Session, organisation: Organisation, *, at: datetime) -> object: ...


class Forgetting(Protocol):
    """What is deleted once it is old enough, of whatever organisation."""

    def __call__(self, session: Session, *, at: datetime) -> object: ...


DUE_ACTS: list[tuple[str, DueAct]] = [
    ("anchor", anchor_daily),
    ("name", take_name),
    ("distribution", distribution_tasks.due),
    ("documents", documents_tasks.due),
    ("approvals", approvals_tasks.due),
    ("changes", changes_tasks.due),
    ("search", search_tasks.due),
]
"""Done once an hour for each organisation, each in a job and transaction of its own: one that fails is tried again, and stops no other."""

FORGETTINGS: list[tuple[str, Forgetting]] = [
    ("login_attempts", forget_old_attempts),
    ("login_sessions", forget_old_sessions),
    ("account_links", forget_old_links),
    ("answered_requests", forget_old_answers),
    ("jobs", forget_finished),
]
"""Done once an hour."""


@dataclass(slots=True)
class Tally:
    """What one round did: jobs done, jobs that failed (to be tried again or given up), notices sent and not sent."""

    done: int = 0
    failed: int = 0
    sent: int = 0
    unsent: int = 0

    @property
    def is_empty(self) -> bool:
        return not self.done + self.failed + self.sent + self.unsent


def handlers() -> Mapping[str, Handler]:
    """Name of a job → what does it."""
    acts = {f"{HOURLY}:{name}": _for_organisation(act) for name, act in DUE_ACTS}
    return {
        HOURLY: plan_hour,
        search_tasks.JOB: search_tasks.index_changes,
        **acts,
        **{f"forget:{name}": _for_all(forget) for name, forget in FORGETTINGS},
    }


def run(engine: Engine, stop: threading.Event, pause: float = PAUSE) -> None:
    """Work until `stop` is set; what is being done then is finished first. A fault is logged, and the next round begins after a while."""
    while not stop.is_set():
        try:
            nothing_done, wait = work(engine, transport(), stop).is_empty, pause
        except Exception:  # a database that cannot be reached now may be there later
            log.exception("worker")
            nothing_done, wait = True, max(pause, PAUSE_AFTER_FAULT)
        if nothing_done:
            stop.wait(wait)


def work(engine: Engine, sending: Transport, stop: threading.Event, now: Callable[[], datetime] = clock.now) -> Tally:
    """Do everything that is due."""
    tally, known = Tally(), handlers()
    enqueue_hour(engine, now())
    while not stop.is_set() and (state := run_next(engine, known, now())) is not None:
        tally.done += state is JobState.DONE
        tally.failed += state is not JobState.DONE
    while not stop.is_set() and not (batch := deliver(engine, sending, at=now())).is_empty:
        tally.sent += batch.sent
        tally.unsent += batch.unsent
    return tally


def transport() -> Transport:
    """What the settings say about sending."""
    chosen = settings()
    return Transport(chosen.smtp, chosen.smtp_from, anywhere=chosen.environment == "development")


def enqueue_hour(engine: Engine, at: datetime) -> None:
    """The job of this hour (UTC), unless another worker has enqueued it."""
    hour = at.replace(minute=0, second=0, microsecond=0).isoformat()
    with reading(engine) as session:
        if job_by_key(session, job_key(HOURLY, hour)) is not None:
            return
    with writing(engine) as session:
        enqueue(session, HOURLY, {"hour": hour}, at=at, key=hour)


def plan_hour(session: Session, job: Job, *, at: datetime) -> None:
    """One job for each act that falls due, in each organisation, and for each thing to forget."""
    hour = str(job.payload["hour"])
    for organisation in list_organisations(session):
        for name, _ in DUE_ACTS:
            enqueue(session, f"{HOURLY}:{name}", {}, at=at, key=hour, organisation=organisation.id)
    for name, _ in FORGETTINGS:
        enqueue(session, f"forget:{name}", {}, at=at, key=hour)


def _for_organisation(act: DueAct) -> Handler:
    def handle(session: Session, job: Job, *, at: datetime) -> None:
        organisation = session.get(Organisation, job.organisation_id)
        if organisation is None:
            raise NotFound("任务没有指明企业", code="organisation_not_found")
        act(session, organisation, at=at)

    return handle


def _for_all(forget: Forgetting) -> Handler:
    def handle(session: Session, job: Job, *, at: datetime) -> None:
        del job  # of nobody in particular
        forget(session, at=at)

    return handle
