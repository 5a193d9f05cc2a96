"""Fingerprints: SHA-256 over a canonical, unambiguous form of plain values."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, is_dataclass
from enum import Enum


def plain(value: object) -> object:
    """Dataclasses, tuples and enums as JSON values; a dataclass carries its name, so that two kinds never look alike.

    Fields declared `compare=False` (such as source lines) are left out: they say where, not what.
    """
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return [type(value).__name__, *(plain(getattr(value, f.name)) for f in fields(value) if f.compare)]
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    return value


def fingerprint(value: object) -> str:
    """64 hex digits over `value` (dataclasses, tuples, dicts, text, numbers, None)."""
    text = json.dumps(plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def file_fingerprint(data: bytes) -> str:
    """SHA-256 of a file's bytes, as 64 hex digits."""
    return hashlib.sha256(data).hexdigest()
