"""A rebuild inside a running service: one document of the manual has changed, DOCX and PDF are made again by the warm builder."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from bench.line import Line, against, within
from bench.subject import CODE, Subject
from service import clock
from service.db import open_database, reading, writing
from service.documents.models import Document, Revision
from service.documents.queries import in_force
from service.manuals.actions import keep_manual, stored
from service.manuals.build import Format
from service.manuals.building import Builder, Limits
from service.manuals.orders import Order, order
from service.manuals.rules import Binding
from service.organisations.queries import find_organisation
from service.organisations.rules import SYSTEM
from service.settings import Settings, settings
from service.text.fingerprints import procedure_fingerprint
from service.text.model import Kind
from service.text.parse import parse_procedure

SECONDS = 0.3
TIMES = 9
AT_ONCE, FACTOR = 8, 9.0
FORMATS = (Format.DOCX, Format.PDF)


def lines(subject: Subject) -> Iterator[Line]:
    """A rebuild after one change, recorded like every build; and eight builds of different days that are asked for at once."""
    engine = open_database(subject.url)
    with _at_home(subject), _builder() as builder:
        _change(engine, subject, TIMES)  # what the demo built already is not built again
        _timed(engine, builder, _order(engine, subject))
        times = []
        for number in range(TIMES):
            _change(engine, subject, number)
            times.append(_timed(engine, builder, _order(engine, subject)))
        yield within("rebuild after one change, DOCX + PDF, s, running service", subject.documents, statistics.median(times), SECONDS)
    with _at_home(subject), _builder() as builder:
        one = _timed(engine, builder, _order(engine, subject, -1))
    with _at_home(subject), _builder() as builder:
        start = time.perf_counter()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(lambda day: _timed(engine, builder, _order(engine, subject, day)), range(1, AT_ONCE + 1)))
        yield against(
            f"{AT_ONCE} builds at once, s, running service", subject.documents, time.perf_counter() - start, "one build", one, FACTOR
        )
    engine.dispose()


@contextmanager
def _at_home(subject: Subject) -> Iterator[None]:
    """Settings of this process, and of those that it starts, are the subject's."""
    before = {name: os.environ.get(name) for name in subject.environment}
    os.environ.update(subject.environment)
    settings.cache_clear()
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
        settings.cache_clear()


@contextmanager
def _builder() -> Iterator[Builder]:
    usual = Settings()
    builder = Builder(Limits(usual.build_memory_mb, usual.build_seconds))
    try:
        yield builder
    finally:
        builder.close()


def _order(engine: Engine, subject: Subject, later: int = 0) -> Order:
    with reading(engine) as session:
        organisation = find_organisation(session, CODE).id
    return order(engine, organisation, subject.on + timedelta(days=later), Binding.BOUND, FORMATS)


def _timed(engine: Engine, builder: Builder, wanted: Order) -> float:
    """Seconds from the order to the row that records the build."""
    start = time.perf_counter()
    prepared = builder.prepare(wanted)
    assert prepared.finished is None
    made = stored(settings().data, prepared)
    with writing(engine) as session:
        keep_manual(session, find_organisation(session, CODE), settings().data, made, by=SYSTEM, at=clock.now())
    return time.perf_counter() - start


def _change(engine: Engine, subject: Subject, number: int) -> None:
    """A sentence more in the scope of one procedure, another one each time."""
    with writing(engine) as session:
        organisation = find_organisation(session, CODE).id
        procedures = [pair.document for pair in in_force(session, organisation, subject.on) if pair.document.kind is Kind.PROCEDURE]
        document = procedures[number * 4 % len(procedures)]
        revision = _in_force(session, document)
        revision.text = revision.text.replace("## 范围", f"## 范围\n\n第 {number + 1} 次修改。", 1)
        revision.fingerprint = procedure_fingerprint(parse_procedure(revision.text))


def _in_force(session: Session, document: Document) -> Revision:
    query = select(Revision).where(Revision.document_id == document.id, col(Revision.released_at).is_not(None))
    return list(session.exec(query.order_by(col(Revision.released_at))))[-1]
