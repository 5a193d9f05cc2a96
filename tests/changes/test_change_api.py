"""JSON of change requests: the whole way, and everything that is refused on it."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import docx
import pytest
from fastapi.testclient import TestClient
from httpx import Response
from pypdf import PdfReader
from small_firm import PASSWORD, day, moment

from changes.conftest import ADDRESS, Desk
from service import clock
from service.accounts.actions import create_user
from service.accounts.api_tokens import create_api_token
from service.accounts.queries import find_user
from service.accounts.rules import TokenScope
from service.db import writing
from service.organisations.actions import set_value
from service.organisations.members import add_member
from service.organisations.queries import find_organisation
from service.organisations.roles import Role
from service.organisations.rules import SYSTEM
from service.organisations.shipped import catalogue

HOME = "/api/v1/organisations/JC"
AT = f"{HOME}/change-requests"
COMPLAINT = "JC/SH-CX-02"
FASTER = {"kind": "revise", "number": COMPLAINT, "section": "handle", "proposed": "办结时限由 5 个工作日改为 3 个工作日"}
BODY: Mapping[str, Any] = {"title": "缩短投诉处理时限", "reason": "顾客反映太慢", "items": [FASTER]}
SIGNED = {"password": PASSWORD, "comment": "同意"}


def done(answer: Response, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json()


def problem(answer: Response, status: int) -> str:
    """The code of a refusal, which the answer must be."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return str(answer.json()["code"])


def opened(client: TestClient, **changes: Any) -> str:
    return str(done(client.post(AT, json={**BODY, **changes}), 201)["number"])


def submitted(client: TestClient, **changes: Any) -> str:
    number = opened(client, **changes)
    done(client.post(f"{AT}/{number}/submit"))
    return number


def test_whole_way_from_request_to_notice(anywhere: Desk) -> None:
    author, reviewer, approver, controller = (anywhere(login) for login in ("ding", "yi", "jia", "bing"))
    made = author.post(AT, json={**BODY, "reason": ""})
    number = done(made, 201)["number"]
    edited = author.put(f"{AT}/{number}", json=dict(BODY), headers={"If-Match": made.headers["etag"]})
    assert done(edited)["reason"] == "顾客反映太慢"
    assert edited.headers["etag"] != made.headers["etag"]
    submitted_now = done(author.post(f"{AT}/{number}/submit"))
    assert submitted_now["status"] == "submitted"
    assert [row["number"] for row in submitted_now["impact"]["documents"][0]["cited_by"]] == ["JC/SH-SC-09", "JC/SH-CX-01"]
    decided = done(approver.post(f"{AT}/{number}/approve", json=SIGNED))
    assert (decided["status"], decided["items"][0]["label"], decided["items"][0]["status"]) == ("approved", "A/1", "draft")
    assert {key: decided["decision"][key] for key in ("granted", "name", "post", "comment", "fault")} == {
        "granted": True,
        "name": "贾一",
        "post": "总经理",
        "comment": "同意",
        "fault": None,
    }
    take_into_force(author, reviewer, approver, controller)
    shown = done(author.get(f"{AT}/{number}"))
    assert (shown["status"], shown["items"][0]["former_label"], shown["items"][0]["label"]) == ("done", "A/0", "A/1")
    for name in ("form", "notice", "change-pages"):
        assert_opens(author, f"{AT}/{number}/{name}")


def take_into_force(author: TestClient, reviewer: TestClient, approver: TestClient, controller: TestClient) -> None:
    """The draft of the complaint procedure, rewritten and in force from today, through the routes of documents."""
    document = f"{HOME}/documents/{COMPLAINT}"
    draft = author.get(f"{document}/draft")
    source = done(draft)["source"].replace("5 个工作日", "3 个工作日")
    done(author.put(f"{document}/draft", json={"source": source}, headers={"If-Match": draft.headers["etag"]}))
    for client, step, body in (
        (author, "submit", SIGNED),
        (reviewer, "review", SIGNED),
        (approver, "approve", SIGNED),
        (controller, "release", {}),
    ):
        done(client.post(f"{document}/{step}", json=body))


