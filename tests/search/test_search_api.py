"""The search over the JSON API: hits, pages, filters, who may, and what is wrongly asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from house import database_of, furnish_with_manual
from small_firm import PASSWORD, moment
from web.conftest import ADDRESS, log_in_as

from service.accounts.actions import create_user
from service.app import create_app
from service.db import open_database, writing
from service.organisations.members import add_member
from service.organisations.queries import find_organisation
from service.organisations.roles import Role
from service.organisations.rules import SYSTEM
from service.settings import settings

AT = "/api/v1/organisations/JC/search"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """JC and YI with their manuals in force; wu reads in JC and holds no post."""
    home = furnish_with_manual(tmp_path_factory.mktemp("search"), "JC", "YI")
    engine = open_database(database_of(home))
    with writing(engine) as session:
        reader = create_user(session, "wu", "吴五", password=PASSWORD, by="system", at=moment(1, 1))
        add_member(session, find_organisation(session, "JC"), reader, Role.READER, by=SYSTEM, at=moment(1, 1), on=moment(1, 1).date())
    engine.dispose()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SERVICE_MANUAL_DATA", str(home / "data"))
        settings.cache_clear()
        application = create_app()
        with TestClient(application, base_url=ADDRESS, follow_redirects=False) as opened:
            yield opened
        application.state.engine.dispose()
    settings.cache_clear()


@pytest.fixture
def client(app: TestClient) -> TestClient:
    return log_in_as(app, "bing")


def ask(client: TestClient, q: str, **parameters: Any) -> dict[str, Any]:
    answer = client.get(AT, params={"q": q, **parameters})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def refused(client: TestClient, status: int, path: str = AT, **parameters: Any) -> dict[str, Any]:
    answer = client.get(path, params=parameters)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    found: dict[str, Any] = answer.json()
    return found


def test_hits_have_number_title_section_and_snippet(client: TestClient) -> None:
    found = ask(client, "30分钟内")
    assert {key: found[key] for key in ("next_cursor", "total", "is_near", "is_complete")} == {
        "next_cursor": None,
        "total": 1,
        "is_near": False,
        "is_complete": True,
    }
    [hit] = found["items"]
    piece = hit.pop("snippet")
    assert [piece[start:end] for start, end in hit.pop("marks")] == ["30 分钟内"]
    assert hit == {
        "number": "JC/SH-CX-01",
        "title": "维修服务程序",
        "label": "A/0",
        "kind": "procedure",
        "department": "service",
        "state": "in_force",
        "effective_on": "2026-02-01",
        "anchor": "accept",
        "clause": "4.1",
        "section": "受理",
        "further": 0,
    }


def test_pages_of_hits_join_into_the_whole(client: TestClient) -> None:
    whole, parts, cursor = ask(client, "服务")["items"], [], None
    assert len(whole) > 3
    while True:
        page = ask(client, "服务", limit=2, **({"cursor": cursor} if cursor else {}))
        parts += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert parts == whole


def test_filters_narrow_the_search(client: TestClient) -> None:
    kinds = {hit["kind"] for hit in ask(client, "服务")["items"]}
    assert {"procedure", "record_form"} <= kinds
    assert {hit["kind"] for hit in ask(client, "服务", kind=["record_form"])["items"]} == {"record_form"}
    assert ask(client, "服务", department="nowhere")["items"] == []
    assert ask(client, "服务", state="draft")["items"] == []
    assert ask(client, "服务", as_of="2026-01-31")["items"] == []


def test_names_are_suggested_while_somebody_types(client: TestClient) -> None:
    found = client.get(f"{AT}/suggestions", params={"q": "投诉处理程"}).json()
    assert found[0] == {"kind": "title", "text": "投诉处理程序", "number": "JC/SH-CX-02", "title": "投诉处理程序", "anchor": ""}
    assert client.get(f"{AT}/suggestions", params={"q": ""}).json() == []


def test_reader_finds_what_is_addressed_to_him_and_may_not_ask_for_drafts(app: TestClient) -> None:
    reader = log_in_as(app, "wu")
    assert {hit["kind"] for hit in ask(reader, "服务")["items"]} == {"manual"}  # holds no post; the manual is for everybody
    assert ask(reader, "30分钟内登记")["items"] == []
    assert refused(reader, 403, q="服务", state="draft")["code"] == "not_allowed"
    assert client_numbers(reader, "CX-0") == []


def client_numbers(client: TestClient, typed: str) -> list[str]:
    return [each["number"] for each in client.get(f"{AT}/suggestions", params={"q": typed}).json()]


def test_each_firm_finds_its_own(client: TestClient) -> None:
    other = client.get(AT.replace("JC", "YI"), params={"q": "投诉处理程序"}).json()["items"]
    assert {hit["number"][:3] for hit in other} == {"YI/"}
    assert {hit["number"][:3] for hit in ask(client, "投诉处理程序")["items"]} == {"JC/"}


def test_stranger_to_the_firm_learns_nothing(app: TestClient) -> None:
    reader = log_in_as(app, "wu")
    for path in (AT.replace("JC", "YI"), AT.replace("JC", "XX"), f"{AT.replace('JC', 'YI')}/suggestions"):
        assert refused(reader, 404, path, q="投诉")["code"] == "organisation_not_found"
    app.cookies.clear()
    assert refused(app, 401, q="投诉")["code"] == "login_needed"


@pytest.mark.parametrize(
    ("q", "code"),
    [
        ("", "query_empty"),
        ("   ", "query_empty"),
        ("*", "query_empty"),
        ("?*", "query_empty"),
        ("“", "query_empty"),
        ("。，！", "query_empty"),
        ("-投诉", "query_only_excludes"),
        ("q" * 10_000, "query_too_long"),
        ("投 " * 90, ""),
        (" ".join(map(str, range(60))), "query_too_many_words"),
        ("\x01", "query_empty"),
        ("投诉 “没有结尾", ""),
        ("[](){}^$|\\+.*", "query_empty"),
        ("投诉 OR 1=1; --", ""),
        ("标题:", "query_empty"),
    ],
)
def test_strange_text_is_answered_or_refused_in_words(client: TestClient, q: str, code: str) -> None:
    if code:
        problem = refused(client, 422, q=q)
        assert problem["code"] == code
        assert any("一" <= character <= "鿿" for character in problem["detail"])
    else:
        ask(client, q)
    assert client.get(f"{AT}/suggestions", params={"q": q}).status_code == 200


@pytest.mark.parametrize(
    "parameters",
    [{}, {"q": "服务", "kind": "novel"}, {"q": "服务", "state": "lost"}, {"q": "服务", "limit": 0}, {"q": "服务", "limit": 101}],
)
def test_wrong_parameters_are_refused(client: TestClient, parameters: dict[str, Any]) -> None:
    refused(client, 422, **parameters)


def test_cursor_of_nothing_is_refused(client: TestClient) -> None:
    assert refused(client, 422, q="服务", cursor="bm90aGluZw")["code"] == "bad_cursor"
