"""What commands share: the database they open, how they print, and how a refusal ends."""

from __future__ import annotations

import json
import os
import sys
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
from service.accounts.login import identify
from service.accounts.models import User
from service.accounts.queries import user_by_login
from service.accounts.rules import Denied
from service.accounts.second_factor import has_second_factor
from service.db import database_file, open_database, reading, require_migrated, writing
from service.errors import InputError, ServiceError, Unauthenticated
from service.kit.reasons import reason
from service.organisations.models import Organisation
from service.organisations.queries import find_organisation, member_actor
from service.organisations.rules import SYSTEM, Actor
from service.settings import settings

out = Console()
err = Console(stderr=True)

P = ParamSpec("P")
T = TypeVar("T")

OrganisationOption = Annotated[str, typer.Option("--organisation", help="企业代号")]
JsonOption = Annotated[bool, typer.Option("--json", help="输出 JSON")]
ByOption = Annotated[str, typer.Option("--by", help="操作人登录名")]
DateOption = Annotated[str | None, typer.Option("--as-of", help="日期 YYYY-MM-DD，默认今天")]
RecordedOption = Annotated[str | None, typer.Option("--recorded-on", help="按系统在此时刻所知（ISO 8601，须带时区），默认现在")]


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


def recorded(text: str | None) -> datetime | None:
    """The option of the second clock; None is now."""
    return None if text is None else clock.read_moment(text)


@contextmanager
def acting(code: str, login: str) -> Iterator[tuple[Session, Organisation, Actor]]:
    """One transaction in which a person acts in an organisation: he shows who he is by his password (and second factor, if he has one)."""
    migrated_database()
    password = ask(f"{login} 的密码")
    with read_session() as session:
        user = user_by_login(session, login)
        needs_code = user is not None and has_second_factor(user)
    factor = ask("动态验证码") if needs_code else ""  # before the transaction, which keeps everybody else from writing
    with write_session() as session:
        user = _identified(session, login, password, factor)
        organisation = find_organisation(session, code)
        yield session, organisation, member_actor(session, organisation, user, clock.today(organisation.time_zone))


@contextmanager
def as_system(code: str) -> Iterator[tuple[Session, Organisation, Actor]]:
    """The same for set-up, where no person acts: whoever has the command line has the database."""
    with write_session() as session:
        yield session, find_organisation(session, code), SYSTEM


def _identified(session: Session, login: str, password: str, factor: str) -> User:
    answer = identify(session, login, password, code=factor, at=clock.now())
    if isinstance(answer, Denied):
        raise Unauthenticated(answer.message, code=answer.reason.value, until=answer.until)
    return answer


def ask(what: str, *, twice: bool = False) -> str:
    """A secret, typed without echo at a terminal, else one line of standard input; never an argument, which others could read."""
    if sys.stdin.isatty():
        return str(typer.prompt(what, hide_input=True, confirmation_prompt="再输入一次" if twice else False))
    try:
        secret = sys.stdin.readline().rstrip("\r\n")
    except UnicodeDecodeError as fault:
        raise InputError("标准输入中的密码不是有效的文字", code="password_not_readable") from fault
    if not secret:
        raise InputError("没有从标准输入读到密码", code="password_missing")
    return secret


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
