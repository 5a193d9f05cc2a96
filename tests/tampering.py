"""A chain to try things on, and what somebody with the database in their hands could do: the triggers go, then the rows are theirs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, text, update
from sqlmodel import Session, col

from service.organisations.models import Organisation
from service.trail.actions import record
from service.trail.models import TrailEntry, TrailHead
from service.trail.queries import entries
from service.trail.rules import seal

AT = datetime(2026, 3, 1, 2, 30, 15, 123456, tzinfo=UTC)
TRIGGERS = {"sqlite": ("update", "delete", "replace"), "postgresql": ("change", "truncate")}


def organisation(session: Session, code: str = "JC") -> Organisation:
    """A bare organisation without any entry."""
    bare = Organisation(
        code=code, name="示范甲公司", time_zone="Asia/Shanghai", number_pattern="{serial}", profile_fingerprint="", created_at=AT
    )
    session.add(bare)
    session.flush()
    return bare


def chain(session: Session, length: int, code: str = "JC") -> Organisation:
    """An organisation with this many entries."""
    owner = organisation(session, code)
    for number in range(1, length + 1):
        details = {"number": number, "words": ["甲", None, 1.5, True]}
        when = AT + timedelta(hours=number)
        record(session, owner.id, at=when, by="li", action="document:create", subject="document", subject_id=f"D-{number}", details=details)
    return owner


def drop_triggers(connection: Connection) -> None:
    """Of this transaction's view of both tables; dropping them twice does no harm."""
    dialect = connection.dialect.name
    for table in ("trail_entry", "trail_anchor"):
        for act in TRIGGERS[dialect]:
            connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_{act}" + (f" ON {table}" if dialect == "postgresql" else "")))


def change(session: Session, owner: Organisation, position: int, /, **values: object) -> None:
    drop_triggers(session.connection())
    session.execute(update(TrailEntry).where(*_at(owner, position)).values(**values))
    session.expire_all()


def remove(session: Session, owner: Organisation, *positions: int) -> None:
    drop_triggers(session.connection())
    session.execute(delete(TrailEntry).where(*_at(owner, *positions)))
    session.expire_all()


def renumber(session: Session, owner: Organisation, moves: Sequence[tuple[int, int]]) -> None:
    """Each (old position, new position), one after the other."""
    for old, new in moves:
        change(session, owner, old, position=new)


def set_head(session: Session, owner: Organisation, position: int, sealed: str) -> None:
    session.execute(update(TrailHead).where(col(TrailHead.organisation_id) == owner.id).values(position=position, seal=sealed))
    session.expire_all()


def cut_with_head(session: Session, owner: Organisation, length: int) -> None:
    """Only the first `length` entries are left and the head says so too: the chain fits itself."""
    rows = entries(session, owner.id)
    sealed = rows[length - 1].seal
    remove(session, owner, *range(length + 1, len(rows) + 1))
    set_head(session, owner, length, sealed)


def rewrite(session: Session, owner: Organisation, position: int, by: str) -> None:
    """Another name in one entry, and every seal from there on made again: the chain fits itself."""
    rows = entries(session, owner.id)
    previous = rows[position - 1].previous
    for row in rows[position - 1 :]:
        name = by if row.position == position else row.by
        sealed = seal(previous, owner.id, row.position, row.at, name, row.action, row.subject, row.subject_id, row.details)
        change(session, owner, row.position, by=name, previous=previous, seal=sealed)
        previous = sealed
    set_head(session, owner, len(rows), previous)


def cut_and_go_on(session: Session, owner: Organisation, length: int) -> None:
    """The tail is cut and other entries stand in its place."""
    rows = entries(session, owner.id)
    last = rows[-1]
    at, count = last.at, last.position
    cut_with_head(session, owner, length)
    for _ in range(length, count):
        record(session, owner.id, at=at, by="mallory", action="a", subject="s", subject_id="1")
    session.expire_all()


def _at(owner: Organisation, *positions: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Which entries are meant."""
    return col(TrailEntry.organisation_id) == owner.id, col(TrailEntry.position).in_(positions)
