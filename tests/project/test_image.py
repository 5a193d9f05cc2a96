"""The image as far as it can be tried without a Docker engine: its own install steps in an empty environment, and the server they give."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from itertools import pairwise
from pathlib import Path

import pytest

from service.book.fonts import NEEDED
from service.settings import ROOT

OFFICIAL = {"node", "python"}
STAGE = "program"
PATIENCE = 20.0
Step = tuple[str, str]


def steps(file: Path) -> list[Step]:
    """Every instruction with its words, continued lines joined."""
    lines = re.sub(r"\\\n\s*", "", file.read_text("utf-8")).splitlines()
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines) if word.isupper()]


STEPS = steps(ROOT / "Dockerfile")


def stage(name: str) -> list[Step]:
    """The instructions of a stage; "" is the last one, which becomes the image."""
    starts = [place for place, (word, _) in enumerate(STEPS) if word == "FROM"] + [len(STEPS)]
    for start, end in pairwise(starts):
        named = STEPS[start][1].partition(" AS ")[2]
        if named == name:
            return STEPS[start + 1 : end]
    raise AssertionError(name)


def arguments(word: str, name: str = "") -> list[str]:
    return [rest for found, rest in stage(name) if found == word]


def variables() -> dict[str, str]:
    """What the image sets."""
    return dict(pair.split("=", 1) for rest in arguments("ENV") for pair in shlex.split(rest))


def test_every_stage_is_an_official_image_of_a_full_version() -> None:
    images = [rest.partition(" AS ")[0] for word, rest in STEPS if word == "FROM"]
    assert len(images) == 3
    for image in images:
        name, _, tag = image.partition(":")
        assert name in OFFICIAL, image
        assert re.match(r"\d+\.\d+\.\d+-", tag), image
    assert images[1] == images[2]  # what the environment links to is there


def test_image_runs_as_nobody_special_and_keeps_data_in_a_volume() -> None:
    [user], [volume], [made] = arguments("USER"), arguments("VOLUME"), arguments("RUN")
    assert user not in ("root", "0")
    assert f"-o {user} -g {user} {volume}" in made
    assert variables()["SERVICE_MANUAL_DATA"] == volume
    assert variables()["SERVICE_MANUAL_ENVIRONMENT"] == "production"
    assert "SECRET" not in " ".join(rest for _, rest in STEPS)


def test_image_starts_the_server_for_other_machines_and_asks_itself_whether_it_lives() -> None:
    assert json.loads(arguments("ENTRYPOINT")[0]) == ["service-manual"]
    assert json.loads(arguments("CMD")[0]) == ["serve", "--host", "0.0.0.0"]  # noqa: S104  # in a container
    assert health_check() == ["service-manual", "health"]  # of `work` as well, which serves nothing


def health_check() -> list[str]:
    [check] = arguments("HEALTHCHECK")
    return [str(word) for word in json.loads(check.partition(" CMD ")[2])]


def test_everything_installed_is_pinned_by_a_lock_with_hashes() -> None:
    installs = [rest for word, rest in STEPS if word == "RUN" and " install " in rest and "pip" in rest]
    assert len(installs) == 2
    assert all("--require-hashes" in line or "--no-deps --no-build-isolation -e ." in line for line in installs)
    assert any(rest.startswith("npm ci ") for rest in arguments("RUN", "assets"))


def test_build_lock_agrees_with_the_lock_of_development() -> None:
    pins = (ROOT / "requirements-build.lock").read_text("utf-8").strip()
    assert pins in (ROOT / "requirements-dev.lock").read_text("utf-8")


def test_fonts_that_the_image_keeps_are_all_that_are_needed() -> None:
    [find] = [rest for rest in arguments("RUN", "assets") if rest.startswith("find ")]
    kept = re.findall(r'! -name "([^"]+)"', find)
    for folder, _, _ in NEEDED:
        assert any(fnmatch(Path(folder).name, pattern) for pattern in kept), folder


def sources() -> list[tuple[list[str], str]]:
    """What is copied from the checkout: names, target."""
    copies = [shlex.split(rest) for name in (STAGE, "assets") for rest in arguments("COPY", name)]
    return [(words[:-1], words[-1]) for words in copies]


def test_everything_copied_is_there_and_let_into_the_build() -> None:
    let_in = {line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    copied = {name for names, _ in sources() for name in names}
    assert copied == let_in
    assert [name for name in sorted(copied) if not (ROOT / name).exists()] == []


@dataclass(frozen=True, slots=True)
class Installed:
    """What the stage made: its folders stand in for /app and /opt/venv, and for the volume."""

    app: Path
    venv: Path
    environment: dict[str, str]

    def command(self, *words: str) -> list[str]:
        return [str(self.venv / "bin" / "service-manual"), *words]


def pip_reaches_an_index(folder: Path) -> bool:
    """Whether pip, as it is set up on this machine, finds the one package of the smallest lock."""
    words = ["-m", "pip", "download", "--quiet", "--no-deps", "--timeout", "5", "--retries", "0", "--dest", str(folder)]
    lock = str(ROOT / "requirements-build.lock")
    return subprocess.run([sys.executable, *words, "--require-hashes", "-r", lock], capture_output=True, check=False).returncode == 0


def run_stage(app: Path, venv: Path) -> None:
    """COPY and RUN of the stage as they are written, but in other folders."""
    python = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for word, rest in stage(STAGE):
        here = rest.replace("/opt/venv", str(venv)).replace("/app", str(app))
        if word == "RUN":
            done = subprocess.run(
                ["sh", "-c", here], cwd=app, env={**os.environ, "PATH": python}, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, f"{rest}\n{done.stdout}\n{done.stderr}"
        elif word == "COPY":
            *names, target = shlex.split(here)
            for name in names:
                copy(ROOT / name, app / target)


def copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info", "pictures"))
    else:
        shutil.copy(source, target)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    if not pip_reaches_an_index(tmp_path_factory.mktemp("probe")):
        pytest.skip("pip reaches no package index, so the image's install steps cannot be run")
    folder = tmp_path_factory.mktemp("image")
    app, venv, data = folder / "app", folder / "venv", folder / "data"
    app.mkdir()
    data.mkdir()
    run_stage(app, venv)
    (app / "node_modules").symlink_to(ROOT / "node_modules")  # what the stage of assets installs
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("SERVICE_MANUAL_", "PYTHON"))}
    own = variables() | {"PATH": f"{venv / 'bin'}{os.pathsep}{os.environ['PATH']}", "SERVICE_MANUAL_DATA": str(data)}
    own |= {"SERVICE_MANUAL_SECRET": "k3J9-vQ2x_Lm8Zt4-Rb7Wc1Yd-Hn5Gf0Ps", "SERVICE_MANUAL_HOSTS": "manual.example"}
    yield Installed(app, venv, outside | own)
    shutil.rmtree(venv)  # a quarter of a gigabyte that nobody will look at


@pytest.fixture
def served(installed: Installed, tmp_path: Path) -> Iterator[int]:
    """The port on loopback at which the installed server answers."""
    migrated = subprocess.run(
        installed.command("migrate"), env=installed.environment, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (migrated.returncode, migrated.stderr) == (0, "")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = installed.command("serve", "--host", "127.0.0.1", "--port", str(port))
    process = subprocess.Popen(words, env=installed.environment, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert process.poll() is None, "the server ended by itself"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise AssertionError("nobody answers")


def asked(port: int, path: str) -> object:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
        return json.loads(answer.read())


def test_installed_by_the_steps_of_the_image_the_server_lives_and_is_ready(installed: Installed, served: int) -> None:
    assert asked(served, "/healthz") == {"status": "ok"}
    assert asked(served, "/readyz") == {"status": "ok", "missing": []}
    assert healthy(installed)
    assert not healthy(installed, SERVICE_MANUAL_DATABASE=f"sqlite:///{installed.app / 'nothing.sqlite'}")


def healthy(installed: Installed, **other: str) -> bool:
    """Whether the image's own health check finds what work needs, under the image's variables or others."""
    return subprocess.run(health_check(), env=installed.environment | other, capture_output=True, check=False).returncode == 0


def test_nothing_of_the_checkout_is_used_by_what_was_installed(installed: Installed, tmp_path: Path) -> None:
    where = [str(installed.venv / "bin" / "python"), "-c", "import service, sys; print(service.__file__); print(*sys.path)"]
    told = subprocess.run(where, env=installed.environment, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert str(installed.app / "service") in told
    assert str(ROOT) not in told
