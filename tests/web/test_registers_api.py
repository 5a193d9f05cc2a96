"""Periodic reviews, external documents and master lists over HTTP."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from fastapi.testclient import TestClient
from httpx import Response

from service.clock import today
from web.conftest import log_in_as

AT = "/api/v1/organisations/JC"
REPAIR = "JC/SH-CX-01"
GUIDE = {"number": "GB/T 19012-2019", "title": "投诉处理指南", "kind": "standard", "keeper": "service"}
CHECK = {"status": "in_force", "checked_on": "2026-03-01", "checked_where": "全国标准信息公共服务平台", "edition": "2019"}


def problem(answer: Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


def posted(client: TestClient, path: str, body: dict[str, Any], status: int = 201) -> Any:
    answer = client.post(f"{AT}{path}", json=body)
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


def test_due_list_of_a_day_comes_in_pages(client: TestClient) -> None:
    asked = {"as_of": "2027-01-02", "limit": 10}
    first = client.get(f"{AT}/reviews", params=asked).json()
    second = client.get(f"{AT}/reviews", params=asked | {"cursor": first["next_cursor"]}).json()
    assert (len(first["items"]), len(second["items"]), second["next_cursor"]) == (10, 4, None)
    line = next(row for row in (*first["items"], *second["items"]) if row["number"] == REPAIR)
    assert line == {
        "task": "review",
        "number": REPAIR,
        "title": "维修服务程序",
        "label": "A/0",
        "department": "service",
        "department_name": "服务部",
        "last_on": None,
        "comment": "",
        "due_on": "2027-02-01",
        "days_left": 30,
    }
    assert client.get(f"{AT}/reviews", params={"as_of": "2027-01-01"}).json()["items"] == []
    assert len(client.get(f"{AT}/reviews", params={"as_of": "2027-01-01", "within": 31}).json()["items"]) == 14


def test_review_is_recorded_and_shown_in_the_history(client: TestClient) -> None:
    made = posted(client, "/reviews", {"document": REPAIR, "verdict": "revise", "comment": "时限不符"})
    assert {key: made[key] for key in ("document", "label", "verdict", "comment", "login", "name", "post")} == {
        "document": REPAIR,
        "label": "A/0",
        "verdict": "revise",
        "comment": "时限不符",
        "login": "bing",
        "name": "邴三",
        "post": "文控员",
    }
    assert made["reviewed_on"] == today().isoformat()
    assert client.get(f"{AT}/reviews/{REPAIR}").json() == {"items": [made], "next_cursor": None}
    assert client.get(f"{AT}/documents/{REPAIR}/draft").json()["label"] == "A/1"
    [line] = client.get(f"{AT}/reviews").json()["items"]
    assert (line["task"], line["number"], line["comment"]) == ("revise", REPAIR, "时限不符")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"document": REPAIR, "verdict": "revise"}, 422, "comment_missing"),
        ({"document": REPAIR, "verdict": "keep", "reviewed_on": "2999-01-01"}, 422, "review_in_future"),
        ({"document": REPAIR, "verdict": "keep", "reviewed_on": "2026-01-31"}, 409, "not_in_force"),
        ({"document": REPAIR, "verdict": "burn"}, 422, "validation"),
        ({"document": REPAIR, "verdict": "keep", "comment": "长" * 1001}, 422, "validation"),
        ({"document": REPAIR, "verdict": "keep", "mood": "good"}, 422, "validation"),
        ({"document": "JC/SH-CX-99", "verdict": "keep"}, 404, "document_not_found"),
        ({"document": "YI/SH-CX-01", "verdict": "keep"}, 404, "document_not_found"),
    ],
)
def test_bad_review_is_refused_and_leaves_nothing(client: TestClient, body: dict[str, Any], status: int, code: str) -> None:
    assert problem(client.post(f"{AT}/reviews", json=body)) == (status, code)
    assert client.get(f"{AT}/reviews/{REPAIR}").json()["items"] == []


def test_review_sent_twice_with_one_key_is_recorded_once(client: TestClient) -> None:
    body, headers = {"document": REPAIR, "verdict": "keep"}, {"Idempotency-Key": "r-1"}
    answers = [client.post(f"{AT}/reviews", json=body, headers=headers) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert len(client.get(f"{AT}/reviews/{REPAIR}").json()["items"]) == 1


def test_author_may_not_record_a_review(stranger: TestClient) -> None:
    client = log_in_as(stranger, "ding")
    answer = client.post(f"{AT}/reviews", json={"document": REPAIR, "verdict": "keep"})
    assert problem(answer) == (403, "not_allowed")
    assert "文控员或审核人或批准人" in answer.json()["detail"]


def test_cycle_is_read_and_changed_under_an_etag(client: TestClient) -> None:
    path = f"{AT}/documents/{REPAIR}/review-months"
    seen = client.get(path)
    assert seen.json() == {"review_months": 12}
    assert problem(client.put(path, json={"review_months": 6})) == (428, "if_match_missing")
    changed = client.put(path, json={"review_months": 6}, headers={"If-Match": seen.headers["etag"]})
    assert (changed.status_code, changed.json()) == (200, {"review_months": 6})
    stale = client.put(path, json={"review_months": 3}, headers={"If-Match": seen.headers["etag"]})
    assert problem(stale) == (412, "stale")
    assert client.get(path).headers["etag"] == changed.headers["etag"]
    assert problem(client.put(path, json={"review_months": 61}, headers={"If-Match": "*"})) == (422, "validation")
    rows = client.get(f"{AT}/reviews", params={"as_of": "2026-08-01"}).json()["items"]
    assert [(row["number"], row["days_left"]) for row in rows] == [(REPAIR, 0)]


def test_external_document_lives_through_entering_checking_and_ending(client: TestClient) -> None:
    line = posted(client, "/external-documents", GUIDE)
    assert (line["status"], line["checked_on"], line["due_on"]) == ("unknown", None, today().isoformat())
    check = posted(client, "/external-documents/GB%2FT%2019012-2019/checks", CHECK)
    assert (check["number"], check["name"], check["edition"]) == ("GB/T 19012-2019", "邴三", "2019")
    [shown] = client.get(f"{AT}/external-documents").json()["items"]
    assert (shown["status"], shown["checked_on"], shown["checked_by"], shown["due_on"]) == ("in_force", "2026-03-01", "邴三", "2027-03-01")
    assert client.get(f"{AT}/external-documents/GB/T 19012-2019/checks").json()["items"] == [check]
    assert posted(client, "/external-documents/GB/T 19012-2019/end", {"reason": "不再经营"}, 204) is None
    assert client.get(f"{AT}/external-documents").json()["items"] == []
    yesterday = (today() - timedelta(days=1)).isoformat()
    assert client.get(f"{AT}/external-documents", params={"as_of": yesterday}).json()["items"] == []
    assert problem(client.get(f"{AT}/external-documents/GB/T 19012-2019/checks")) == (404, "external_document_not_found")


def test_cited_documents_are_adopted_only_when_asked(client: TestClient) -> None:
    assert client.get(f"{AT}/external-documents").json()["items"] == []
    adopted = posted(client, "/external-documents/adopt", {}, 200)
    assert {(row["number"], row["checked_on"]) for row in adopted} == {
        ("产品质量法", None),
        ("GB/T 19012-2019", None),
        ("GB/T 27922-2011", None),
    }
    assert posted(client, "/external-documents/adopt", {}, 200) == []
    assert len(client.get(f"{AT}/external-documents").json()["items"]) == 3


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"number": "\x00"}, 422, "bad_text"),
        ({"title": ""}, 422, "validation"),
        ({"keeper": "nobody"}, 422, "unknown_department"),
        ({"kind": "secret"}, 422, "validation"),
        ({"status": "replaced"}, 422, "successor_missing"),
        ({"number": "GB/T27922--2011"}, 409, "duplicate_external_document"),
    ],
)
def test_bad_external_document_is_refused(client: TestClient, changes: dict[str, Any], status: int, code: str) -> None:
    posted(client, "/external-documents", GUIDE | {"number": "GB/T 27922-2011"})
    assert problem(client.post(f"{AT}/external-documents", json=GUIDE | changes)) == (status, code)
    assert len(client.get(f"{AT}/external-documents").json()["items"]) == 1


def test_entry_of_another_organisation_is_not_found(client: TestClient) -> None:
    posted(client, "/external-documents", GUIDE)
    other = "/api/v1/organisations/YI/external-documents"
    assert client.get(other).json()["items"] == []
    assert problem(client.post(f"{other}/GB/T 19012-2019/checks", json=CHECK)) == (404, "external_document_not_found")


@pytest.mark.parametrize(("name", "rows"), [("documents", 12), ("records", 2), ("external", 3), ("obsolete", 0)])
def test_lists_are_answered_as_json(client: TestClient, name: str, rows: int) -> None:
    found = client.get(f"{AT}/lists/{name}", params={"as_of": "2026-03-01"}).json()
    assert (found["list"], found["as_of"], found["recorded_on"], len(found["items"])) == (name, "2026-03-01", None, rows)
    assert client.get(f"{AT}/lists/{name}", params={"as_of": "2026-01-31"}).json()["items"] == []


def test_list_as_recorded_at_a_moment(client: TestClient) -> None:
    asked = {"as_of": "2026-03-01", "recorded_on": "2026-01-19T10:00:00+08:00"}
    found = client.get(f"{AT}/lists/documents", params=asked).json()
    assert (found["recorded_on"], found["items"]) == ("2026-01-19T02:00:00+00:00", [])
    for moment in ("2026-01-19", "gestern", "2026-01-19T10:00:00", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00"):
        assert problem(client.get(f"{AT}/lists/documents", params={"recorded_on": moment})) == (422, "bad_moment")


@pytest.mark.parametrize("format_", ["xlsx", "docx", "pdf"])
def test_list_as_a_file_has_a_name_and_the_same_bytes_each_time(client: TestClient, format_: str) -> None:
    answers = [client.get(f"{AT}/lists/documents", params={"as_of": "2026-03-01", "format": format_}) for _ in range(2)]
    assert answers[0].content == answers[1].content
    said = answers[0].headers["content-disposition"]
    assert f'filename="JC-documents-2026-03-01.{format_}"' in said
    assert said.endswith(f"%E6%B8%85%E5%8D%95-2026-03-01.{format_}")
    if format_ == "xlsx":
        assert openpyxl.load_workbook(io.BytesIO(answers[0].content)).active["A1"].value == "受控文件清单"


def test_unknown_list_or_format_is_refused(client: TestClient) -> None:
    assert problem(client.get(f"{AT}/lists/secrets")) == (422, "validation")
    assert problem(client.get(f"{AT}/lists/documents", params={"format": "exe"})) == (422, "validation")


@pytest.mark.parametrize("on", ["0001-01-01", "9999-12-31"])
def test_first_and_last_day_of_the_calendar_are_days_like_others(client: TestClient, on: str) -> None:
    for path in ("reviews", "external-documents", "lists/documents", "lists/external", "lists/obsolete"):
        assert client.get(f"{AT}/{path}", params={"as_of": on}).status_code == 200
