"""Document control at size: 100 organisations × 60 documents × 10 revisions. `python -m bench.control`.

What is in force on any date, and an authorised read through the JSON API beside a bare FastAPI + SQLModel read of one row by its key:
both served by uvicorn on loopback from the same database, asked in turn by one client over a connection that is kept.
"""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Engine, insert
from sqlmodel import Session, col, select

from bench.measure import Timed
from service import clock
from service.accounts.actions import create_user
from service.accounts.api_tokens import create_api_token
from service.accounts.rules import TokenScope
from service.db import open_database, reading, writing
from service.documents.models import Document, Revision
from service.documents.queries import in_force
from service.documents.schemas import line
from service.migrations import migrate
from service.organisations.members import add_member
from service.organisations.models import Organisation
from service.organisations.roles import Role
from service.organisations.rules import SYSTEM

HOME = Path(__file__).resolve().parent.parent / "build" / "bench" / "control"
ORGANISATIONS, DOCUMENTS, REVISIONS = 100, 60, 10
IN_FORCE_SECONDS, LEAST_SHARE = 0.030, 0.4
START = date(2016, 1, 1)
DAYS = tuple(START + timedelta(days=150 * step) for step in range(1, 25))
REQUESTS = 400
SOURCE = (
    "---\nkey: {key}\ntitle: {title}\nkind: procedure\ndepartment: service\n---\n"
    + "## 目的 {#purpose}\n"
    + "接到报修后在规定时限内处理。" * 100
)


@dataclass(frozen=True, slots=True)
class Found:
    """Seconds of the slowest in-force list, and requests per second of our API and of the bare read."""

    in_force: Timed
    ours: float
    bare: float


