"""`make demo`, run for all tests that look at its results or need a home full of documents."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlmodel import Session

from service.db import open_database, reading
from service.demo import main
from service.kit.fingerprint import file_fingerprint
from service.settings import ROOT, settings

RUN = "import sys, pathlib; from service.demo import main; main(pathlib.Path(sys.argv[1]))"
ELSEWHERE = {"TZ": "America/New_York", "LC_ALL": "C", "PYTHONHASHSEED": "5", "PYTHONPATH": str(ROOT)}


@dataclass(frozen=True, slots=True)
class Runs:
    """SHA-256 of every file: of the first run, of a second one over the same data, of one in another process with data of its own."""

    output: Path
    database: str
    first: dict[str, str]
    second: dict[str, str]
    elsewhere: dict[str, str]

    @contextmanager
    def opened(self) -> Iterator[Session]:
        """The database of the first run, to be read."""
        engine = open_database(self.database)
        with reading(engine) as session:
            yield session
        engine.dispose()


def hashes(folder: Path) -> dict[str, str]:
    return {file.relative_to(folder).as_posix(): file_fingerprint(file.read_bytes()) for file in folder.rglob("*") if file.is_file()}


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Runs:
    """The demo is run once, by whichever process of pytest-xdist comes first; the others wait and read what it left."""
    base = tmp_path_factory.getbasetemp()
    home = (base if worker_id == "master" else base.parent) / "demo"
    home.mkdir(exist_ok=True)
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "done").exists():
            run(home)
            (home / "done").touch()
    outputs = (home / "out", home / "again", home / "elsewhere" / "out")
    return Runs(home / "out", f"sqlite:///{home / 'data' / 'service-manual.sqlite'}", *map(hashes, outputs))


def run(home: Path) -> None:
    """Twice in this process, and at the same time once elsewhere."""
    there = home / "elsewhere"
    there.mkdir()
    environment = {**os.environ, **ELSEWHERE, "SERVICE_MANUAL_DATA": str(there / "data"), "SERVICE_MANUAL_DATABASE": ""}
    other = subprocess.Popen([sys.executable, "-c", RUN, str(there / "out")], cwd=there, env=environment, stdout=subprocess.DEVNULL)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SERVICE_MANUAL_DATA", str(home / "data"))
        patch.setenv("SERVICE_MANUAL_DATABASE", "")
        settings.cache_clear()
        main(home / "out")
        main(home / "again")
    settings.cache_clear()
    assert other.wait(300) == 0
