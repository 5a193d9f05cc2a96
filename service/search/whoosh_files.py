"""The folder of an index: which build in it counts, whether its files are whole, and whose turn it is to write."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import zlib
from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from uuid import uuid4

from whoosh.util.filelock import FileLock, try_for

from service.errors import InputError
from service.kit.reasons import reason
from service.search.port import Busy
from service.search.query import Key

FORMAT = 1
"""Another number makes every index be built anew: for whenever texts are read or kept differently."""
_STATE = "state.json"


class Torn(Exception):
    """The index is not there, not whole, or of another format."""


@dataclass(frozen=True, slots=True)
class State:
    """What a folder's state file says: the build that counts, its generation, {file: [bytes, CRC-32]}, {revision: mark}."""

    build: str
    generation: int = 0
    files: Mapping[str, list[int]] = field(default_factory=dict)
    marks: Mapping[Key, str] = field(default_factory=dict)


def new_state() -> State:
    return State(f"build-{uuid4().hex}")


def stamp_of(folder: Path) -> str:
    """Tells one state file from every other; "" if there is none."""
    try:
        found = (folder / _STATE).stat()
    except OSError:
        return ""
    return f"{found.st_ino}-{found.st_mtime_ns}-{found.st_size}"


def read_state(folder: Path) -> State:
    """Torn for anything but a whole state file of this format."""
    try:
        said = json.loads((folder / _STATE).read_text("utf-8"))
        if said.pop("format") != FORMAT:
            raise Torn("another format")
        state = State(**said)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as fault:
        raise Torn(str(fault)) from fault
    return state


def write_state(folder: Path, state: State) -> None:
    """From now on this state counts; other builds are removed."""
    with tempfile.NamedTemporaryFile("w", dir=folder, prefix=".state-", delete=False, encoding="utf-8") as waiting:
        json.dump({"format": FORMAT, **asdict(state)}, waiting)
        waiting.flush()
        os.fsync(waiting.fileno())
    os.replace(waiting.name, folder / _STATE)
    for other in folder.glob("build-*"):
        if other.name != state.build:
            shutil.rmtree(other, ignore_errors=True)


def files_of(build: Path, known: Mapping[str, list[int]]) -> dict[str, list[int]]:
    """{file: [bytes, CRC-32]} of a build; files never change under their name, so that `known` ones are not read again."""
    return {name: known.get(name) or _sum(build / name) for name in sorted(os.listdir(build)) if name.endswith((".seg", ".toc"))}


def check_files(build: Path, files: Mapping[str, list[int]], proven: Set[Path]) -> frozenset[Path]:
    """Torn unless every file is there as it was written. Returns them; of those that were `proven` so before, only the size is looked at."""
    for name, said in files.items():
        file = build / name
        try:
            is_whole = file.stat().st_size == said[0] and (file in proven or _sum(file) == said)
        except OSError as fault:
            raise Torn(f"{name}: {fault}") from fault
        if not is_whole:
            raise Torn(name)
    return frozenset(build / name for name in files)


def _sum(file: Path) -> list[int]:
    data = file.read_bytes()
    return [len(data), zlib.crc32(data)]


@contextmanager
def one_writer(folder: Path, seconds: float) -> Iterator[None]:
    """Nobody else writes in this folder, in whatever process; Busy if one still does after so long. A crash frees the lock.

    InputError for a folder that cannot be written to.
    """
    lock = FileLock(str(folder / "lock"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        is_ours = try_for(lock.acquire, timeout=seconds, delay=0.02)
    except OSError as fault:
        raise InputError(f"无法写入索引文件夹：{reason(fault)}", code="index_not_writable") from fault
    if not is_ours:
        raise Busy
    try:
        yield
    finally:
        lock.release()
