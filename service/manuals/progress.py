"""Doing the builds that people ask for: each watched by a thread of its own, done one at a time by the builder process, told in its row.

A build that is finished is a row as every other; what is under way in a process that ends is gone, and its row says so after a while.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from service import clock
from service.db import writing
from service.errors import NotFound, ServiceError
from service.manuals.actions import keep_manual, stored
from service.manuals.build import Format
from service.manuals.building import Builder, Cancelled, Limits
from service.manuals.making_actions import begin, note_end, note_step
from service.manuals.models import Making
from service.manuals.orders import order
from service.manuals.rules import Binding
from service.manuals.steps import Stage, Step
from service.organisations.models import Organisation
from service.organisations.rules import Actor
from service.settings import settings

log = logging.getLogger(__name__)
BEAT = 1.0
"""Seconds between two signs of life of a build, and between two looks whether it was called off."""


class Makings:
    """What this process of the server does of them."""

    def __init__(self, limits: Limits) -> None:
        self.builder = Builder(limits)

    def start(self, engine: Engine, organisation: Organisation, *, on: date, binding: Binding, by: Actor, at: datetime) -> UUID:
        """Begin a build, and the id of its row; see `begin`."""
        with writing(engine) as session:
            row, is_new = begin(session, organisation, on=on, binding=binding, by=by, at=at)
        if is_new:
            run = Run(engine, self.builder, row.id, organisation.id, on, binding, by)
            threading.Thread(target=run.do, name=f"build-{row.id}", daemon=True).start()
        return row.id


@dataclass(frozen=True, slots=True)
class Run:
    """One build being done: by this thread, beside one that gives signs of life."""

    engine: Engine
    builder: Builder
    making: UUID
    organisation: UUID
    on: date
    binding: Binding
    by: Actor
    stop: threading.Event = field(default_factory=threading.Event)

    def do(self) -> None:
        ended = threading.Event()
        beating = threading.Thread(target=self._beat, args=(ended,), name=f"beat-{self.making}", daemon=True)
        beating.start()
        try:
            stage, said, build = self._outcome()
        finally:
            ended.set()
            beating.join()
        try:
            with self._row() as row:
                note_end(row, stage, said, build=build, at=clock.now())
        except OperationalError:  # the database is gone; its row will say that nobody gives signs of life
            log.exception("noting how a build ended")

    def tell(self, step: Step) -> None:
        with self._row() as row:
            note_step(row, step, at=clock.now())

    def _outcome(self) -> tuple[Stage, str, UUID | None]:
        try:
            return Stage.DONE, "手册已编制完成", self._built()
        except Cancelled:
            return Stage.CANCELLED, "编制已取消，没有留下任何结果", None
        except ServiceError as fault:
            return Stage.FAILED, str(fault), None
        except Exception:  # nobody above this thread would say so
            log.exception("building a manual")
            return Stage.FAILED, "编制时出错，已记录，请稍后再试", None

    def _built(self) -> UUID:
        """Prepared by the builder, which changes nothing; recorded here, unless it was called off at the last moment."""
        wanted = order(self.engine, self.organisation, self.on, self.binding, list(Format))
        prepared = self.builder.prepare(wanted, tell=self.tell, stop=self.stop)
        made = stored(settings().data, prepared)
        with self._row() as row:
            if row.asked_to_stop:
                raise Cancelled
        with writing(self.engine) as session:
            return keep_manual(session, self._owner(session), settings().data, made, by=self.by, at=clock.now()).id

    def _beat(self, ended: threading.Event) -> None:
        while not ended.wait(BEAT):
            with suppress(OperationalError), self._row() as row:  # a database that is busy is asked again
                row.seen_at = clock.now()
                if row.asked_to_stop:
                    self.stop.set()

    @contextmanager
    def _row(self) -> Iterator[Making]:
        """The build's row, in a short transaction of its own."""
        with writing(self.engine) as session:
            row = session.get(Making, self.making)
            if row is None:
                raise Cancelled
            yield row

    def _owner(self, session: Session) -> Organisation:
        organisation = session.get(Organisation, self.organisation)
        if organisation is None:
            raise NotFound("企业不存在", code="organisation_not_found")
        return organisation