def prepare(folder: Path) -> tuple[Engine, str]:
    """The filled database, and an API token of an author in the first organisation."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    engine = open_database(f"sqlite:///{folder / 'service-manual.sqlite'}")
    migrate(engine)
    at = datetime(2016, 1, 1, tzinfo=UTC)
    for index in range(ORGANISATIONS):
        with writing(engine) as session:
            owner = Organisation(
                code=f"B{index:03}",
                name=f"量度企业{index}",
                time_zone="Asia/Shanghai",
                number_pattern="{company}/SH-{kind}-{serial:02}",
                profile_fingerprint="",
                created_at=at,
            )
            session.add(owner)
            session.flush()
            _fill(session, owner, at)
    with writing(engine) as session:
        owner = session.exec(select(Organisation).where(Organisation.code == "B000")).one()
        user = create_user(session, "bianzhi", "编制人", by=SYSTEM.login, at=at)
        add_member(session, owner, user, Role.AUTHOR, by=SYSTEM, at=at, on=START)
        token, _ = create_api_token(session, user, "量度", [TokenScope.READ], days=30, by=SYSTEM.login, at=clock.now())
    return engine, token


def _fill(session: Session, owner: Organisation, at: datetime) -> None:
    documents, revisions = list[dict[str, Any]](), list[dict[str, Any]]()
    for serial in range(1, DOCUMENTS + 1):
        key, number = uuid4(), f"{owner.code}/SH-CX-{serial:02}"
        documents.append(
            {
                "id": key,
                "organisation_id": owner.id,
                "number": number,
                "kind": "procedure",
                "serial": serial,
                "key": f"d{serial}",
                "template_set": "",
                "department": "service",
                "created_at": at,
            }
        )
        revisions += [_revision(owner.id, key, serial, step) for step in range(REVISIONS)]
    session.connection().execute(insert(Document), documents)
    session.connection().execute(insert(Revision), revisions)


def _revision(owner: UUID, document: UUID, serial: int, step: int) -> dict[str, Any]:
    on = START + timedelta(days=365 * step + serial)
    moment = datetime(on.year, on.month, on.day, tzinfo=UTC)
    title = f"第{serial}号程序"
    source = SOURCE.replace("{key}", f"d{serial}").replace("{title}", title)
    dates = {"created_at": moment, "approved_at": moment, "released_at": moment, "released_on": on, "effective_on": on}
    return {
        "id": uuid4(),
        "organisation_id": owner,
        "document_id": document,
        "edition": "A",
        "revision_number": step,
        "status": "released",
        "title": title,
        "source": source,
        "text": source,
        "variables": {"company.hotline": "400-000-0000"},
        "fingerprint": f"{serial:032}{step:032}",
        "change_summary": "例行修订",
        "created_by": "bianzhi",
        **dates,
    }


def time_in_force(engine: Engine) -> Timed:
    """The slowest, over the days, of the median of five lists of one organisation, each in a session of its own as in a request."""
    with reading(engine) as session:
        owners = session.exec(select(Organisation.id).order_by(col(Organisation.code))).all()
    slowest = 0.0
    for position, on in enumerate(DAYS):
        owner = owners[position * 4 % len(owners)]
        slowest = max(slowest, statistics.median(_clocked(engine, owner, on) for _ in range(5)))
    return Timed(slowest)


def _clocked(engine: Engine, owner: UUID, on: date) -> float:
    start = time.perf_counter()
    with reading(engine) as session:
        found = [line(pair) for pair in in_force(session, owner, on)]
    assert len(found) == DOCUMENTS
    return time.perf_counter() - start


@contextmanager
def served(words: list[str], environment: dict[str, str], port: int) -> Iterator[http.client.HTTPConnection]:
    """A server process on loopback and a connection to it."""
    process = subprocess.Popen(words, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield http.client.HTTPConnection("127.0.0.1", port)
    finally:
        process.terminate()
        process.wait(20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def rate(connection: http.client.HTTPConnection, path: str, headers: dict[str, str]) -> float:
    """Requests per second, after a warm-up."""

    def ask() -> None:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status == 200, body[:200]

    for _ in range(50):
        ask()
    start = time.perf_counter()
    for _ in range(REQUESTS):
        ask()
    return REQUESTS / (time.perf_counter() - start)


def rates(engine: Engine, folder: Path, token: str) -> tuple[float, float]:
    """(ours, bare) in requests per second: the median of three turns each, taken alternately."""
    with reading(engine) as session:
        document = session.exec(select(Document).where(Document.number == "B000/SH-CX-07")).one()
        revision = session.exec(select(Revision).where(Revision.document_id == document.id, Revision.revision_number == 9)).one()
    url = str(engine.url)
    environment = {"SERVICE_MANUAL_DATABASE": url, "SERVICE_MANUAL_DATA": str(folder)}
    ports = free_port(), free_port()
    server = [sys.executable, "-m", "uvicorn", "--log-level", "warning", "--host", "127.0.0.1"]
    ours_words = [*server, "--factory", "service.app:create_app", "--port", str(ports[0])]
    bare_words = [*server, "bench.bare:app", "--port", str(ports[1])]
    with served(ours_words, environment, ports[0]) as ours, served(bare_words, environment, ports[1]) as bare:
        pairs = []
        for _ in range(3):
            one = rate(ours, "/api/v1/organisations/B000/documents/B000/SH-CX-07", {"Authorization": f"Bearer {token}"})
            pairs.append((one, rate(bare, f"/revisions/{revision.id}", {})))
    return statistics.median(one for one, _ in pairs), statistics.median(other for _, other in pairs)


def measured(folder: Path = HOME) -> Found:
    """Everything; the generated database is removed afterwards."""
    engine, token = prepare(folder)
    found = Found(time_in_force(engine), *rates(engine, folder, token))
    engine.dispose()
    shutil.rmtree(folder, ignore_errors=True)
    return found


def main() -> None:
    found = measured()
    size = f"{ORGANISATIONS} × {DOCUMENTS} × {REVISIONS}"
    sys.stdout.write(
        f"in force on any day, {size}: {found.in_force.seconds * 1000:.1f} ms of {IN_FORCE_SECONDS * 1000:.0f} ms\n"
        f"authorised API read: {found.ours:.0f}/s, bare FastAPI + SQLModel by key: {found.bare:.0f}/s, "
        f"share {found.ours / found.bare:.2f} of at least {LEAST_SHARE}\n"
    )


if __name__ == "__main__":
    main()
