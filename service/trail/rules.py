"""How an entry is sealed: length-prefixed fields, so that no two different entries share one canonical form."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

START = "0" * 64
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical(fields: Iterable[str]) -> bytes:
    """Each field as its length in bytes, a colon and its UTF-8 bytes."""
    return b"".join([b"%d:%b" % (len(field), field) for field in [text.encode() for text in fields]])


def canonical_json(value: object) -> str:
    """The one text of a JSON value: keys sorted, no spaces, every character as itself. It is what is sealed, stored and exported."""
    return _ENCODER.encode(value)


def plain(details: dict[str, Any]) -> dict[str, Any]:
    """`details` as they will be read back (tuples become lists, keys text); TypeError or ValueError for what no database keeps as it is.

    No JSON: NaN, infinities, objects. No UTF-8: half a surrogate pair. A key that is a number would be sorted as one, but read back as text.
    """
    kept: dict[str, Any] = json.loads(json.dumps(details, allow_nan=False))
    canonical_json(kept).encode()
    return kept


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
    own = (at.isoformat(), by, action, subject, subject_id, canonical_json(details))
    return seal_of(previous, organisation.hex, position, own)


def seal_of(previous: str, organisation: str, position: int, own: tuple[str, ...]) -> str:
    """The same over texts: `organisation` as 32 hex digits, `own` = moment (ISO, UTC), by, action, subject, its id, canonical details."""
    return hashlib.sha256(canonical((previous, organisation, str(position), *own))).hexdigest()