def assert_opens(client: TestClient, address: str) -> None:
    for ending, media in (("pdf", "application/pdf"), ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")):
        answer = client.get(f"{address}.{ending}")
        assert (answer.status_code, answer.headers["content-type"]) == (200, media)
        assert answer.headers["content-disposition"].endswith(f".{ending}")
        if ending == "pdf":
            assert COMPLAINT in "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
        else:
            assert docx.Document(io.BytesIO(answer.content)).tables


def test_requests_are_listed_by_status_in_pages(desk: Desk) -> None:
    author = desk("ding")
    first, second, third = opened(author), submitted(author), opened(author)
    lines = done(author.get(AT))["items"]
    assert [line["number"] for line in lines] == [third, second, first]
    assert (lines[1]["status"], lines[1]["documents"], lines[1]["created_name"]) == ("submitted", [COMPLAINT], "丁四")
    page = done(author.get(AT, params={"status": "draft", "limit": 1}))
    assert [line["number"] for line in page["items"]] == [third]
    rest = done(author.get(AT, params={"status": "draft", "limit": 1, "cursor": page["next_cursor"]}))
    assert ([line["number"] for line in rest["items"]], rest["next_cursor"]) == ([first], None)


def test_done_requests_are_listed_as_done(desk: Desk) -> None:
    author, approver = desk("ding"), desk("jia")
    number = submitted(author)
    done(approver.post(f"{AT}/{number}/approve", json=SIGNED))
    take_into_force(author, desk("yi"), approver, desk("bing"))
    assert [line["number"] for line in done(author.get(AT, params={"status": "done"}))["items"]] == [number]
    assert done(author.get(AT, params={"status": "approved"}))["items"] == []


def test_edit_needs_the_state_that_was_seen(desk: Desk) -> None:
    author = desk("ding")
    made = author.post(AT, json=dict(BODY))
    address = f"{AT}/{done(made, 201)['number']}"
    assert problem(author.put(address, json=dict(BODY)), 428) == "if_match_missing"
    done(author.put(address, json={**BODY, "title": "再短一点"}, headers={"If-Match": made.headers["etag"]}))
    stale = author.put(address, json=dict(BODY), headers={"If-Match": made.headers["etag"]})
    assert problem(stale, 412) == "stale"
    shown = author.get(address)
    assert done(shown)["title"] == "再短一点"
    done(author.put(address, json=dict(BODY), headers={"If-Match": shown.headers["etag"]}))


def test_steps_are_those_of_the_caller(desk: Desk) -> None:
    author, approver = desk("ding"), desk("jia")
    number = submitted(author)
    assert done(author.get(f"{AT}/{number}"))["steps"] == ["withdraw"]
    assert done(approver.get(f"{AT}/{number}"))["steps"] == ["approve", "reject"]


def test_decision_is_made_by_a_person_who_shows_who_he_is(desk: Desk) -> None:
    approver = desk("jia")
    number = submitted(desk("ding"))
    assert problem(approver.post(f"{AT}/{number}/approve", json={}), 422) == "identity_missing"
    assert problem(approver.post(f"{AT}/{number}/approve", json={"password": "falsches Wort 1"}), 401) == "login_wrong"
    assert done(approver.get(f"{AT}/{number}"))["status"] == "submitted"
    assert problem(approver.post(f"{AT}/{number}/reject", json={"password": PASSWORD}), 422) == "comment_missing"
    rejected = done(approver.post(f"{AT}/{number}/reject", json={"password": PASSWORD, "comment": "理由不充分"}))
    assert (rejected["status"], rejected["decision"]["granted"]) == ("rejected", False)


def test_program_does_not_decide(desk: Desk) -> None:
    approver = desk("jia")
    number = submitted(desk("ding"))
    with writing(approver.app.state.engine) as session:  # type: ignore[attr-defined]  # the FastAPI application of this test
        user = find_user(session, "jia")
        token, _ = create_api_token(session, user, "程序", [TokenScope.WRITE], days=1, by="jia", at=clock.now())
    program = TestClient(approver.app, base_url=ADDRESS, headers={"Authorization": f"Bearer {token}"})
    assert done(program.get(f"{AT}/{number}"))["status"] == "submitted"
    assert problem(program.post(f"{AT}/{number}/approve", json=SIGNED), 403) == "token_cannot_act"


def test_roles_are_asked_for_each_act(desk: Desk) -> None:
    author, reviewer, approver = desk("ding"), desk("yi"), desk("jia")
    number = submitted(author)
    assert problem(author.post(f"{AT}/{number}/approve", json=SIGNED), 403) == "not_allowed"
    assert problem(reviewer.post(f"{AT}/{number}/withdraw"), 403) == "not_allowed"
    assert problem(author.post(f"{AT}/{number}/submit"), 409) == "step_refused"
    own = submitted(approver)
    assert problem(approver.post(f"{AT}/{own}/approve", json=SIGNED), 409) == "own_request"
    assert done(author.post(f"{AT}/{number}/withdraw"))["status"] == "withdrawn"


def test_nobody_learns_of_requests_without_logging_in_or_of_another_firm(desk: Desk) -> None:
    author = desk("ding")
    number = opened(author)
    stranger = TestClient(author.app, base_url=ADDRESS)
    assert problem(stranger.get(AT), 401) == "login_needed"
    elsewhere = AT.replace("/JC/", "/YI/")
    assert done(author.get(elsewhere))["items"] == []
    words = []
    for each in (number, "GG-2026-777", "GG-2026-1", "%E7%94%B2"):
        for ending in ("", "/form.pdf"):
            answer = author.get(f"{elsewhere}/{each}{ending}")
            words.append(problem(answer, 404))
    assert set(words) == {"change_request_not_found"}
    assert problem(author.get(f"{AT.replace('/JC/', '/ZZ/')}/{number}"), 404) == "organisation_not_found"


def reader(desk: Desk, author: TestClient) -> TestClient:
    """吴五, who is a 员工 without a post; the complaint procedure is addressed to everybody."""
    with writing(author.app.state.engine) as session:  # type: ignore[attr-defined]  # the FastAPI application of this test
        user = create_user(session, "wu", "吴五", "wu@jc.example", password=PASSWORD, by="system", at=moment(1, 1))
        firm = find_organisation(session, "JC")
        add_member(session, firm, user, Role.READER, by=SYSTEM, at=moment(1, 1), on=moment(1, 1).date())
    addressed = desk("bing").put(f"{HOME}/documents/{COMPLAINT}/recipients", json={"everybody": True}, headers={"If-Match": "*"})
    assert addressed.status_code == 200, addressed.text
    return desk("wu")


def test_staff_ask_for_changes_of_what_they_read_only(desk: Desk) -> None:
    staff = reader(desk, desk("ding"))
    refusals = []
    for number in ("JC/SH-CX-01", "JC/SH-CX-99"):
        answer = staff.post(AT, json={**BODY, "items": [{**FASTER, "number": number}]})
        assert problem(answer, 404) == "document_not_found"
        refusals.append(answer.json()["detail"].replace(number, "…"))
    assert refusals[0] == refusals[1]
    edited = staff.post(AT, json=dict(BODY))
    worse = {**BODY, "items": [{**FASTER, "number": "JC/SH-CX-01"}]}
    answer = staff.put(f"{AT}/{done(edited, 201)['number']}", json=worse, headers={"If-Match": edited.headers["etag"]})
    assert problem(answer, 404) == "document_not_found"


def test_staff_learn_nothing_of_impact_and_drafts(desk: Desk) -> None:
    author = desk("ding")
    staff = reader(desk, author)
    number = submitted(staff)
    done(desk("jia").post(f"{AT}/{number}/approve", json=SIGNED))
    seen, own = (done(client.get(f"{AT}/{number}")) for client in (author, staff))
    assert (seen["impact"]["documents"][0]["number"], seen["items"][0]["label"], seen["items"][0]["status"]) == (COMPLAINT, "A/1", "draft")
    assert (own["impact"], own["status"]) == (None, "approved")
    assert [own["items"][0][key] for key in ("former_label", "label", "status", "effective_on")] == ["A/0", "", None, None]
    for form in ("notice.pdf", "change-pages.docx"):
        assert problem(staff.get(f"{AT}/{number}/{form}"), 403) == "not_allowed"
    printed, whole = (
        "".join(
            cell.text for table in docx.Document(io.BytesIO(client.get(f"{AT}/{number}/form.docx").content)).tables for cell in cells(table)
        )
        for client in (staff, author)
    )
    assert "同意更改" in printed
    for words in ("引用本文件", "编制中"):
        assert words not in printed
        assert words in whole


def cells(table: Any) -> list[Any]:
    return [cell for row in table.rows for cell in row.cells]


def test_staff_do_not_ask_what_changes_would_touch(desk: Desk) -> None:
    staff = reader(desk, desk("ding"))
    for path in (f"{HOME}/documents/{COMPLAINT}/impact", f"{AT}/from-values"):
        assert problem(staff.get(path), 403) == "not_allowed"
    assert problem(staff.post(f"{AT}/from-values", json={}), 403) == "not_allowed"


def test_staff_see_their_own_requests_only(desk: Desk) -> None:
    author = desk("ding")
    number = opened(author)
    staff = reader(desk, author)
    own = opened(staff)
    assert [line["number"] for line in done(staff.get(AT))["items"]] == [own]
    assert done(staff.get(f"{AT}/{own}"))["created_by"] == "wu"
    for address in (f"{AT}/{number}", f"{AT}/{number}/form.docx"):
        assert problem(staff.get(address), 404) == "change_request_not_found"
    assert problem(staff.post(f"{AT}/{number}/submit"), 404) == "change_request_not_found"
    assert [line["number"] for line in done(author.get(AT))["items"]] == [own, number]


def test_repeated_request_acts_once(desk: Desk) -> None:
    author = desk("ding")
    headers = {"Idempotency-Key": str(uuid4())}
    first, second = (author.post(AT, json=dict(BODY), headers=headers) for _ in range(2))
    assert done(first, 201) == done(second, 201)
    assert len(done(author.get(AT))["items"]) == 1
    assert problem(author.post(AT, json={**BODY, "title": "别的"}, headers=headers), 422) == "idempotency_key_reused"


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"title": "改" * 201},
        {"title": "改\x00"},
        {"reason": "因" * 2001},
        {"reason": "因\ud800"},
        {"colour": "red"},
        {"items": [{**FASTER, "kind": "rewrite"}]},
        {"items": [{**FASTER, "number": "x" * 61}]},
        {"items": [{**FASTER, "number": "JC\x00"}]},
        {"items": [{**FASTER, "proposed": ""}]},
        {"items": [{**FASTER, "proposed": "改" * 2001}]},
        {"items": [{**FASTER, "extra": 1}]},
        {"items": [FASTER] * 101},
        {"items": [{"kind": "create", "title": "备件", "proposed": "写", "document_kind": "procedure", "department": "nowhere"}]},
        {"items": [{"kind": "create", "title": "备件", "proposed": "写", "document_kind": "manual", "department": "service"}]},
    ],
)
def test_bad_bodies_are_refused_and_change_nothing(desk: Desk, wrong: dict[str, Any]) -> None:
    author = desk("ding")
    answer = author.post(AT, content=json.dumps({**BODY, **wrong}), headers={"content-type": "application/json"})
    assert problem(answer, 422)
    assert done(author.get(AT))["items"] == []


