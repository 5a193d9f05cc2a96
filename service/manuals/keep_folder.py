"""What layout found out, in a folder below the data folder: a cache that may be deleted at any time, and that nothing needs."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

NAME = "layout"
MOST = 256 * 2**20
"""Bytes, some forty manuals; when there are more, the half that was written first is given up."""


@dataclass(frozen=True, slots=True)
class KeepFolder:
    """One file for each thing, named by what it was made of. What cannot be read or written is no fault: it is made anew."""

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


def keep_folder(data: Path, version: str, most: int = MOST) -> KeepFolder:
    """The folder of this version of the program; those of others are deleted when there is none of this one yet."""
    folder = data / NAME / version[:16]
    if not folder.exists():
        shutil.rmtree(data / NAME, ignore_errors=True)
    else:
        _give_up_the_oldest(folder, most)
    return KeepFolder(folder)


def _give_up_the_oldest(folder: Path, most: int) -> None:
    with suppress(OSError):  # another process may do the same
        files = [(each.stat(), each.path) for each in os.scandir(folder)]
        left = sum(facts.st_size for facts, _ in files)
        if left <= most:
            return
        for facts, path in sorted(files, key=lambda each: each[0].st_mtime_ns):
            if left > most // 2:
                os.unlink(path)
                left -= facts.st_size
