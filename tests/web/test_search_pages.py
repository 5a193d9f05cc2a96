"""The page of the search: sections with the words marked, filters, pages, suggestions; and readers who find what is for them only."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from small_firm import moment

from service.db import writing
from service.documents import queries
from service.documents.actions import draft_next
from service.organisations.queries import find_organisation
from service.organisations.rules import SYSTEM
from service.search.pages import pieces
from service.search.snippet import Snippet
from web.conftest import TITLE, log_in_as
from web.dom import hire_reader, one, texts, tree, words

AT = "/organisations/JC/search"
REPAIR = "/organisations/JC/documents/JC/SH-CX-01"


def ask(client: TestClient, q: str, **filters: str) -> Any:
    answer = client.get(AT, params={"q": q, **filters})
    assert answer.status_code == 200
    return tree(answer)


def links(page: Any) -> list[str]:
    return [str(each) for each in page.xpath("//li[contains(@class,'hit')]//h2/a/@href")]


def test_hit_is_a_section_with_its_words_marked_and_leads_to_it(client: TestClient) -> None:
    page = ask(client, "30分钟内")
    assert links(page) == [f"{REPAIR}#doc-repair.accept"]
    hit = one(page, "//li[contains(@class,'hit')]")
    assert texts(hit, ".//mark") == ["30 分钟内"]
    assert words(one(hit, ".//h2")) == "维修服务程序 4.1 受理"
    facts = words(one(hit, ".//*[@class='hit-facts']"))
    assert all(each in facts for each in ("JC/SH-CX-01", "A/0", "现行有效", "程序文件", "服务部", "2026年2月1日实施"))
    assert "共有 1 个章节" in words(one(page, "//*[@id='answer']"))
    assert one(page, "//input[@id='q']").get("value") == "30分钟内"


def test_link_of_a_hit_leads_to_a_place_on_the_page(client: TestClient) -> None:
    [link] = links(ask(client, "30分钟内"))
    path, place = link.split("#")
    assert tree(client.get(path)).xpath(f"//*[@id='{place}']") != []


def test_without_words_the_page_says_what_can_be_searched(client: TestClient) -> None:
    page = tree(client.get(AT))
    assert one(page, "//p[@class='empty-title']").text == "请输入要查找的词"
    assert page.xpath("//*[@id='answer']") == []


@pytest.mark.parametrize("q", ["-投诉", "…", " ".join(f"词{n}号" for n in range(40)), "长" * 201])
def test_question_that_cannot_be_is_refused_in_words_and_kept(client: TestClient, q: str) -> None:
    answer = client.get(AT, params={"q": q})
    page = tree(answer)
    assert answer.status_code == 422
    assert words(one(page, "//*[@id='q-said']")).startswith(("查询", "请输入"))
    assert one(page, "//input[@id='q']").get("value") == " ".join(q.split())
    assert one(page, "//input[@id='q']").get("aria-invalid") == "true"


def test_filters_narrow_and_stay_chosen(client: TestClient) -> None:
    everything, forms = (links(ask(client, "顾客", **chosen)) for chosen in ({}, {"kind": "record_form"}))
    assert set(forms) < set(everything)
    assert all("SH-JL-" in link for link in forms)
    page = ask(client, "顾客", kind="record_form", department="service", state="", as_of="")
    assert one(page, "//select[@id='kind']").value == "record_form"
    assert one(page, "//select[@id='department']").value == "service"
    assert links(page) == forms
    assert links(ask(client, "顾客", department="management", kind="record_form")) == []


def test_other_states_are_found_on_request(client: TestClient) -> None:
    assert links(ask(client, "报修单", state="draft")) == []
    assert links(ask(client, "报修单", state="all")) == links(ask(client, "报修单"))


def test_hit_in_a_draft_leads_to_the_draft_and_not_to_what_is_in_force(client: TestClient) -> None:
    with writing(client.app.state.engine) as session:  # type: ignore[attr-defined]  # the FastAPI application of this test
        owner = find_organisation(session, "JC")
        document = queries.find_document(session, owner.id, "JC/SH-CX-01")
        draft_next(session, document, by=SYSTEM, at=moment(3, 1), change_summary="缩短时限")
    found = links(ask(client, "30分钟内", state="draft"))
    assert found == [f"{REPAIR}?revision=A%2F1#doc-repair.accept"]
    assert "A/1" in words(one(tree(client.get(found[0])), "//main"))


def test_day_is_kept_in_the_links_and_changing_it_keeps_the_question(client: TestClient) -> None:
    page = ask(client, "30分钟内", as_of="2026-03-01", kind="procedure")
    assert links(page) == [f"{REPAIR}?as_of=2026-03-01#doc-repair.accept"]
    other_day = one(page, "//form[contains(@class,'as-of')]")
    assert dict(other_day.form_values()) == {"q": "30分钟内", "kind": "procedure", "as_of": "2026-03-01"}
    assert links(ask(client, "30分钟内", as_of="2026-01-31")) == []


def test_nothing_found_offers_names_that_are_near(client: TestClient) -> None:
    page = ask(client, "维修火箭", kind="manual")
    assert one(page, "//p[@class='empty-title']").text == "没有找到"
    assert f"?q={quote('维修服务程序')}" in [str(each) for each in page.xpath("//*[@id='ideas']/a/@href")]
    assert f"?q={quote('维修火箭')}" in [str(each) for each in page.xpath("//main//a/@href")]  # without the filter


def test_results_come_in_pages(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.search.pages.PER_PAGE", 2)
    first = ask(client, "服务")
    assert len(links(first)) == 2
    [second] = [str(each) for each in first.xpath("//a[@class='page-link'][normalize-space()='2']/@href")]
    following = tree(client.get(AT + second))
    assert len(links(following)) == 2
    assert set(links(first)).isdisjoint(links(following))
    assert one(following, "//a[@aria-current='page' and @class='page-link']").text == "2"


def test_suggestions_are_options_for_the_search_box(client: TestClient) -> None:
    answer = client.get(f"{AT}/suggestions", params={"q": "维修服"})
    page = tree(answer)
    first, *_ = page.xpath("//option")
    assert (first.get("value"), words(first)) == ("维修服务", "文件 · JC/SH-SC-08")
    assert "<html" not in answer.text
    assert client.get(f"{AT}/suggestions", params={"q": ""}).text.strip() == ""


def test_every_page_of_the_organisation_has_the_box_that_asks_for_them(client: TestClient) -> None:
    box = one(tree(client.get(AT)), "//input[@id='find']")
    assert (box.get("hx-get"), box.get("list"), box.get("hx-target")) == (f"{AT}/suggestions", "found", "#found")


def test_reader_finds_only_what_is_addressed_to_him(client: TestClient) -> None:
    hire_reader(client, "JC/SH-CX-01")
    log_in_as(client, "wu")
    assert {link.split("#")[0] for link in links(ask(client, "维修"))} <= {
        REPAIR,
        *(f"/organisations/JC/documents/JC/SH-SC-{n:02}" for n in range(12)),
    }
    assert not any("SH-CX-02" in link for link in links(ask(client, "投诉处理程序")) + links(ask(client, "5 个工作日")))
    assert links(ask(client, "30分钟内")) == [f"{REPAIR}#doc-repair.accept"]
    suggested = client.get(f"{AT}/suggestions", params={"q": "投诉处理程"}).text
    assert "投诉处理程序" not in suggested
    assert ask(client, "维修").xpath("//select[@id='state']") == []
    assert client.get(AT, params={"q": "维修", "state": "draft"}).status_code == 403
    assert client.get(AT, params={"q": "维修", "state": "all"}).status_code == 403


def test_stranger_and_member_of_nothing_here_find_nothing(client: TestClient) -> None:
    client.cookies.clear()
    assert client.get(AT, params={"q": "维修"}).headers["location"].startswith("/login?next=")
    assert client.get(f"{AT}/suggestions", params={"q": "维修"}).status_code == 303


def test_hostile_titles_and_texts_are_words(client: TestClient) -> None:
    page = tree(client.get("/organisations/HX/search", params={"q": "服务"}))
    assert any(TITLE.replace("&", " & ").replace(" ", "") in each.replace(" ", "") for each in texts(page, "//li//h2"))
    assert page.xpath("//main//script | //main//i | //main//img") == []
    asked = tree(client.get("/organisations/HX/search", params={"q": "<script>alert(1)</script>"}))
    assert one(asked, "//input[@id='q']").get("value") == "<script>alert(1)</script>"
    assert asked.xpath("//main//script") == []


def test_pieces_of_a_text_are_the_text() -> None:
    text = Snippet("甲乙丙丁戊", ((0, 1), (2, 4)))
    assert list(pieces(text)) == [("甲", True), ("乙", False), ("丙丁", True), ("戊", False)]
    assert list(pieces(Snippet("甲"))) == [("甲", False)]
    assert list(pieces(Snippet(""))) == []
