"""The life of an account: made once, disabled, enabled; what the database holds of its secrets."""

from __future__ import annotations

import pytest
from sqlalchemy import select as select_from
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from accounts.people import NOW, OTHER, PASSWORD, actions_noted, denied, logged_in, person, tried, with_second_factor
from service.accounts.actions import create_user, disable_user, enable_user, set_password
from service.accounts.api_tokens import authenticate_api_token, create_api_token
from service.accounts.links import invite, request_reset
from service.accounts.login import authenticate_session
from service.accounts.models import User
from service.accounts.queries import events, find_user, list_users
from service.accounts.rules import Denial, TokenScope
from service.accounts.secret import HASHER, digest, new_token, same
from service.db import metadata
from service.errors import Conflict, InputError, NotFound, Refused


def test_account_is_made_and_found_by_its_login(undone: Session) -> None:
    user = create_user(undone, " Ding ", " 丁四 ", by="admin", at=NOW)
    assert (user.login, user.name, user.password_hash) == ("ding", "丁四", None)
    assert find_user(undone, "DING") is user
    assert list_users(undone) == [user]


def test_login_is_given_once(undone: Session) -> None:
    person(undone)
    with pytest.raises(Conflict, match="已被使用"):
        person(undone, "DING")
    undone.add(User(login="ding", name="丁四", created_at=NOW))
    with pytest.raises(IntegrityError), undone.begin_nested():
        undone.flush()


@pytest.mark.parametrize(("login", "name", "email"), [("丁", "丁四", ""), ("ding", "", ""), ("ding", "丁四", "ding")])
def test_bad_account_is_not_made(undone: Session, login: str, name: str, email: str) -> None:
    with pytest.raises(InputError) as caught:
        create_user(undone, login, name, email, by="admin", at=NOW)
    assert caught.value.code == "bad_user"
    assert list_users(undone) == []


def test_weak_password_is_refused_wherever_one_is_set(undone: Session) -> None:
    user = person(undone)
    for ask in (lambda: person(undone, "yi", "password123"), lambda: set_password(undone, user, "short", by="admin", at=NOW)):
        with pytest.raises(InputError) as caught:
            ask()
        assert caught.value.code == "weak_password"
    assert [row.login for row in list_users(undone)] == ["ding"]
    logged_in(undone)


def test_unknown_account_is_not_found(undone: Session) -> None:
    with pytest.raises(NotFound):
        find_user(undone, "nobody")


def test_new_password_by_an_administrator_ends_every_session(undone: Session) -> None:
    user = person(undone)
    token = logged_in(undone).token
    set_password(undone, user, OTHER, by="admin", at=NOW)
    assert denied(authenticate_session(undone, token, at=NOW)) is Denial.SESSION
    assert tried(undone, PASSWORD) is Denial.WRONG
    logged_in(undone, password=OTHER)


def test_disabled_account_gets_nothing_new(undone: Session) -> None:
    user = person(undone)
    disable_user(undone, user, by="admin", at=NOW)
    refused = (
        lambda: set_password(undone, user, OTHER, by="admin", at=NOW),
        lambda: create_api_token(undone, user, "x", [TokenScope.READ], days=1, by="admin", at=NOW),
        lambda: invite(undone, user, by="admin", at=NOW),
        lambda: disable_user(undone, user, by="admin", at=NOW),
    )
    for ask in refused:
        with pytest.raises(Refused) as caught:
            ask()
        assert caught.value.code == "user_disabled"
    assert request_reset(undone, "ding", at=NOW) is None


def test_disabling_ends_tokens_for_good(undone: Session) -> None:
    user = person(undone)
    token, row = create_api_token(undone, user, "x", [TokenScope.READ], days=1, by="ding", at=NOW)
    disable_user(undone, user, by="admin", at=NOW)
    assert denied(authenticate_api_token(undone, token, TokenScope.READ, at=NOW)) is Denial.API
    enable_user(undone, user, by="admin", at=NOW)
    assert denied(authenticate_api_token(undone, token, TokenScope.READ, at=NOW)) is Denial.API
    assert row.revoked_at == NOW


def test_account_that_is_not_disabled_is_not_enabled(undone: Session) -> None:
    with pytest.raises(Conflict):
        enable_user(undone, person(undone), by="admin", at=NOW)


def test_every_act_leaves_its_event_with_who_did_it(undone: Session) -> None:
    user = person(undone)
    logged_in(undone)
    create_api_token(undone, user, "x", [TokenScope.READ], days=1, by="ding", at=NOW)
    set_password(undone, user, OTHER, by="admin", at=NOW)
    disable_user(undone, user, by="admin", at=NOW)
    enable_user(undone, user, by="admin", at=NOW)
    wanted = {
        "user:create": "admin",
        "session:open": "ding",
        "token:create": "ding",
        "user:set_password": "admin",
        "user:disable": "admin",
        "user:enable": "admin",
    }
    assert sorted(actions_noted(undone, user)) == sorted(wanted)
    assert {row.action: row.by for row in events(undone, user.id)} == wanted


def everything_stored(session: Session) -> str:
    session.flush()
    return "\n".join(repr(tuple(row)) for table in metadata.sorted_tables for row in session.execute(select_from(table)))


def test_no_secret_is_stored_in_clear(undone: Session) -> None:
    user, invited = person(undone), person(undone, "yi", None)
    phone_code = with_second_factor(undone, user).at(NOW)
    tried(undone, "a wrong password")
    tried(undone, login="a password typed as a login")
    reset = request_reset(undone, "ding", at=NOW)
    assert reset is not None
    secrets = [
        PASSWORD,
        "a wrong password",
        "a password typed as a login",
        create_api_token(undone, user, "x", [TokenScope.READ], days=1, by="ding", at=NOW)[0],
        invite(undone, invited, by="admin", at=NOW),
        reset[1],
        phone_code,
    ]
    set_password(undone, invited, OTHER, by="admin", at=NOW)
    secrets += [logged_in(undone, "yi", OTHER).token, OTHER]
    stored = everything_stored(undone)
    assert [each for each in secrets if each in stored] == []
    assert digest(secrets[3]) in stored  # the search does find what is there


def test_secrets_are_random_and_long_and_differ() -> None:
    made = {new_token("x") for _ in range(1000)}
    assert len(made) == 1000
    assert {len(each) for each in made} == {2 + 43}  # 256 bits in letters of 6


def test_digests_are_compared_whole() -> None:
    assert same(digest("a"), digest("a"))
    assert not same(digest("a"), digest("b"))
    assert not same(digest("a"), digest("a")[:-1])


def test_product_hashes_with_argon2id_at_the_cost_owasp_asks_for() -> None:
    from service.accounts import secret

    assert secret.HASHER is not HASHER  # tests use a cheaper one
    assert HASHER.hash("x").startswith("$argon2id$v=19$m=19456,t=2,p=1$")
