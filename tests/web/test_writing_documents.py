"""Documents written through the JSON API: drafts under If-Match, requests sent twice, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from house import rows_in
from httpx import Response
from small_firm import PASSWORD, day, form, moment

from service.accounts.actions import create_user
from service.accounts.queries import find_user
from service.db import writing
from service.organisations.members import add_member, end_membership
from service.organisations.queries import find_organisation
from service.organisations.roles import Role
from service.organisations.rules import SYSTEM
from web.conftest import log_in_as

AT = "/api/v1/organisations/JC/documents"
REPAIR = f"{AT}/JC/SH-CX-01"
TEXT = "---\nkey: gift\ntitle: 礼品管理规定\nkind: work_instruction\ndepartment: service\n---\n## 规定 {#rule}\n不收顾客礼品。\n"


@pytest.fixture
def author(stranger: TestClient) -> TestClient:
    return log_in_as(stranger, "ding")


def created(client: TestClient, source: str = TEXT, **headers: str) -> Response:
    answer: Response = client.post(AT, json={"source": source}, headers=headers)
    return answer


def problem(answer: Response, status: int, code: str) -> str:
    """The sentence of a refusal."""
    assert (answer.status_code, answer.json().get("code")) == (status, code), answer.text
    return str(answer.json()["detail"])


def test_new_document_gets_the_next_number_and_a_draft(author: TestClient) -> None:
    answer = created(author)
    assert answer.status_code == 201
    body = answer.json()
    assert (body["number"], body["label"], body["status"], body["created_by"]) == ("JC/SH-ZD-02", "A/0", "draft", "ding")
    draft = author.get(f"{AT}/JC/SH-ZD-02/draft")
    assert draft.json() == body
    assert draft.headers["etag"] == answer.headers["etag"]


def test_draft_is_edited_by_whoever_has_seen_it(author: TestClient) -> None:
    tag = created(author).headers["etag"]
    changed = TEXT.replace("礼品。", "礼品和酬金。")
    answer = author.put(f"{AT}/JC/SH-ZD-02/draft", json={"source": changed}, headers={"if-match": tag})
    assert (answer.status_code, answer.json()["source"]) == (200, changed)
    assert answer.headers["etag"] != tag
    again = author.put(f"{AT}/JC/SH-ZD-02/draft", json={"source": TEXT}, headers={"if-match": tag})
    assert "已被他人修改" in problem(again, 412, "stale")
    assert author.get(f"{AT}/JC/SH-ZD-02/draft").json()["source"] == changed


def test_edit_without_if_match_is_refused(author: TestClient) -> None:
    created(author)
    problem(author.put(f"{AT}/JC/SH-ZD-02/draft", json={"source": TEXT}), 428, "if_match_missing")


def test_text_that_does_not_parse_changes_nothing(author: TestClient, home: Path) -> None:
    rows = rows_in(home)
    assert created(author, "没有文件头").status_code == 422
    assert created(author, TEXT.replace("不收", "不\x07收")).status_code == 422
    assert rows_in(home) == rows


def test_next_revision_needs_a_reason(author: TestClient) -> None:
    assert author.post(f"{REPAIR}/revisions", json={"change_summary": ""}).status_code == 422
    problem(author.post(f"{REPAIR}/revisions", json={"change_summary": "  "}), 422, "change_summary_missing")
    answer = author.post(f"{REPAIR}/revisions", json={"change_summary": "缩短时限"})
    assert (answer.status_code, answer.json()["label"]) == (201, "A/1")
    problem(author.post(f"{REPAIR}/revisions", json={"change_summary": "再改"}), 409, "draft_exists")


def test_reissue_starts_the_next_edition(author: TestClient) -> None:
    assert author.post(f"{REPAIR}/revisions", json={"change_summary": "换版", "reissue": True}).json()["label"] == "B/0"


def test_same_key_acts_once_and_answers_the_same(author: TestClient, home: Path) -> None:
    first = created(author, **{"idempotency-key": "k-1"})
    rows = rows_in(home)
    second = created(author, **{"idempotency-key": "k-1"})
    assert (second.status_code, second.json()) == (first.status_code, first.json())
    assert second.headers["idempotent-replayed"] == "true"
    assert rows_in(home) == rows


def test_key_of_another_request_or_of_bad_form_is_refused(author: TestClient) -> None:
    created(author, **{"idempotency-key": "k-1"})
    other = TEXT.replace("key: gift", "key: gift-2")
    problem(created(author, other, **{"idempotency-key": "k-1"}), 422, "idempotency_key_reused")
    problem(created(author, other, **{"idempotency-key": "k" * 101}), 422, "bad_idempotency_key")
    assert created(author, other, **{"idempotency-key": "k-2"}).status_code == 201


def test_key_of_a_refused_request_may_be_used_again(author: TestClient) -> None:
    assert created(author, "没有文件头", **{"idempotency-key": "k-1"}).status_code == 422
    assert created(author, **{"idempotency-key": "k-1"}).status_code == 201


def test_same_key_of_another_person_is_another_request(author: TestClient) -> None:
    assert created(author, form("gift-list", "礼品登记表"), **{"idempotency-key": "k-1"}).status_code == 201
    controller = log_in_as(author, "bing")
    assert created(controller, form("gift-book", "礼品登记簿"), **{"idempotency-key": "k-1"}).status_code == 201


@pytest.mark.parametrize("login", ["jia", "yi"])
def test_reviewer_and_approver_do_not_draft(stranger: TestClient, login: str) -> None:
    words = problem(created(log_in_as(stranger, login)), 403, "not_allowed")
    assert "由文控员或编制人或咨询师完成" in words


def test_write_without_csrf_token_is_refused(author: TestClient, home: Path) -> None:
    rows = rows_in(home)
    for token in ("", "0" * 64):
        problem(created(author, **{"x-csrf-token": token}), 403, "csrf_missing")
    assert rows_in(home) == rows


def test_nobody_writes_or_reads_without_logging_in(stranger: TestClient) -> None:
    problem(created(stranger), 401, "login_needed")
    answer = stranger.get(AT)
    problem(answer, 401, "login_needed")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_page_leads_a_stranger_to_the_log_in_and_back(stranger: TestClient) -> None:
    answer = stranger.get("/organisations/JC/documents?as_of=2026-03-01")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=%2Forganisations%2FJC%2Fdocuments%3Fas_of%3D2026-03-01")


def test_list_comes_in_pages(author: TestClient) -> None:
    def numbers(page: dict[str, Any]) -> list[str]:
        return [row["number"] for row in page["items"]]

    everything = numbers(author.get(AT).json())
    seen, cursor = list[list[str]](), None
    while True:
        page = author.get(AT, params={"limit": 5} | ({"cursor": cursor} if cursor else {})).json()
        seen.append(numbers(page))
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert [len(each) for each in seen] == [5, 5, 4]
    assert [number for each in seen for number in each] == everything


@pytest.mark.parametrize("cursor", ["x", "%%%", "SkMvU0gtWFgtOTk", "é"])
def test_cursor_that_leads_nowhere_is_refused(author: TestClient, cursor: str) -> None:
    problem(author.get(AT, params={"cursor": cursor}), 422, "bad_cursor")


@pytest.mark.parametrize("limit", ["0", "-1", "501", "x"])
def test_limit_out_of_bounds_is_refused(author: TestClient, limit: str) -> None:
    problem(author.get(AT, params={"limit": limit}), 422, "validation")


def test_list_by_kind(author: TestClient) -> None:
    rows = author.get(AT, params={"kind": "work_instruction"}).json()["items"]
    assert [row["number"] for row in rows] == ["JC/SH-ZD-01"]


def test_second_clock_hides_what_was_not_recorded_yet(author: TestClient) -> None:
    asked = {"as_of": "2026-03-01", "recorded_on": "2026-01-19T00:00:00+08:00"}
    assert author.get(AT, params=asked).json()["items"] == []
    problem(author.get(REPAIR, params=asked), 404, "document_not_found")
    asked["recorded_on"] = "2026-01-21T00:00:00+08:00"
    assert len(author.get(AT, params=asked).json()["items"]) == 14
    assert author.get(REPAIR, params=asked).json()["label"] == "A/0"


@pytest.mark.parametrize("moment", ["yesterday", "2026-01-19", "2026-01-19T00:00:00"])
def test_moment_without_time_zone_is_refused(author: TestClient, moment: str) -> None:
    problem(author.get(AT, params={"recorded_on": moment}), 422, "bad_moment")


def test_document_shows_the_text_in_force_while_another_is_drafted(author: TestClient) -> None:
    author.post(f"{REPAIR}/revisions", json={"change_summary": "缩短时限"})
    found = author.get(REPAIR).json()
    assert (found["label"], [each["label"] for each in found["revisions"]]) == ("A/0", ["A/0", "A/1"])
    assert author.get(REPAIR, params={"as_of": "2026-01-01"}).status_code == 404


def test_reader_finds_only_what_is_in_force_and_addressed_to_him(stranger: TestClient) -> None:
    with writing(stranger.app.state.engine) as session:  # type: ignore[attr-defined]  # the FastAPI application of this test
        firm = find_organisation(session, "JC")
        user = create_user(session, "wu", "吴五", password=PASSWORD, by="system", at=moment(1, 1))
        add_member(session, firm, user, Role.READER, by=SYSTEM, at=moment(1, 1), on=day(1, 1))
    reader = log_in_as(stranger, "wu")  # no post, so no department: what is addressed to everybody
    assert {row["kind"] for row in reader.get(AT).json()["items"]} == {"manual"}
    words = problem(reader.get(REPAIR), 404, "document_not_found")
    unknown = problem(reader.get(f"{AT}/JC/SH-CX-99"), 404, "document_not_found")
    assert words.replace("CX-01", "CX-99") == unknown == "没有编号为 JC/SH-CX-99 的文件"
    assert reader.get("/organisations/JC/documents/JC/SH-CX-01").status_code == 404
    problem(reader.get(f"{REPAIR}/draft"), 403, "not_allowed")
    controller = log_in_as(stranger, "bing")
    tag = controller.get(f"{REPAIR}/recipients").headers["etag"]
    assert controller.put(f"{REPAIR}/recipients", json={"everybody": True}, headers={"if-match": tag}).status_code == 200
    reader = log_in_as(stranger, "wu")
    found = reader.get(REPAIR).json()
    assert (found["label"], [each["label"] for each in found["revisions"]]) == ("A/0", ["A/0"])
    assert reader.get("/organisations/JC/documents/JC/SH-CX-01").status_code == 200
    assert reader.get("/organisations/JC/coverage").status_code == 403


def test_answer_of_a_repeated_request_is_given_to_members_only(author: TestClient) -> None:
    assert created(author, **{"idempotency-key": "k-1"}).status_code == 201
    with writing(author.app.state.engine) as session:  # type: ignore[attr-defined]  # the FastAPI application of this test
        firm = find_organisation(session, "JC")
        end_membership(session, firm, find_user(session, "ding"), Role.AUTHOR, by=SYSTEM, at=moment(3, 1))
    problem(created(author, **{"idempotency-key": "k-1"}), 404, "organisation_not_found")
