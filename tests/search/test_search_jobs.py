"""The jobs of the search: the index follows after a change, a part at a time, and doing a job twice changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from small_firm import Firm, moment, with_drafts
from sqlmodel import Session, select

from service.documents.actions import edit
from service.documents.queries import find_document, revisions
from service.errors import NotFound
from service.jobs.actions import enqueue
from service.jobs.models import Job
from service.search import catching_up, tasks
from service.search.catching_up import index_of
from service.search.whoosh_index import open_index
from service.settings import settings

AT = moment(2, 1)


@pytest.fixture(autouse=True)
def _own_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SERVICE_MANUAL_DATA", str(tmp_path))
    settings.cache_clear()
    yield
    settings.cache_clear()
    open_index.cache_clear()


def job(session: Session, firm: Firm) -> Job:
    return enqueue(session, tasks.JOB, {}, at=AT, key=AT.isoformat(), organisation=firm.organisation.id)


def waiting(session: Session) -> list[Job]:
    """Jobs of the search that this test or a job of its own has enqueued, without those that making the drafts left."""
    return list(session.exec(select(Job).where(Job.name == tasks.JOB, Job.created_at >= AT)))


def test_every_change_of_a_text_enqueues_one_job_a_minute(undone: Session) -> None:
    firm = with_drafts(undone)
    document = find_document(undone, firm.organisation.id, "JC/SH-CX-01")
    [draft] = revisions(undone, document)
    for seconds in (0, 20, 59, 60):
        edit(undone, document, draft, draft.source, by=firm.preparer, at=AT + timedelta(seconds=seconds))
    assert sorted(each.run_at - AT for each in waiting(undone)) == [timedelta(minutes=1), timedelta(minutes=2)]


def test_job_puts_in_what_changed(undone: Session, tmp_path: Path) -> None:
    firm = with_drafts(undone)
    tasks.index_changes(undone, job(undone, firm), at=AT)
    assert len(index_of(firm.organisation).marks()) == 4
    assert (tmp_path / "index" / firm.organisation.id.hex / "state.json").exists()
    assert len(waiting(undone)) == 1  # nothing is left to do


def test_job_done_twice_writes_once(undone: Session) -> None:
    firm = with_drafts(undone)
    tasks.index_changes(undone, job(undone, firm), at=AT)
    stamp = index_of(firm.organisation).stamp()
    tasks.index_changes(undone, job(undone, firm), at=AT)
    assert index_of(firm.organisation).stamp() == stamp


def test_what_takes_long_is_done_by_further_jobs(undone: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    firm = with_drafts(undone)
    monkeypatch.setattr(tasks, "_AT_A_TIME", 0)
    monkeypatch.setattr(catching_up, "FEW", 3)
    tasks.index_changes(undone, job(undone, firm), at=AT)
    undone.flush()
    first, second = sorted(waiting(undone), key=lambda each: each.run_at)
    assert (second.organisation_id, second.run_at - first.run_at) == (firm.organisation.id, timedelta(seconds=5))
    tasks.index_changes(undone, second, at=second.run_at)
    assert len(index_of(firm.organisation).marks()) == 4
    undone.flush()
    assert len(waiting(undone)) == 2


def test_further_jobs_come_together_while_the_index_cannot_be_written(undone: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    firm = with_drafts(undone)
    monkeypatch.setattr(tasks, "catch_up", lambda *_given, **_more: frozenset({"a revision"}))
    for seconds in (61, 62, 64.9):
        assert tasks.due(undone, firm.organisation, at=AT + timedelta(seconds=seconds)) == 1
    [one] = waiting(undone)
    assert one.run_at == AT + timedelta(seconds=65)
    tasks.index_changes(undone, one, at=one.run_at)
    assert sorted(each.run_at - AT for each in waiting(undone)) == [timedelta(seconds=65), timedelta(seconds=70)]


def test_hourly_act_needs_no_job(undone: Session) -> None:
    firm = with_drafts(undone)
    assert tasks.due(undone, firm.organisation, at=AT) == 0
    assert len(index_of(firm.organisation).marks()) == 4
    assert waiting(undone) == []


def test_job_of_no_organisation_is_refused(undone: Session) -> None:
    with pytest.raises(NotFound):
        tasks.index_changes(undone, Job(organisation_id=uuid4(), name=tasks.JOB, payload={}, run_at=AT, created_at=AT), at=AT)
