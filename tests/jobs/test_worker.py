"""The worker: the due acts of every organisation once an hour, whoever does them, and what is forgotten."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from small_firm import founded, give_accounts
from sqlalchemy import Engine
from sqlmodel import Session, select

from jobs.queueing import NOW, after
from service import worker
from service.accounts.forgetting import forget_old_links, forget_old_sessions
from service.accounts.links import invite
from service.accounts.models import AccountLink, LoginAttempt, LoginSession
from service.accounts.queries import find_user
from service.db import reading, writing
from service.jobs.models import Job
from service.jobs.rules import JobState
from service.notices.actions import send_mail
from service.notices.delivery import Transport
from service.organisations.actions import NAME, set_value
from service.organisations.models import Organisation
from service.organisations.queries import find_organisation, list_organisations
from service.organisations.rules import SYSTEM
from service.organisations.shipped import catalogue
from service.organisations.tasks import anchor_daily
from service.settings import settings
from service.trail.actions import record
from service.trail.models import TrailAnchor
from service.trail.queries import anchors_of, entries
from service.web.models import AnsweredRequest

NOWHERE = Transport("", "a@jc.example")


@pytest.fixture(autouse=True)
def _own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The key that signs anchors lies in a folder of the test."""
    monkeypatch.setenv("SERVICE_MANUAL_DATA", str(tmp_path / "data"))
    settings.cache_clear()


@pytest.fixture
def two_firms(engine: Engine) -> Engine:
    with writing(engine) as session:
        founded(session, "ONE")
        founded(session, "TWO")
    return engine


def round_of(engine: Engine, at: datetime = NOW) -> worker.Tally:
    """Everything that is due at a moment."""
    return worker.work(engine, NOWHERE, threading.Event(), lambda: at)


def act_of(monkeypatch: pytest.MonkeyPatch, act: Callable[[str], None]) -> list[tuple[str, datetime]]:
    """One act more among the due ones; whom it was done for, and when."""
    calls: list[tuple[str, datetime]] = []

    def due(session: Session, organisation: Organisation, *, at: datetime) -> None:
        calls.append((organisation.code, at))
        act(organisation.code)

    monkeypatch.setattr(worker, "DUE_ACTS", [*worker.DUE_ACTS, ("tried", due)])
    return calls


def jobs_named(engine: Engine, name: str) -> list[Job]:
    with reading(engine) as session:
        return list(session.exec(select(Job).where(Job.name == name)))


