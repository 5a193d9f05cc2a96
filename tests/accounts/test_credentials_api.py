"""Password, second factor and API tokens over HTTP: confirmed first, told once, and gone when they are revoked."""

from __future__ import annotations

import pyotp
import pytest
from fastapi.testclient import TestClient
from small_firm import PASSWORD
from sqlmodel import select

from accounts.people import OTHER
from accounts.served import API, Served, log_in, refused
from service.db import reading
from service.web.models import AnsweredRequest

TOKENS, FACTOR, ORGANISATION = f"{API}/tokens", f"{API}/second-factor", f"{API}/organisations/JC"
NEW_TOKEN = {"name": "每日导出", "scopes": ["read"], "days": 30, "password": PASSWORD}


def phone_of(served: Served, client: TestClient) -> pyotp.TOTP:
    """The phone of a person who has just enabled the second factor."""
    phone = pyotp.TOTP(client.post(FACTOR, json={"password": PASSWORD}).json()["secret"])
    assert client.post(f"{FACTOR}/confirm", json={"code": phone.at(served.clock.moment)}).json() == {"enabled": True}
    return phone


def test_new_password_ends_the_other_sessions_and_keeps_this_one(served: Served) -> None:
    other, client = served.logged_in("bing"), served.logged_in("bing")
    assert client.post(f"{API}/password", json={"old": PASSWORD, "new": OTHER}).status_code == 204
    assert [each.get(f"{API}/session").status_code for each in (other, client)] == [401, 200]
    refused(log_in(served.browser(), "bing"), 401, "login_wrong")
    assert log_in(served.browser(), "bing", OTHER).status_code == 200


def test_weak_password_is_refused_and_the_old_one_stays(served: Served) -> None:
    client = served.logged_in("bing")
    refused(client.post(f"{API}/password", json={"old": PASSWORD, "new": "short"}), 422, "weak_password")
    assert log_in(served.browser(), "bing").status_code == 200


def test_guessing_the_old_password_closes_the_log_in(served: Served) -> None:
    client = served.logged_in("bing")
    for _ in range(5):
        refused(client.post(f"{API}/password", json={"old": "guess", "new": OTHER}), 401, "login_wrong")
    answer = client.post(f"{API}/password", json={"old": PASSWORD, "new": OTHER})
    refused(answer, 429, "login_locked")
    refused(log_in(served.browser(), "bing"), 429, "login_locked")


def test_second_factor_is_started_with_the_password_and_counts_once_confirmed(served: Served) -> None:
    client = served.logged_in("bing")
    refused(client.post(FACTOR, json={"password": "guess"}), 401, "login_wrong")
    refused(client.post(f"{FACTOR}/confirm", json={"code": "123456"}), 409, "second_factor_not_started")
    setup = client.post(FACTOR, json={"password": PASSWORD}).json()
    assert setup["uri"].startswith("otpauth://totp/")
    assert setup["secret"] in setup["uri"]
    assert client.get(FACTOR).json() == {"enabled": False}
    refused(client.post(f"{FACTOR}/confirm", json={"code": "000000"}), 422, "second_factor_wrong")
    assert log_in(served.browser(), "bing").status_code == 200
    code = pyotp.TOTP(setup["secret"]).at(served.clock.moment)
    assert client.post(f"{FACTOR}/confirm", json={"code": code}).json() == {"enabled": True}
    refused(log_in(served.browser(), "bing"), 401, "second_factor_needed")


def test_second_factor_is_disabled_by_a_code_or_the_password_only(served: Served) -> None:
    client = served.logged_in("bing")
    phone = phone_of(served, client)
    refused(client.post(f"{FACTOR}/disable", json={}), 401, "login_wrong")
    refused(client.post(f"{FACTOR}/disable", json={"code": "000000"}), 401, "second_factor_wrong")
    served.clock.move(minutes=1)
    assert client.post(f"{FACTOR}/disable", json={"code": phone.at(served.clock.moment)}).json() == {"enabled": False}
    assert log_in(served.browser(), "bing").status_code == 200


def test_token_is_told_once_and_listed_without_its_secret(served: Served) -> None:
    client = served.logged_in("bing")
    made = client.post(TOKENS, json=NEW_TOKEN)
    assert made.status_code == 201
    secret = made.json()["token"]
    assert secret.startswith("smt_")
    listed = client.get(TOKENS)
    assert secret not in listed.text
    assert listed.json()["items"] == [{key: value for key, value in made.json().items() if key != "token"}]


def test_repeated_request_makes_one_token_and_does_not_tell_it_again(served: Served) -> None:
    client = served.logged_in("bing")
    first, second = (client.post(TOKENS, json=NEW_TOKEN, headers={"idempotency-key": "one"}) for _ in range(2))
    assert (second.status_code, second.json()) == (201, {**first.json(), "token": None})
    assert len(client.get(TOKENS).json()["items"]) == 1
    with reading(served.engine) as session:
        assert all(first.json()["token"] not in row.body for row in session.exec(select(AnsweredRequest)))


