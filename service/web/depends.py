"""Dependencies of routes: a session per request, committed before the answer leaves; the day a page is about; what a form must bring."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Annotated

from fastapi import Depends, Query, Request
from fastapi.concurrency import run_in_threadpool
from sqlmodel import Session

from service.clock import read_moment
from service.db import reading_session, writing
from service.errors import InputError

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


async def read_session(request: Request) -> AsyncIterator[Session]:
    """Opened without a thread, since it asks nothing before its first select; given back in one."""
    session = reading_session(request.app.state.engine)
    try:
        yield session
    finally:
        await run_in_threadpool(session.close)


def write_session(request: Request) -> Iterator[Session]:
    """One transaction, committed before the answer leaves."""
    with writing(request.app.state.engine) as session:
        yield session


def later(request: Request) -> Callable[[], AbstractContextManager[Session]]:
    """For a route that reads and leaves an entry in the trail: opens a short transaction when the answer is made, so that making it keeps
    nobody from writing, and a fault on the way leaves nothing."""
    return lambda: writing(request.app.state.engine)


Reading = Annotated[Session, Depends(read_session)]
Writing = Annotated[Session, Depends(write_session, scope="function")]
Noting = Annotated[Callable[[], AbstractContextManager[Session]], Depends(later)]


async def as_of(as_of: Annotated[str | None, Query(description="日期 YYYY-MM-DD，默认今天")] = None) -> date | None:
    """The day a page is about; None is today in the organisation's time zone."""
    if not as_of:
        return None
    try:
        return date.fromisoformat(as_of)
    except ValueError as fault:
        raise InputError(f"“{as_of}”不是日期，请写成 YYYY-MM-DD", code="bad_date") from fault


async def recorded_on(
    recorded_on: Annotated[str | None, Query(description="按系统在此时刻所知（ISO 8601，须带时区），默认现在")] = None,
) -> datetime | None:
    """The second clock: what the system knew at this moment; None is now."""
    return read_moment(recorded_on) if recorded_on else None


async def csrf_sent(request: Request) -> str:
    """The CSRF token that came along: in the header of a program or script, or in the field `csrf` of a form."""
    header = request.headers.get("x-csrf-token")
    if header is None and request.headers.get("content-type", "").startswith(FORMS):
        field = (await request.form()).get("csrf")
        return field if isinstance(field, str) else ""
    return header or ""


AsOf = Annotated[date | None, Depends(as_of)]
RecordedOn = Annotated[datetime | None, Depends(recorded_on)]
