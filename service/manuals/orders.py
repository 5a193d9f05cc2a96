"""What the server and the process that builds say to each other: an order, steps as they begin, and how it ended. Plain values."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Engine

from service.errors import ServiceError
from service.manuals.build import Format
from service.manuals.prepared import Prepared
from service.manuals.rules import Binding
from service.manuals.steps import Step


@dataclass(frozen=True, slots=True)
class Order:
    """Prepare the manual of day `on`. `database` is the address of the database that the builder reads by itself."""

    database: str
    organisation: UUID
    on: date
    binding: Binding
    formats: tuple[Format, ...]


def order(engine: Engine, organisation: UUID, on: date, binding: Binding, formats: Collection[Format]) -> Order:
    """An order on the database of this engine."""
    return Order(engine.url.render_as_string(hide_password=False), organisation, on, binding, tuple(formats))


@dataclass(frozen=True, slots=True)
class Stop:
    """Give up the order that is under way; without one it means nothing."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """The order was given up."""


@dataclass(frozen=True, slots=True)
class Fault:
    """The order could not be done: a refusal for people, or what the log is to say of a fault of the program."""

    refusal: ServiceError | None
    log: str = ""


Answer = Prepared | Stopped | Fault
Message = Step | Answer
