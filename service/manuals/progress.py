"""Builds that are under way: each watched by a thread of its own, done one at a time by the builder process, told step by step.

What is under way is known to this process only and gone when it ends; a build that is finished is a row as every other.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import Engine
from sqlmodel import Session

from service import clock
from service.db import writing
from service.errors import NotFound, Refused, ServiceError
from service.manuals.actions import keep_manual, stored
from service.manuals.build import Format
from service.manuals.building import Builder, Cancelled, Limits
from service.manuals.orders import order
from service.manuals.rules import Binding
from service.manuals.steps import STEP_NAMES, Step, share_of
from service.organisations.models import Organisation
from service.organisations.roles import Act
from service.organisations.rules import Actor, require
from service.settings import settings

log = logging.getLogger(__name__)
REMEMBERED = timedelta(hours=1)
"""How long one can still ask how a build ended."""


class Stage(StrEnum):
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(slots=True)
class Making:
    """A build under way, or how it ended. Written by its own thread; `asked_to_stop` is set by whoever calls it off."""

    organisation: UUID
    on: date
    binding: Binding
    by: Actor
    started_at: datetime
    id: UUID = field(default_factory=uuid4)
    stage: Stage = Stage.RUNNING
    step: Step = Step.WAIT
    share: float = 0.0
    said: str = ""
    build: UUID | None = None
    ended_at: datetime | None = None
    asked_to_stop: threading.Event = field(default_factory=threading.Event)

    def tell(self, step: Step) -> None:
        """A step begins: the one before it is done."""
        self.share += share_of(self.step, self.binding)
        self.step = step

    @property
    def percent(self) -> int:
        return 100 if self.stage is Stage.DONE else min(99, round(self.share))

    @property
    def words(self) -> str:
        """What is being done, or how it ended."""
        return STEP_NAMES[self.step] if self.stage is Stage.RUNNING else self.said

    def end(self, stage: Stage, said: str, build: UUID | None = None) -> None:
        self.said, self.build, self.ended_at = said, build, clock.now()
        self.stage = stage  # last: who sees it sees the rest


class Makings:
    """The builds under way for this server, by organisation, and the builder that does them."""

    def __init__(self, limits: Limits) -> None:
        self._lock = threading.Lock()
        self.builder = Builder(limits)
        self._known: dict[UUID, Making] = {}

    def start(self, engine: Engine, organisation: Organisation, *, on: date, binding: Binding, by: Actor, at: datetime) -> Making:
        """Begin a build; who asks for the same that is under way is led to that one. Refused while another of the organisation's runs."""
        require(by, Act.BUILD)
        with self._lock:
            self._forget(at)
            running = next(
                (each for each in self._known.values() if each.organisation == organisation.id and each.stage is Stage.RUNNING), None
            )
            if running is not None:
                return self._same(running, on, binding)
            making = Making(organisation.id, on, binding, by, at)
            self._known[making.id] = making
        threading.Thread(target=self._run, args=(engine, making), name=f"build-{making.id}", daemon=True).start()
        return making

    @staticmethod
    def _same(running: Making, on: date, binding: Binding) -> Making:
        if (running.on, running.binding) == (on, binding):
            return running
        message = f"{running.by.name}正在编制 {running.on} 的手册，请等它完成，或先取消"
        raise Refused(message, code="build_running")

    def running(self, organisation: UUID) -> Making | None:
        """The organisation's build under way."""
        with self._lock:
            found = [each for each in self._known.values() if each.organisation == organisation and each.stage is Stage.RUNNING]
        return found[0] if found else None

    def find(self, organisation: UUID, making: UUID) -> Making:
        """A build of this organisation that is under way or ended lately; NotFound otherwise."""
        with self._lock:
            found = self._known.get(making)
        if found is None or found.organisation != organisation:
            raise NotFound("没有这次编制，或者它早已结束，请看手册列表", code="making_not_found")
        return found

    def cancel(self, organisation: UUID, making: UUID, *, by: Actor) -> Making:
        """Call a build off: it stops before its next step, or after a moment. One that has ended stays as it ended."""
        require(by, Act.BUILD)
        found = self.find(organisation, making)
        found.asked_to_stop.set()
        return found

    def _forget(self, at: datetime) -> None:
        self._known = {key: each for key, each in self._known.items() if each.ended_at is None or at - each.ended_at < REMEMBERED}

    def _run(self, engine: Engine, making: Making) -> None:
        try:
            making.end(Stage.DONE, "手册已编制完成", _built(engine, self.builder, making))
        except Cancelled:
            making.end(Stage.CANCELLED, "编制已取消，没有留下任何结果")
        except ServiceError as fault:
            making.end(Stage.FAILED, str(fault))
        except Exception:  # nobody above this thread would say so
            log.exception("building a manual")
            making.end(Stage.FAILED, "编制时出错，已记录，请稍后再试")


def _built(engine: Engine, builder: Builder, making: Making) -> UUID:
    """Prepared by the builder, which changes nothing; recorded here, unless it was called off at the last moment."""
    prepared = builder.prepare(
        order(engine, making.organisation, making.on, making.binding, list(Format)), tell=making.tell, stop=making.asked_to_stop
    )
    if making.asked_to_stop.is_set():
        raise Cancelled
    made = stored(settings().data, prepared)
    with writing(engine) as session:
        return keep_manual(session, _owner(session, making), settings().data, made, by=making.by, at=clock.now()).id


def _owner(session: Session, making: Making) -> Organisation:
    organisation = session.get(Organisation, making.organisation)
    if organisation is None:
        raise NotFound("企业不存在", code="organisation_not_found")
    return organisation
