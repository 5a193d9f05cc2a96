"""Writing results to a folder: all files or none, so that nobody finds half a manual."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping
from errno import EISDIR
from pathlib import Path

from service.errors import InputError
from service.kit.reasons import reason


def write_all(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write `files` (name → bytes) into `folder`, made if need be; InputError if it cannot be written, and then nothing is left behind."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".writing-") as waiting:
            for name, data in files.items():
                (Path(waiting) / name).write_bytes(data)
            for name in files:
                if (folder / name).is_dir():  # the only thing that a file cannot replace; found out before the first one is moved
                    raise IsADirectoryError(EISDIR, "", name)
            for name in files:
                os.replace(Path(waiting) / name, folder / name)
    except OSError as fault:
        raise InputError(f"无法写入文件夹 {folder}：{reason(fault)}", code="output_not_writable") from fault
    return [folder / name for name in files]


def write_stream(file: Path, pieces: Iterable[bytes]) -> None:
    """Write one file piece by piece, whole or not at all; InputError if it cannot be written."""
    waiting: Path | None = None
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=file.parent, prefix=".writing-", delete=False) as opened:
            waiting = Path(opened.name)
            opened.writelines(pieces)
        os.replace(waiting, file)
    except OSError as fault:
        raise InputError(f"无法写入文件 {file}：{reason(fault)}", code="output_not_writable") from fault
    finally:
        if waiting is not None:
            waiting.unlink(missing_ok=True)
