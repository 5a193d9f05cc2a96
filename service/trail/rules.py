"""How an entry is sealed: length-prefixed fields, so that no two different entries share one canonical form."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

START = "0" * 64


def canonical(fields: Iterable[str]) -> bytes:
    """Each field as its length in bytes, a colon and its UTF-8 bytes."""
    encoded = [field.encode() for field in fields]
    return b"".join(b"%d:%s" % (len(field), field) for field in encoded)


def seal(
    previous: str,
    organisation: UUID,
    position: int,
    at: datetime,
    by: str,
    action: str,
    subject: str,
    subject_id: str,
    details: dict[str, Any],
) -> str:
    """64 hex digits over the previous seal and the entry's own fields; no database id takes part."""
    text = json.dumps(details, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    fields = (previous, organisation.hex, str(position), at.isoformat(), by, action, subject, subject_id, text)
    return hashlib.sha256(canonical(fields)).hexdigest()
