"""The key that PDF files are signed with when they are handed out, if the settings name one."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from service.errors import InputError
from service.settings import Settings

if TYPE_CHECKING:
    from service.book.pdf_sign import SigningKey


def signing_key(chosen: Settings) -> SigningKey | None:
    """The key that the settings name, None without one; InputError `bad_signing_key` if it cannot be read or opened.

    A file that was exchanged is read anew.
    """
    path = chosen.signing_p12
    if path is None:
        return None
    try:
        changed = path.stat().st_mtime_ns
    except OSError as fault:
        raise InputError("SERVICE_MANUAL_SIGNING_P12 所指的签名证书文件不存在或无权读取", code="bad_signing_key") from fault
    return _read(path, changed, chosen.signing_passphrase.get_secret_value())


@lru_cache(maxsize=2)
def _read(path: Path, _changed: int, passphrase: str) -> SigningKey:
    from service.book.pdf_sign import read_key  # pyHanko takes a while to load, and most have no key

    try:
        data = path.read_bytes()
    except OSError as fault:
        raise InputError("SERVICE_MANUAL_SIGNING_P12 所指的签名证书文件不存在或无权读取", code="bad_signing_key") from fault
    return read_key(data, passphrase)
