"""The present moment, in one place: UTC for the database, a date in the organisation's time zone for people."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def local_date(moment: datetime, time_zone: str) -> date:
    """The calendar day of `moment` (aware) in `time_zone` (IANA name)."""
    return moment.astimezone(ZoneInfo(time_zone)).date()


def today(time_zone: str = "Asia/Shanghai") -> date:
    return local_date(now(), time_zone)
