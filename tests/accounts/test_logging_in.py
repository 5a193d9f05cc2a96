"""Logging in: one answer for every wrong attempt, a lock-out that grows and ends, sessions that end at once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import Engine, event
from sqlmodel import Session, select

from accounts.people import NOW, OTHER, PASSWORD, actions_noted, after, denied, logged_in, person, tried
from service.accounts import secret
from service.accounts.actions import disable_user, enable_user, revoke_all_sessions
from service.accounts.login import (
    LoggedIn,
    authenticate_session,
    change_password,
    confirm_identity,
    forget_old_attempts,
    log_in,
    log_out,
)
from service.accounts.models import LoginAttempt, LoginSession, User
from service.accounts.queries import events, find_user, open_sessions
from service.accounts.rules import SESSION_IDLE, SESSION_LIFETIME, Denial, Denied
from service.db import reading, writing


class Counting(Argon2Hasher):
    """The real hasher, which counts how often it computes."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.computed = 0

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        self.computed += 1
        return super().hash(password, salt=salt)

    def verify(self, password: str | bytes, hash: str | bytes) -> bool:  # noqa: A002  # the library's name
        self.computed += 1
        return super().verify(password, hash)


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> Counting:
    hasher = Counting()
    monkeypatch.setattr(secret, "HASHER", PasswordHash((hasher,)))
    return hasher


def test_right_password_opens_a_session_that_is_recognised(undone: Session) -> None:
    user = person(undone)
    entered = logged_in(undone)
    assert authenticate_session(undone, entered.token, at=after(minutes=5)) == (entered.session, user)


@pytest.mark.parametrize("login", ["DING", " ding", "ｄｉｎｇ"])
def test_login_may_be_typed_carelessly(undone: Session, login: str) -> None:
    person(undone)
    assert logged_in(undone, login).user.login == "ding"


def test_password_typed_with_another_input_method_is_the_same(undone: Session) -> None:
    person(undone, password="tractor-red-7")
    logged_in(undone, password="ｔｒａｃｔｏｒ－ｒｅｄ－７")


WRONG = [
    ("ding", "wrong password"),
    ("ding", ""),
    ("ding", PASSWORD + " "),
    ("ding", "x" * 100_000),
    ("ding", "\ud800\x00"),
    ("nobody", PASSWORD),
    ("", PASSWORD),
    ("\x00", PASSWORD),
    ("\ud800", PASSWORD),
    ("ding' OR 1=1 --", PASSWORD),
    ("x" * 100_000, PASSWORD),
    ("invited", ""),
    ("invited", PASSWORD),
    ("gone", PASSWORD),
]


@pytest.mark.parametrize(("login", "password"), WRONG, ids=lambda words: repr(words[:15]))
def test_every_wrong_attempt_gets_the_same_answer_for_one_hash(undone: Session, counting: Counting, login: str, password: str) -> None:
    for name, known in (("ding", PASSWORD), ("invited", None), ("gone", PASSWORD)):
        person(undone, name, known)
    disable_user(undone, find_user(undone, "gone"), by="admin", at=NOW)
    counting.computed = 0
    assert log_in(undone, login, password, at=NOW) == Denied(Denial.WRONG)
    assert counting.computed == 1
    assert undone.exec(select(LoginSession)).all() == []


def statements(session: Session, login: str, at: object = NOW) -> int:
    """How many statements a wrong log-in sends to the database."""
    sent: list[str] = []
    bind = session.get_bind()

    def listen(*words: object) -> None:
        sent.append(str(words[2]))

    event.listen(bind, "before_cursor_execute", listen)
    tried(session, login=login)
    session.flush()
    event.remove(bind, "before_cursor_execute", listen)
    return len(sent)


def test_unknown_login_costs_as_many_statements_as_a_wrong_password(undone: Session) -> None:
    person(undone)
    undone.flush()
    assert statements(undone, "ding") == statements(undone, "nobody") > 0


@pytest.mark.parametrize("login", ["ding", "nobody"])
def test_lock_out_grows_and_ends_whether_the_login_exists_or_not(undone: Session, login: str) -> None:
    person(undone)
    assert [tried(undone, login=login) for _ in range(5)] == [Denial.WRONG] * 5
    at = NOW
    for seconds in (60, 120, 300, 900, 900, 3600, 3600):
        answer = log_in(undone, login, PASSWORD, at=at + timedelta(seconds=seconds - 1))
        assert answer == Denied(Denial.LOCKED, at + timedelta(seconds=seconds))
        at += timedelta(seconds=seconds)
        assert tried(undone, login=login, at=at) is Denial.WRONG


