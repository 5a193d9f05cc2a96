"""The life of a rule through the JSON API only: returned, mended, in force in the future, read, changed, recalled, seen as of each day."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from house import furnish_with_manual, move_in
from httpx import Response
from small_firm import PASSWORD

from service import clock, worker
from service.app import create_app
from service.db import reading
from service.organisations.queries import find_organisation
from service.trail.queries import verify
from web.conftest import ADDRESS

AT = "/api/v1/organisations/JC"
NUMBER = "JC/SH-ZD-02"
ITSELF = f"{AT}/documents/{NUMBER}"
SIGN = {"password": PASSWORD}
TEXT = "---\nkey: gift\ntitle: 礼品管理规定\nkind: work_instruction\ndepartment: service\n---\n## 规定 {#rule}\n维修人员不收顾客礼品。\n"
MENDED = TEXT.replace("礼品。", "礼品，收到的在 3 日内退还。")
CHANGED = MENDED.replace("3 日内", "1 日内")
START = datetime(2026, 3, 2, 1, tzinfo=UTC)


class Days:
    """The clock of this test: it stands still until it is set."""

    def __init__(self) -> None:
        self.now = START


class Office:
    """People at their desks, each logged in over the API; only what the API answers is known here."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def ask(self, login: str, method: str, path: str, body: dict[str, Any] | None = None, **more: Any) -> Response:
        """One person's request, in a log-in session of its own."""
        self.client.cookies.clear()
        entered = self.client.post("/api/v1/session", json={"login": login, "password": PASSWORD})
        assert entered.status_code == 200, entered.text
        headers = {"x-csrf-token": entered.json()["csrf_token"]} | more.pop("headers", {})
        answer: Response = self.client.request(method, path, json=body, headers=headers, **more)
        return answer

    def done(self, login: str, method: str, path: str, body: dict[str, Any] | None = None, **more: Any) -> Any:
        answer = self.ask(login, method, path, body, **more)
        assert answer.status_code in {200, 201}, (path, answer.text)
        return answer.json()

    def refused(self, login: str, method: str, path: str, body: dict[str, Any] | None = None) -> tuple[int, str]:
        answer = self.ask(login, method, path, body)
        return answer.status_code, str(answer.json()["detail"])

    def work(self) -> None:
        """What the worker does in a round."""
        engine = self.client.app.state.engine  # type: ignore[attr-defined]  # the FastAPI application of this test
        worker.work(engine, worker.transport(), threading.Event())


@pytest.fixture
def days(monkeypatch: pytest.MonkeyPatch) -> Days:
    found = Days()
    monkeypatch.setattr(clock, "now", lambda: found.now)
    return found


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: Days, server: str | None) -> Iterator[Office]:
    move_in(furnish_with_manual(tmp_path, "JC", server=server), monkeypatch)
    app = create_app()
    with TestClient(app, base_url=ADDRESS, follow_redirects=False) as client:
        yield Office(client)
    app.state.engine.dispose()


def prepared(office: Office) -> None:
    """编制 → 退回 → 修改 → 审核 → 批准 → 发布, to take force in ten days."""
    draft = office.done("ding", "POST", f"{AT}/documents", {"source": TEXT})
    assert (draft["number"], draft["label"]) == (NUMBER, "A/0")
    assert office.done("ding", "POST", f"{ITSELF}/submit", SIGN)["status"] == "in_review"
    assert office.done("yi", "POST", f"{ITSELF}/return", {"reason": "收到礼品后如何处理没有写明"})["status"] == "draft"
    read = office.ask("ding", "GET", f"{ITSELF}/draft")
    office.done("ding", "PUT", f"{ITSELF}/draft", {"source": MENDED}, headers={"if-match": read.headers["etag"]})
    office.done("ding", "POST", f"{ITSELF}/submit", SIGN)
    status, words = office.refused("ding", "POST", f"{ITSELF}/review", SIGN)
    assert status == 403
    assert "审核人" in words
    office.done("yi", "POST", f"{ITSELF}/review", SIGN)
    assert office.refused("jia", "POST", f"{ITSELF}/approve", {"password": "不是这个密码哦 1"})[0] == 401
    signed = office.done("jia", "POST", f"{ITSELF}/approve", SIGN)["signoffs"]
    assert [(row["meaning"], row["name"], row["post"]) for row in signed] == [
        ("prepare", "丁四", "服务部经理"),
        ("review", "易二", "管理者代表"),
        ("approve", "贾一", "总经理"),
    ]
    assert len({row["fingerprint"] for row in signed}) == 1
    released = office.done("bing", "POST", f"{ITSELF}/release", {"effective_on": "2026-03-12"})
    assert (released["status"], released["effective_on"]) == ("released", "2026-03-12")


