"""Logging in over HTTP: the cookie, refusals and lock-out, sessions that end at once, and writes that another site cannot forge."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from small_firm import PASSWORD

from accounts.people import with_second_factor
from accounts.served import API, NOW, Served, cookie_of, log_in, person, refused, with_cookie
from service.accounts.actions import disable_user, revoke_all_sessions
from service.accounts.identity import COOKIE
from service.accounts.queries import events, find_user
from service.db import reading, writing
from service.settings import settings

ME, SESSIONS = f"{API}/session", f"{API}/sessions"


def names_noted(served: Served, action: str) -> list[str]:
    with reading(served.engine) as session:
        return [row.by for row in events(session) if row.action == action]


def test_log_in_opens_a_session_that_is_recognised(served: Served) -> None:
    client = served.browser()
    answer = log_in(client, "bing")
    assert answer.status_code == 200
    assert answer.json() == {
        "user": {"login": "bing", "name": "邴三"},
        "csrf_token": client.get(ME).json()["csrf_token"],
        "expires_at": "2026-03-02T14:00:00Z",
    }
    assert client.get(ME).json() == answer.json()


def test_cookie_is_out_of_reach_of_scripts_and_other_sites(served: Served) -> None:
    flags = log_in(served.browser(), "bing").headers["set-cookie"].split("; ")[1:]
    assert set(flags) == {"HttpOnly", "Path=/", "SameSite=lax"}


def test_cookie_outside_development_travels_encrypted_only(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICE_MANUAL_ENVIRONMENT", "production")
    monkeypatch.setenv("SERVICE_MANUAL_SECRET", "a-secret-of-this-test-0123456789-abcdef")
    settings.cache_clear()
    assert "Secure" in log_in(served.browser(), "bing").headers["set-cookie"].split("; ")


WRONG = [("bing", "wrong password"), ("bing", ""), ("nobody", PASSWORD), ("invited", PASSWORD), ("gone", PASSWORD), ("\x00", "x")]


@pytest.mark.parametrize(("login", "password"), WRONG)
def test_every_wrong_attempt_gets_the_same_answer(served: Served, login: str, password: str) -> None:
    with writing(served.engine) as session:
        person(session, "invited", "未到", None)
        disable_user(session, person(session, "gone", "离职"), by="admin", at=NOW)
    answer = log_in(served.browser(), login, password)
    assert refused(answer, 401, "login_wrong") == "登录名或密码不正确"
    assert "set-cookie" not in answer.headers
    assert answer.headers["www-authenticate"] == "Bearer"


def test_failures_over_http_close_the_log_in_and_say_for_how_long(served: Served) -> None:
    client = served.browser()
    for _ in range(5):
        refused(log_in(client, "bing", "wrong password"), 401, "login_wrong")
    answer = log_in(client, "bing")
    refused(answer, 429, "login_locked")
    assert answer.headers["retry-after"] == "60"
    served.clock.move(seconds=60)
    assert log_in(client, "bing").status_code == 200


def test_lock_out_of_a_name_that_nobody_has_looks_the_same(served: Served) -> None:
    client = served.browser()
    answers = [[log_in(client, login, "wrong password") for _ in range(7)] for login in ("bing", "nobody")]
    told = [[(each.status_code, each.text, each.headers.get("retry-after")) for each in tries] for tries in answers]
    assert told[0] == told[1]
    assert [status for status, _, _ in told[0]] == [401] * 5 + [429] * 2


def test_second_factor_is_asked_for_and_its_code_works_once(served: Served) -> None:
    with writing(served.engine) as session:
        phone = with_second_factor(session, find_user(session, "bing"), NOW)
    served.clock.move(minutes=5)
    code = phone.at(served.clock.moment)
    refused(log_in(served.browser(), "bing"), 401, "second_factor_needed")
    refused(log_in(served.browser(), "bing", "wrong password", code), 401, "login_wrong")
    assert log_in(served.browser(), "bing", code=code).status_code == 200
    refused(log_in(served.browser(), "bing", code=code), 401, "second_factor_wrong")


def test_token_that_somebody_planted_in_the_browser_is_not_taken_over(served: Served) -> None:
    planted = "sms_planted-by-somebody-else"
    client = with_cookie(served.browser(), planted)
    log_in(client, "bing")
    assert cookie_of(client) != planted
    refused(with_cookie(served.browser(), planted).get(ME), 401, "session_invalid")


def test_new_log_in_of_a_browser_ends_the_one_it_had(served: Served) -> None:
    client = served.logged_in("bing")
    former = cookie_of(client)
    log_in(client, "bing")
    assert cookie_of(client) != former
    refused(with_cookie(served.browser(), former).get(ME), 401, "session_invalid")
    assert client.get(ME).status_code == 200


def test_failed_log_in_leaves_the_session_of_the_browser_alone(served: Served) -> None:
    client = served.logged_in("bing")
    log_in(client, "bing", "wrong password")
    assert client.get(ME).status_code == 200


def test_log_out_ends_the_session_and_clears_the_cookie(served: Served) -> None:
    client = served.logged_in("bing")
    token = cookie_of(client)
    answer = client.delete(ME)
    assert (answer.status_code, answer.content) == (204, b"")
    assert COOKIE not in client.cookies
    refused(with_cookie(client, token).get(ME), 401, "session_invalid")


def test_who_has_not_logged_in_is_told_to(served: Served) -> None:
    for path in ("session", "sessions", "tokens", "second-factor", "organisations", "organisations/JC", "organisations/JC/members"):
        assert refused(served.browser().get(f"{API}/{path}"), 401, "login_needed") == "请先登录"


def test_session_ends_after_two_idle_hours(served: Served) -> None:
    client = served.logged_in("bing")
    served.clock.move(hours=1, minutes=59)
    assert client.get(ME).status_code == 200
    served.clock.move(hours=1, minutes=59)
    assert client.get(ME).status_code == 200
    served.clock.move(hours=2)
    refused(client.get(ME), 401, "session_invalid")


def test_session_ends_after_twelve_hours_of_work(served: Served) -> None:
    client = served.logged_in("bing")
    for _ in range(11):
        served.clock.move(hours=1)
        assert client.get(ME).status_code == 200
    served.clock.move(hours=1)
    refused(client.get(ME), 401, "session_invalid")


def disable(served: Served) -> None:
    with writing(served.engine) as session:
        disable_user(session, find_user(session, "bing"), by="admin", at=served.clock.moment)


def revoke(served: Served) -> None:
    with writing(served.engine) as session:
        revoke_all_sessions(session, find_user(session, "bing"), by="admin", at=served.clock.moment)


@pytest.mark.parametrize("act", [disable, revoke])
def test_session_that_is_taken_away_stops_at_the_next_request(served: Served, act: Callable[[Served], None]) -> None:
    client = served.logged_in("bing")
    act(served)
    refused(client.get(f"{API}/organisations/JC"), 401, "session_invalid")
    refused(client.delete(SESSIONS), 401, "session_invalid")
    assert names_noted(served, "session:refuse") == [""]


def test_own_sessions_are_listed_newest_first_and_ended_one_by_one(served: Served) -> None:
    old = served.logged_in("bing")
    served.clock.move(minutes=10)
    new = served.logged_in("bing")
    lines = new.get(SESSIONS).json()["items"]
    assert [line["current"] for line in lines] == [True, False]
    assert [line["created_at"] for line in lines] == ["2026-03-02T02:10:00Z", "2026-03-02T02:00:00Z"]
    assert new.delete(f"{SESSIONS}/{lines[1]['id']}").status_code == 204
    refused(old.get(ME), 401, "session_invalid")
    refused(new.delete(f"{SESSIONS}/{lines[1]['id']}"), 404, "session_not_found")
    assert len(new.get(SESSIONS).json()["items"]) == 1


def test_sessions_come_in_pages(served: Served) -> None:
    client = [served.logged_in("bing") for _ in range(3)][-1]
    first = client.get(SESSIONS, params={"limit": 2}).json()
    second = client.get(SESSIONS, params={"limit": 2, "cursor": first["next_cursor"]}).json()
    assert (len(first["items"]), len(second["items"]), second["next_cursor"]) == (2, 1, None)
    assert len({line["id"] for line in first["items"] + second["items"]}) == 3


def test_other_sessions_are_ended_at_once(served: Served) -> None:
    others, client = [served.logged_in("bing") for _ in range(2)], served.logged_in("bing")
    assert client.delete(SESSIONS).json() == {"sessions_ended": 2}
    assert [other.get(ME).status_code for other in others] == [401, 401]
    assert client.get(ME).status_code == 200


def test_session_of_another_person_is_not_found(served: Served) -> None:
    theirs = served.logged_in("jia")
    [line] = theirs.get(SESSIONS).json()["items"]
    refused(served.logged_in("bing").delete(f"{SESSIONS}/{line['id']}"), 404, "session_not_found")
    assert theirs.get(ME).status_code == 200


@pytest.mark.parametrize("sent", [None, "", "0" * 64, "é", "\u202e"])
def test_write_without_the_sessions_own_csrf_token_is_refused(served: Served, sent: str | None) -> None:
    client = served.logged_in("bing")
    del client.headers["x-csrf-token"]
    headers = {} if sent is None else {"x-csrf-token": sent.encode()}
    refused(client.request("DELETE", SESSIONS, headers=headers), 403, "csrf_missing")


def test_csrf_token_of_another_session_is_refused(served: Served) -> None:
    client, other = served.logged_in("bing"), served.logged_in("bing")
    answer = client.delete(SESSIONS, headers={"x-csrf-token": other.headers["x-csrf-token"]})
    refused(answer, 403, "csrf_missing")


FOREIGN = [{"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}]


@pytest.mark.parametrize("headers", FOREIGN)
def test_nobody_is_logged_in_by_another_site(served: Served, headers: dict[str, str]) -> None:
    """Log-in has no CSRF token yet: the guard refuses what another site makes the browser send."""
    client = served.browser()
    answer = client.post(ME, json={"login": "bing", "password": PASSWORD}, headers=headers)
    refused(answer, 403, "cross_site")
    answer = client.post("/login", data={"login": "bing", "password": PASSWORD}, headers=headers)
    assert answer.status_code == 403
    assert COOKIE not in client.cookies


BAD = [
    {"login": "bing"},
    {"login": "bing", "password": 7},
    {"login": "b" * 201, "password": PASSWORD},
    {"login": "bing", "password": "p" * 201},
    {"login": "bing", "password": PASSWORD, "code": "1" * 21},
    {"login": "bing", "password": PASSWORD, "role": "administrator"},
]


@pytest.mark.parametrize("body", BAD)
def test_bad_fields_are_refused_without_repeating_what_was_typed(served: Served, body: dict[str, object]) -> None:
    answer = served.browser().post(ME, json=body)
    refused(answer, 422, "validation")
    assert PASSWORD not in answer.text
    assert "ppp" not in answer.text


@pytest.mark.parametrize("body", ['{"login": "bing", "password": "\\ud800"}', "{", "[" * 100_000, "null", ""])
def test_body_that_is_no_log_in_is_refused(served: Served, body: str) -> None:
    answer = served.browser().post(ME, content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"


def answers_of(client: TestClient) -> list[Response]:
    """What a program with a token gets where only the person may act."""
    some = "00000000-0000-0000-0000-000000000000"
    return [
        client.delete(ME),
        client.get(SESSIONS),
        client.delete(SESSIONS),
        client.delete(f"{SESSIONS}/{some}"),
        client.post(f"{API}/password", json={"old": PASSWORD, "new": "冬天的蓝色自行车 8"}),
        client.get(f"{API}/second-factor"),
        client.post(f"{API}/second-factor", json={"password": PASSWORD}),
        client.post(f"{API}/second-factor/confirm", json={"code": "123456"}),
        client.post(f"{API}/second-factor/disable", json={"password": PASSWORD}),
        client.get(f"{API}/tokens"),
        client.post(f"{API}/tokens", json={"name": "更多", "scopes": ["manage"], "days": 366}),
        client.delete(f"{API}/tokens/{some}"),
    ]


@pytest.mark.parametrize("scope", ["read", "write", "manage"])
def test_token_cannot_manage_the_account(served: Served, scope: str) -> None:
    program = served.program("bing", scope)
    for answer in answers_of(program):
        refused(answer, 403, "token_cannot_act")


def test_program_learns_for_whom_it_acts(served: Served) -> None:
    assert served.program("bing", "read").get(ME).json() == {
        "user": {"login": "bing", "name": "邴三"},
        "csrf_token": None,
        "expires_at": None,
    }
