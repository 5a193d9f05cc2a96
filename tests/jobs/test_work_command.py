"""The command `work`, and the worker inside `serve`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from house import command, database_of, done, furnish, move_in
from notices.post_office import MailServer, serving
from small_firm import founded
from sqlalchemy import Engine
from sqlmodel import Session, select

from service import clock, worker
from service.cli.serving import app_with_worker
from service.db import open_database, reading, writing
from service.errors import Refused
from service.jobs.models import Job
from service.jobs.rules import JobState
from service.migrations import migrate
from service.notices.actions import send_mail
from service.organisations.models import Organisation
from service.settings import ROOT, settings


@contextmanager
def opened(home: Path) -> Iterator[Engine]:
    """The home's database."""
    engine = open_database(database_of(home))
    yield engine
    engine.dispose()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home with one firm and a mail in the outbox."""
    move_in(furnish(tmp_path), monkeypatch)
    with opened(tmp_path) as engine:
        migrate(engine)
        with writing(engine) as session:
            founded(session)
            send_mail(session, None, ["ding@jc.example"], "标题", "正文", event="x:y", key="k", at=clock.now())
    yield tmp_path
    settings.cache_clear()


@pytest.fixture
def mail(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """The mail server that the settings name."""
    with serving(MailServer()) as server:
        monkeypatch.setenv("SERVICE_MANUAL_SMTP", server.url)
        settings.cache_clear()
        yield server


def states(home: Path) -> dict[str, JobState]:
    with opened(home) as engine, reading(engine) as session:
        return {row.name: row.state for row in session.exec(select(Job))}


def soon(is_so: Callable[[], object], patience: float = 20) -> None:
    """Wait until it is so."""
    end = time.monotonic() + patience
    while not is_so():
        assert time.monotonic() < end, "not in time"
        time.sleep(0.05)


def test_once_does_everything_due_and_ends(home: Path, mail: MailServer) -> None:
    assert done("work", "--once").out == f"完成任务 {len(states(home))} 项，发出通知 1 条，未能发出 0 条\n"
    assert set(states(home).values()) == {JobState.DONE}
    assert {"due", "due:anchor", "forget:jobs"} <= set(states(home))
    assert mail.receivers == ["ding@jc.example"]


def test_once_more_does_nothing(home: Path, mail: MailServer) -> None:
    done("work", "--once")
    assert done("work", "--once", "--json").json == {"done": 0, "failed": 0, "sent": 0, "unsent": 0}


def test_job_that_fails_is_told_by_the_exit_code(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def due(session: Session, organisation: Organisation, *, at: datetime) -> None:
        raise Refused("不行")

    monkeypatch.setattr(worker, "DUE_ACTS", [("bad", due)])
    answer = command("work", "--once")
    assert (answer.exit_code, answer.err) == (1, "错误[jobs_failed]：1 项任务没有完成，详见日志\n")
    assert states(home)["forget:jobs"] is JobState.DONE


def test_database_that_was_never_migrated_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    move_in(furnish(tmp_path), monkeypatch)
    assert "not_migrated" in command("work", "--once").err
    settings.cache_clear()


def test_worker_process_works_until_it_is_told_to_stop(home: Path, mail: MailServer) -> None:
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, "-m", "service", "work"], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        soon(lambda: mail.mails or process.poll() is not None)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=20)
    finally:
        process.kill()
    assert (process.returncode, err.decode()) == (0, "")
    assert out.decode() == "任务进程已启动（按 Ctrl+C 停止）\n"
    assert mail.receivers == ["ding@jc.example"]


def test_server_works_too_and_its_worker_ends_with_it(home: Path, mail: MailServer) -> None:
    app = app_with_worker()
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        assert client.get("/healthz").status_code == 200
        soon(lambda: mail.mails)
        soon(lambda: states(home).get("due:anchor") is JobState.DONE)
    assert [thread for thread in threading.enumerate() if thread.name == "worker"] == []
    app.state.engine.dispose()


@pytest.mark.parametrize(
    ("words", "app"),
    [((), "service.cli.serving:app_with_worker"), (("--no-worker",), "service.cli.serving:app_alone")],
    ids=["with", "without"],
)
def test_serve_leaves_the_work_to_another_process_if_told(
    home: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], app: str
) -> None:
    started = []
    monkeypatch.setattr("uvicorn.run", lambda name, **_: started.append(name))
    done("serve", *words)
    assert started == [app]
