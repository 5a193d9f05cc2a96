"""Several people set the same value at once: each waits for the one before, and it is written once; on both databases."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from small_firm import founded, moment
from sqlalchemy import Engine
from sqlmodel import Session

from service.db import reading, writing
from service.organisations.actions import set_value, set_values
from service.organisations.models import Organisation
from service.organisations.queries import find_organisation, value_rows
from service.organisations.rules import SYSTEM
from service.organisations.shipped import catalogue

MANY = 6
HOTLINE, NUMBER = "company.hotline", "400-000-0009"
HOW: dict[str, Any] = {"valid_from": moment(4, 1).date(), "by": SYSTEM, "at": moment(3, 1)}


def one_value(session: Session, firm: Organisation) -> object:
    return set_value(session, firm, HOTLINE, NUMBER, **HOW, catalogue=catalogue())


def a_whole_step(session: Session, firm: Organisation) -> object:
    return set_values(session, firm, {HOTLINE: NUMBER}, **HOW, catalogue=catalogue())


@pytest.mark.parametrize("act", [one_value, a_whole_step])
def test_value_that_many_set_at_once_is_written_once(engine: Engine, act: Callable[[Session, Organisation], object]) -> None:
    with writing(engine) as session:
        founded(session)
    ready = Barrier(MANY)

    def one(_: int) -> bool:
        ready.wait(60)
        with writing(engine) as session:
            return bool(act(session, find_organisation(session, "JC")))

    with ThreadPoolExecutor(MANY) as pool:
        assert sum(pool.map(one, range(MANY))) == 1
    with reading(engine) as session:
        rows = value_rows(session, find_organisation(session, "JC").id, HOTLINE)
    assert [row.value for row in rows].count(NUMBER) == 1
