"""The database: engine, the two kinds of session, and the column types every table shares."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Connection, DateTime, Dialect, Engine, Enum, MetaData, TypeDecorator, event, inspect, make_url, text
from sqlmodel import Field, Session, SQLModel, create_engine

from service.errors import InputError, Unauthenticated
from service.settings import ROOT

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
metadata: MetaData = SQLModel.metadata


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept in UTC; a naive one is refused rather than guessed (SQLite drops the zone, so it is put back)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        return None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def enum_type(kind: type[StrEnum]) -> Any:
    """Column type for an enum: its values (not Python's names) as text, checked on the way in."""
    values = {"values_callable": lambda k: [item.value for item in k], "validate_strings": True}
    return Enum(kind, **values, native_enum=False, create_constraint=False, length=40)


def new_id() -> uuid.UUID:
    return uuid.uuid4()


def id_field() -> Any:
    """Primary key: random, so that an id says nothing about how many there are."""
    return Field(default_factory=new_id, primary_key=True)


def moment_field(**options: Any) -> Any:
    return Field(sa_type=UtcDateTime, **options)


def enum_field(kind: type[StrEnum], **options: Any) -> Any:
    return Field(sa_type=enum_type(kind), **options)


def json_field(**options: Any) -> Any:
    return Field(sa_type=JSON, **options)


AT_ONCE = 40
"""Connections kept open: one for each thread that answers requests."""


def open_database(url: str) -> Engine:
    """An engine for SQLite (foreign keys on, WAL, waits 30 s for a lock) or PostgreSQL. Its faults name no values: some are secrets."""
    if make_url(url).get_backend_name() != "sqlite":
        address = url.replace("postgresql://", "postgresql+psycopg://", 1)
        return create_engine(address, pool_size=AT_ONCE, pool_pre_ping=True, hide_parameters=True)
    engine = create_engine(url, connect_args={"timeout": 30, "check_same_thread": False}, pool_size=AT_ONCE, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we begin ourselves, see _begin_sqlite
    for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes the lock at once: a reader that upgrades later would fail instead of waiting."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def database_file(engine: Engine) -> Path | None:
    """The file of an SQLite database; None for a server or a database in memory."""
    name = engine.url.database if engine.dialect.name == "sqlite" else None
    return Path(name) if name and name != ":memory:" else None


def newest_migration() -> str:
    """The revision that the program's own migrations end with: they are numbered in their file names."""
    return max(file.name.split("_")[0] for file in (ROOT / "migrations" / "versions").glob("*.py"))


def require_migrated(engine: Engine) -> None:
    """InputError if this database lacks a migration. Without Alembic, which every command would have to load; makes no file."""
    file = database_file(engine)
    if (file is not None and not file.exists()) or not inspect(engine).has_table("alembic_version"):
        raise InputError("数据库尚未初始化，请先运行 service-manual migrate", code="not_migrated")
    with engine.connect() as connection:
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if found != newest_migration():
        raise InputError(f"数据库结构（{found}）与程序（{newest_migration()}）不一致，请先运行 service-manual migrate", code="not_migrated")


def reading_session(engine: Engine) -> Session:
    """A session that sees one state of the database and changes nothing (SQLite gives that by itself). Nothing is asked before its first select."""
    options = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    return Session(engine.execution_options(**options), autoflush=False)


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """The same, closed when the block ends."""
    with reading_session(engine) as session:
        yield session


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """One transaction: committed when the block ends, undone if it raises. Only an edge (command, page, API, job) opens one."""
    refused: Unauthenticated | None = None
    with Session(engine.execution_options(writes=True), expire_on_commit=False) as session, session.begin():
        try:
            yield session
        except Unauthenticated as fault:  # nothing was done, but the failure counts: that much is committed
            refused = fault
    if refused is not None:
        raise refused
