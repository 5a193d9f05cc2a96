"""Read-and-acknowledge and its questions over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from service import clock
from service.accounts.api_tokens import create_api_token
from service.accounts.queries import find_user
from service.accounts.rules import TokenScope
from service.clock import today
from service.db import writing
from web.conftest import log_in_as

AT = "/api/v1/organisations/JC"
REQUESTS = f"{AT}/acknowledgements"
REPAIR = "JC/SH-CX-01"
QUESTIONS = f"{AT}/documents/{REPAIR}/questions"
TWO = [
    {"text": "报修应在多少分钟内登记？", "options": ["10 分钟", "30 分钟"], "right": [1]},
    {"text": "上门后要做什么？", "options": ["填写记录", "什么也不做", "说明工作"], "right": [0, 2]},
]
NO_ID = "00000000-0000-0000-0000-000000000000"
SOON = (today() + timedelta(days=10)).isoformat()


def problem(answer: Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["code"]


def posted(client: TestClient, path: str, body: dict[str, Any], status: int = 200) -> Any:
    answer = client.post(f"{REQUESTS}{path}", json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


def asked(client: TestClient, **whom: Any) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = posted(client, "", {"document": REPAIR, "due_on": SOON, **whom}, 201)
    return made


def put_questions(client: TestClient, questions: list[dict[str, Any]], match: str = "*") -> Response:
    answer: Response = client.put(QUESTIONS, json={"questions": questions}, headers={"if-match": match})
    return answer


def test_person_reads_answers_and_acknowledges(client: TestClient) -> None:
    assert put_questions(client, TWO).status_code == 200
    [made] = asked(client)
    identity = made.pop("id")
    assert made == {
        "document": REPAIR,
        "title": "维修服务程序",
        "label": "A/0",
        "login": "ding",
        "name": "丁四",
        "department": "服务部",
        "state": "open",
        "asked_on": today().isoformat(),
        "due_on": SOON,
        "acknowledged_at": None,
        "attempts": 0,
        "score": None,
        "excuse_reason": "",
    }
    log_in_as(client, "ding")
    [mine] = client.get(f"{REQUESTS}/mine").json()["items"]
    assert mine["id"] == identity
    assert mine["questions"] == [
        {"position": position, "text": each["text"], "options": each["options"], "right": None} for position, each in enumerate(TWO, 1)
    ]
    path = f"/{identity}/acknowledge"
    assert posted(client, path, {"answers": [[0], [0, 2]]}) == {"acknowledged": False, "questions": 2, "wrong": 1, "attempts": 1}
    assert [each["right"] for each in client.get(QUESTIONS).json()["questions"]] == [None, None]
    assert posted(client, path, {"answers": [[1], [2, 0]]}) == {"acknowledged": True, "questions": 2, "wrong": 0, "attempts": 2}
    assert client.get(f"{REQUESTS}/mine").json()["items"] == []
    assert [each["right"] for each in client.get(QUESTIONS).json()["questions"]] == [[1], [0, 2]]
    [row] = client.get(REQUESTS, params={"document": REPAIR}).json()["items"]
    assert (row["state"], row["attempts"], row["score"]) == ("acknowledged", 2, 100)
    assert row["acknowledged_at"].startswith(clock.now().date().isoformat()[:7])
    assert problem(client.post(f"{REQUESTS}{path}", json={"answers": [[1], [2, 0]]})) == (409, "acknowledged_already")


def test_lists_by_document_person_and_state(client: TestClient) -> None:
    asked(client, logins=["ding", "jia", "yi"])

    def logins(**only: str) -> list[str]:
        return [row["login"] for row in client.get(REQUESTS, params=only).json()["items"]]

    assert logins() == ["ding", "jia", "yi"]
    assert logins(login="jia") == ["jia"]
    assert logins(document="JC/SH-CX-02") == []
    assert logins(missing="true", state="open") == ["ding", "jia", "yi"]
    assert logins(state="overdue") == logins(missing="true", state="acknowledged") == []
    assert logins(as_of=(today() + timedelta(days=11)).isoformat(), state="overdue") == ["ding", "jia", "yi"]
    assert logins(as_of=(today() - timedelta(days=1)).isoformat()) == []
    first = client.get(REQUESTS, params={"limit": 2}).json()
    rest = client.get(REQUESTS, params={"limit": 2, "cursor": first["next_cursor"]}).json()
    assert [row["login"] for row in rest["items"]] == ["yi"]


def test_excused_by_the_document_controller(client: TestClient) -> None:
    [made] = asked(client)
    excused = posted(client, f"/{made['id']}/excuse", {"reason": "产假"})
    assert (excused["state"], excused["excuse_reason"]) == ("excused", "产假")
    log_in_as(client, "ding")
    assert problem(client.post(f"{REQUESTS}/{made['id']}/acknowledge", json={})) == (409, "excused")
    assert problem(client.post(f"{REQUESTS}/{made['id']}/excuse", json={"reason": "忙"})) == (403, "not_allowed")


def test_nobody_acknowledges_for_another_and_no_program_does(client: TestClient) -> None:
    [made] = asked(client)
    path = f"{REQUESTS}/{made['id']}/acknowledge"
    assert problem(client.post(path, json={})) == (403, "not_allowed")
    with writing(client.app.state.engine) as session:  # type: ignore[attr-defined]  # the FastAPI application of this test
        token, _ = create_api_token(session, find_user(session, "ding"), "试", list(TokenScope), days=1, by="system", at=clock.now())
    client.cookies.clear()
    assert problem(client.post(path, json={}, headers={"authorization": f"Bearer {token}"})) == (403, "token_cannot_act")


def test_questions_are_set_under_if_match_until_somebody_has_answered(client: TestClient) -> None:
    found = client.get(QUESTIONS)
    assert found.json() == {"document": REPAIR, "label": "A/0", "questions": []}
    assert problem(client.put(QUESTIONS, json={"questions": TWO})) == (428, "if_match_missing")
    made = put_questions(client, TWO, found.headers["etag"])
    assert [each["right"] for each in made.json()["questions"]] == [[1], [0, 2]]
    assert problem(put_questions(client, [], found.headers["etag"])) == (412, "stale")
    [request] = asked(client)
    log_in_as(client, "ding")
    posted(client, f"/{request['id']}/acknowledge", {"answers": [[0], [0]]})
    log_in_as(client, "bing")
    assert problem(put_questions(client, [], made.headers["etag"])) == (409, "questions_answered")


def test_tag_of_questions_does_not_depend_on_what_is_right(client: TestClient) -> None:
    first = put_questions(client, TWO).headers["etag"]
    other = put_questions(client, TWO).headers["etag"]
    assert first != other  # made anew: the tag is of the rows, so nobody can try answers against it


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("", {"document": "JC/SH-CX-77", "due_on": SOON}, 404, "document_not_found"),
        ("", {"document": REPAIR, "label": "B/7", "due_on": SOON}, 404, "revision_not_found"),
        ("", {"document": REPAIR, "due_on": "2026-01-01"}, 422, "bad_due_day"),
        ("", {"document": REPAIR, "due_on": "soon"}, 422, "validation"),
        ("", {"document": REPAIR, "due_on": SOON, "logins": ["zz"]}, 422, "unknown_person"),
        ("", {"document": REPAIR, "due_on": SOON, "who": ["zz"]}, 422, "validation"),
        (f"/{NO_ID}/acknowledge", {}, 404, "acknowledgement_not_found"),
        (f"/{NO_ID}/acknowledge", {"answers": [[10]]}, 422, "validation"),
        (f"/{NO_ID}/acknowledge", {"answers": [[0]] * 31}, 422, "validation"),
        (f"/{NO_ID}/excuse", {"reason": ""}, 422, "validation"),
        ("/1/acknowledge", {}, 422, "validation"),
    ],
)
def test_bad_requests_are_refused(client: TestClient, path: str, body: dict[str, Any], status: int, code: str) -> None:
    assert problem(client.post(f"{REQUESTS}{path}", json=body)) == (status, code)
    assert client.get(REQUESTS).json()["items"] == []


@pytest.mark.parametrize(
    ("questions", "code"),
    [
        ([TWO[0] | {"right": [2]}], "bad_question"),
        ([TWO[0] | {"right": []}], "bad_question"),
        ([TWO[0] | {"options": ["同", "同 "]}], "bad_question"),
        ([TWO[0] | {"options": ["一"]}], "validation"),
        ([TWO[0] | {"text": " "}], "text_missing"),
        ([TWO[0]] * 31, "validation"),
    ],
)
def test_bad_questions_are_refused(client: TestClient, questions: list[dict[str, Any]], code: str) -> None:
    assert problem(put_questions(client, questions)) == (422, code)
    assert client.get(QUESTIONS).json()["questions"] == []


def test_request_of_another_organisation_is_not_found(client: TestClient) -> None:
    [made] = asked(client)
    other = "/api/v1/organisations/YI/acknowledgements"
    assert client.get(other).json()["items"] == []
    assert problem(client.post(f"{other}/{made['id']}/acknowledge", json={})) == (404, "acknowledgement_not_found")
    assert problem(client.post(f"{other}/{made['id']}/excuse", json={"reason": "忙"})) == (404, "acknowledgement_not_found")
