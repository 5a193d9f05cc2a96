"""编制说明: the page that says what was done so that a manual could be printed, its count in the list, the same in the JSON."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from service.db import writing
from service.manuals.models import Build
from web.dom import one, texts, tree, words
from web.test_manual_pages import AT, events, start

REMARK = {"document": "JC/SH-CX-01 <维修>", "section": "4.2 受理", "what": "表格 30 列", "done": "改为横排并缩小字号"}


@pytest.fixture
def build(client: TestClient) -> str:
    """A finished build with a remark on it."""
    place = start(client).headers["location"]
    events(client, place)
    found: str = client.get(place).headers["location"].split("#build-")[1]
    with writing(client.app.state.engine) as session:  # type: ignore[attr-defined]  # an ASGI app as the client knows it
        row = next(row for row in session.exec(select(Build)) if str(row.id) == found)
        row.remarks = [REMARK] * 60
        session.add(row)
    return found


def test_list_counts_the_remarks_and_leads_to_them(client: TestClient, build: str) -> None:
    link = one(tree(client.get(AT)), f"//section[@id='build-{build}']//a[contains(@href, '/remarks')]")
    assert words(link) == "编制说明 60 条"
    page = tree(client.get(link.get("href")))
    assert texts(page, "//section[@id='remarks']//tbody/tr[1]/td")[2:] == ["表格 30 列", "改为横排并缩小字号"]
    assert "JC/SH-CX-01 <维修>" in words(one(page, "//section[@id='remarks']//tbody/tr[1]"))
    assert len(page.xpath("//section[@id='remarks']//tbody/tr")) == 50
    assert len(tree(client.get(f"{link.get('href')}?page=2")).xpath("//section[@id='remarks']//tbody/tr")) == 10


def test_json_tells_them_all(client: TestClient, build: str) -> None:
    [found] = [row for row in client.get("/api/v1/organisations/JC/manuals").json()["items"] if row["id"] == build]
    assert found["remarks"] == [REMARK] * 60


def test_build_of_another_firm_has_no_such_page(client: TestClient, build: str) -> None:
    assert client.get(f"/organisations/YI/manuals/{build}/remarks").status_code == 404
