"""A house to try commands and pages in: a home folder with data and templates that the settings point to, and the command line."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import pytest
from small_firm import PASSWORD, give_accounts
from small_manual import with_manual, write_set
from sqlalchemy import event, func, make_url, select, text
from sqlmodel import Session, SQLModel
from typer.testing import CliRunner

from service.cli.main import app
from service.db import metadata, open_database, writing
from service.migrations import migrate
from service.organisations.queries import find_organisation
from service.settings import ROOT, settings

ADDRESS_FILE = "database.url"
Row = TypeVar("Row", bound=SQLModel)


@contextmanager
def loaded(session: Session, table: type[Row]) -> Iterator[list[Row]]:
    """The rows of a table that the session reads from the database meanwhile; it begins with none at hand."""
    session.flush()
    session.expunge_all()
    rows: list[Row] = []

    def listen(row: Row, _context: object) -> None:
        rows.append(row)

    event.listen(table, "load", listen)
    yield rows
    event.remove(table, "load", listen)


def database_of(home: Path) -> str:
    """The address of a home's database: the one it was given on a PostgreSQL server, else SQLite in its data folder."""
    given = home / ADDRESS_FILE
    return given.read_text("utf-8") if given.is_file() else f"sqlite:///{home / 'data' / 'service-manual.sqlite'}"


def new_database(server: str, former: str = "") -> str:
    """The address of a new database on a PostgreSQL server: empty, or a copy of `former`, to which nobody may be connected."""
    name = f"test_{uuid4().hex}"
    administer(server, f"CREATE DATABASE {name}" + (f" TEMPLATE {make_url(former).database}" if former else ""))
    return server.replace("/postgres?", f"/{name}?")


def administer(server: str, statement: str) -> None:
    administration = open_database(server)
    with administration.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(statement))
    administration.dispose()


@contextmanager
def copied(furnished: Path, home: Path, server: str | None) -> Iterator[Path]:
    """A copy of a furnished home with a database of its own, which is dropped in the end."""
    shutil.copytree(furnished, home, symlinks=True)
    if server is None:
        yield home
        return
    address = new_database(server, database_of(furnished))
    (home / ADDRESS_FILE).write_text(address, "utf-8")
    yield home
    administer(server, f"DROP DATABASE {make_url(address).database} WITH (FORCE)")


def furnish(home: Path) -> Path:
    """Templates with the small set; the pages are those of the product."""
    write_set(home / "templates")
    (home / "templates" / "pages").symlink_to(ROOT / "templates" / "pages")
    return home


def furnish_with_manual(home: Path, *codes: str, server: str | None = None) -> Path:
    """The same with firms whose small manual is in force from 1 February 2026; on a PostgreSQL `server` if one is named."""
    furnish(home)
    if server is not None:
        (home / ADDRESS_FILE).write_text(new_database(server), "utf-8")
    engine = open_database(database_of(home))
    migrate(engine)
    with writing(engine) as session:
        for code in codes:
            give_accounts(session, with_manual(session, code).organisation)
    engine.dispose()
    return home


def move_in(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the settings of this process read this home, and the current folder be an empty one in it."""
    (home / "desk").mkdir(exist_ok=True)
    monkeypatch.chdir(home / "desk")
    monkeypatch.setenv("SERVICE_MANUAL_DATABASE", database_of(home) if (home / ADDRESS_FILE).is_file() else "")
    monkeypatch.setenv("SERVICE_MANUAL_DATA", str(home / "data"))
    monkeypatch.setenv("SERVICE_MANUAL_TEMPLATES", str(home / "templates"))
    settings.cache_clear()
    return home


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command left: its exit code, standard output and standard error."""

    exit_code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def people(home: Path, code: str = "JC") -> None:
    """Accounts for the four of the firm that a command has made."""
    engine = open_database(database_of(home))
    with writing(engine) as session:
        give_accounts(session, find_organisation(session, code))
    engine.dispose()


def command(*words: str, typed: str = PASSWORD) -> Answer:
    """One command of `service-manual`, run in this process; what it does not catch is raised here. `typed` is what it reads if it asks."""
    before = {name: os.environ.get(name) for name in ("SERVICE_MANUAL_DATABASE", "SERVICE_MANUAL_DATA")}
    try:
        done = CliRunner().invoke(app, list(words), input=f"{typed}\n", catch_exceptions=False)
    finally:
        put_back(before)
    return Answer(done.exit_code, done.stdout, done.stderr)


def put_back(variables: Mapping[str, str | None]) -> None:
    """A command's --database and --data become variables of its process; here they would stay for the next command."""
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    settings.cache_clear()


def done(*words: str) -> Answer:
    """A command that must end well and say nothing on standard error."""
    answer = command(*words)
    assert (answer.exit_code, answer.err) == (0, "")
    return answer


def refused(code: str, *words: str) -> str:
    """The sentence by which a command is refused: exit 1, one line on standard error with the code, nothing on standard output."""
    answer = command(*words)
    assert (answer.exit_code, answer.out) == (1, "")
    start = f"错误[{code}]："
    assert answer.err.startswith(start), answer.err
    sentence = answer.err.removeprefix(start).rstrip("\n")
    assert "\n" not in sentence
    assert any("\u4e00" <= character <= "\u9fff" for character in sentence)
    assert "Traceback" not in sentence
    return sentence


def rows_in(home: Path) -> Mapping[str, int]:
    """How many rows each table of the home's database has, but for what is only remembered for an hour: how a build went."""
    engine = open_database(database_of(home))
    tables = [table for table in metadata.sorted_tables if table.name != "manual_making"]
    with engine.connect() as connection:
        counts = {table.name: connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables}
    engine.dispose()
    return counts
