"""Set pages as bytes that can be kept: a line of JSON with the numbers, and behind it everything that is bytes already."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import accumulate, pairwise
from typing import Any

from service.book.pdf_objects import Sheet, Sheets


def to_bytes(sheets: Sheets) -> bytes:
    blobs = list(_blobs(sheets))
    facts = {
        "plain": sheets.plain,
        "streams": list(sheets.streams),
        "pages": [sheet.number for sheet in sheets.pages],
        "tree": sheets.tree,
        "document": sheets.document,
        "top": sheets.top,
        "parents": sheets.parents,
        "ids": [number for _, number in sheets.ids],
        "profile": sheets.profile[0],
        "fingerprint": sheets.fingerprint,
        "lengths": [len(blob) for blob in blobs],
    }
    return b"".join((json.dumps(facts).encode(), b"\n", *blobs))


def from_bytes(data: bytes) -> Sheets:
    """The same sheets; ValueError, KeyError or TypeError for what is no such thing, or not whole."""
    line, _, rest = data.partition(b"\n")
    facts: Mapping[str, Any] = json.loads(line)
    ends = list(accumulate(facts["lengths"], initial=0))
    if ends[-1] != len(rest):
        raise ValueError("not whole")
    blobs = iter([rest[start:end] for start, end in pairwise(ends)])
    try:
        text, profile = next(blobs), next(blobs)
        streams = {number: (next(blobs), next(blobs)) for number in facts["streams"]}
        pages = tuple(Sheet(number, next(blobs), next(blobs)) for number in facts["pages"])
        ids = tuple((next(blobs), number) for number in facts["ids"])
    except (StopIteration, RuntimeError) as fault:  # inside a generator the one becomes the other
        raise ValueError("not whole") from fault
    parents = tuple((key, number) for key, number in facts["parents"])
    return Sheets(
        tuple(facts["plain"]),
        text,
        streams,
        pages,
        facts["tree"],
        facts["document"],
        tuple(facts["top"]),
        parents,
        ids,
        (facts["profile"], profile),
        facts["fingerprint"],
    )


def _blobs(sheets: Sheets) -> Iterator[bytes]:
    yield from (sheets.text, sheets.profile[1])
    for stream in sheets.streams.values():
        yield from stream
    for sheet in sheets.pages:
        yield from (sheet.body, sheet.open)
    yield from (name for name, _ in sheets.ids)
