"""Moments are aware and in UTC; a day is the organisation's own."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from service.clock import local_date, now, today

BEFORE_MIDNIGHT = datetime(2026, 2, 28, 15, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "time_zone", "day"),
    [
        (BEFORE_MIDNIGHT, "Asia/Shanghai", date(2026, 2, 28)),
        (BEFORE_MIDNIGHT + timedelta(seconds=1), "Asia/Shanghai", date(2026, 3, 1)),
        (BEFORE_MIDNIGHT + timedelta(seconds=1), "UTC", date(2026, 2, 28)),
        (BEFORE_MIDNIGHT, "America/New_York", date(2026, 2, 28)),
        (datetime(2026, 3, 1, 4, tzinfo=UTC), "America/New_York", date(2026, 2, 28)),
    ],
)
def test_day_of_a_moment_depends_on_the_time_zone(moment: datetime, time_zone: str, day: date) -> None:
    assert local_date(moment, time_zone) == day


def test_now_is_aware_and_in_utc() -> None:
    assert now().utcoffset() == timedelta(0)
    assert abs(now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_today_is_the_local_day_of_now() -> None:
    assert today("Pacific/Pago_Pago") < today("Pacific/Kiritimati")  # 25 hours apart
    assert today() in {local_date(now(), "Asia/Shanghai"), local_date(now() - timedelta(seconds=1), "Asia/Shanghai")}
