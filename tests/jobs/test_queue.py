"""The queue: each job is done once, by one worker, in one transaction; a failed one later again; a crashed worker's after its lease."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from small_firm import founded
from sqlalchemy import Engine
from sqlmodel import Session, select

from jobs.queueing import NOW, after, jobs, only, put, rows, write_row
from service.db import writing
from service.errors import Refused
from service.jobs.actions import enqueue, forget_finished
from service.jobs.models import Job
from service.jobs.queue import fail, finish, run_next, take
from service.jobs.rules import LEASE, MOST_ATTEMPTS, JobState, pause_after

DO = {"write": write_row}


def refuse(session: Session, job: Job, *, at: datetime) -> None:
    """A job that writes and then fails."""
    write_row(session, job, at=at)
    session.flush()
    raise Refused("文件不是草稿")


def test_job_is_done_once(queue: Engine) -> None:
    put(queue, "write")
    assert run_next(queue, DO, NOW) is JobState.DONE
    assert run_next(queue, DO, after(days=9)) is None
    row = only(queue)
    assert (row.state, row.finished_at, row.attempts, row.taken_until) == (JobState.DONE, NOW, 1, None)
    assert rows(queue) == ["write"]


def test_job_of_an_undone_transaction_never_runs(queue: Engine) -> None:
    def half_done() -> None:
        with writing(queue) as session:
            enqueue(session, "write", {"row": "x"}, at=NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half_done()
    assert run_next(queue, DO, NOW) is None


def test_job_waits_for_its_time(queue: Engine) -> None:
    put(queue, "write", run_at=after(hours=1))
    assert run_next(queue, DO, after(minutes=59)) is None
    assert run_next(queue, DO, after(hours=1)) is JobState.DONE


def test_job_that_waits_longest_is_first(queue: Engine) -> None:
    put(queue, "b", run_at=after(minutes=-1))
    put(queue, "a")
    taken = take(queue, ["a", "b"], NOW)
    assert taken is not None
    assert taken.name == "b"


def test_job_that_nobody_here_can_do_is_left_to_others(queue: Engine) -> None:
    put(queue, "other")
    assert run_next(queue, DO, NOW) is None
    assert only(queue).attempts == 0


def test_failing_job_leaves_nothing_but_its_error(queue: Engine) -> None:
    put(queue, "write")
    assert run_next(queue, {"write": refuse}, NOW) is JobState.WAITING
    row = only(queue)
    assert (row.error, row.run_at, row.taken_until, row.attempts) == ("文件不是草稿", after(minutes=1), None, 1)
    assert rows(queue) == []
    assert run_next(queue, DO, after(seconds=59)) is None
    assert run_next(queue, DO, after(minutes=1)) is JobState.DONE
    assert only(queue).error == ""


def test_one_failing_job_keeps_no_other_from_being_done(queue: Engine) -> None:
    put(queue, "bad", "write")
    known = {"bad": refuse, "write": write_row}
    assert {run_next(queue, known, NOW), run_next(queue, known, NOW)} == {JobState.WAITING, JobState.DONE}
    assert rows(queue) == ["write"]


def test_what_a_program_says_of_its_fault_is_told_to_nobody(queue: Engine) -> None:
    def fault(session: Session, job: Job, *, at: datetime) -> None:
        raise KeyError("a secret")

    put(queue, "write")
    run_next(queue, {"write": fault}, NOW)
    assert only(queue).error == "程序出错（KeyError），详见日志"


def test_pauses_double_up_to_an_hour_until_the_job_is_given_up(queue: Engine) -> None:
    put(queue, "write")
    at, pauses = NOW, []
    while run_next(queue, {"write": refuse}, at) is JobState.WAITING:
        pauses.append(only(queue).run_at - at)
        at = only(queue).run_at
    assert pauses == [timedelta(minutes=m) for m in (1, 2, 4, 8, 16, 32, 60)]
    assert (only(queue).state, only(queue).finished_at, only(queue).attempts) == (JobState.FAILED, at, MOST_ATTEMPTS)
    assert pause_after(MOST_ATTEMPTS) is None
    assert run_next(queue, DO, after(days=9)) is None


def test_job_of_a_crashed_worker_is_taken_again_after_its_lease(queue: Engine) -> None:
    put(queue, "write")
    assert take(queue, ["write"], NOW)
    assert take(queue, ["write"], NOW + LEASE - timedelta(seconds=1)) is None
    assert run_next(queue, DO, NOW + LEASE) is JobState.DONE
    assert only(queue).attempts == 2


def test_job_that_crashes_every_worker_is_given_up(queue: Engine) -> None:
    put(queue, "write")
    for number in range(MOST_ATTEMPTS):
        assert take(queue, ["write"], NOW + number * LEASE)
    assert take(queue, ["write"], NOW + MOST_ATTEMPTS * LEASE) is None
    assert (only(queue).state, only(queue).error) == (JobState.FAILED, "任务多次中断，没有做完")


def test_late_worker_neither_finishes_nor_fails_what_another_has_taken(queue: Engine) -> None:
    put(queue, "write")
    late = take(queue, ["write"], NOW)
    current = take(queue, ["write"], NOW + LEASE)
    assert late
    assert current
    with writing(queue) as session:
        finish(session, late, NOW + LEASE)
        fail(session, late, "太晚", NOW + LEASE)
    assert (only(queue).state, only(queue).error, only(queue).taken_until) == (JobState.WAITING, "", NOW + 2 * LEASE)
    with writing(queue) as session:
        finish(session, current, NOW + LEASE)
    assert only(queue).state is JobState.DONE


def test_several_workers_do_each_job_once(queue: Engine) -> None:
    put(queue, *(f"w{number:02}" for number in range(40)))
    known = {f"w{number:02}": write_row for number in range(40)}
    start, done = threading.Barrier(3), []

    def work() -> None:
        start.wait(10)
        while run_next(queue, known, NOW) is not None:
            done.append(1)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert rows(queue) == sorted(known)
    assert {(row.state, row.attempts) for row in jobs(queue)} == {(JobState.DONE, 1)}


def test_several_workers_never_take_the_same_job(queue: Engine) -> None:
    put(queue, *["write"] * 40)
    start, found = threading.Barrier(3), []

    def work() -> None:
        start.wait(10)
        while (taken := take(queue, ["write"], NOW)) is not None:
            found.append(taken.id)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(found) == len(set(found)) == 40


def test_same_key_is_one_job(undone: Session) -> None:
    first = enqueue(undone, "write", {"row": "1"}, at=NOW, key="k")
    assert enqueue(undone, "write", {"row": "2"}, at=after(hours=1), key="k") is first
    assert enqueue(undone, "other", {}, at=NOW, key="k") is not first
    owner = founded(undone).organisation.id
    assert enqueue(undone, "write", {}, at=NOW, key="k", organisation=owner) is not first
    assert enqueue(undone, "write", {}, at=NOW) is not enqueue(undone, "write", {}, at=NOW)


def test_two_that_enqueue_the_same_at_once_make_one_job(queue: Engine) -> None:
    both = threading.Barrier(2)

    def enter() -> None:
        both.wait(10)
        put(queue, "write", key="k")

    threads = [threading.Thread(target=enter) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(jobs(queue)) == 1


def test_finished_jobs_are_forgotten_in_time(undone: Session) -> None:
    for name, state, days in (
        ("done", JobState.DONE, 0),
        ("failed", JobState.FAILED, 0),
        ("waiting", JobState.WAITING, 0),
        ("new", JobState.DONE, 85),
    ):
        job = enqueue(undone, name, {}, at=NOW)
        job.state, job.finished_at = state, None if state is JobState.WAITING else after(days=days)

    def left(days: int) -> set[str]:
        forget_finished(undone, at=after(days=days))
        return set(undone.exec(select(Job.name)))

    assert left(7) == {"done", "failed", "waiting", "new"}
    assert left(8) == {"failed", "waiting", "new"}
    assert left(90) == {"failed", "waiting", "new"}
    assert left(91) == {"waiting", "new"}
    assert left(93) == {"waiting"}
