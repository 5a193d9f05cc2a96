"""What the pages of accounts share: where a log-in leads, how a refusal is shown in its form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Form
from sqlmodel import Session

from service import clock
from service.accounts.rules import Denial, Denied
from service.errors import ServiceError
from service.web.faults import status_of

HOME = "/organisations"
Field = Annotated[str, Form(max_length=1000)]
"""One field of a form; the rules say what is wrong with it, the length only bounds the work."""


def local_path(wanted: str) -> str:
    """Where to go after the log-in: a path of this site, and no other, however it is disguised; else the first page."""
    is_path = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted
    return wanted if is_path and wanted.isascii() and wanted.isprintable() else HOME


def tried(session: Session, act: Callable[[], Denied | None]) -> tuple[str, int]:
    """(why it was refused, the status of the page); ("", 200) if it was done. What a refused act had changed before is undone."""
    try:
        with session.begin_nested():
            denied = act()
    except ServiceError as fault:
        return str(fault), status_of(fault)
    if denied is None:
        return "", 200
    words = "密码不正确" if denied.reason is Denial.WRONG else denied_words(denied, clock.now())
    return words, 422 if denied.until is None else 429


def denied_words(denied: Denied, at: datetime) -> str:
    """The refusal of somebody who did not show who he is; with how long to wait, if he has to."""
    if denied.until is None:
        return denied.message
    minutes = -(-(denied.until - at) // timedelta(minutes=1))
    return f"失败次数过多，请在 {minutes} 分钟后再试"
