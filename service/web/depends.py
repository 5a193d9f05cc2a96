"""Dependencies of routes: a session per request, committed before the answer leaves; the organisation's code from the path."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated

from fastapi import Depends, Query, Request
from sqlmodel import Session

from service.db import reading, writing
from service.errors import InputError


def read_session(request: Request) -> Iterator[Session]:
    with reading(request.app.state.engine) as session:
        yield session


def write_session(request: Request) -> Iterator[Session]:
    with writing(request.app.state.engine) as session:
        yield session


Reading = Annotated[Session, Depends(read_session)]
Writing = Annotated[Session, Depends(write_session, scope="function")]


def as_of(as_of: Annotated[str | None, Query(description="日期 YYYY-MM-DD，默认今天")] = None) -> date | None:
    """The day a page is about; None is today in the organisation's time zone."""
    if not as_of:
        return None
    try:
        return date.fromisoformat(as_of)
    except ValueError as fault:
        raise InputError(f"“{as_of}”不是日期，请写成 YYYY-MM-DD", code="bad_date") from fault


AsOf = Annotated[date | None, Depends(as_of)]
