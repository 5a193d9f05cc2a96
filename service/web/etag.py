"""ETag and If-Match: who changes a thing says which state of it he has seen."""

from __future__ import annotations

from typing import Annotated

from fastapi import Header

from service.errors import Stale, Unseen
from service.kit.fingerprint import fingerprint

IfMatch = Annotated[str | None, Header(description="读取时得到的 ETag；不符时拒绝修改（412）")]


def etag(*parts: object) -> str:
    """The strong tag of a state, from what makes it up."""
    return f'"{fingerprint(parts)[:32]}"'


def require_match(if_match: str | None, current: str) -> None:
    """Unseen (428) without If-Match; Stale (412) if the thing is no longer what the caller saw. `*` matches whatever is there."""
    if if_match is None:
        raise Unseen("修改时请在 If-Match 中写明读取时得到的 ETag")
    if if_match.strip() != "*" and current not in [tag.strip() for tag in if_match.split(",")]:
        raise Stale("内容已被他人修改，请重新读取后再改")
