"""The lifecycle through the JSON API: who signs shows again who he is, and every answer says what comes next."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from accounts.served import API, NOW, Served, person, refused, with_cookie
from fastapi.testclient import TestClient
from httpx import Response
from small_firm import PASSWORD, moment
from small_manual import SET

from service.accounts.actions import set_password
from service.accounts.queries import find_user
from service.approvals.verify import verify_signoffs
from service.db import reading, writing
from service.library.actions import clone
from service.organisations.actions import set_value
from service.organisations.queries import find_organisation
from service.organisations.roles import Role
from service.organisations.rules import SYSTEM
from service.organisations.shipped import catalogue
from service.trail.queries import entries

NUMBER = "JC/SH-CX-02"
DOCUMENT = f"{API}/organisations/JC/documents/{NUMBER}"
SIGN = {"password": PASSWORD}
REACHED = {
    # step → who takes it, with what, and where it leads
    "submit": ("ding", SIGN, "in_review"),
    "review": ("yi", SIGN, "in_approval"),
    "approve": ("jia", SIGN, "approved"),
    "release": ("bing", {"effective_on": "2026-04-01"}, "released"),
}


@pytest.fixture
def drafts(served: Served) -> Served:
    """JC has drafts of the small manual."""
    with writing(served.engine) as session:
        clone(session, find_organisation(session, "JC"), SET, catalogue=catalogue(), by=SYSTEM, at=NOW)
    return served


def post(served: Served, login: str, step: str, body: dict[str, Any] | None = None, **headers: str) -> Response:
    answer: Response = served.logged_in(login).post(f"{DOCUMENT}/{step}", json=body, headers=headers)
    return answer


def done(answer: Response) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def advance(served: Served, to: str) -> dict[str, Any]:
    """Take the procedure up to a status; the last answer."""
    answer: dict[str, Any] = {}
    for step, (login, body, status) in REACHED.items():
        answer = done(post(served, login, step, body))
        assert answer["status"] == status
        if status == to:
            break
    return answer


def actions_in_trail(served: Served) -> list[str]:
    with reading(served.engine) as session:
        return [entry.action for entry in entries(session, find_organisation(session, "JC").id, NUMBER)]


def test_four_steps_lead_to_release_and_the_answer_tells_who_signed(drafts: Served) -> None:
    answer = advance(drafts, "released")
    assert {key: answer[key] for key in ("number", "label", "status", "status_name", "effective_on", "steps", "confirmed", "along")} == {
        "number": NUMBER,
        "label": "A/0",
        "status": "released",
        "status_name": "已发布",
        "effective_on": "2026-04-01",
        "steps": [],
        "confirmed": None,
        "along": [],
    }
    assert [(row["meaning_name"], row["name"], row["post"], row["voided_at"], row["exception"]) for row in answer["signoffs"]] == [
        ("编制", "丁四", "服务部经理", None, None),
        ("审核", "易二", "管理者代表", None, None),
        ("批准", "贾一", "总经理", None, None),
    ]
    with reading(drafts.engine) as session:
        assert verify_signoffs(session, find_organisation(session, "JC")) == []


def test_answer_says_what_the_caller_may_do_next(drafts: Served) -> None:
    assert advance(drafts, "in_review")["steps"] == ["withdraw"]
    drafts.has_role("yi", Role.APPROVER)
    assert done(post(drafts, "yi", "review", SIGN))["steps"] == ["return"]


def test_review_confirms_the_indicators_that_are_named(drafts: Served) -> None:
    advance(drafts, "in_review")
    assert refused(post(drafts, "yi", "review", {**SIGN, "confirmed": ["5.2.4.1"]}), 422, "unclaimed_indicator")
    assert done(post(drafts, "yi", "review", {**SIGN, "confirmed": ["5.3.2.2"]}))["confirmed"] == 2


def test_comment_is_kept_with_the_signature(drafts: Served) -> None:
    assert done(post(drafts, "ding", "submit", {**SIGN, "comment": "初稿"}))["signoffs"][0]["comment"] == "初稿"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 422, "identity_missing"),
        ({"password": ""}, 422, "identity_missing"),
        ({"password": "不是这个密码 1"}, 401, "login_wrong"),
        ({"code": "000000"}, 401, "second_factor_wrong"),
        ({**SIGN, "by": "jia"}, 422, "validation"),
        ({**SIGN, "comment": "长" * 2001}, 422, "validation"),
        ({**SIGN, "comment": "同\x07意"}, 422, "control_character"),
    ],
)
def test_nothing_is_signed_by_whoever_does_not_show_again_who_he_is(drafts: Served, body: dict[str, Any], status: int, code: str) -> None:
    assert refused(post(drafts, "ding", "submit", body), status, code)
    assert "revision:submit" not in actions_in_trail(drafts)


def test_wrong_passwords_when_signing_lock_the_account_as_those_of_a_log_in_do(drafts: Served) -> None:
    client = drafts.logged_in("ding")
    answers = [client.post(f"{DOCUMENT}/submit", json={"password": "不是这个密码 1"}) for _ in range(6)]
    assert answers[0].status_code == 401
    assert answers[-1].status_code == 429
    assert "Retry-After" in answers[-1].headers
    assert client.post(f"{DOCUMENT}/submit", json=SIGN).status_code == 429


@pytest.mark.parametrize("step", ["submit", "review", "countersign", "approve"])
def test_program_with_a_token_signs_nothing(drafts: Served, step: str) -> None:
    login = {"submit": "ding", "review": "yi", "countersign": "bing", "approve": "jia"}[step]
    program = drafts.program(login, "write")
    assert refused(program.post(f"{DOCUMENT}/{step}", json=SIGN), 403, "token_cannot_act")


@pytest.mark.parametrize(
    ("step", "login", "reached"),
    [
        ("release", "bing", "approved"),
        ("return", "jia", "in_approval"),
        ("withdraw", "ding", "in_review"),
        ("obsolete", "bing", "released"),
    ],
)
def test_program_with_a_token_decides_nothing(drafts: Served, step: str, login: str, reached: str) -> None:
    advance(drafts, reached)
    before = actions_in_trail(drafts)
    body = {"return": {"reason": "请改"}, "obsolete": {"reason": "停办", "on": "2026-05-01"}}.get(step, {})
    answer = drafts.program(login, "write").post(f"{DOCUMENT}/{step}", json=None if step == "withdraw" else body)
    assert refused(answer, 403, "token_cannot_act")
    assert actions_in_trail(drafts) == before


def test_program_with_a_token_records_no_periodic_review(drafts: Served) -> None:
    advance(drafts, "released")
    drafts.clock.move(days=60)
    body = {"document": NUMBER, "verdict": "keep"}
    answer = drafts.program("yi", "write").post(f"{API}/organisations/JC/reviews", json=body)
    assert refused(answer, 403, "token_cannot_act")
    assert drafts.logged_in("yi").post(f"{API}/organisations/JC/reviews", json=body).status_code == 201


def test_nobody_signs_in_the_log_in_session_of_another_with_his_own_password(drafts: Served) -> None:
    """The password belongs to the log-in session: 丁四's browser, 易二's password."""
    with writing(drafts.engine) as session:
        set_password(session, find_user(session, "yi"), "另一个人的登录密码 9", by="admin", at=NOW)
    assert refused(post(drafts, "ding", "submit", {"password": "另一个人的登录密码 9"}), 401, "login_wrong")


def test_role_is_asked_before_the_password(drafts: Served) -> None:
    advance(drafts, "in_review")
    for login in ("ding", "bing", "shen", "zi"):
        assert "由审核人完成" in refused(post(drafts, login, "review", {"password": "不是这个密码 1"}), 403, "not_allowed")


def test_stranger_and_member_of_another_firm_learn_nothing(drafts: Served) -> None:
    for login in ("stranger", "wang"):
        for step in ("submit", "return", "obsolete"):
            refused(post(drafts, login, step, SIGN), 404, "organisation_not_found")
    refused(drafts.browser().post(f"{DOCUMENT}/submit", json=SIGN), 401, "login_needed")


def test_number_of_another_firm_is_not_found(drafts: Served) -> None:
    client = drafts.logged_in("ding")
    refused(client.post(f"{API}/organisations/JC/documents/YI/SH-CX-02/submit", json=SIGN), 404, "document_not_found")


def test_self_approval_is_a_conflict_with_who_may(drafts: Served) -> None:
    for role in (Role.AUTHOR, Role.APPROVER):
        drafts.has_role("yi", role)
    drafts.has_role("bing", Role.REVIEWER)
    done(post(drafts, "yi", "submit", SIGN))
    done(post(drafts, "bing", "review", SIGN))
    assert "总经理（贾一）" in refused(post(drafts, "yi", "approve", SIGN), 409, "step_refused")


def test_returned_text_is_a_draft_and_its_signatures_stay_listed_as_void(drafts: Served) -> None:
    advance(drafts, "in_approval")
    refused(post(drafts, "jia", "return", {"reason": " "}), 422, "reason_missing")
    assert done(post(drafts, "jia", "return", {"reason": "时限不清楚"}))["signoffs"] == []
    listed = drafts.logged_in("shen").get(f"{DOCUMENT}/signoffs").json()["items"]
    assert [(row["meaning"], row["label"], row["voided_at"] is None) for row in listed] == [
        ("prepare", "A/0", False),
        ("review", "A/0", False),
    ]


def test_preparer_withdraws(drafts: Served) -> None:
    advance(drafts, "in_review")
    refused(post(drafts, "bing", "withdraw"), 409, "step_refused")
    assert done(post(drafts, "ding", "withdraw"))["status"] == "draft"


def test_dates_in_the_wrong_order_are_clear_errors(drafts: Served) -> None:
    advance(drafts, "approved")
    assert "早于发布日期" in refused(post(drafts, "bing", "release", {"effective_on": "2026-03-01"}), 422, "effective_before_release")
    refused(post(drafts, "bing", "release", {"effective_on": "2026-02-30"}), 422, "validation")
    done(post(drafts, "bing", "release", {"effective_on": "2026-04-01"}))
    words = refused(post(drafts, "bing", "obsolete", {"reason": "停办", "on": "2026-03-31"}), 422, "obsolete_before_effective")
    assert "早于实施日期" in words


def test_obsolete_takes_along_the_forms_that_nobody_else_names(drafts: Served) -> None:
    refused(post(drafts, "bing", "obsolete", {"reason": "停办"}), 409, "not_in_force")
    advance(drafts, "released")
    answer = done(post(drafts, "bing", "obsolete", {"reason": "停办", "on": "2026-04-02"}))
    assert (answer["status"], answer["along"]) == ("released", ["JC/SH-JL-02"])
    refused(post(drafts, "bing", "obsolete", {"reason": "停办", "on": "2026-04-02"}), 409, "not_in_force")


def test_steps_tell_for_each_why_not(drafts: Served) -> None:
    advance(drafts, "in_approval")
    found = drafts.logged_in("yi").get(f"{DOCUMENT}/steps").json()
    assert {key: found[key] for key in ("number", "label", "status", "status_name")} == {
        "number": NUMBER,
        "label": "A/0",
        "status": "in_approval",
        "status_name": "待批准",
    }
    lines = {line["step"]: line for line in found["steps"]}
    assert list(lines) == ["submit", "review", "countersign", "approve", "release", "return", "withdraw", "obsolete"]
    assert lines["approve"] == {
        "step": "approve",
        "name": "批准",
        "allowed": False,
        "code": "not_allowed",
        "reason": f"{NUMBER} A/0：易二不能批准：由批准人完成，须担任总经理（贾一）或管理者代表（易二）",
    }
    assert lines["review"]["code"] == "step_refused"
    own = drafts.logged_in("jia").get(f"{DOCUMENT}/steps").json()["steps"]
    assert [line["step"] for line in own if line["allowed"]] == ["approve", "return"]


def test_obsolete_is_not_offered_while_the_next_one_is_a_draft(drafts: Served) -> None:
    advance(drafts, "released")
    drafts.clock.move(days=1)
    assert drafts.logged_in("bing").post(f"{DOCUMENT}/revisions", json={"change_summary": "改时限"}).status_code == 201
    lines = {line["step"]: line["allowed"] for line in drafts.logged_in("bing").get(f"{DOCUMENT}/steps").json()["steps"]}
    assert (lines["submit"], lines["obsolete"]) == (True, False)
    refused(post(drafts, "bing", "obsolete", {"reason": "停办", "on": "2026-05-01"}), 409, "revision_under_way")


def test_reader_sees_neither_steps_nor_signatures(drafts: Served) -> None:
    with writing(drafts.engine) as session:
        person(session, "yuan", "员工")
    drafts.has_role("yuan", Role.READER)
    for what in ("steps", "signoffs"):
        refused(drafts.logged_in("yuan").get(f"{DOCUMENT}/{what}"), 403, "not_allowed")


def test_signatures_come_in_pages(drafts: Served) -> None:
    advance(drafts, "approved")
    client = drafts.logged_in("shen")
    first = client.get(f"{DOCUMENT}/signoffs", params={"limit": 2}).json()
    rest = client.get(f"{DOCUMENT}/signoffs", params={"limit": 2, "cursor": first["next_cursor"]}).json()
    assert [row["meaning"] for row in (*first["items"], *rest["items"])] == ["prepare", "review", "approve"]
    assert rest["next_cursor"] is None
    assert all(len(row["seal"]) == 64 for row in first["items"])


def test_whoever_has_seen_another_state_is_refused(drafts: Served) -> None:
    seen = drafts.logged_in("ding").get(f"{DOCUMENT}/draft").headers["ETag"]
    submitted = post(drafts, "ding", "submit", SIGN, **{"If-Match": seen})
    now = submitted.headers["ETag"]
    assert now != seen
    assert drafts.logged_in("yi").get(f"{DOCUMENT}/steps").headers["ETag"] == now
    refused(post(drafts, "yi", "review", SIGN, **{"If-Match": seen}), 412, "stale")
    assert done(post(drafts, "yi", "review", SIGN, **{"If-Match": now}))["status"] == "in_approval"
    refused(post(drafts, "bing", "obsolete", {"reason": "停办"}, **{"If-Match": now}), 409, "not_in_force")


def test_whoever_has_read_another_text_does_not_sign_this_one(drafts: Served) -> None:
    """Withdrawn, written anew and submitted again: it stands where it stood, but says something else."""
    first = post(drafts, "ding", "submit", SIGN)
    read = done(first)["signoffs"][0]["fingerprint"]
    done(post(drafts, "ding", "withdraw"))
    with writing(drafts.engine) as session:
        owner = find_organisation(session, "JC")
        set_value(session, owner, "retention.service", 5, valid_from=NOW.date(), by=SYSTEM, at=drafts.clock.moment, catalogue=catalogue())
    again = post(drafts, "ding", "submit", SIGN)
    assert again.headers["ETag"] != first.headers["ETag"]
    now = done(again)["signoffs"][0]["fingerprint"]
    for step, login in (("review", "yi"), ("approve", "jia")):
        refused(post(drafts, login, step, {**SIGN, "fingerprint": read}), 412, "stale")
        refused(post(drafts, login, step, {**SIGN, "fingerprint": "x"}), 422, "validation")
        done(post(drafts, login, step, {**SIGN, "fingerprint": now}))


def test_of_two_drafts_at_once_one_is_made_and_the_other_refused(drafts: Served) -> None:
    advance(drafts, "released")
    clients, ready = [drafts.logged_in(login) for login in ("ding", "bing")], Barrier(2)

    def ask(client: TestClient) -> int:
        ready.wait(60)
        status: int = client.post(f"{DOCUMENT}/revisions", json={"change_summary": "改时限"}).status_code
        return status

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(ask, clients)) == [201, 409]


def test_repeated_request_signs_once_and_is_answered_the_same(drafts: Served) -> None:
    client = drafts.logged_in("ding")
    key = {"Idempotency-Key": "submit-1"}
    first, second = (client.post(f"{DOCUMENT}/submit", json=SIGN, headers=key) for _ in range(2))
    assert (second.json(), second.headers["Idempotent-Replayed"]) == (done(first), "true")
    assert actions_in_trail(drafts).count("revision:submit") == 1


def test_request_with_a_wrong_password_may_be_sent_again_with_the_right_one(drafts: Served) -> None:
    client = drafts.logged_in("ding")
    key = {"Idempotency-Key": "submit-2"}
    assert client.post(f"{DOCUMENT}/submit", json={"password": "不是这个密码 1"}, headers=key).status_code == 401
    done(client.post(f"{DOCUMENT}/submit", json=SIGN, headers=key))


def test_revoked_session_signs_nothing(drafts: Served) -> None:
    client: TestClient = drafts.logged_in("ding")
    cookie, csrf = client.cookies["service_manual_session"], client.headers["x-csrf-token"]
    assert client.delete(f"{API}/session").status_code in {200, 204}
    again = with_cookie(drafts.browser(), cookie)
    again.headers["x-csrf-token"] = csrf
    assert again.post(f"{DOCUMENT}/submit", json=SIGN).status_code == 401


def test_step_before_the_one_before_it_is_an_error(drafts: Served) -> None:
    """The clock of the server was set back."""
    advance(drafts, "in_review")
    drafts.clock.moment = moment(3, 1)
    refused(post(drafts, "yi", "review", SIGN), 422, "step_before_previous")