def test_due_acts_are_done_once_an_hour_for_each_organisation(two_firms: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = act_of(monkeypatch, lambda _: None)
    assert round_of(two_firms).failed == 0
    assert sorted(calls) == [("ONE", NOW), ("TWO", NOW)]
    assert round_of(two_firms, after(minutes=29)).is_empty
    assert len(calls) == 2
    round_of(two_firms, after(minutes=30))  # the next hour has begun
    assert len(calls) == 4


def test_hour_that_is_planned_twice_has_its_jobs_once(undone: Session) -> None:
    founded(undone)
    hour = Job(name="due", payload={"hour": NOW.isoformat()}, run_at=NOW, created_at=NOW)
    for minute in range(2):
        worker.plan_hour(undone, hour, at=after(minutes=minute))
    names = list(undone.exec(select(Job.name)))
    assert len(names) == len(set(names))
    assert "due:anchor" in names


def test_several_workers_do_the_due_acts_once(two_firms: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = act_of(monkeypatch, lambda _: None)
    start = threading.Barrier(2)

    def begin() -> None:
        start.wait(10)
        round_of(two_firms)

    threads = [threading.Thread(target=begin) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(calls) == [("ONE", NOW), ("TWO", NOW)]


def test_failure_of_one_organisation_is_recorded_and_keeps_no_other_from_its_acts(
    two_firms: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail_for_one(code: str) -> None:
        if code == "ONE":
            raise KeyError(code)

    calls = act_of(monkeypatch, fail_for_one)
    assert round_of(two_firms).failed == 1
    assert sorted(code for code, _ in calls) == ["ONE", "TWO"]
    assert {(row.state, row.error) for row in jobs_named(two_firms, "due:tried")} == {
        (JobState.DONE, ""),
        (JobState.WAITING, "程序出错（KeyError），详见日志"),
    }
    assert "due:tried" in caplog.text
    assert round_of(two_firms, after(minutes=1)).failed == 1  # tried again within the hour
    assert [code for code, _ in calls][2:] == ["ONE"]


def test_trail_of_every_organisation_is_anchored_once_a_day(two_firms: Engine) -> None:
    round_of(two_firms)
    with reading(two_firms) as session:
        found = {row.code: [anchor.count for anchor in anchors_of(session, row.id)] for row in list_organisations(session)}
        assert found == {row.code: [len(entries(session, row.id))] for row in list_organisations(session)}
    with writing(two_firms) as session:
        for row in list_organisations(session):
            record(session, row.id, at=NOW, by="system", action="x:y", subject="x", subject_id="1")
    round_of(two_firms, after(hours=3))
    with reading(two_firms) as session:
        assert len(session.exec(select(TrailAnchor)).all()) == 2
    round_of(two_firms, after(days=1))
    with reading(two_firms) as session:
        assert len(session.exec(select(TrailAnchor)).all()) == 4


def test_company_takes_its_new_name_on_the_day_from_which_it_holds(two_firms: Engine) -> None:
    on = NOW.date() + timedelta(days=2)
    with writing(two_firms) as session:
        firm = find_organisation(session, "ONE")
        set_value(session, firm, NAME, "示范乙公司", valid_from=on, by=SYSTEM, at=NOW, catalogue=catalogue())
    for at, names in ((NOW, ["示范甲公司", "示范甲公司"]), (after(days=2), ["示范乙公司", "示范甲公司"])):
        assert round_of(two_firms, at).failed == 0
        with reading(two_firms) as session:
            assert [row.name for row in list_organisations(session)] == names


def test_empty_trail_is_not_anchored(undone: Session) -> None:
    bare = Organisation(code="JC", name="甲", time_zone="Asia/Shanghai", number_pattern="{serial}", profile_fingerprint="", created_at=NOW)
    undone.add(bare)
    undone.flush()
    anchor_daily(undone, bare, at=NOW)
    assert anchors_of(undone, bare.id) == ()


def test_what_is_old_is_forgotten_every_hour(two_firms: Engine) -> None:
    with writing(two_firms) as session:
        session.add(LoginAttempt(login_hash="x", last_failed_at=after(days=-2)))
        session.add(AnsweredRequest(caller="c", key="k", asked="x", at=after(days=-2)))
    round_of(two_firms)
    with reading(two_firms) as session:
        assert session.exec(select(LoginAttempt)).all() == []
        assert session.exec(select(AnsweredRequest)).all() == []
    names = {f"forget:{name}" for name in ("login_attempts", "login_sessions", "account_links", "answered_requests", "jobs")}
    assert {name for name in names if [row.state for row in jobs_named(two_firms, name)] == [JobState.DONE]} == names


def test_log_in_sessions_and_links_are_forgotten_three_months_after_their_end(undone: Session) -> None:
    give_accounts(undone, founded(undone).organisation)
    ding = find_user(undone, "ding")
    ding.password_hash = None
    invite(undone, ding, by="admin", at=NOW)  # holds for seven days
    for name, expires, revoked in (("expired", 1, None), ("revoked", 100, after(days=2)), ("open", 100, None)):
        opened = LoginSession(user_id=ding.id, token_hash=name, created_at=NOW, last_seen_at=NOW, expires_at=after(days=expires))
        opened.revoked_at = revoked
        undone.add(opened)

    def left(days: float) -> tuple[set[str], int]:
        forget_old_sessions(undone, at=after(days=days))
        forget_old_links(undone, at=after(days=days))
        return set(undone.exec(select(LoginSession.token_hash))), len(undone.exec(select(AccountLink)).all())

    assert left(91) == ({"expired", "revoked", "open"}, 1)
    assert left(91.1) == ({"revoked", "open"}, 1)
    assert left(92.1) == ({"open"}, 1)
    assert left(97.1) == ({"open"}, 0)


def test_notices_written_by_a_job_are_sent_in_the_same_round(two_firms: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def due(session: Session, organisation: Organisation, *, at: datetime) -> None:
        send_mail(session, organisation.id, ["a@jc.example"], "标题", "正文", event="x:y", key="k", at=at)

    monkeypatch.setattr(worker, "DUE_ACTS", [("mail", due)])
    assert round_of(two_firms).unsent == 2  # there is no mail server
    assert round_of(two_firms, after(hours=1)).unsent == 2  # tried again, not written again


def test_worker_goes_on_after_a_fault_and_stops_when_told(
    two_firms: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stop, rounds = threading.Event(), []

    def work(*_: object) -> worker.Tally:
        rounds.append(1)
        if len(rounds) == 1:
            raise OSError("the database is away")
        if len(rounds) == 3:
            stop.set()
        return worker.Tally()

    monkeypatch.setattr(worker, "work", work)
    monkeypatch.setattr(worker, "PAUSE_AFTER_FAULT", 0.01)
    thread = threading.Thread(target=worker.run, args=(two_firms, stop, 0.01))
    thread.start()
    thread.join(10)
    assert not thread.is_alive()
    assert len(rounds) == 3
    assert "the database is away" in caplog.text


def test_hour_is_that_of_utc(two_firms: Engine) -> None:
    for at in (NOW, NOW.astimezone(tz=None), after(minutes=29)):
        worker.enqueue_hour(two_firms, at)
    [row] = jobs_named(two_firms, "due")
    assert row.payload == {"hour": (NOW - timedelta(minutes=30)).isoformat()}
