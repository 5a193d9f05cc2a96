"""Pages of faults: in Chinese, with what to do about it, leading to the organisation for its members and to no dead end for others."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from service.web.faults import ADVICE, TITLES
from web.conftest import log_in_as
from web.dom import hire_reader, one, texts, tree, words


def ways(page: object) -> list[str]:
    return [str(each) for each in page.xpath("//main//a/@href")]  # type: ignore[attr-defined]  # an element of lxml


@pytest.mark.parametrize(
    "path", ["/organisations/JC/documents/JC/SH-CX-99", "/organisations/JC/reviews/XX", "/organisations/JC/record-forms?page=x"]
)
def test_fault_below_an_organisation_leads_its_member_back_to_it(client: TestClient, path: str) -> None:
    page = tree(client.get(path))
    assert ways(page)[0] == "/organisations/JC"
    assert len(texts(page, "//h1")) == 1
    assert "代码" in words(page)


def test_member_without_the_right_is_led_back_and_told_whom_to_ask(client: TestClient) -> None:
    hire_reader(client)
    page = tree(log_in_as(client, "wu").get("/organisations/JC/reviews"))
    assert ways(page)[0] == "/organisations/JC"
    assert "系统管理员" in words(page)


@pytest.mark.parametrize("path", ["/organisations/XX/documents", "/nowhere", "/organisations/JC/nowhere", "/organisations/<b>/documents"])
def test_fault_that_proves_no_membership_leads_home(client: TestClient, path: str) -> None:
    page = tree(client.get(path))
    assert set(ways(page)) == {"/organisations"}
    assert page.xpath("//main//b") == []


def test_stranger_learns_nothing_of_organisations(stranger: TestClient) -> None:
    page = tree(stranger.post("/organisations/JC/reviews", data={}))
    assert set(ways(page)) == {"/organisations"}


def test_busy_service_offers_to_try_again(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.web.heavy.PATIENCE", 0.0)
    monkeypatch.setattr("service.web.heavy.AT_ONCE", 0)
    turn = client.app.state.heavy  # type: ignore[attr-defined]  # the FastAPI application of this test
    monkeypatch.setattr(turn, "_value", 0)
    path = "/organisations/JC/record-forms/JC/SH-JL-01/file.pdf?as_of=2026-03-01"
    answer = client.get(path)
    page = tree(answer)
    assert answer.status_code == 503
    assert ways(page)[0] == path
    assert words(one(page, "//h1")) == "服务繁忙"


def test_every_fault_says_what_to_do(client: TestClient) -> None:
    assert set(TITLES) - {401} == set(ADVICE)
    assert all(each.endswith("。") for each in ADVICE.values())
