"""`trail verify` as a whole command over 1,000,000 entries in SQLite, against its bounds: `python -m bench.trail`."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import insert
from sqlmodel import Session

from bench import measure
from bench.measure import Timed
from service.db import open_database, writing
from service.migrations import migrate
from service.organisations.models import Organisation
from service.trail.actions import anchor
from service.trail.keys import signing_key
from service.trail.models import TrailEntry, TrailHead
from service.trail.rules import START, seal

HOME = Path(__file__).resolve().parent.parent / "build" / "bench" / "trail"
ENTRIES, SECONDS, MEGABYTES = 1_000_000, 15.0, 300.0
AT = datetime(2026, 1, 6, 1, 30, tzinfo=UTC)
BATCH = 20_000


def rows(owner: Organisation, count: int) -> Iterator[dict[str, Any]]:
    """Entries like those of the lifecycle, each sealed over the one before."""
    previous = START
    for position in range(1, count + 1):
        at = AT + timedelta(seconds=position)
        number = f"BENCH/SH-CX-{position % 600:03}"
        details = {"label": "A/0", "title": "投诉处理控制程序", "fingerprints": [previous], "status": ["in_review", "approved"]}
        sealed = seal(previous, owner.id, position, at, "li", "revision:approve", "document", number, details)
        yield {
            "id": uuid4(),
            "organisation_id": owner.id,
            "position": position,
            "at": at,
            "by": "li",
            "action": "revision:approve",
            "subject": "document",
            "subject_id": number,
            "details": details,
            "previous": previous,
            "seal": sealed,
        }
        previous = sealed


def fill(session: Session, owner: Organisation, count: int) -> None:
    """The entries in batches, then their head."""
    batch: list[dict[str, Any]] = []
    for row in rows(owner, count):
        batch.append(row)
        if len(batch) == BATCH or row["position"] == count:
            session.connection().execute(insert(TrailEntry), batch)
            last, batch = row, []
    session.add(TrailHead(organisation_id=owner.id, position=count, seal=last["seal"]))
    session.flush()


def prepare(folder: Path, count: int) -> str:
    """A database below `folder` with one organisation of `count` entries, anchored; returns its address."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    url = f"sqlite:///{folder / 'service-manual.sqlite'}"
    engine = open_database(url)
    migrate(engine)
    with writing(engine) as session:
        owner = Organisation(
            code="BENCH", name="量", time_zone="Asia/Shanghai", number_pattern="{serial}", profile_fingerprint="", created_at=AT
        )
        session.add(owner)
        session.flush()
        fill(session, owner, count)
        anchor(session, owner.id, owner.code, signing_key(folder), at=AT + timedelta(days=30))
    engine.dispose()
    return url


def verify(folder: Path, count: int = ENTRIES, times: int = 3) -> Timed:
    """Seconds and peak memory of the command, anchors and head included."""
    words = [sys.executable, "-m", "service", "--database", prepare(folder, count), "--data", str(folder), "trail", "verify"]
    return measure.command(words, times=times)


def main() -> None:
    timed = verify(HOME)
    holds = timed.seconds <= SECONDS and timed.megabytes <= MEGABYTES
    sys.stdout.write(
        f"trail verify, {ENTRIES:,} entries: {timed.seconds:.1f} s of {SECONDS:.0f} s, {timed.megabytes:.0f} MB of {MEGABYTES:.0f} MB"
        f"{'' if holds else '  over'}\n"
    )
    shutil.rmtree(HOME, ignore_errors=True)


if __name__ == "__main__":
    main()
