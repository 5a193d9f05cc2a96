"""Approval rules and exceptions through the JSON API."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from accounts.served import API, NOW, Served, person, refused
from httpx import Response
from small_firm import PASSWORD
from small_manual import SET

from service.accounts.queries import find_user
from service.db import writing
from service.library.actions import clone
from service.organisations.members import add_member, end_membership
from service.organisations.queries import find_organisation
from service.organisations.roles import Role
from service.organisations.rules import SYSTEM
from service.organisations.shipped import catalogue

JC = f"{API}/organisations/JC"
RULES, EXCEPTIONS = f"{JC}/approval-rules", f"{JC}/duty-exceptions"
RULE = {"kind": "procedure", "reviewers": ["management_representative"], "approvers": ["general_manager"], "valid_from": "2026-03-02"}
EXCEPTION = {
    "login": "yi",
    "meanings": ["prepare", "approve"],
    "reason": "人手不够",
    "valid_from": "2026-03-02",
    "valid_until": "2026-03-31",
}


def post(served: Served, login: str, path: str, body: dict[str, Any] | None = None) -> Response:
    answer: Response = served.logged_in(login).post(path, json=body)
    return answer


def made(answer: Response, status: int = 201) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


def listed(served: Served, path: str, login: str = "shen", **only: object) -> list[dict[str, Any]]:
    answer = served.logged_in(login).get(path, params={key: str(value) for key, value in only.items()})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def test_rule_is_proposed_by_one_and_approved_by_another(served: Served) -> None:
    rule = made(post(served, "bing", RULES, RULE))
    assert (rule["state"], rule["state_name"], rule["proposed_by"]) == ("proposed", "待批准", "bing")
    served.has_role("bing", Role.APPROVER)
    refused(post(served, "bing", f"{RULES}/{rule['id']}/approve"), 409, "own_approval_rule")
    approved = made(post(served, "jia", f"{RULES}/{rule['id']}/approve"), 200)
    assert (approved["state"], approved["approved_by"]) == ("in_force", "jia")
    refused(post(served, "jia", f"{RULES}/{rule['id']}/approve"), 409, "approval_rule_approved")
    ended = made(post(served, "jia", f"{RULES}/{rule['id']}/end"), 200)
    assert (ended["state"], ended["ended_on"], ended["ended_by"]) == ("ended", "2026-03-02", "jia")


def test_rules_are_listed_as_of_a_day_and_as_recorded_then(served: Served) -> None:
    rule = made(post(served, "bing", RULES, RULE))
    served.clock.move(days=2)
    made(post(served, "jia", f"{RULES}/{rule['id']}/approve"), 200)
    assert [(row["id"], row["state"]) for row in listed(served, RULES)] == [(rule["id"], "in_force")]
    assert [row["state"] for row in listed(served, RULES, as_of="2026-03-03")] == ["waiting"]
    [known] = listed(served, RULES, recorded_on="2026-03-03T00:00:00+08:00")
    assert (known["state"], known["approved_at"], known["approved_by"]) == ("proposed", None, "")
    assert listed(served, RULES, recorded_on="2026-03-01T00:00:00+08:00") == []
    assert listed(served, RULES, state="proposed") == []


WRONG: dict[str, tuple[dict[str, object], str]] = {
    "no_approvers": ({"approvers": []}, "bad_approval_rule"),
    "unknown_post": ({"approvers": ["chairman"]}, "unknown_post"),
    "unknown_department": ({"department": "sales"}, "unknown_department"),
    "wanted_of_none": ({"countersigns_needed": 1}, "bad_approval_rule"),
    "past": ({"valid_from": "2026-03-01"}, "valid_from_past"),
    "negative": ({"countersigns_needed": -1}, "validation"),
    "unknown_kind": ({"kind": "poem"}, "validation"),
    "unknown_field": ({"releasers": []}, "validation"),
    "no_day": ({"valid_from": "2026-02-30"}, "validation"),
}


@pytest.mark.parametrize("wrong", list(WRONG))
def test_rule_that_approves_nothing_is_refused(served: Served, wrong: str) -> None:
    change, code = WRONG[wrong]
    refused(post(served, "bing", RULES, {**RULE, **change}), 422, code)
    assert listed(served, RULES) == []


@pytest.mark.parametrize(
    ("login", "act"), [("jia", ""), ("ding", ""), ("shen", ""), ("bing", "approve"), ("zi", "approve"), ("bing", "end")]
)
def test_who_may_not_configure_or_approve_is_forbidden(served: Served, login: str, act: str) -> None:
    rule = made(post(served, "zi", RULES, RULE))
    if act == "end":
        made(post(served, "jia", f"{RULES}/{rule['id']}/approve"), 200)
    refused(post(served, login, f"{RULES}/{rule['id']}/{act}" if act else RULES, None if act else RULE), 403, "not_allowed")


def test_program_neither_approves_rules_nor_grants_exceptions(served: Served) -> None:
    rule = made(post(served, "bing", RULES, RULE))
    program = served.program("jia", "write")
    for path, body in ((f"{RULES}/{rule['id']}/approve", None), (f"{RULES}/{rule['id']}/end", None), (EXCEPTIONS, EXCEPTION)):
        refused(program.post(path, json=body), 403, "token_cannot_act")


def test_rules_and_exceptions_of_another_firm_are_not_found(served: Served) -> None:
    rule, exception = made(post(served, "bing", RULES, RULE)), made(post(served, "jia", EXCEPTIONS, EXCEPTION))
    for role in (Role.DOCUMENT_CONTROLLER, Role.APPROVER):
        served.has_role("wang", role, "YI")
    elsewhere = f"{API}/organisations/YI"
    for key in (rule["id"], uuid4()):
        refused(post(served, "wang", f"{elsewhere}/approval-rules/{key}/approve"), 404, "approval_rule_not_found")
    for key in (exception["id"], uuid4()):
        refused(post(served, "wang", f"{elsewhere}/duty-exceptions/{key}/end"), 404, "duty_exception_not_found")
    assert listed(served, f"{elsewhere}/approval-rules", "wang") == listed(served, f"{elsewhere}/duty-exceptions", "wang") == []
    refused(post(served, "wang", RULES, RULE), 404, "organisation_not_found")


def test_exception_is_granted_listed_for_the_auditor_and_ended(served: Served) -> None:
    row = made(post(served, "jia", EXCEPTIONS, EXCEPTION))
    told = {"valid": True, "number": None, "login": "yi", "name": "易二", "meanings": ["prepare", "approve"], "reason": "人手不够"}
    assert {key: row[key] for key in told} == told
    assert [[each["id"] for each in listed(served, EXCEPTIONS, show=show)] for show in ("all", "valid", "expiring")] == [[row["id"]]] * 3
    assert listed(served, EXCEPTIONS, show="expiring", days=28) == []
    assert listed(served, EXCEPTIONS, show="valid", as_of="2026-04-01") == []
    assert listed(served, EXCEPTIONS, show="expiring", as_of="9999-12-31") == []
    assert [each["valid"] for each in listed(served, EXCEPTIONS, as_of="2026-04-01")] == [False]
    refused(post(served, "bing", f"{EXCEPTIONS}/{row['id']}/end"), 403, "not_allowed")
    assert made(post(served, "jia", f"{EXCEPTIONS}/{row['id']}/end"), 200)["valid"] is False
    assert listed(served, EXCEPTIONS, show="valid") == []
    refused(post(served, "jia", f"{EXCEPTIONS}/{row['id']}/end"), 409, "duty_exception_ended")


@pytest.mark.parametrize(
    ("login", "change", "status", "code"),
    [
        ("jia", {"login": "jia"}, 409, "own_duty_exception"),
        ("bing", {}, 403, "not_allowed"),
        ("shen", {}, 403, "not_allowed"),
        ("jia", {"reason": " "}, 422, "reason_missing"),
        ("jia", {"reason": ""}, 422, "validation"),
        ("jia", {"meanings": ["prepare"]}, 422, "validation"),
        ("jia", {"meanings": ["prepare", "countersign"]}, 422, "bad_meanings"),
        ("jia", {"login": "nobody"}, 422, "person_not_found"),
        ("jia", {"valid_until": "2027-03-04"}, 422, "exception_too_long"),
        ("jia", {"number": "JC/SH-CX-77"}, 404, "document_not_found"),
    ],
)
def test_exception_that_may_not_be_is_refused(served: Served, login: str, change: dict[str, object], status: int, code: str) -> None:
    refused(post(served, login, EXCEPTIONS, {**EXCEPTION, **change}), status, code)


def test_general_manager_grants_where_there_is_no_other_approver(served: Served) -> None:
    """贾一 holds the post and is the only approver; as a mere author he may grant as long as nobody else approves."""
    with writing(served.engine) as session:
        owner, jia = find_organisation(session, "JC"), find_user(session, "jia")
        add_member(session, owner, jia, Role.AUTHOR, by=SYSTEM, at=NOW, on=NOW.date())
        end_membership(session, owner, jia, Role.APPROVER, by=SYSTEM, at=NOW)
    assert made(post(served, "jia", EXCEPTIONS, EXCEPTION))["granted_by"] == "jia"
    refused(post(served, "jia", EXCEPTIONS, {**EXCEPTION, "login": "jia"}), 409, "own_duty_exception")
    served.has_role("bing", Role.APPROVER)
    refused(post(served, "jia", EXCEPTIONS, EXCEPTION), 403, "not_allowed")


def test_signature_by_an_exception_tells_its_reason(served: Served) -> None:
    with writing(served.engine) as session:
        clone(session, find_organisation(session, "JC"), SET, catalogue=catalogue(), by=SYSTEM, at=NOW)
        person(session, "nobody", "无岗")
    for login, roles in (("yi", (Role.AUTHOR, Role.APPROVER)), ("bing", (Role.REVIEWER,)), ("nobody", (Role.AUTHOR,))):
        for role in roles:
            served.has_role(login, role)
    number, sign = "JC/SH-ZD-01", {"password": PASSWORD}
    exception = made(post(served, "jia", EXCEPTIONS, {**EXCEPTION, "number": number}))
    assert exception["number"] == number
    document = f"{JC}/documents/{number}"
    refused(post(served, "nobody", f"{document}/submit", sign), 409, "post_missing")
    for login, step in (("yi", "submit"), ("bing", "review"), ("yi", "approve")):
        made(post(served, login, f"{document}/{step}", sign), 200)
    rows = listed(served, f"{document}/signoffs")
    assert [row["exception"] for row in rows[:2]] == [None, None]
    assert rows[2]["exception"] == {"id": exception["id"], "reason": "人手不够", "valid_until": "2026-03-31", "granted_by": "jia"}


def test_rule_of_the_firm_is_asked_when_a_text_is_submitted(served: Served) -> None:
    with writing(served.engine) as session:
        clone(session, find_organisation(session, "JC"), SET, catalogue=catalogue(), by=SYSTEM, at=NOW)
    rule = {**RULE, "kind": None, "countersigners": ["document_controller", "service_manager"], "countersigns_needed": 2}
    made(post(served, "jia", f"{RULES}/{made(post(served, 'bing', RULES, rule))['id']}/approve"), 200)
    document, sign = f"{JC}/documents/JC/SH-ZD-01", {"password": PASSWORD}
    way = [("ding", "submit"), ("yi", "review"), ("bing", "countersign"), ("ding", "countersign"), ("jia", "approve")]
    reached = [made(post(served, login, f"{document}/{step}", sign), 200)["status"] for login, step in way]
    assert reached == ["in_review", "countersigning", "countersigning", "in_approval", "approved"]
