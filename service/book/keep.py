"""What is kept from one run to the next because making it costs more than reading it: drawings, places on pages, pictures. Whoever keeps
it is not known here."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Protocol, TypeVar

from service.kit.fingerprint import fingerprint

Value = TypeVar("Value")


class Keep(Protocol):
    """Bytes by a key of 64 hex digits; may forget any at any time."""

    def __hash__(self) -> int: ...

    def find(self, key: str) -> bytes | None: ...

    def keep(self, key: str, data: bytes) -> None: ...


def kept(
    keep: Keep | None, made_of: object, make: Callable[[], Value], write: Callable[[Value], bytes], read: Callable[[bytes], Value]
) -> Value:
    """What was made of the same before, or what `make` makes now.

    `made_of` says everything that it depends on but the program itself, which whoever keeps it has to tell apart. `read` raises ValueError,
    TypeError or KeyError for bytes that `write` did not write: then it is made anew.
    """
    if keep is None:
        return make()
    key = fingerprint(made_of)
    data = keep.find(key)
    if data is not None:
        with suppress(ValueError, TypeError, KeyError):
            return read(data)
    found = make()
    keep.keep(key, write(found))
    return found
