"""Channels and notices over the JSON API: who may, what is shown, and that one organisation knows nothing of another's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx import Response
from small_firm import founded, give_accounts
from sqlalchemy import Engine

from notices.outbox import sent
from notices.post_office import Robot, called
from notices.test_channels import SECRET, URL
from service import clock
from service.accounts.api_tokens import create_api_token
from service.accounts.queries import find_user
from service.accounts.rules import TokenScope
from service.db import writing
from service.organisations import channels_api
from service.settings import settings
from service.web import faults

ROBOT = {"kind": "dingtalk", "name": "服务群", "url": URL, "secret": SECRET}
MAILBOX = {"kind": "email", "name": "公共邮箱", "url": "quality@jc.example"}


@dataclass(slots=True)
class Api:
    """The routes of an organisation, asked by somebody's API token."""

    client: TestClient
    tokens: Mapping[tuple[str, TokenScope], str]
    engine: Engine

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        by: str = "bing",
        scope: TokenScope = TokenScope.MANAGE,
        code: str = "JC",
        **headers: str,
    ) -> Response:
        headers["Authorization"] = f"Bearer {self.tokens[by, scope]}"
        address = f"/api/v1/organisations/{code}/{path}"
        answer: Response = self.client.request(method, address, json=body, headers={k.replace("_", "-"): v for k, v in headers.items()})
        return answer

    def add(self, body: Mapping[str, str] = ROBOT) -> str:
        answer = self.ask("POST", "channels", body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])


@pytest.fixture
def api(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    """JC with its four people; YI, of which they are no members."""
    monkeypatch.setenv("SERVICE_MANUAL_ENVIRONMENT", "production")
    monkeypatch.setenv("SERVICE_MANUAL_SECRET", "a secret of the tests 0123456789 abcdef")
    settings.cache_clear()
    tokens = {}
    with writing(engine) as session:
        give_accounts(session, founded(session).organisation)
        founded(session, "YI")
        for login in ("bing", "ding"):
            for scope in TokenScope:
                made = create_api_token(session, find_user(session, login), "tests", [scope], days=9, by="admin", at=clock.now())
                tokens[login, scope] = made[0]
    app = FastAPI()
    app.state.engine = engine
    faults.install(app)
    app.include_router(channels_api.router, prefix="/api/v1")
    with TestClient(app) as client:
        yield Api(client, tokens, engine)
    settings.cache_clear()


def test_channels_are_listed_without_their_secrets(api: Api) -> None:
    ids = [api.add(), api.add(MAILBOX)]
    answer = api.ask("GET", "channels", scope=TokenScope.READ)
    rows = answer.json()["items"]
    assert [row["id"] for row in rows] == ids
    assert [(row["kind"], row["name"], row["address"], row["signed"]) for row in rows] == [
        ("dingtalk", "服务群", "https://oapi.dingtalk.com/…", True),
        ("email", "公共邮箱", "quality@jc.example", False),
    ]
    assert SECRET not in answer.text
    assert "5e9f1c0d7a" not in answer.text


def test_ended_channel_is_listed_as_ended_and_cannot_be_ended_again(api: Api) -> None:
    made = api.add()
    ended = api.ask("POST", f"channels/{made}/end").json()
    assert (ended["ended_by"], ended["signed"], ended["ended_at"] is None) == ("bing", False, False)
    assert api.ask("GET", "channels").json()["items"] == [ended]
    for way in ("end", "test"):
        assert api.ask("POST", f"channels/{made}/{way}").status_code == 404


def test_test_notice_stands_among_the_notices(api: Api) -> None:
    made = api.add()
    answer = api.ask("POST", f"channels/{made}/test")
    assert (answer.status_code, answer.json()["name"]) == (202, "服务群")
    [row] = api.ask("GET", "notices").json()["items"]
    shown = {key: row[key] for key in ("kind", "recipient", "event", "state", "attempts", "error", "sent_at")}
    assert shown == {
        "kind": "dingtalk",
        "recipient": "服务群",
        "event": "channel:test",
        "state": "waiting",
        "attempts": 0,
        "error": "",
        "sent_at": None,
    }
    assert {"body", "key"} & set(row) == set()


def test_notices_are_listed_by_state_with_their_errors(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICE_MANUAL_ENVIRONMENT", "development")
    settings.cache_clear()
    with called(Robot(answer='{"errcode":310000,"errmsg":"sign not match"}')) as robot:
        for made in (api.add({**ROBOT, "url": robot.url}), api.add(MAILBOX)):
            api.ask("POST", f"channels/{made}/test")
        sent(api.engine, "", at=clock.now())
    items = api.ask("GET", "notices", scope=TokenScope.READ).json()["items"]
    assert {row["error"] for row in items} == {"机器人没有接受：310000 sign not match", "没有配置邮件服务器（SERVICE_MANUAL_SMTP）"}
    for state, count in (("waiting", 2), ("sent", 0), ("failed", 0)):
        assert len(api.ask("GET", f"notices?state={state}").json()["items"]) == count
    first = api.ask("GET", "notices?limit=1").json()
    second = api.ask("GET", f"notices?limit=1&cursor={first['next_cursor']}").json()
    assert [*first["items"], *second["items"]] == items
    assert second["next_cursor"] is None


def test_repeated_request_adds_one_channel(api: Api) -> None:
    answers = [api.ask("POST", "channels", ROBOT, Idempotency_Key="1") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert api.ask("POST", "channels", ROBOT).status_code == 409


WAYS = (
    ("GET", "channels"),
    ("POST", "channels"),
    ("POST", "channels/{id}/end"),
    ("POST", "channels/{id}/test"),
    ("GET", "notices"),
)


@pytest.mark.parametrize(("method", "path"), WAYS)
def test_only_the_administrator_of_this_organisation_may(api: Api, method: str, path: str) -> None:
    path = path.replace("{id}", api.add())
    body = MAILBOX if path == "channels" and method == "POST" else None
    refused = api.ask(method, path, body, by="ding")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    assert "系统管理员" in refused.json()["detail"]
    stranger = api.ask(method, path, body, code="YI")
    assert (stranger.status_code, stranger.json()["code"]) == (404, "organisation_not_found")
    assert api.client.request(method, f"/api/v1/organisations/JC/{path}", json=body).status_code == 401
    if method == "POST":
        assert api.ask(method, path, body, scope=TokenScope.WRITE).json()["code"] == "scope_missing"


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "telegram"},
        {"name": ""},
        {"name": "群" * 81},
        {"url": "http://oapi.dingtalk.com/x"},
        {"url": "https://127.0.0.1/x"},
        {"url": "https://oapi.dingtalk.com/" + "x" * 500},
        {"secret": "s" * 201},
        {"kind": "wecom"},
        {"more": "x"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_bad_channel_is_refused_in_one_sentence(api: Api, change: dict[str, str]) -> None:
    answer = api.ask("POST", "channels", ROBOT | change)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert SECRET not in answer.text
    assert api.ask("GET", "channels").json()["items"] == []


def test_unknown_channel_is_not_found(api: Api) -> None:
    assert api.ask("POST", "channels/00000000-0000-0000-0000-000000000000/end").status_code == 404
    assert api.ask("POST", "channels/x/end").status_code == 422
