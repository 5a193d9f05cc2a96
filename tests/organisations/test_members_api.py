"""Members over HTTP: who sees and manages them, that an end works at the next request, and that strangers learn nothing."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from accounts.people import OTHER
from accounts.served import API, LAST_DAY, Served, log_in, refused
from fastapi.testclient import TestClient
from sqlmodel import select

from service.db import reading
from service.notices.models import Notice
from service.organisations.queries import find_organisation
from service.organisations.roles import Role
from service.trail.queries import entries

JC = f"{API}/organisations/JC"
MEMBERS = f"{JC}/members"


def lines(client: TestClient) -> dict[str, dict[str, Any]]:
    return {line["login"]: line for line in client.get(MEMBERS).json()["items"]}


def roles_of(client: TestClient, login: str) -> list[str]:
    return [role["role"] for role in lines(client)[login]["roles"]]


def add(client: TestClient, login: str, role: str, **more: object) -> Any:
    return client.post(MEMBERS, json={"login": login, "role": role, **more})


def recorded(served: Served) -> list[tuple[str, str, str]]:
    with reading(served.engine) as session:
        rows = entries(session, find_organisation(session, "JC").id)
        return [(row.action, row.by, row.subject_id) for row in rows if row.subject == "member"]


def test_members_are_listed_with_their_roles(served: Served) -> None:
    found = lines(served.logged_in("bing"))
    assert list(found) == ["bing", "ding", "jia", "shen", "yi", "zi"]
    assert found["bing"] == {
        "login": "bing",
        "name": "邴三",
        "roles": [
            {"role": "administrator", "departments": [], "until": None, "since": "2026-03-02T02:00:00Z"},
            {"role": "document_controller", "departments": [], "until": None, "since": "2026-03-02T02:00:00Z"},
        ],
        "email": "bing@jc.example",
        "invited": False,
        "disabled": False,
    }
    assert found["shen"]["roles"][0]["until"] == "2026-03-31"


def test_e_mail_is_for_those_who_manage_members(served: Served) -> None:
    for login in ("ding", "shen", "zi"):
        found = lines(served.logged_in(login))
        assert found["bing"]["name"] == "邴三"
        assert {line["email"] for line in found.values()} == {line["invited"] for line in found.values()} == {None}


def test_reader_sees_no_list_of_members(served: Served) -> None:
    served.has_role("stranger", Role.READER)
    refused(served.logged_in("stranger").get(MEMBERS), 403, "not_allowed")


def test_members_come_in_pages(served: Served) -> None:
    client, cursor, seen = served.logged_in("bing"), None, list[str]()
    while cursor is not None or not seen:
        page = client.get(MEMBERS, params={"limit": 4} | ({"cursor": cursor} if cursor else {})).json()
        seen, cursor = seen + [line["login"] for line in page["items"]], page["next_cursor"]
    assert seen == ["bing", "ding", "jia", "shen", "yi", "zi"]


def test_role_is_given_and_taken_away(served: Served) -> None:
    client = served.logged_in("bing")
    answer = add(client, "ding", "reviewer", departments=["service"], until="2026-12-31")
    assert answer.status_code == 201
    assert [role["role"] for role in answer.json()["roles"]] == ["author", "reviewer"]
    assert answer.json()["roles"][1] | {"since": ""} == {"role": "reviewer", "departments": ["service"], "until": "2026-12-31", "since": ""}
    ended = client.delete(f"{MEMBERS}/ding/reviewer")
    assert (ended.status_code, ended.content) == (204, b"")
    assert roles_of(client, "ding") == ["author"]
    assert recorded(served)[-2:] == [("member:add", "bing", "ding"), ("member:end", "bing", "ding")]


def test_ended_member_is_a_stranger_at_the_next_request(served: Served) -> None:
    theirs, manager = served.logged_in("ding"), served.logged_in("bing")
    assert theirs.get(JC).status_code == 200
    manager.delete(f"{MEMBERS}/ding/author")
    assert "JC" in refused(theirs.get(JC), 404, "organisation_not_found")
    refused(theirs.get(MEMBERS), 404, "organisation_not_found")
    assert theirs.get(f"{API}/organisations").json()["items"] == []


def test_administrator_who_ends_himself_manages_no_more(served: Served) -> None:
    served.has_role("jia", Role.ADMINISTRATOR)
    client = served.logged_in("bing")
    assert client.delete(f"{MEMBERS}/bing/administrator").status_code == 204
    refused(add(client, "ding", "reader"), 403, "not_allowed")
    assert client.get(JC).status_code == 200  # the other role stays


def test_auditor_reads_until_the_end_of_his_last_day(served: Served) -> None:
    client = served.logged_in("shen")
    assert client.get(MEMBERS).status_code == 200
    served.clock.move_to(LAST_DAY)
    client = served.logged_in("shen")
    served.clock.move(hours=13, minutes=59)  # 23:59 in Shanghai
    client = served.logged_in("shen")
    assert client.get(MEMBERS).status_code == 200
    served.clock.move(minutes=1)
    refused(client.get(MEMBERS), 404, "organisation_not_found")
    assert client.get(f"{API}/organisations").json()["items"] == []


def test_auditor_changes_nothing(served: Served) -> None:
    client = served.logged_in("shen")
    refused(add(client, "ding", "reader"), 403, "not_allowed")
    refused(client.delete(f"{MEMBERS}/ding/author"), 403, "not_allowed")


STRANGERS = ["stranger", "wang"]


@pytest.mark.parametrize("login", STRANGERS)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("GET", "/members"),
        ("POST", "/members"),
        ("POST", "/members/from-chart"),
        ("POST", "/members/ding/invite"),
        ("DELETE", "/members/ding/author"),
        ("GET", "/values/company.hotline"),
        ("PUT", "/values/company.hotline"),
        ("GET", "/chart"),
        ("GET", "/trail"),
        ("GET", "/trail/verify"),
        ("GET", "/trail/anchors"),
    ],
)
def test_stranger_cannot_tell_a_firm_from_one_that_is_not_there(served: Served, login: str, method: str, path: str) -> None:
    client = served.logged_in(login)
    answers = [client.request(method, f"{API}/organisations/{code}{path}", json={} if method != "GET" else None) for code in ("JC", "ZZ")]
    told = [refused(answer, 404, "organisation_not_found") for answer in answers]
    assert told[0].replace("JC", "ZZ") == told[1]


def test_person_of_another_firm_is_taken_in_by_login_and_e_mail_only(served: Served) -> None:
    client = served.logged_in("bing")
    answers = [
        add(client, "wang", "reader"),
        add(client, "wang", "reader", email="guess@mail.example"),
        add(client, "wang", "reader", email="guess@mail.example", name="王九"),
        add(client, "nobody", "reader", email="guess@mail.example", name="王九"),
    ]
    told = {refused(answer, 422, "user_not_matched") for answer in answers}
    assert len(told) == 1
    refused(client.post(f"{MEMBERS}/wang/invite"), 404, "member_not_found")
    refused(client.delete(f"{MEMBERS}/wang/administrator"), 404, "member_not_found")
    assert add(client, "wang", "consultant", email="wang@mail.example").status_code == 201
    assert served.logged_in("wang").get(JC).status_code == 200


def test_new_person_is_invited_comes_in_and_is_no_longer_invited(served: Served) -> None:
    client = served.logged_in("bing")
    made = add(client, "jc.liu", "reader", email="liu@jc.example", name="刘新")
    assert (made.status_code, made.json()["invited"]) == (201, True)
    refused(log_in(served.browser(), "jc.liu", OTHER), 401, "login_wrong")
    assert client.post(f"{MEMBERS}/jc.liu/invite").status_code == 202
    with reading(served.engine) as session:
        first, second = (str(re.findall("sml_[\\w-]+", mail.body)[0]) for mail in session.exec(select(Notice)))
    accept = f"{API}/invitations/accept"
    answers = [served.browser().post(accept, json={"token": token, "password": OTHER}).status_code for token in (first, second)]
    assert sorted(answers) == [200, 409]
    assert served.logged_in("jc.liu", password=OTHER).get(JC).status_code == 200
    assert lines(client)["jc.liu"]["invited"] is False
    refused(client.post(f"{MEMBERS}/jc.liu/invite"), 409, "user_has_password")


def test_repeated_request_adds_one_member(served: Served) -> None:
    client, body = served.logged_in("bing"), {"login": "jc.liu", "role": "reader", "email": "liu@jc.example", "name": "刘新"}
    answers = [client.post(MEMBERS, json=body, headers={"idempotency-key": "one"}) for _ in range(2)]
    assert [(each.status_code, each.json()) for each in answers] == [(201, answers[0].json())] * 2
    with reading(served.engine) as session:
        assert len(session.exec(select(Notice)).all()) == 1


BAD: list[tuple[dict[str, object], int, str]] = [
    ({"login": "ding", "role": "king"}, 422, "validation"),
    ({"login": "ding"}, 422, "validation"),
    ({"login": "d" * 101, "role": "reader"}, 422, "validation"),
    ({"login": "ding", "role": "reader", "until": "2026-02-30"}, 422, "validation"),
    ({"login": "ding", "role": "reader", "departments": ["x"] * 201}, 422, "validation"),
    ({"login": "ding", "role": "reader", "admin": True}, 422, "validation"),
    ({"login": "ding", "role": "reader", "until": "2026-03-01"}, 422, "until_over"),
    ({"login": "ding", "role": "auditor"}, 422, "until_missing"),
    ({"login": "ding", "role": "reader", "departments": ["moon"]}, 422, "unknown_department"),
    ({"login": "ding", "role": "author"}, 409, "member_exists"),
    ({"login": "jc.liu", "role": "reader", "email": "no address", "name": "刘新"}, 422, "bad_user"),
    ({"login": "jc.liu", "role": "reader", "email": "liu@jc.example", "name": "刘\u202e新"}, 422, "bad_user"),
    ({"login": "jc.刘", "role": "reader", "email": "liu@jc.example", "name": "刘新"}, 422, "bad_user"),
]


@pytest.mark.parametrize(("body", "status", "code"), BAD)
def test_member_that_cannot_be_is_refused_and_nothing_changes(served: Served, body: dict[str, object], status: int, code: str) -> None:
    client = served.logged_in("bing")
    before = client.get(MEMBERS).text
    refused(client.post(MEMBERS, json=body), status, code)
    assert client.get(MEMBERS).text == before


def test_last_administrator_is_kept(served: Served) -> None:
    refused(served.logged_in("bing").delete(f"{MEMBERS}/bing/administrator"), 409, "last_administrator")


def test_unknown_member_or_role_is_not_found(served: Served) -> None:
    client = served.logged_in("bing")
    refused(client.delete(f"{MEMBERS}/nobody/author"), 404, "member_not_found")
    refused(client.delete(f"{MEMBERS}/ding/approver"), 404, "member_not_found")
    refused(client.delete(f"{MEMBERS}/ding/king"), 422, "validation")


def test_chart_gives_roles_to_its_people_and_names_the_others(served: Served) -> None:
    manager = served.logged_in("bing")
    manager.delete(f"{MEMBERS}/ding/author")
    answer = manager.post(f"{MEMBERS}/from-chart")
    assert answer.status_code == 200
    assert [(line["login"], [role["role"] for role in line["roles"]]) for line in answer.json()["added"]] == [
        ("ding", ["author", "reader"])
    ]
    assert answer.json()["not_added"] == []
    assert manager.post(f"{MEMBERS}/from-chart").json() == {"added": [], "not_added": []}


def test_chart_does_not_reach_for_people_of_another_firm(served: Served) -> None:
    """YI's chart names yi, bing and ding as JC's does; they are members of JC, so none of them is matched."""
    answer = served.logged_in("wang").post(f"{API}/organisations/YI/members/from-chart").json()
    assert answer["added"] == []
    assert [person["login"] for person in answer["not_added"]] == ["yi", "bing", "ding"]


def test_chart_of_a_day_shows_departments_posts_and_people(served: Served) -> None:
    found = served.logged_in("ding").get(f"{JC}/chart").json()
    assert found["on"] == "2026-03-02"
    management, service = found["departments"]
    assert [(post["key"], [holder["login"] for holder in post["holders"]]) for post in management["posts"]] == [
        ("general_manager", ["jia"]),
        ("management_representative", ["yi"]),
        ("document_controller", ["bing"]),
    ]
    assert service == {
        "key": "service",
        "name": "服务部",
        "aliases": [],
        "posts": [{"key": "service_manager", "name": "服务部经理", "aliases": [], "holders": [{"login": "ding", "name": "丁四"}]}],
        "departments": [],
    }
    assert served.logged_in("ding").get(f"{JC}/chart", params={"as_of": date(2025, 12, 31)}).json()["departments"] == []
