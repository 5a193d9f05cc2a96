"""Rendering pages: one strict, escaping Jinja2 environment over templates/pages."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from secrets import token_urlsafe
from typing import Any
from zoneinfo import ZoneInfo

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from service import clock
from service.kit.dates import chinese_date
from service.settings import settings
from service.web.forms import NOTHING
from service.web.icons import icon

USUAL_ZONE = "Asia/Shanghai"


@lru_cache
def environment() -> Environment:
    pages = Environment(
        loader=FileSystemLoader(settings().templates / "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters |= {"day": chinese_date, "moment": moment, "until": until, "size": size}
    pages.globals |= {"icon": icon, "once": lambda: token_urlsafe(12), "filled": NOTHING}
    return pages


def compile_all() -> None:
    """Every template made ready, so that nobody's first page waits for it."""
    pages = environment()
    for name in pages.list_templates(extensions=["html"]):
        pages.get_template(name)


def page(template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """The page `template` (path below templates/pages) with its context; a name that is missing is an error, never a blank."""
    return HTMLResponse(environment().get_template(template).render(status=status, **context), status_code=status)


@pass_context
def moment(context: Context, value: datetime | None) -> str:
    """A moment in the time zone of the page's organisation, as people say it: 今天 09:30, 昨天 17:05, 2026年3月2日 09:30."""
    if value is None:
        return ""
    zone = ZoneInfo(context.get("zone") or USUAL_ZONE)
    local, today = value.astimezone(zone), clock.now().astimezone(zone).date()
    words = {0: "今天", 1: "昨天"}.get((today - local.date()).days, chinese_date(local.date()))
    return f"{words} {local:%H:%M}"


@pass_context
def until(context: Context, value: date | None) -> str:
    """How far away a day is, as people say it: 还有 12 天, 今天, 已过 3 天."""
    if value is None:
        return ""
    days = (value - clock.today(context.get("zone") or USUAL_ZONE)) // timedelta(days=1)
    return f"还有 {days} 天" if days > 0 else ("今天" if days == 0 else f"已过 {-days} 天")


def size(value: int) -> str:
    """Bytes as people read them: 640 B, 12 KB, 1.4 MB."""
    if value < 1024:
        return f"{value} B"
    return f"{value / 1024:,.0f} KB" if value < 2**20 else f"{value / 2**20:,.1f} MB"