def test_right_password_is_not_even_tried_while_locked(undone: Session, counting: Counting) -> None:
    person(undone)
    for _ in range(5):
        tried(undone)
    counting.computed = 0
    assert denied(log_in(undone, "ding", PASSWORD, at=after(seconds=59))) is Denial.LOCKED
    assert counting.computed == 0
    logged_in(undone, at=after(seconds=60))


def test_success_forgives_failures(undone: Session) -> None:
    person(undone)
    for _ in range(3):
        for _ in range(4):
            assert tried(undone) is Denial.WRONG
        logged_in(undone)


def test_failures_of_one_do_not_lock_another(undone: Session) -> None:
    person(undone)
    person(undone, "yi")
    for _ in range(6):
        tried(undone)
    logged_in(undone, "yi")


def test_old_counters_are_forgotten_and_live_ones_stay(undone: Session) -> None:
    tried(undone, login="old")
    tried(undone, login="new", at=after(hours=20))
    assert forget_old_attempts(undone, at=after(hours=25)) == 1
    assert len(undone.exec(select(LoginAttempt)).all()) == 1


def test_many_guesses_at_once_are_stopped_by_the_lock_out(engine: Engine) -> None:
    with writing(engine) as session:
        person(session)
    answers: list[Denial] = []

    def guess() -> None:
        with writing(engine) as session:
            answers.append(tried(session))

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == sorted([Denial.WRONG] * 5 + [Denial.LOCKED] * 7)


def test_session_ends_when_it_is_over_or_idle(undone: Session) -> None:
    person(undone)
    token = logged_in(undone).token
    at = NOW
    while at + timedelta(hours=1) < NOW + SESSION_LIFETIME:
        at += timedelta(hours=1)
        assert isinstance(authenticate_session(undone, token, at=at), tuple)
    assert authenticate_session(undone, token, at=NOW + SESSION_LIFETIME) == Denied(Denial.SESSION)
    idle = logged_in(undone).token
    assert authenticate_session(undone, idle, at=NOW + SESSION_IDLE) == Denied(Denial.SESSION)


def test_being_seen_is_written_once_a_minute(undone: Session) -> None:
    person(undone)
    entered = logged_in(undone)
    for seconds, seen in ((30, NOW), (60, after(seconds=60)), (90, after(seconds=60)), (120, after(seconds=120))):
        authenticate_session(undone, entered.token, at=after(seconds=seconds))
        assert entered.session.last_seen_at == seen


@pytest.mark.parametrize("token", ["", "sms_", "nonsense", "\x00", "\ud800", "x" * 100_000])
def test_token_of_nobody_opens_nothing(undone: Session, token: str) -> None:
    person(undone)
    logged_in(undone)
    assert authenticate_session(undone, token, at=NOW) == Denied(Denial.SESSION)
    log_out(undone, token, at=NOW)


def test_logging_out_ends_this_session_only_and_twice_is_no_fault(undone: Session) -> None:
    user = person(undone)
    one, other = logged_in(undone), logged_in(undone)
    for _ in range(2):
        log_out(undone, one.token, at=NOW)
    assert denied(authenticate_session(undone, one.token, at=NOW)) is Denial.SESSION
    assert open_sessions(undone, user.id, NOW) == [other.session]
    assert actions_noted(undone, user).count("session:close") == 1


def test_all_sessions_are_revoked_at_once_but_the_one_to_keep(undone: Session) -> None:
    user = person(undone)
    one, other, third = (logged_in(undone) for _ in range(3))
    assert revoke_all_sessions(undone, user, by="ding", at=NOW, keep=third.session.id) == 2
    assert [isinstance(authenticate_session(undone, each.token, at=NOW), Denied) for each in (one, other, third)] == [True, True, False]


def test_disabled_person_is_out_at_once_and_enabling_brings_no_session_back(undone: Session) -> None:
    user = person(undone)
    token = logged_in(undone).token
    disable_user(undone, user, by="admin", at=NOW)
    assert denied(authenticate_session(undone, token, at=NOW)) is Denial.SESSION
    assert tried(undone, PASSWORD) is Denial.WRONG
    enable_user(undone, user, by="admin", at=NOW)
    assert denied(authenticate_session(undone, token, at=NOW)) is Denial.SESSION
    logged_in(undone)


