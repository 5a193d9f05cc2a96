"""Laid-out charts in a folder below the data folder: a cache that may be deleted at any time, and that nothing needs."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

NAME = "drawings"


@dataclass(frozen=True, slots=True)
class DrawingFolder:
    """One file for each drawing, named by what it was made of. What cannot be read or written is no fault: it is laid out anew."""

    folder: Path

    def find(self, key: str) -> bytes | None:
        try:
            return (self.folder / key).read_bytes()
        except OSError:
            return None

    def keep(self, key: str, data: bytes) -> None:
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as waiting:
                waiting.write(data)
            os.replace(waiting.name, self.folder / key)


def drawing_folder(data: Path, version: str) -> DrawingFolder:
    """The folder of this version of the program; those of others are deleted when there is none of this one yet."""
    folder = data / NAME / version[:16]
    if not folder.exists():
        shutil.rmtree(data / NAME, ignore_errors=True)
    return DrawingFolder(folder)
