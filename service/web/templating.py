"""Rendering pages: one strict, escaping Jinja2 environment over templates/pages."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from service.settings import settings


@lru_cache
def environment() -> Environment:
    pages = Environment(
        loader=FileSystemLoader(settings().templates / "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters["day"] = lambda day: f"{day.year}年{day.month}月{day.day}日" if day else ""
    return pages


def page(template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """The page `template` (path below templates/pages) with its context; a name that is missing is an error, never a blank."""
    return HTMLResponse(environment().get_template(template).render(**context), status_code=status)
