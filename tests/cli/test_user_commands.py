"""Commands `user` and `token`: the password comes from standard input, a token is shown once."""

from __future__ import annotations

from pathlib import Path

import pytest
from house import Answer, done, refused, rows_in
from sqlmodel import Session
from typer.testing import CliRunner

from service import clock
from service.accounts.api_tokens import authenticate_api_token
from service.accounts.login import LoggedIn, authenticate_session, log_in
from service.accounts.rules import Denied, TokenScope
from service.cli.main import app
from service.db import open_database, writing
from service.settings import settings

PASSWORD = "autumn red tractor 7"
OTHER = "winter blue bicycle 8"


def piped(text: str | bytes, *words: str) -> Answer:
    """A command with this on its standard input."""
    made = CliRunner().invoke(app, list(words), input=text, catch_exceptions=False)
    return Answer(made.exit_code, made.stdout, made.stderr)


def create(login: str = "ding", password: str | bytes = PASSWORD + "\n") -> Answer:
    return piped(password, "user", "create", login, "--name", "丁四", "--email", "ding@example.com")


@pytest.fixture
def ready(home: Path) -> Path:
    done("migrate")
    assert create().exit_code == 0
    return home


def entered(password: str) -> LoggedIn | Denied:
    engine = open_database(settings().database_url)
    with writing(engine) as session:
        answer = log_in(session, "ding", password, at=clock.now())
    engine.dispose()
    return answer


def is_open(token: str) -> bool:
    engine = open_database(settings().database_url)
    with Session(engine) as session:
        answer = authenticate_session(session, token, at=clock.now())
    engine.dispose()
    return not isinstance(answer, Denied)


def acts(token: str, scope: TokenScope) -> bool:
    engine = open_database(settings().database_url)
    with Session(engine) as session:
        answer = authenticate_api_token(session, token, scope, at=clock.now())
    engine.dispose()
    return not isinstance(answer, Denied)


def test_user_is_made_with_the_password_of_standard_input_and_listed_without_it(ready: Path) -> None:
    assert done("user", "list", "--json").json == [
        {"login": "ding", "name": "丁四", "email": "ding@example.com", "has_password": True, "second_factor": False, "disabled_at": None}
    ]
    assert "丁四" in done("user", "list").out
    assert isinstance(entered(PASSWORD), LoggedIn)


def test_password_is_not_echoed(home: Path) -> None:
    done("migrate")
    answer = create()
    assert PASSWORD not in answer.out + answer.err
    assert "用户 ding 丁四 已建立" in answer.out


def test_user_without_a_password_waits_for_an_invitation(home: Path) -> None:
    done("migrate")
    done("user", "create", "yi", "--name", "易二", "--no-password")
    assert [row["has_password"] for row in done("user", "list", "--json").json] == [False]


BAD: dict[str, tuple[str, str | bytes, str]] = {
    "no password": ("yi", "", "password_missing"),
    "blank line": ("yi", "\n", "password_missing"),
    "weak": ("yi", "password123\n", "weak_password"),
    "bad bytes": ("yi", b"\xff\xfe\xff\n", "password_not_readable"),
    "bad login": ("Y I", PASSWORD, "bad_user"),
    "taken": ("ding", PASSWORD, "user_exists"),
}


@pytest.mark.parametrize("case", list(BAD))
def test_bad_user_is_refused_whole(ready: Path, case: str) -> None:
    login, password, code = BAD[case]
    before = rows_in(ready)
    answer = create(login, password)
    assert (answer.exit_code, answer.err.startswith(f"错误[{code}]：")) == (1, True), answer
    assert rows_in(ready) == before


def test_new_password_ends_sessions(ready: Path) -> None:
    before = entered(PASSWORD)
    assert isinstance(before, LoggedIn)
    assert is_open(before.token)
    assert piped(OTHER, "user", "password", "ding").exit_code == 0
    assert not is_open(before.token)
    assert isinstance(entered(PASSWORD), Denied)
    assert isinstance(entered(OTHER), LoggedIn)


def test_sessions_are_revoked(ready: Path) -> None:
    before = entered(PASSWORD)
    assert isinstance(before, LoggedIn)
    assert "1 个登录已结束" in done("user", "revoke-sessions", "ding").out
    assert not is_open(before.token)


def test_user_is_disabled_and_enabled(ready: Path) -> None:
    done("user", "disable", "ding")
    assert isinstance(entered(PASSWORD), Denied)
    assert done("user", "list", "--json").json[0]["disabled_at"]
    refused("user_disabled", "user", "disable", "ding")
    done("user", "enable", "ding")
    assert isinstance(entered(PASSWORD), LoggedIn)


def test_token_is_shown_once_and_works_until_revoked(ready: Path) -> None:
    made = done("token", "create", "ding", "--name", "ERP", "--scope", "write", "--days", "30", "--json").json
    assert acts(made["token"], TokenScope.READ)
    assert not acts(made["token"], TokenScope.MANAGE)
    listed = done("token", "list", "--user", "ding", "--json")
    assert [(row["id"], row["user"], row["scopes"]) for row in listed.json] == [(made["id"], "ding", "write")]
    assert made["token"] not in listed.out + done("token", "list").out
    done("token", "revoke", made["id"])
    assert not acts(made["token"], TokenScope.READ)
    refused("token_revoked", "token", "revoke", made["id"])


def test_token_for_people_says_that_it_is_not_shown_again(ready: Path) -> None:
    token, words = done("token", "create", "ding", "--name", "ERP", "--scope", "read").out.split("\n", 1)
    assert acts(token, TokenScope.READ)
    assert "只显示这一次" in words


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("user_not_found", ("user", "disable", "nobody")),
        ("user_not_found", ("user", "password", "nobody")),
        ("user_not_found", ("user", "revoke-sessions", "nobody")),
        ("user_not_found", ("token", "list", "--user", "nobody")),
        ("user_not_found", ("token", "create", "nobody", "--name", "x", "--scope", "read")),
        ("bad_token", ("token", "create", "ding", "--name", "x", "--scope", "read", "--days", "1000")),
        ("token_not_found", ("token", "revoke", "nonsense")),
        ("user_enabled", ("user", "enable", "ding")),
        ("second_factor_missing", ("user", "reset-second-factor", "ding")),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_sentence(ready: Path, code: str, words: tuple[str, ...]) -> None:
    before = rows_in(ready)
    refused(code, *words)
    assert rows_in(ready) == before


@pytest.mark.parametrize("words", [("user", "list"), ("user", "disable", "x"), ("token", "list"), ("user", "create", "x", "--name", "x")])
def test_before_migrate_commands_say_what_to_do(home: Path, words: tuple[str, ...]) -> None:
    refused("not_migrated", *words)


def test_scope_that_there_is_not_is_wrong_usage(ready: Path) -> None:
    assert piped("", "token", "create", "ding", "--name", "x", "--scope", "sign").exit_code == 2