def changed(office: Office) -> None:
    """更改申请 → 批准 → 草稿 A/1 → 签署 → 发布, to take force on 1 April."""
    wanted = {"kind": "revise", "number": NUMBER, "section": "1", "proposed": "退还时限由 3 日改为 1 日"}
    request = office.done("ding", "POST", f"{AT}/change-requests", {"title": "缩短退还时限", "reason": "顾客意见", "items": [wanted]})
    where = f"{AT}/change-requests/{request['number']}"
    impact = office.done("ding", "POST", f"{where}/submit")["impact"]
    assert impact is not None
    assert office.done("jia", "POST", f"{where}/approve", {"comment": "同意", **SIGN})["items"][0]["label"] == "A/1"
    read = office.ask("ding", "GET", f"{ITSELF}/draft")
    office.done("ding", "PUT", f"{ITSELF}/draft", {"source": CHANGED}, headers={"if-match": read.headers["etag"]})
    for login, step in (("ding", "submit"), ("yi", "review"), ("jia", "approve")):
        office.done(login, "POST", f"{ITSELF}/{step}", SIGN)
    office.done("bing", "POST", f"{ITSELF}/release", {"effective_on": "2026-04-01"})


def texts(office: Office, *days: str) -> list[tuple[str, bool]]:
    """(label, whether it says 3 days) of what was in force on these days; ("", False) for nothing."""
    answers = [office.ask("ding", "GET", ITSELF, params={"as_of": day}) for day in days]
    return [(a.json()["label"], "3 日内" in a.json()["text"]) if a.status_code == 200 else ("", False) for a in answers]


def test_life_of_a_rule(office: Office, days: Days) -> None:
    prepared(office)
    assert texts(office, "2026-03-11", "2026-03-12") == [("", False), ("A/0", True)]

    days.now = datetime(2026, 3, 12, 1, tzinfo=UTC)
    [copy] = office.done("bing", "POST", f"{AT}/copies", {"document": NUMBER, "medium": "paper", "holders": [{"login": "ding"}]})
    assert (copy["copy_number"], copy["label"], copy["status"]) == (1, "A/0", "issued")
    office.done("ding", "POST", f"{AT}/copies/{copy['id']}/receive", {})
    [asked] = office.done("bing", "POST", f"{AT}/acknowledgements", {"document": NUMBER, "due_on": "2026-03-20", "logins": ["ding"]})
    assert [row["id"] for row in office.done("ding", "GET", f"{AT}/acknowledgements/mine")["items"]] == [asked["id"]]
    assert office.refused("bing", "POST", f"{AT}/acknowledgements/{asked['id']}/acknowledge", {})[0] in {403, 409}
    office.done("ding", "POST", f"{AT}/acknowledgements/{asked['id']}/acknowledge", {})
    assert office.done("ding", "GET", f"{AT}/acknowledgements/mine")["items"] == []

    days.now = datetime(2026, 3, 20, 1, tzinfo=UTC)
    changed(office)
    assert office.done("bing", "GET", f"{AT}/copies/{copy['id']}")["recall_due_on"] is None
    days.now = datetime(2026, 4, 1, 1, tzinfo=UTC)
    office.work()
    due = office.done("bing", "GET", f"{AT}/copies/{copy['id']}")
    assert (due["status"], due["recall_due_on"]) == ("recall_due", "2026-04-01")
    office.done("bing", "POST", f"{AT}/copies/{copy['id']}/recall", {})
    gone = office.done("bing", "POST", f"{AT}/copies/{copy['id']}/settle", {"outcome": "destroyed", "witness": "易二"})
    assert (gone["outcome"], gone["witness"]) == ("destroyed", "易二")
    [again] = office.done("bing", "POST", f"{AT}/copies", {"document": NUMBER, "medium": "paper", "holders": [{"login": "ding"}]})
    assert (again["copy_number"], again["label"]) == (1, "A/1")

    assert texts(office, "2026-03-12", "2026-03-31", "2026-04-01") == [("A/0", True), ("A/0", True), ("A/1", False)]
    known = {"as_of": "2026-04-01", "recorded_on": "2026-03-12T12:00:00+08:00"}
    assert office.done("ding", "GET", ITSELF, params=known)["label"] == "A/0"  # what the system knew before the change
    request = office.done("bing", "GET", f"{AT}/change-requests")["items"][0]
    assert request["status"] == "done"
    check_trail(office)


def check_trail(office: Office) -> None:
    """Every act has its entry, in order, and the chain holds."""
    entries = office.done("bing", "GET", f"{AT}/trail", params={"limit": 500})["items"]
    acts = [row["action"] for row in reversed(entries) if NUMBER in row["subject_id"] or row["subject"] == "change_request"]
    order = [
        "document:create",
        "revision:submit",
        "revision:return",
        "revision:edit",
        "revision:submit",
        "revision:review",
        "revision:approve",
    ]
    assert acts[: len(order)] == order
    assert {"revision:release", "copy:issue", "copy:recall"} <= set(acts)
    with reading(office.client.app.state.engine) as session:  # type: ignore[attr-defined]  # the FastAPI application of this test
        verdict = verify(session, find_organisation(session, "JC").id)
    assert verdict.position is None
