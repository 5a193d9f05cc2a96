"""The present moment, in one place: UTC for the database, a date in the organisation's time zone for people."""

from __future__ import annotations

from datetime import MAXYEAR, UTC, date, datetime
from zoneinfo import ZoneInfo

from service.errors import InputError


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def local_date(moment: datetime, time_zone: str) -> date:
    """The calendar day of `moment` (aware) in `time_zone` (IANA name)."""
    return moment.astimezone(ZoneInfo(time_zone)).date()


def today(time_zone: str = "Asia/Shanghai") -> date:
    return local_date(now(), time_zone)


def read_moment(text: str) -> datetime:
    """A moment as people and programs write it, aware, in UTC. InputError for what is none, has no time zone or is no moment everywhere."""
    try:
        moment = datetime.fromisoformat(text)
        if not 1 < moment.year < MAXYEAR:
            raise ValueError(text)
    except ValueError as fault:
        raise InputError(f"“{text}”不是时刻，请写成 2026-03-01T09:00:00+08:00", code="bad_moment") from fault
    if moment.tzinfo is None:
        raise InputError(f"“{text}”没有时区，请写成 2026-03-01T09:00:00+08:00", code="bad_moment")
    return moment.astimezone(UTC)