def test_repeated_start_of_the_second_factor_does_not_tell_the_secret_again(served: Served) -> None:
    client = served.logged_in("bing")
    answers = [client.post(FACTOR, json={"password": PASSWORD}, headers={"idempotency-key": "one"}) for _ in range(2)]
    assert answers[1].json() == {"secret": None, "uri": None}
    code = pyotp.TOTP(answers[0].json()["secret"]).at(served.clock.moment)
    assert client.post(f"{FACTOR}/confirm", json={"code": code}).status_code == 200


def test_key_of_a_request_that_was_refused_for_its_password_is_free_again(served: Served) -> None:
    client, headers = served.logged_in("bing"), {"idempotency-key": "one"}
    refused(client.post(FACTOR, json={"password": "guess"}, headers=headers), 401, "login_wrong")
    refused(client.post(FACTOR, json={"password": "guess"}, headers=headers), 401, "login_wrong")
    assert client.post(FACTOR, json={"password": PASSWORD}, headers=headers).status_code == 200


def test_token_is_made_by_who_shows_the_password_or_a_code(served: Served) -> None:
    client = served.logged_in("bing")
    refused(client.post(TOKENS, json={**NEW_TOKEN, "password": ""}), 401, "login_wrong")
    refused(client.post(TOKENS, json={**NEW_TOKEN, "password": "guess"}), 401, "login_wrong")
    assert client.get(TOKENS).json()["items"] == []
    phone = phone_of(served, client)
    served.clock.move(minutes=1)
    by_code = {**NEW_TOKEN, "password": "", "code": phone.at(served.clock.moment)}
    assert client.post(TOKENS, json=by_code).status_code == 201


def test_guessing_the_password_for_a_token_closes_the_log_in(served: Served) -> None:
    client = served.logged_in("bing")
    for _ in range(5):
        refused(client.post(TOKENS, json={**NEW_TOKEN, "password": "guess"}), 401, "login_wrong")
    refused(client.post(TOKENS, json=NEW_TOKEN), 429, "login_locked")


BAD_TOKENS = [
    ({**NEW_TOKEN, "name": " "}, "bad_token"),
    ({**NEW_TOKEN, "name": "a\u202eb"}, "bad_token"),
    ({**NEW_TOKEN, "scopes": []}, "bad_token"),
    ({**NEW_TOKEN, "scopes": ["all"]}, "validation"),
    ({**NEW_TOKEN, "scopes": ["read"] * 4}, "validation"),
    ({**NEW_TOKEN, "days": 0}, "validation"),
    ({**NEW_TOKEN, "days": 367}, "validation"),
    ({**NEW_TOKEN, "user": "jia"}, "validation"),
]


@pytest.mark.parametrize(("body", "code"), BAD_TOKENS)
def test_token_that_cannot_be_is_refused(served: Served, body: dict[str, object], code: str) -> None:
    client = served.logged_in("bing")
    refused(client.post(TOKENS, json=body), 422, code)
    assert client.get(TOKENS).json()["items"] == []


def test_scopes_open_what_they_say_and_nothing_else(served: Served) -> None:
    opened = {}
    for scope in ("read", "write", "manage"):
        program = served.program("bing", scope)
        reads = program.get(f"{ORGANISATION}/members").status_code
        manages = program.post(f"{ORGANISATION}/members", json={"login": "ding", "role": "reader"})
        writes = program.put(f"{ORGANISATION}/values/company.hotline", json={"value": "1", "valid_from": "2026-04-01"})
        opened[scope] = (reads, manages.json().get("code", "done"), writes.json()["code"])
    assert opened == {
        "read": (200, "scope_missing", "scope_missing"),
        "write": (200, "scope_missing", "if_match_missing"),
        "manage": (200, "done", "scope_missing"),
    }


def test_token_needs_no_csrf_token_and_has_no_more_rights_than_its_person(served: Served) -> None:
    program = served.program("jia", "manage")
    refused(program.post(f"{ORGANISATION}/members", json={"login": "ding", "role": "reader"}), 403, "not_allowed")


def test_token_ends_on_its_day(served: Served) -> None:
    program = served.program("bing", "read")
    served.clock.move(days=30, seconds=-1)
    assert program.get(ORGANISATION).status_code == 200
    served.clock.move(seconds=1)
    refused(program.get(ORGANISATION), 401, "token_invalid")


def test_revoked_token_stops_at_the_next_request(served: Served) -> None:
    client, program = served.logged_in("bing"), served.program("bing", "read")
    [line] = client.get(TOKENS).json()["items"]
    assert program.get(ORGANISATION).status_code == 200
    assert client.delete(f"{TOKENS}/{line['id']}").status_code == 204
    refused(program.get(ORGANISATION), 401, "token_invalid")
    refused(client.delete(f"{TOKENS}/{line['id']}"), 409, "token_revoked")


def test_token_of_another_person_is_not_found(served: Served) -> None:
    served.program("jia", "read")
    [line] = served.logged_in("jia").get(TOKENS).json()["items"]
    client = served.logged_in("bing")
    assert client.get(TOKENS).json()["items"] == []
    refused(client.delete(f"{TOKENS}/{line['id']}"), 404, "token_not_found")


@pytest.mark.parametrize("token", ["smt_unknown", "é", "", "Bearer"])
def test_token_that_nobody_has_is_refused(served: Served, token: str) -> None:
    answer = served.browser().get(ORGANISATION, headers={"authorization": f"Bearer {token}".encode()})
    assert answer.status_code == 401
