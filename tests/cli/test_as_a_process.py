"""The command as a process of its own: exit codes, the two outputs, the server on loopback."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from house import command, refused

from service.settings import ROOT


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`python -m service …` in the current folder, as the settings of this test have it."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    return subprocess.run([sys.executable, "-m", "service", *words], env=env, capture_output=True, text=True, encoding="utf-8", check=False)


def test_done_is_0_and_speaks_on_standard_output(firms: Path) -> None:
    made = run("organisation", "list", "--json")
    assert (made.returncode, made.stderr) == (0, "")
    assert [row["code"] for row in json.loads(made.stdout)] == ["JC", "YI"]


def test_refused_is_1_and_speaks_on_standard_error(firms: Path) -> None:
    made = run("organisation", "show", "XX")
    assert (made.returncode, made.stdout) == (1, "")
    assert made.stderr == "错误[organisation_not_found]：找不到代号为“XX”的企业\n"


@pytest.mark.parametrize("words", [(), ("nonsense",), ("document",), ("document", "list"), ("manual", "build", "--organisation", "JC")])
def test_wrong_usage_is_2(home: Path, words: tuple[str, ...]) -> None:
    answer = command(*words)
    assert answer.exit_code == 2
    assert (answer.out + answer.err).strip()


def test_wrong_usage_is_2_as_a_process_too(home: Path) -> None:
    assert run("document", "list").returncode == 2


def test_outputs_are_utf8_where_the_locale_is_not(firms: Path) -> None:
    made = run("document", "list", "--organisation", "JC", LC_ALL="C", PYTHONUTF8="0")
    assert made.returncode == 0
    assert "示范甲公司" in made.stdout


def test_every_command_of_the_contract_is_there() -> None:
    words = run("--help", COLUMNS="200").stdout
    wanted = ("migrate", "serve", "organisation", "library", "document", "import", "check", "coverage", "manual", "trail")
    assert [name for name in wanted if f" {name} " not in words] == []


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.com"])  # noqa: S104  # what is to be refused
def test_server_refuses_every_address_but_loopback(firms: Path, monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setattr("uvicorn.run", lambda *_, **__: None)  # should the guard ever fail, this test opens no port to the world
    assert host in refused("not_loopback", "serve", "--host", host)


@pytest.fixture
def server(firms: Path) -> Iterator[str]:
    """The address of a served home."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [sys.executable, "-m", "service", "serve", "--port", str(port)]
    process = subprocess.Popen(words, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(10)


def answer(address: str, patience: float = 20) -> str:
    """The body at this address as soon as somebody answers there."""
    end = time.monotonic() + patience
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5) as response:  # noqa: S310  # our own address
                return str(response.read().decode())
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def test_server_answers_on_loopback(server: str) -> None:
    assert json.loads(answer(f"{server}/healthz")) == {"status": "ok"}
    assert "登录名" in answer(f"{server}/organisations")  # whoever he is, he has to log in
