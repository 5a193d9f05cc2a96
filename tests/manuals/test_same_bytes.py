"""Same source, same bytes: in another process, folder, time zone, locale and with other hashes of words, for every kind of file."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from service.settings import ROOT

LIMIT = 300

SURROUNDINGS = (
    {"TZ": "Asia/Shanghai", "LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8", "PYTHONHASHSEED": "1"},
    {
        "TZ": "America/St_Johns",
        "LC_ALL": "C",
        "LANG": "C",
        "PYTHONHASHSEED": "27922",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
        "SOURCE_DATE_EPOCH": "86400",
    },
)


def made_in(folder: Path, surroundings: dict[str, str]) -> dict[str, str]:
    """Name → SHA-256 of everything that a process makes there."""
    folder.mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "SERVICE_MANUAL_"))}
    path = os.pathsep.join((str(ROOT), str(ROOT / "tests")))
    done = subprocess.run(
        [sys.executable, "-m", "manuals.everything"],
        cwd=folder,
        env={**kept, **surroundings, "PYTHONPATH": path, "TMPDIR": str(folder), "HOME": str(folder), "COLUMNS": "40"},
        capture_output=True,
        check=False,
        timeout=LIMIT,
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")[-2000:]
    return dict(line.rsplit(" ", 1) for line in done.stdout.decode().split("\n"))


def test_every_kind_of_file_is_the_same_in_other_surroundings(tmp_path: Path) -> None:
    first, second = (made_in(tmp_path / f"home {number}", each) for number, each in enumerate(SURROUNDINGS))
    assert {name: sha256 for name, sha256 in first.items() if second.get(name) != sha256} == {}
    assert list(first) == list(second)
    endings = {name.rsplit(".", 1)[-1] for name in first if "." in name}
    assert endings == {"docx", "pdf", "html"}
    assert len(first) == 1 + 3 * 3 + 3 * 2 + 2 + 1
