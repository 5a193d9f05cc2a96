"""How secrets are made, hashed and compared: passwords by argon2, everything random by SHA-256."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from service.accounts.rules import PASSWORD_LENGTH, plain_password

HASHER = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19456, parallelism=1),))
"""argon2id with 19 MiB and two passes: the OWASP minimum; one log-in stays short, as it holds the lock of its counter."""


def new_token(kind: str) -> str:
    """A random secret of 256 bits in URL-safe letters, with a prefix by which a search for leaked secrets finds it."""
    return f"{kind}_{secrets.token_urlsafe(32)}"


def digest(token: str) -> str:
    """What is stored of a random secret: SHA-256 as 64 hex digits. It needs no salt: nobody guesses 256 bits."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def same(one: str, other: str) -> bool:
    """Whether two digests are equal, in a time that does not tell where they differ. What was sent may be any text."""
    return hmac.compare_digest(*(text.encode("utf-8", "surrogatepass") for text in (one, other)))


def hash_password(password: str) -> str:
    return HASHER.hash(_bytes(password))


def check_password(password: str, known: str | None) -> tuple[bool, str | None]:
    """(whether it is the password, its new hash if the old one is weaker than today's).

    Where there is nothing to compare with, one hash is computed all the same: the time says nothing.
    """
    if len(password) >= PASSWORD_LENGTH.stop:
        password, known = "", None
    if known is None:
        HASHER.hash(_bytes(password))
        return False, None
    return HASHER.verify_and_update(_bytes(password), known)


def _bytes(password: str) -> bytes:
    return plain_password(password).encode("utf-8", "surrogatepass")
