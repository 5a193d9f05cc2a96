"""Fingerprints: SHA-256 over a canonical, unambiguous form of plain values."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Hashable
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import lru_cache


def plain(value: object) -> object:
    """Dataclasses, tuples and enums as JSON values; a dataclass carries its name, so that two kinds never look alike.

    Fields declared `compare=False` (such as source lines) are left out: they say where, not what.
    """
    kind = type(value)
    if kind in _PLAIN:
        return value
    if isinstance(value, Enum):
        return value.value
    names = _names(kind)  # type: ignore[arg-type]  # mypy takes a type object for unhashable
    if names is not None:
        return [kind.__name__, *[plain(getattr(value, name)) for name in names]]
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    return value


_PLAIN = frozenset({str, int, float, bool, type(None)})


@lru_cache(maxsize=1024)
def _names(kind: Hashable) -> tuple[str, ...] | None:
    """Of the fields of a dataclass that tell its values apart; None for any other kind."""
    return tuple(field.name for field in fields(kind) if field.compare) if isinstance(kind, type) and is_dataclass(kind) else None


def fingerprint(value: object) -> str:
    """64 hex digits over `value` (dataclasses, tuples, dicts, text, numbers, None)."""
    text = json.dumps(plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def file_fingerprint(data: bytes) -> str:
    """SHA-256 of a file's bytes, as 64 hex digits."""
    return hashlib.sha256(data).hexdigest()