def test_session_made_beside_the_disabling_does_not_hold(undone: Session) -> None:
    user = person(undone)
    entered = logged_in(undone)
    user.disabled_at = NOW
    assert entered.session.revoked_at is None
    assert denied(authenticate_session(undone, entered.token, at=NOW)) is Denial.SESSION


def test_revoked_session_that_is_tried_again_is_noted_once_an_hour(undone: Session) -> None:
    user = person(undone)
    token = logged_in(undone).token
    revoke_all_sessions(undone, user, by="admin", at=NOW)
    for minutes in (0, 1, 59, 60, 61):
        assert denied(authenticate_session(undone, token, at=after(minutes=minutes))) is Denial.SESSION
    assert actions_noted(undone, user).count("session:refuse") == 2


def test_session_is_recognised_in_a_reading_session_by_one_select(engine: Engine) -> None:
    with writing(engine) as session:
        person(session)
        token = logged_in(session).token
    sent: list[str] = []
    with reading(engine) as session:
        event.listen(session.get_bind(), "before_cursor_execute", lambda *words: sent.append(words[2]))
        assert isinstance(authenticate_session(session, token, at=after(minutes=5)), tuple)
    assert len([each for each in sent if each != "BEGIN"]) == 1


def test_failures_are_kept_when_the_edge_commits_the_answer(engine: Engine) -> None:
    for _ in range(5):
        with writing(engine) as session:
            assert tried(session) is Denial.WRONG
    with writing(engine) as session:
        assert tried(session) is Denial.LOCKED


def test_failed_attempts_are_noted_with_their_count_but_not_with_what_was_typed(undone: Session) -> None:
    user = person(undone)
    for password in ("my secret one", "my secret two"):
        tried(undone, password)
    tried(undone, login="typed password here")
    noted = [row for row in events(undone) if row.action == "session:deny"]
    assert sorted((row.user_id == user.id, row.details["failures"]) for row in noted) == [(False, 1), (True, 1), (True, 2)]
    assert "typed" not in repr([(row.subject_id, row.details) for row in noted])
    assert "secret" not in repr([(row.subject_id, row.details) for row in noted])


def test_password_is_changed_by_who_knows_the_old_one_and_other_sessions_end(undone: Session) -> None:
    user = person(undone)
    here, elsewhere = logged_in(undone), logged_in(undone)
    denied(change_password(undone, user, "wrong password", OTHER, at=NOW, keep=here.session.id))
    assert len(open_sessions(undone, user.id, NOW)) == 2
    assert change_password(undone, user, PASSWORD, OTHER, at=NOW, keep=here.session.id) is None
    assert open_sessions(undone, user.id, NOW) == [here.session]
    assert denied(authenticate_session(undone, elsewhere.token, at=NOW)) is Denial.SESSION
    assert tried(undone, PASSWORD) is Denial.WRONG
    logged_in(undone, password=OTHER)


def test_showing_the_password_again_counts_like_a_log_in(undone: Session) -> None:
    user = person(undone)
    assert confirm_identity(undone, user, password=PASSWORD, at=NOW) is None
    for _ in range(5):
        assert denied(confirm_identity(undone, user, password="wrong", at=NOW)) is Denial.WRONG
    assert denied(confirm_identity(undone, user, password=PASSWORD, at=NOW)) is Denial.LOCKED
    assert tried(undone, PASSWORD) is Denial.LOCKED


def test_nothing_at_all_confirms_nobody(undone: Session) -> None:
    assert denied(confirm_identity(undone, person(undone), at=NOW)) is Denial.WRONG


def test_hash_that_is_weaker_than_todays_is_replaced_at_log_in(undone: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    user = person(undone)
    old = user.password_hash
    monkeypatch.setattr(secret, "HASHER", PasswordHash((Argon2Hasher(time_cost=2, memory_cost=16, parallelism=1),)))
    assert isinstance(log_in(undone, "ding", PASSWORD, at=NOW), LoggedIn)
    undone.flush()
    undone.expire_all()
    again = undone.exec(select(User)).one().password_hash
    assert again != old
    assert "m=16,t=2" in (again or "")
    logged_in(undone)
