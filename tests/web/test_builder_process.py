"""The process that builds: it stays warm, is ended when it takes too much or is called off, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import tempfile
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from house import rows_in

from service.db import open_database, reading
from service.errors import Refused
from service.manuals.actions import prepare_manual
from service.manuals.build import Format
from service.manuals.building import Builder, Cancelled, Limits
from service.manuals.orders import Order, order
from service.manuals.prepared import Prepared
from service.manuals.rules import Binding
from service.manuals.steps import Step
from service.manuals.workshop import workshop_for
from service.organisations.queries import find_organisation
from service.settings import settings
from web.test_manual_pages import events, start

DAY = date(2026, 3, 1)
PLENTY = Limits(1500, 120)


@pytest.fixture(autouse=True)
def folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For temporary files: what is left behind is counted, and other tests run at the same time."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))


def wanted(formats: tuple[Format, ...] = (Format.DOCX,)) -> Order:
    engine = open_database(settings().database_url)
    with reading(engine) as session:
        made = order(engine, find_organisation(session, "JC").id, DAY, Binding.BOUND, formats)
    engine.dispose()
    return made


def in_this_process() -> Prepared:
    engine = open_database(settings().database_url)
    with reading(engine) as session:
        organisation = find_organisation(session, "JC")
        made = prepare_manual(session, organisation, workshop_for(session, organisation), on=DAY, formats=list(Format))
    engine.dispose()
    return made


def folders() -> set[str]:
    return {name for name in os.listdir(tempfile.gettempdir()) if name.startswith("service-manual-builder-")}


def process_of(builder: Builder) -> int:
    assert builder._worker is not None
    return builder._worker.process.pid


@pytest.mark.usefixtures("home")
def test_builder_gives_the_bytes_that_any_process_gives_and_is_kept() -> None:
    builder = Builder(PLENTY)
    try:
        steps: list[Step] = []
        first = builder.prepare(wanted(tuple(Format)), tell=steps.append)
        kept = process_of(builder)
        second = builder.prepare(wanted(tuple(Format)))
        assert process_of(builder) == kept
    finally:
        builder.close()
    assert first == second == in_this_process()
    assert steps == [Step.GATHER, Step.LAY_OUT, Step.PDF, Step.DOCX, Step.HTML, Step.KEEP]


@pytest.mark.usefixtures("home")
def test_closing_ends_the_process_and_its_folder() -> None:
    before = folders()
    builder = Builder(PLENTY)
    builder.prepare(wanted())
    worker = builder._worker
    assert worker is not None
    assert folders() > before
    builder.close()
    assert worker.process.poll() is not None
    assert folders() == before


@pytest.mark.usefixtures("home")
def test_process_whose_server_was_killed_ends_and_leaves_no_folder() -> None:
    before = folders()
    builder = Builder(PLENTY)
    builder.prepare(wanted())
    worker = builder._worker
    assert worker is not None
    worker.connection.close()  # as the system does for a process that is gone
    assert worker.process.wait(20) == 0
    assert folders() == before


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (Limits(20, 120), "编制手册占用的内存超过了 20 MB 的上限，编制已停止，没有留下任何结果"),
        (Limits(1500, 0), "编制手册的时间超过了 0 秒的上限，编制已停止，没有留下任何结果"),
    ],
)
def test_build_beyond_a_limit_says_so_and_leaves_nothing(client: TestClient, home: Path, limits: Limits, said: str) -> None:
    rows, temporary = rows_in(home), folders()
    app = client.app
    app.state.makings.builder = Builder(limits)  # type: ignore[attr-defined]  # Starlette's own attribute
    told = events(client, start(client).headers["location"])[-1][1]
    assert (told["stage"], told["words"].split("；")[0]) == ("failed", said)
    assert rows_in(home) == rows
    assert not (home / "data" / "files").exists()
    assert folders() == temporary


def test_api_says_so_too(client: TestClient) -> None:
    client.app.state.makings.builder = Builder(Limits(20, 120))  # type: ignore[attr-defined]  # as above
    token = client.get("/organisations/JC/manuals").text.split('name="csrf" value="')[1].split('"')[0]
    answer = client.post("/api/v1/organisations/JC/manuals", json={"on": "2026-03-01"}, headers={"x-csrf-token": token})
    assert (answer.status_code, answer.json()["code"]) == (409, "build_memory")


@pytest.mark.usefixtures("home")
def test_process_that_dies_is_told_and_replaced() -> None:
    builder = Builder(PLENTY)
    try:
        with pytest.raises(Refused, match="意外中断，编制已停止，没有留下任何结果") as caught:
            builder.prepare(wanted(), tell=lambda _step: os.kill(process_of(builder), signal.SIGKILL))
        assert caught.value.code == "build_ended"
        assert builder.prepare(wanted()).files
    finally:
        builder.close()


@pytest.mark.usefixtures("home")
def test_build_called_off_stops_and_the_next_one_is_made() -> None:
    builder, stop = Builder(PLENTY), threading.Event()
    try:
        with pytest.raises(Cancelled):
            builder.prepare(wanted(), tell=lambda _step: stop.set(), stop=stop)
        assert [file.name for file in builder.prepare(wanted()).files] == ["manual.docx"]
    finally:
        builder.close()


@pytest.mark.usefixtures("home")
def test_refusals_come_back_as_they_are() -> None:
    builder = Builder(PLENTY)
    try:
        with pytest.raises(Exception, match="没有现行有效的文件") as caught:
            builder.prepare(replace(wanted(), on=date(2020, 1, 1)))
        assert getattr(caught.value, "code", "") == "nothing_in_force"
    finally:
        builder.close()
