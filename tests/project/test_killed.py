"""A server that is killed again and again in the middle of its work: what it acknowledged is there, nothing is half done, the trail holds."""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer
from typing import Any

import pytest
from house import database_of, furnish_with_manual, move_in
from small_firm import PASSWORD
from sqlalchemy import ColumnElement, func
from sqlmodel import Session, SQLModel, col, select

from service import clock
from service.accounts.identity import COOKIE, csrf_token
from service.accounts.login import LoggedIn, log_in
from service.approvals.models import Signoff
from service.db import open_database, reading, writing
from service.documents.models import Document, Revision
from service.documents.rules import Status
from service.organisations.queries import find_organisation
from service.settings import ROOT
from service.trail.models import TrailEntry
from service.trail.queries import verify

ACTS, SEED = 100, 20260301
AT = "/api/v1/organisations/JC/documents"
TEXT = "---\nkey: rule-{n}\ntitle: 规定{n}\nkind: work_instruction\ndepartment: service\n---\n## 规定 {{#rule}}\n第{n}条：{words}。\n"


@dataclass
class Server:
    """A process that serves the home on a fixed loopback port and is started again after each kill."""

    port: int
    process: subprocess.Popen[bytes] | None = None
    kills: int = 0

    def start(self) -> None:
        words = [sys.executable, "-m", "service", "serve", "--port", str(self.port), "--no-worker"]
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        self.process = subprocess.Popen(words, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + 60
        while time.monotonic() < end:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise TimeoutError("the server did not come up")

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(20)
        self.kills += 1


@dataclass
class Author:
    """Who writes: sends requests with his log-in session and remembers what was acknowledged."""

    port: int
    cookie: str
    csrf: str
    made: dict[str, str] = field(default_factory=dict)
    signed: set[str] = field(default_factory=set)
    unsure: set[str] = field(default_factory=set)
    unanswered: int | None = None

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None, **headers: str) -> tuple[int, dict[str, str], Any] | None:
        """(status, headers, body); None if the server went away: then nobody knows whether it happened."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        sent = {"Cookie": f"{COOKIE}={self.cookie}", "X-CSRF-Token": self.csrf, "Content-Type": "application/json", **headers}
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None, sent)
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, json.loads(answer.read() or b"null")
        except (OSError, http.client.HTTPException, ValueError):
            return None
        finally:
            connection.close()

    def act(self, dice: random.Random, position: int) -> None:
        if self.unanswered is not None:
            self._create(self.unanswered)  # sent again under its key: whether it had happened or not, now it has, once
            return
        drafts = sorted(set(self.made) - self.signed - self.unsure)
        choice = dice.random()
        if choice < 0.5 or not drafts:
            self._create(position)
        elif choice < 0.8:
            self._edit(dice.choice(drafts), position)
        else:
            self._submit(dice.choice(drafts))

    def _create(self, position: int) -> None:
        text = TEXT.format(n=position, words="初稿")
        answer = self.ask("POST", AT, {"source": text}, **{"Idempotency-Key": f"act-{position}"})
        self.unanswered = position if answer is None else None
        if answer is not None:
            assert answer[0] == 201, answer
            self.made[answer[2]["number"]] = text

    def _edit(self, number: str, position: int) -> None:
        read = self.ask("GET", f"{AT}/{number}/draft")
        if read is None:
            return
        assert (read[0], read[2]["source"]) == (200, self.made[number])
        text = f"{self.made[number]}第二段，第{position}次修改。\n"
        answer = self.ask("PUT", f"{AT}/{number}/draft", {"source": text}, **{"If-Match": read[1]["etag"]})
        if answer is None:
            self.unsure.add(number)
        elif answer[0] == 200:
            self.made[number] = text

    def _submit(self, number: str) -> None:
        answer = self.ask("POST", f"{AT}/{number}/submit", {"password": PASSWORD})
        if answer is None:
            self.unsure.add(number)
        else:
            assert answer[0] == 200, answer
            self.signed.add(number)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return move_in(furnish_with_manual(tmp_path, "JC"), monkeypatch)


@pytest.fixture
def server(home: Path) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        served = Server(probe.getsockname()[1])
    served.start()
    yield served
    served.kill()


def author(home: Path, port: int) -> Author:
    engine = open_database(database_of(home))
    with writing(engine) as session:
        entered = log_in(session, "ding", PASSWORD, at=clock.now())
        assert isinstance(entered, LoggedIn)
        found = Author(port, entered.token, csrf_token(entered.session))
    engine.dispose()
    return found


def test_killed_server_loses_nothing_that_it_acknowledged(home: Path, server: Server) -> None:
    dice, writer = random.Random(SEED), author(home, server.port)
    for position in range(ACTS):
        if dice.random() < 0.12:  # somewhere in the middle of this act
            killer = Timer(dice.uniform(0, 0.03), server.kill)
            killer.start()
            writer.act(dice, position)
            killer.join()
            server.start()
        else:
            writer.act(dice, position)
    assert server.kills >= 8
    assert len(writer.made) >= 30
    assert writer.signed
    engine = open_database(database_of(home))
    with reading(engine) as session:
        check_acknowledged(session, writer)
        check_whole(session)
    engine.dispose()


def check_acknowledged(session: Session, writer: Author) -> None:
    """Every text is there as it was last acknowledged; of an act that nobody answered, either the old or the new."""
    for number, text in writer.made.items():
        document = session.exec(select(Document).where(Document.number == number)).one()
        revision = session.exec(select(Revision).where(Revision.document_id == document.id)).one()
        assert revision.source == text or (number in writer.unsure and revision.source.startswith(text))
        if number in writer.signed:
            assert revision.status is Status.IN_REVIEW


def check_whole(session: Session) -> None:
    """A document with its draft and its entry, or none of the three; a sign-off wherever something is under way, and nowhere else."""
    firm = find_organisation(session, "JC")

    def count(table: type[SQLModel], *conditions: ColumnElement[bool]) -> int:
        return session.exec(select(func.count()).select_from(table).where(*conditions)).one()

    created = count(TrailEntry, col(TrailEntry.action) == "document:create")
    assert count(Document) == created == count(Revision)
    under_way = col(Revision.status) == Status.IN_REVIEW
    running = select(Revision.id).where(under_way)
    assert count(Revision, under_way) == count(Signoff, col(Signoff.revision_id).in_(running))
    assert verify(session, firm.id).position is None
