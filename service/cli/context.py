"""What commands share: the database they open, how they print, and how a refusal ends."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, NoReturn, ParamSpec, TypeVar

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from service import clock
from service.db import database_file, open_database, reading, require_migrated, writing
from service.errors import InputError, ServiceError
from service.kit.reasons import reason
from service.organisations.models import Organisation
from service.organisations.queries import actor, find_organisation
from service.organisations.rules import Actor
from service.settings import settings

out = Console()
err = Console(stderr=True)

P = ParamSpec("P")
T = TypeVar("T")

OrganisationOption = Annotated[str, typer.Option("--organisation", help="企业代号")]
JsonOption = Annotated[bool, typer.Option("--json", help="输出 JSON")]
ByOption = Annotated[str, typer.Option("--by", help="操作人登录名")]
DateOption = Annotated[str | None, typer.Option("--as-of", help="日期 YYYY-MM-DD，默认今天")]


def use(database: str | None, data: Path | None) -> None:
    """Global options become the environment that settings read; called before any command runs."""
    if database:
        os.environ["SERVICE_MANUAL_DATABASE"] = database
    if data:
        os.environ["SERVICE_MANUAL_DATA"] = str(data.resolve())
    settings.cache_clear()


@contextmanager
def opening() -> Iterator[None]:
    """What stands in the way of opening the database, as one sentence."""
    try:
        yield
    except OSError as fault:
        raise InputError(f"无法使用数据文件夹 {settings().data}：{reason(fault)}", code="data_not_usable") from fault
    except (SQLAlchemyError, ImportError) as fault:  # ImportError: a database whose driver is not installed
        raise InputError("无法打开数据库，请检查 --database 的地址和数据库本身", code="database_not_usable") from fault


def new_database() -> Engine:
    """The database that the settings name, its folder made if need be."""
    with opening():
        engine = open_database(settings().database_url)
        file = database_file(engine)
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
        engine.connect().close()
    return engine


def migrated_database() -> Engine:
    """The same, if it is there and up to date; nothing is made."""
    with opening():
        engine = open_database(settings().database_url)
        require_migrated(engine)
    return engine


@contextmanager
def read_session() -> Iterator[Session]:
    with reading(migrated_database()) as session:
        yield session


@contextmanager
def write_session() -> Iterator[Session]:
    with writing(migrated_database()) as session:
        yield session


def moment() -> datetime:
    return clock.now()


def day(text: str | None, organisation: Organisation) -> date:
    """A date option, or today in the organisation's time zone."""
    if text is None:
        return clock.today(organisation.time_zone)
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise InputError(f"“{text}”不是日期，请写成 YYYY-MM-DD", code="bad_date") from fault


def who(session: Session, code: str, login: str) -> tuple[Organisation, Actor]:
    """The organisation and the person who acts in it today."""
    organisation = find_organisation(session, code)
    return organisation, actor(session, organisation, login, clock.today(organisation.time_zone))


def guarded(command: Callable[P, T]) -> Callable[P, T]:
    """A refusal ends the command with one sentence and its code on stderr, exit 1."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return command(*args, **kwargs)
        except ServiceError as fault:
            fail(fault)

    return run


def fail(fault: ServiceError) -> NoReturn:
    err.print(f"错误[{fault.code}]：{fault}", style="red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(1)


def print_json(value: Any) -> None:
    """JSON for programs: UTF-8, readable, dates as text."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def print_table(heads: list[str], rows: list[list[str]], title: str = "") -> None:
    table = Table(*heads, title=title or None)
    for row in rows:
        table.add_row(*row)
    out.print(table)


def say(words: str) -> None:
    out.print(words, markup=False, highlight=False, soft_wrap=True)
