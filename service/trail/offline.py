"""An exported trail verified by whoever holds it: the file, the anchors and the public key, no database."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from service.errors import InputError, Place
from service.trail.anchors import Anchor
from service.trail.chain import Head, Link, Verdict, verify_chain
from service.trail.export import FORMAT, OWN
from service.trail.rules import canonical_json

_HEADER = {"format", "organisation", "id", "count", "seal"}
_ENTRY = {"position", "previous", "seal", *OWN}


def verify_export(lines: Iterable[bytes], anchors: Iterable[Anchor], key: Ed25519PublicKey, file: str = "") -> Verdict:
    """The verdict over an exported trail, read line by line (with line feeds, as a file opened in binary gives them).

    InputError for a line that the export never writes, and if no anchor is about this organisation: a trail alone proves
    only that it fits itself, for anybody can make a new one.
    """
    numbered = enumerate(lines, 1)
    first = _value(*next(numbered, (1, b"")), names=_HEADER, file=file)
    organisation, head = _header(first, file)
    own = [anchor for anchor in anchors if anchor.organisation == first["organisation"]]
    if not own:
        raise InputError(f"没有企业 {first['organisation']} 的锚点，不能证明这份审计追踪", code="anchor_missing", place=Place(file))
    return verify_chain(organisation, _links(numbered, file), head, own, key)


def _links(numbered: Iterator[tuple[int, bytes]], file: str) -> Iterator[Link]:
    for number, line in numbered:
        value = _value(number, line, names=_ENTRY, file=file)
        *texts, details = (value[name] for name in OWN)
        yield Link(value["position"], value["previous"], value["seal"], (*texts, canonical_json(details)))


def _header(value: dict[str, Any], file: str) -> tuple[UUID, Head]:
    try:
        if value["format"] != FORMAT:
            raise ValueError("another format")
        if UUID(hex=value["id"]).hex != value["id"]:  # UUID reads hyphens and braces too, which the export never writes
            raise ValueError("not the id as exported")
        return UUID(hex=value["id"]), Head(int(value["count"]), str(value["seal"]))
    except (ValueError, TypeError, AttributeError) as fault:
        raise _not_exported(1, file) from fault


def _value(number: int, line: bytes, names: set[str], file: str) -> dict[str, Any]:
    """The value of a line; refused unless it is the very bytes that an export writes for it."""
    try:
        value = json.loads(line)
        if isinstance(value, dict) and value.keys() == names and canonical_json(value).encode() + b"\n" == line:
            return value
    except (ValueError, RecursionError) as fault:
        raise _not_exported(number, file) from fault
    raise _not_exported(number, file)


def _not_exported(number: int, file: str) -> InputError:
    return InputError("这一行不是 trail export 写出的内容，文件已被改动或不完整", code="bad_trail_export", place=Place(file, number))
