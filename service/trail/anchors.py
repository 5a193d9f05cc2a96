"""Anchors: a signed statement of how far an organisation's chain had come. Whoever holds one sees a later cut or rewriting."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from service.errors import InputError, Place
from service.trail.rules import canonical

_PURPOSE = "service-manual trail anchor 1"  # what else may be signed with this key never looks like an anchor


@dataclass(frozen=True, slots=True)
class Anchor:
    """`organisation` (its code) had `count` entries at `at` (UTC), the last one sealed `seal`; `signature` is Ed25519, 128 hex digits."""

    organisation: str
    count: int
    seal: str
    at: datetime
    signature: str


def statement(organisation: str, count: int, seal: str, at: datetime) -> bytes:
    """What is signed."""
    return canonical((_PURPOSE, organisation, str(count), seal, at.astimezone(UTC).isoformat()))


def signed(key: Ed25519PrivateKey, organisation: str, count: int, seal: str, at: datetime) -> Anchor:
    """An anchor with its signature."""
    at = at.astimezone(UTC)
    return Anchor(organisation, count, seal, at, key.sign(statement(organisation, count, seal, at)).hex())


def is_genuine(anchor: Anchor, key: Ed25519PublicKey) -> bool:
    """Whether the holder of the private key signed exactly this."""
    try:
        signature = bytes.fromhex(anchor.signature)
        key.verify(signature, statement(anchor.organisation, anchor.count, anchor.seal, anchor.at))
    except (InvalidSignature, ValueError):
        return False
    return signature.hex() == anchor.signature


def write_anchors(anchors: Iterable[Anchor]) -> str:
    """Anchors as a JSON list, readable."""
    rows = [
        {"organisation": a.organisation, "count": a.count, "seal": a.seal, "at": a.at.isoformat(), "signature": a.signature}
        for a in anchors
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"


def read_anchors(text: str, file: str = "") -> tuple[Anchor, ...]:
    """What `write_anchors` wrote; InputError if it is something else. Signatures are not looked at here."""
    try:
        return tuple(_read(row) for row in json.loads(text))
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as fault:
        raise InputError("不是锚点文件，应为 trail anchor 输出的 JSON", code="bad_anchors", place=Place(file)) from fault


def _read(row: dict[str, object]) -> Anchor:
    code, count, seal, at, signature = (row[name] for name in ("organisation", "count", "seal", "at", "signature"))
    texts = [value for value in (code, seal, at, signature) if isinstance(value, str)]
    if len(row) != 5 or len(texts) != 4 or type(count) is not int or count < 1:
        raise ValueError("not an anchor")
    moment = datetime.fromisoformat(texts[2])
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return Anchor(texts[0], count, texts[1], moment, texts[3])


def read_public_key(pem: bytes, file: str = "") -> Ed25519PublicKey:
    """An Ed25519 public key in PEM; InputError for anything else."""
    try:
        key = load_pem_public_key(pem)
    except ValueError:
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise InputError("不是 Ed25519 公钥，应为 PEM 格式", code="bad_public_key", place=Place(file))
    return key
