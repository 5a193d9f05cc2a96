"""Dates as Chinese documents write them."""

from __future__ import annotations

from datetime import date


def chinese_date(day: date | None) -> str:
    """2026年2月1日; empty for no date."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""
