"""The file store: a folder of files named by their SHA-256. A file once put never changes."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

from service.errors import NotFound
from service.kit.fingerprint import file_fingerprint

_NAME = re.compile(r"[0-9a-f]{64}")


def _path(store: Path, sha256: str) -> Path:
    return store / "files" / sha256[:2] / sha256


def put(store: Path, data: bytes) -> str:
    """Keep `data`; returns its SHA-256. Putting the same bytes again changes nothing."""
    sha256 = file_fingerprint(data)
    target = _path(store, sha256)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as waiting:
            waiting.write(data)
        os.replace(waiting.name, target)
    return sha256


def has(store: Path, sha256: str) -> bool:
    """Whether bytes were put under this SHA-256 and are still there; they are not read."""
    return bool(_NAME.fullmatch(sha256)) and _path(store, sha256).is_file()


def get(store: Path, sha256: str) -> bytes:
    """The bytes put under this SHA-256; NotFound if there are none, or if the name is no SHA-256 at all."""
    if not has(store, sha256):
        raise NotFound("文件不存在", code="file_not_found")
    return _path(store, sha256).read_bytes()