def test_unknown_document_is_not_found(desk: Desk) -> None:
    answer = desk("ding").post(AT, json={**BODY, "items": [{**FASTER, "number": "YI/SH-CX-02"}]})
    assert problem(answer, 404) == "document_not_found"


def test_unknown_form_and_format_do_not_exist(desk: Desk) -> None:
    author = desk("ding")
    number = opened(author)
    assert problem(author.get(f"{AT}/{number}/form.xlsx"), 422) == "validation"
    assert author.get(f"{AT}/{number}/letter.pdf").status_code == 404
    assert problem(author.get(f"{AT}/{number}/notice.pdf"), 409) == "nothing_released"
    assert problem(author.get(f"{AT}/{number}/change-pages.docx"), 409) == "nothing_approved"


def test_impact_of_a_document_is_told_before_anybody_asks(desk: Desk) -> None:
    author = desk("ding")
    found = done(author.get(f"{HOME}/documents/{COMPLAINT}/impact", params={"as_of": "2026-03-01"}))
    [document] = found["documents"]
    assert (found["on"], document["number"]) == ("2026-03-01", COMPLAINT)
    assert document["indicators"] == [
        {"code": "5.3.2.2", "title": "投诉反馈与解决", "elements": [1, 2], "clauses": ["4.1"], "left_open": [1, 2], "only": True}
    ]
    assert problem(author.get(f"{HOME}/documents/JC/SH-CX-99/impact"), 404) == "document_not_found"
    assert problem(author.get(f"{HOME.replace('JC', 'YI')}/documents/{COMPLAINT}/impact"), 404) == "document_not_found"


