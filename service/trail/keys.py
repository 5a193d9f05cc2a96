"""The key pair that signs anchors: made on first use in the data folder, the private half readable by its owner only."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat, load_pem_private_key

from service.errors import InputError
from service.kit.reasons import reason
from service.trail.anchors import read_public_key

PRIVATE, PUBLIC = "trail-key.pem", "trail-key.public.pem"


def signing_key(data: Path) -> Ed25519PrivateKey:
    """The private key of this data folder, made (mode 0600) with its public half beside it if there is none yet."""
    try:
        if not (data / PRIVATE).exists():
            _place(data / PRIVATE, _private_pem(Ed25519PrivateKey.generate()))
        key = load_pem_private_key((data / PRIVATE).read_bytes(), None)
        if not isinstance(key, Ed25519PrivateKey):
            raise ValueError("another kind of key")
        if not (data / PUBLIC).exists():
            _place(data / PUBLIC, public_pem(key.public_key()), mode=0o644)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as fault:
        why = reason(fault) if isinstance(fault, OSError) else "文件内容不是未加密的 Ed25519 私钥"
        raise InputError(f"无法使用签名密钥 {data / PRIVATE}：{why}", code="signing_key_not_usable") from fault
    return key


def public_key(data: Path) -> Ed25519PublicKey | None:
    """The public key of this data folder; None if no anchor has been signed here."""
    return read_public_key((data / PUBLIC).read_bytes(), PUBLIC) if (data / PUBLIC).is_file() else None


def public_pem(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _private_pem(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _place(target: Path, data: bytes, mode: int = 0o600) -> None:
    """Whole or not at all, and never over one that another process has just made: the first one stays."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".key-") as waiting:  # made with mode 0600
        waiting.write(data)
        waiting.flush()
        os.fchmod(waiting.fileno(), mode)
        os.fsync(waiting.fileno())
        with suppress(FileExistsError):
            os.link(waiting.name, target)
