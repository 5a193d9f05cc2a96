"""Collections in pages: `limit` items, and a cursor that leads to the next ones."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel

from service.errors import InputError

LARGEST, USUAL = 500, 100
T = TypeVar("T")
Limit = Annotated[int, Query(ge=1, le=LARGEST, description="每页条数")]
Cursor = Annotated[str | None, Query(max_length=400, description="上一页给出的 next_cursor")]


class Page(BaseModel, Generic[T]):
    """Part of a collection; `next_cursor` is null on the last page."""

    items: list[T]
    next_cursor: str | None


def paged(rows: Sequence[T], key: Callable[[T], str], limit: int, cursor: str | None) -> Page[T]:
    """The rows after the one the cursor names, in the given order. InputError for a cursor that names none of them.

    A cursor holds the key of the last row seen, so that rows which come or go before it shift nothing.
    """
    start = 0 if cursor is None else _position(rows, key, cursor) + 1
    part = rows[start : start + limit]
    more = start + limit < len(rows)
    return Page(items=list(part), next_cursor=_sealed(key(part[-1])) if more else None)


def _position(rows: Sequence[T], key: Callable[[T], str], cursor: str) -> int:
    wanted = opened(cursor)
    found = next((index for index, row in enumerate(rows) if key(row) == wanted), None)
    if found is None:
        raise InputError("cursor 已失效，请从第一页重新读取", code="bad_cursor")
    return found


def _sealed(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def opened(cursor: str) -> str:
    """The key that a cursor holds, for a collection that is read from it on; InputError for what is no cursor."""
    try:
        return base64.b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (ValueError, binascii.Error) as fault:
        raise InputError("cursor 不是由本接口给出的", code="bad_cursor") from fault