def test_changed_values_are_told_and_become_one_request(desk: Desk) -> None:
    author = desk("ding")
    assert done(author.get(f"{AT}/from-values"))["items"] == []
    assert problem(author.post(f"{AT}/from-values", json={}), 409) == "nothing_outdated"
    with writing(author.app.state.engine) as session:  # type: ignore[attr-defined]  # the FastAPI application of this test
        firm = find_organisation(session, "JC")
        known = catalogue()
        set_value(session, firm, "company.hotline", "400-000-0002", valid_from=day(3, 1), by=SYSTEM, at=moment(3, 1), catalogue=known)
    [line] = done(author.get(f"{AT}/from-values"))["items"]
    assert (line["number"], line["waiting"]) == ("JC/SH-CX-01", [])
    assert line["values"] == [{"name": "company.hotline", "label": "服务热线", "old": "400-000-0001", "new": "400-000-0002"}]
    assert done(author.get(f"{AT}/from-values", params={"as_of": "2026-02-15"}))["items"] == []
    made = done(author.post(f"{AT}/from-values", json={"documents": ["JC/SH-CX-01"]}), 201)
    assert (made["status"], made["documents"]) == ("draft", ["JC/SH-CX-01"])
    assert problem(author.post(f"{AT}/from-values", json={"documents": [COMPLAINT]}), 422) == "not_outdated"


def test_every_body_and_answer_is_described(desk: Desk) -> None:
    described = desk("ding").get("/openapi.json").json()
    paths = {path: methods for path, methods in described["paths"].items() if "change-requests" in path or path.endswith("/impact")}
    assert len(paths) == 11
    for methods in paths.values():
        for route in methods.values():
            assert {"401", "403", "404", "409", "422"} <= set(route["responses"])
    for name in ("RequestText", "DecideBody", "FromValuesBody"):
        assert described["components"]["schemas"][name]["examples"]
