"""Controlled copies, their register and whom a document is addressed to, over HTTP."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import docx
import openpyxl
import pytest
from fastapi.testclient import TestClient
from httpx import Response
from small_firm import PASSWORD, moment

from service import clock
from service.accounts.actions import create_user
from service.accounts.api_tokens import create_api_token
from service.accounts.queries import find_user
from service.accounts.rules import TokenScope
from service.clock import today
from service.db import writing
from service.organisations.members import add_member
from service.organisations.queries import find_organisation
from service.organisations.roles import Role
from service.organisations.rules import SYSTEM
from web.conftest import log_in_as

AT = "/api/v1/organisations/JC"
COPIES = f"{AT}/copies"
REPAIR = "JC/SH-CX-01"
RECIPIENTS = f"{AT}/documents/{REPAIR}/recipients"
NO_ID = "00000000-0000-0000-0000-000000000000"


def problem(answer: Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["code"]


def posted(client: TestClient, path: str, body: dict[str, Any], status: int = 200) -> Any:
    answer = client.post(f"{COPIES}{path}", json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


def issued(client: TestClient, *logins: str, medium: str = "paper", **more: Any) -> list[dict[str, Any]]:
    holders = [{"login": login} for login in logins or ("ding",)]
    made: list[dict[str, Any]] = posted(client, "", {"document": REPAIR, "medium": medium, "holders": holders, **more}, 201)
    return made


def reader(client: TestClient, login: str = "wu") -> None:
    """A 员工 without a post, whom the procedure is addressed to like everybody."""
    with writing(client.app.state.engine) as session:  # type: ignore[attr-defined]  # the FastAPI application of this test
        firm = find_organisation(session, "JC")
        user = create_user(session, login, "吴五", password=PASSWORD, by="system", at=moment(1, 1))
        add_member(session, firm, user, Role.READER, by=SYSTEM, at=moment(1, 1), on=moment(1, 1).date())
    assert client.put(RECIPIENTS, json={"everybody": True}, headers={"if-match": "*"}).status_code == 200


def test_copy_from_issue_to_destruction(client: TestClient) -> None:
    [copy] = issued(client, "ding", issued_on="2026-03-02", remark="首发")
    identity = copy.pop("id")
    assert copy == {
        "document": REPAIR,
        "title": "维修服务程序",
        "label": "A/0",
        "copy_number": 1,
        "holder_login": "ding",
        "holder_name": "丁四",
        "department": "服务部",
        "medium": "paper",
        "status": "issued",
        "issued_on": "2026-03-02",
        "received_on": None,
        "recall_due_on": None,
        "recalled_on": None,
        "outcome": None,
        "settled_on": None,
        "witness": "",
        "notes": ["首发"],
    }
    log_in_as(client, "ding")
    received = posted(client, f"/{identity}/receive", {})
    assert (received["status"], received["received_on"]) == ("held", today().isoformat())
    assert client.get(f"{COPIES}/{identity}").json() == received
    log_in_as(client, "bing")
    assert posted(client, f"/{identity}/recall", {"remark": "调岗"})["status"] == "recalled"
    settled = posted(client, f"/{identity}/settle", {"outcome": "destroyed", "witness": "易二"})
    assert (settled["status"], settled["settled_on"], settled["witness"]) == ("destroyed", today().isoformat(), "易二")


def test_copies_are_listed_in_pages_and_by_filters(client: TestClient) -> None:
    issued(client, "ding", "jia", "yi", issued_on="2026-03-02")
    first = client.get(COPIES, params={"limit": 2}).json()
    second = client.get(COPIES, params={"limit": 2, "cursor": first["next_cursor"]}).json()
    assert [row["copy_number"] for row in (*first["items"], *second["items"])] == [1, 2, 3]
    assert second["next_cursor"] is None

    def numbers(**only: str) -> list[int]:
        return [row["copy_number"] for row in client.get(COPIES, params=only).json()["items"]]

    assert numbers(holder="jia") == [2]
    assert numbers(document=REPAIR, status="issued") == [1, 2, 3]
    assert numbers(document="JC/SH-CX-02") == []
    assert numbers(status="held") == []
    assert (numbers(as_of="2026-03-01"), numbers(as_of="2026-03-02")) == ([], [1, 2, 3])
    assert numbers(recorded_on=(clock.now() - timedelta(days=1)).isoformat()) == []


def test_request_sent_twice_issues_once(client: TestClient) -> None:
    body = {"document": REPAIR, "medium": "paper", "holders": [{"login": "ding"}]}
    answers = [client.post(COPIES, json=body, headers={"idempotency-key": "k1"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert problem(client.post(COPIES, json=body)) == (409, "copy_exists")


def test_everybody_addressed_gets_an_electronic_copy(client: TestClient) -> None:
    made = posted(client, "/to-recipients", {"document": REPAIR}, 201)
    assert [(row["holder_login"], row["medium"]) for row in made] == [("ding", "electronic")]
    assert problem(client.post(f"{COPIES}/to-recipients", json={"document": REPAIR})) == (409, "copy_exists")


BODIES: dict[str, tuple[str, dict[str, Any], int, str]] = {
    "unknown document": ("", {"document": "JC/SH-CX-77", "medium": "paper", "holders": [{"login": "ding"}]}, 404, "document_not_found"),
    "unknown label": (
        "",
        {"document": REPAIR, "label": "B/7", "medium": "paper", "holders": [{"login": "ding"}]},
        404,
        "revision_not_found",
    ),
    "unknown holder": ("", {"document": REPAIR, "medium": "paper", "holders": [{"login": "zz"}]}, 422, "unknown_holder"),
    "nobody": ("", {"document": REPAIR, "medium": "paper", "holders": []}, 422, "validation"),
    "unknown field": ("", {"document": REPAIR, "medium": "paper", "holders": [{"login": "ding"}], "x": 1}, 422, "validation"),
    "unknown medium": ("", {"document": REPAIR, "medium": "stone", "holders": [{"login": "ding"}]}, 422, "validation"),
    "long name": ("", {"document": REPAIR, "medium": "paper", "holders": [{"name": "长" * 101, "department": "外"}]}, 422, "validation"),
    "control character": (
        "",
        {"document": REPAIR, "medium": "paper", "holders": [{"name": "王\u0007五", "department": "外"}]},
        422,
        "control_characters",
    ),
    "no copy": (f"/{NO_ID}/recall", {}, 404, "copy_not_found"),
    "no id": ("/1/recall", {}, 422, "validation"),
    "unknown outcome": (f"/{NO_ID}/settle", {"outcome": "burnt"}, 422, "validation"),
}


@pytest.mark.parametrize("case", BODIES)
def test_bad_requests_are_refused_and_change_nothing(client: TestClient, case: str) -> None:
    path, body, status, code = BODIES[case]
    assert problem(client.post(f"{COPIES}{path}", json=body)) == (status, code)
    assert client.get(COPIES).json()["items"] == []


def test_receipt_is_the_persons_own(client: TestClient) -> None:
    [copy] = issued(client, "ding", medium="electronic")
    path = f"{COPIES}/{copy['id']}/receive"
    assert problem(client.post(path, json={})) == (403, "not_allowed")
    with writing(client.app.state.engine) as session:  # type: ignore[attr-defined]  # the FastAPI application of this test
        token, _ = create_api_token(session, find_user(session, "ding"), "试", list(TokenScope), days=1, by="system", at=clock.now())
    client.cookies.clear()
    assert problem(client.post(path, json={}, headers={"authorization": f"Bearer {token}"})) == (403, "token_cannot_act")


def test_paper_receipt_is_recorded_by_the_document_controller(client: TestClient) -> None:
    [copy] = issued(client, "ding", issued_on="2026-03-02")
    path = f"/{copy['id']}/receive"
    assert problem(client.post(f"{COPIES}{path}", json={})) == (422, "receipt_note_missing")
    made = posted(client, path, {"received_on": "2026-03-03", "remark": "签收单第 3 页"})
    assert (made["received_on"], made["notes"]) == ("2026-03-03", ["签收单第 3 页"])


def test_reader_sees_his_own_copies_only(client: TestClient) -> None:
    reader(client)
    mine, other = issued(client, "wu", "ding")
    log_in_as(client, "wu")
    assert [row["id"] for row in client.get(COPIES).json()["items"]] == [mine["id"]]
    assert [row["id"] for row in client.get(COPIES, params={"holder": "ding"}).json()["items"]] == [mine["id"]]
    assert client.get(f"{COPIES}/{mine['id']}").status_code == 200
    assert problem(client.get(f"{COPIES}/{other['id']}")) == (404, "copy_not_found")
    assert problem(client.post(f"{COPIES}/{other['id']}/receive", json={})) == (404, "copy_not_found")
    assert posted(client, f"/{mine['id']}/receive", {})["status"] == "held"
    assert problem(client.get(f"{COPIES}/register")) == (403, "not_allowed")
    assert problem(client.post(f"{COPIES}/{mine['id']}/recall", json={})) == (403, "not_allowed")


def test_reader_learns_of_no_document_by_asking_for_its_copies(client: TestClient) -> None:
    reader(client)
    [mine] = issued(client, "wu")
    log_in_as(client, "wu")
    found = {number: client.get(COPIES, params={"document": number}) for number in (REPAIR, "JC/SH-CX-02", "JC/SH-CX-77")}
    assert {number: [row["id"] for row in answer.json()["items"]] for number, answer in found.items()} == {
        REPAIR: [mine["id"]],
        "JC/SH-CX-02": [],
        "JC/SH-CX-77": [],
    }


def test_copy_of_another_organisation_is_not_found(client: TestClient) -> None:
    [copy] = issued(client)
    for answer in (
        client.get(f"/api/v1/organisations/YI/copies/{copy['id']}"),
        client.post(f"/api/v1/organisations/YI/copies/{copy['id']}/recall", json={}),
    ):
        assert problem(answer) == (404, "copy_not_found")
    assert client.get("/api/v1/organisations/YI/copies").json()["items"] == []
    assert problem(client.get("/api/v1/organisations/YI/copies", params={"document": REPAIR})) == (404, "document_not_found")


def test_register_is_given_as_data_and_as_files(client: TestClient) -> None:
    issued(client, "ding", "jia", issued_on="2026-03-02")
    asked = {"as_of": "2026-03-02"}
    made = client.get(f"{COPIES}/register", params=asked).json()
    assert {key: made[key] for key in ("title", "organisation", "on", "recorded_on")} == {
        "title": "文件发放回收登记表",
        "organisation": "示范甲公司",
        "on": "2026-03-02",
        "recorded_on": None,
    }
    assert made["copies"] == client.get(COPIES, params=asked).json()["items"]
    sheet = client.get(f"{COPIES}/register.xlsx", params=asked)
    assert openpyxl.load_workbook(io.BytesIO(sheet.content)).worksheets[0].max_row == 3 + 2
    word = client.get(f"{COPIES}/register.docx", params=asked | {"document": REPAIR})
    assert len(docx.Document(io.BytesIO(word.content)).tables[0].rows) == 1 + 2
    assert word.headers["content-type"] == "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    disposition = word.headers["content-disposition"]
    assert 'filename="JC-copies-2026-03-02.docx"' in disposition
    assert "文件发放回收登记表-2026-03-02.docx" in unquote(disposition)
    assert problem(client.get(f"{COPIES}/register.exe")) == (422, "validation")
    past = client.get(f"{COPIES}/register", params={"recorded_on": "2026-03-02T00:00:00+08:00"}).json()
    assert (past["recorded_on"], past["copies"]) == ("2026-03-01T16:00:00Z", [])


def test_recipients_are_read_and_set_under_if_match(client: TestClient) -> None:
    found = client.get(RECIPIENTS)
    assert found.json() == {"everybody": False, "departments": [], "posts": [], "people": [{"login": "ding", "name": "丁四"}]}
    body = {"departments": ["service"], "posts": ["general_manager"]}
    assert problem(client.put(RECIPIENTS, json=body)) == (428, "if_match_missing")
    made = client.put(RECIPIENTS, json=body, headers={"if-match": found.headers["etag"]})
    people = [{"login": "jia", "name": "贾一"}, {"login": "ding", "name": "丁四"}]
    assert made.json() == body | {"everybody": False, "people": people}
    assert client.get(RECIPIENTS).headers["etag"] == made.headers["etag"] != found.headers["etag"]
    assert problem(client.put(RECIPIENTS, json={}, headers={"if-match": found.headers["etag"]})) == (412, "stale")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"departments": ["moon"]}, "unknown_recipient"),
        ({"posts": ["pilot"]}, "unknown_recipient"),
        ({"everybody": True, "posts": ["general_manager"]}, "recipients_twice"),
        ({"departments": [""]}, "validation"),
        ({"people": []}, "validation"),
    ],
)
def test_bad_recipients_are_refused(client: TestClient, body: dict[str, Any], code: str) -> None:
    assert problem(client.put(RECIPIENTS, json=body, headers={"if-match": "*"})) == (422, code)


def test_recipients_are_set_by_the_document_controller(client: TestClient) -> None:
    log_in_as(client, "ding")
    assert client.get(RECIPIENTS).status_code == 200
    assert problem(client.put(RECIPIENTS, json={"everybody": True}, headers={"if-match": "*"})) == (403, "not_allowed")
    assert problem(client.get(f"{AT}/documents/JC/SH-CX-77/recipients")) == (404, "document_not_found")
