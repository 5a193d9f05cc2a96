"""The trail as JSON lines for somebody outside: a first line that says whose and how long, then one line per entry."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from uuid import UUID

from service.trail.chain import Head, Link
from service.trail.rules import canonical_json

FORMAT = "service-manual-trail/1"
OWN = ("at", "by", "action", "subject", "subject_id", "details")


def export_lines(code: str, organisation: UUID, head: Head, links: Iterable[Link]) -> Iterator[bytes]:
    """Every line is the canonical JSON of its value and a line feed, so that no other bytes say the same."""
    yield _line({"format": FORMAT, "organisation": code, "id": organisation.hex, "count": head.position, "seal": head.seal})
    for link in links:
        own: dict[str, object] = dict(zip(OWN, link.own, strict=True))
        own["details"] = json.loads(link.own[-1])
        yield _line({"position": link.position, "previous": link.previous, "seal": link.seal, **own})


def _line(value: object) -> bytes:
    return canonical_json(value).encode() + b"\n"
