"""The page on which drafts are written: what it shows, what it saves and under which condition, and whom it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from house import rows_in
from httpx import Response
from lxml import html
from small_firm import PASSWORD, moment
from small_manual import REPAIR as REPAIR_TEXT

from service.app import create_app
from service.db import writing
from service.documents import queries
from service.documents.actions import draft_next
from service.documents.models import Document, Revision
from service.organisations.queries import find_organisation
from service.organisations.rules import SYSTEM
from service.text.frontmatter import read_front
from web.conftest import ADDRESS, SCRIPT, TITLE, log_in_as

AT = "/organisations/JC/documents/JC/SH-CX-01/edit"
JSON = {"accept": "application/json"}


@pytest.fixture
def author(stranger: TestClient) -> TestClient:
    """丁四, 编制人, with a draft of the repair procedure."""
    begin(stranger)
    return log_in_as(stranger, "ding")


def begin(client: TestClient, number: str = "JC/SH-CX-01", code: str = "JC") -> None:
    with writing(client.app.state.engine) as session:  # type: ignore[attr-defined]  # the FastAPI application of this test
        document = queries.find_document(session, find_organisation(session, code).id, number)
        draft_next(session, document, by=SYSTEM, at=moment(3, 1), change_summary="缩短时限")


def draft(client: TestClient, number: str = "JC/SH-CX-01") -> tuple[Document, Revision]:
    with writing(client.app.state.engine) as session:  # type: ignore[attr-defined]  # as above
        document = queries.find_document(session, find_organisation(session, "JC").id, number)
        revision = queries.revisions(session, document)[-1]
        session.expunge_all()
    return document, revision


def tree(answer: Response) -> Any:
    return html.fromstring(answer.text)


def given(client: TestClient, address: str = AT) -> dict[str, Any]:
    """What the page hands to its script."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.text[:500]
    [data] = tree(answer).xpath("//script[@id='editing']/text()")
    found: dict[str, Any] = json.loads(data)
    return found


def words(answer: Response, path: str) -> str:
    return " ".join(" ".join(tree(answer).xpath(f"{path}//text()")).split())


def document(*lines: str) -> dict[str, Any]:
    return {"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": line}]} for line in lines]}


def save(client: TestClient, section: str, etag: str, **text: Any) -> Response:
    answer: Response = client.post(f"{AT}/section", json={"section": section, **text}, headers={"if-match": etag, **JSON})
    return answer


# What is shown


def test_page_shows_outline_section_claims_and_facts(author: TestClient) -> None:
    answer = author.get(f"{AT}?section=accept")
    assert words(answer, "//nav[@aria-label='章节']").split()[:4] == ["1", "目的", "2", "范围"]
    assert words(answer, "//a[@aria-current='true']").startswith("4.1 受理")
    assert "5.2.4.1" in words(answer, "//*[@id='claimed']")
    assert "5.2.4.4" not in words(answer, "//*[@id='claimed']")  # another section's
    assert tree(answer).xpath("//textarea[@name='change_summary']/text()") == ["缩短时限"]
    assert "400-000-0001" in words(answer, "//button[@data-variable='company.hotline']")
    text = given(author, f"{AT}?section=accept")
    assert text["document"]["type"] == "doc"
    assert text["source"].startswith("{{ posts.service_manager }}接到热线")


def test_first_section_is_shown_unless_another_is_asked_for(author: TestClient) -> None:
    assert given(author)["label"] == "1 目的"
    assert author.get(f"{AT}?section=nothing").status_code == 404


def test_source_text_is_shown_to_who_asks(author: TestClient) -> None:
    assert given(author, f"{AT}?section=accept&source=1")["document"] is None


def test_section_that_cannot_be_opened_says_why_and_is_edited_as_source(author: TestClient) -> None:
    odd = "{% if choices.makes %}甲{% endif %}\n\n~~~\n一段代码\n~~~"
    with writing(author.app.state.engine) as session:  # type: ignore[attr-defined]  # as above
        found = queries.find_document(session, find_organisation(session, "JC").id, "JC/SH-CX-01")
        revision = queries.running_revision(session, found)
        revision.source = revision.source.replace("使每一件报修都有人管。", odd)
    text = given(author)
    assert text["document"] is None
    assert text["reason"]
    assert text["reason"] in author.get(AT).text
    assert "一段代码" in text["source"]


# Saving


def test_section_is_saved_and_nothing_else_changes(author: TestClient, home: Path) -> None:
    before = rows_in(home)["trail_entry"]
    answer = save(author, "purpose", given(author)["etag"], document=document("使每一件报修当天有人管。"))
    assert answer.status_code == 200
    _, revision = draft(author)
    assert revision.source == REPAIR_TEXT.replace("使每一件报修都有人管。", "使每一件报修当天有人管。\n")
    assert revision.edited_by[-1:] == ["ding"]
    assert answer.json()["etag"] == given(author)["etag"]
    assert answer.json()["source"] == "使每一件报修当天有人管。\n"
    assert rows_in(home)["trail_entry"] == before + 1


def test_saving_what_is_there_already_changes_nothing(author: TestClient, home: Path) -> None:
    text = given(author)
    before = rows_in(home)
    answer = save(author, "purpose", text["etag"], document=text["document"])
    assert (answer.status_code, answer.json()["etag"]) == (200, text["etag"])
    assert rows_in(home) == before


def test_saving_over_another_ones_text_is_refused_and_his_text_is_given(author: TestClient) -> None:
    seen = given(author)["etag"]
    assert save(author, "purpose", seen, document=document("先来的")).status_code == 200
    answer = save(author, "purpose", seen, document=document("后到的"))
    assert (answer.status_code, answer.json()["code"]) == (412, "stale")
    theirs = author.get(f"{AT}/section?section=purpose", headers=JSON).json()
    assert theirs["source"] == "先来的\n"
    assert save(author, "purpose", theirs["etag"], document=document("后到的")).status_code == 200


def test_source_text_is_saved_and_headings_in_it_are_refused(author: TestClient) -> None:
    etag = given(author)["etag"]
    answer = save(author, "purpose", etag, source="甲\n\n## 新的一章\n")
    assert (answer.status_code, answer.json()["code"]) == (422, "heading_in_body")
    assert save(author, "purpose", etag, source="{% if %}").status_code == 422
    assert save(author, "purpose", etag, source="热线 {{ company.hotline }}。").status_code == 200


def test_hostile_document_is_refused_in_words(author: TestClient) -> None:
    etag = given(author)["etag"]
    for wrong in ({"type": "script"}, {"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "甲\x07"}]}]}):
        answer = save(author, "purpose", etag, document=wrong)
        assert answer.status_code == 422
        assert answer.json()["detail"]
    assert draft(author)[1].source == REPAIR_TEXT


def test_lost_session_is_told_apart_from_a_refusal(author: TestClient) -> None:
    etag = given(author)["etag"]
    author.cookies.clear()
    assert save(author, "purpose", etag, document=document("甲")).status_code == 401
    assert author.get(f"{AT}/section?section=purpose", headers=JSON).status_code == 401
    assert author.get(AT).headers["location"].startswith("/login?next=")


def test_condition_within_a_table_is_no_fault_of_the_table(author: TestClient) -> None:
    table = "| 岗位 | 职责 |\n|---|---|\n{% if choices.makes %}\n| {{ posts.service_manager }} | 登记 |\n{% endif %}\n| {{ posts.nobody_yet }} | 回访 |\n"
    assert save(author, "duties", given(author)["etag"], source=table).status_code == 200, draft(author)[1].source
    assert "posts.nobody_yet" in author.get(f"{AT}/checks").text


# Outline, claims, facts


def outline(client: TestClient, step: str, section: str, heading: str = "", **more: str) -> Response:
    form = {"step": step, "section": section, "heading": heading, "etag": given(client)["etag"], **more}
    answer: Response = client.post(f"{AT}/outline", data=form)
    return answer


def titles(client: TestClient) -> list[str]:
    return [" ".join(link.text_content().split()) for link in tree(client.get(AT)).xpath("//nav[@aria-label='章节']/a")]


def test_sections_are_added_renamed_moved_and_deleted(author: TestClient) -> None:
    added = outline(author, "add", "visit", "电话回访")
    assert added.status_code == 303
    assert "4.3 电话回访" in titles(author)
    assert outline(author, "rename", "visit", "上门服务").status_code == 303
    assert outline(author, "up", "visit").status_code == 303
    assert any(title.startswith("4.1 上门服务") for title in titles(author))
    new = added.headers["location"].partition("section=")[2]
    assert outline(author, "delete", new).status_code == 303
    assert "4.3 电话回访" not in titles(author)
    assert "### 上门服务 {#visit}" in draft(author)[1].source


def test_claimed_section_is_not_deleted_and_the_form_keeps_what_was_typed(author: TestClient) -> None:
    refused = outline(author, "delete", "accept")
    assert refused.status_code == 422
    assert "5.2.4.1" in words(refused, "//*[@id='fault']")
    wrong = outline(author, "add", "accept", "甲{乙")
    assert wrong.status_code == 422
    assert tree(wrong).xpath("//input[@id='add']/@value") == ["甲{乙"]
    assert draft(author)[1].source == REPAIR_TEXT


def test_outline_form_on_a_changed_draft_is_refused(author: TestClient) -> None:
    refused = outline(author, "up", "visit", etag='"old"')
    assert refused.status_code == 422
    assert "已被他人修改" in words(refused, "//*[@id='fault']")


def test_form_sent_twice_acts_once(author: TestClient) -> None:
    form = {"step": "add", "section": "visit", "heading": "回访", "etag": given(author)["etag"], "once": "abc"}
    assert [author.post(f"{AT}/outline", data=form).status_code for _ in range(2)] == [303, 303]
    assert draft(author)[1].source.count("### 回访") == 1


def test_indicators_are_found_by_code_and_by_words(author: TestClient) -> None:
    by_code = author.get(f"{AT}/indicators?section=visit&q=5.2.4.2")
    assert words(by_code, "//legend").startswith("5.2.4.2")
    assert "5.3.2.2" in words(author.get(f"{AT}/indicators?section=visit&q=投诉"), "//legend/strong")
    assert "没有找到" in author.get(f"{AT}/indicators?section=visit&q=无此词语").text


def claim(client: TestClient, indicator: str, *elements: int, section: str = "visit", etag: str = "") -> Response:
    form = {"section": section, "indicator": indicator, "element": [str(n) for n in elements], "etag": etag or given(client)["etag"]}
    answer: Response = client.post(f"{AT}/claims", data=form)
    return answer


def test_claim_is_written_in_the_front_matter_and_nothing_else_changes(author: TestClient, home: Path) -> None:
    before = rows_in(home)["trail_entry"]
    answer = claim(author, "5.2.4.2", 1)
    assert "5.2.4.2" in words(answer, "//*[@id='claimed']")
    assert json.loads(answer.headers["hx-trigger"]) == {"draftsaved": {"etag": given(author)["etag"]}}
    last = "  - {indicator: 5.2.4.4, elements: [1], section: loan}\n"
    assert draft(author)[1].source == REPAIR_TEXT.replace(last, f"{last}  - {{indicator: 5.2.4.2, elements: [1], section: visit}}\n")
    assert claim(author, "5.2.4.2").status_code == 200  # no element: taken away
    assert draft(author)[1].source == REPAIR_TEXT
    assert rows_in(home)["trail_entry"] == before + 2


def test_claim_of_what_the_standard_does_not_have_is_refused(author: TestClient) -> None:
    for indicator, elements in (("9.9.9", (1,)), ("5.2.4.2", (99,))):
        answer = claim(author, indicator, *elements)
        assert "请从列出的" in words(answer, "//*[@role='alert']")
        assert "hx-trigger" not in answer.headers
    assert "已被他人修改" in words(claim(author, "5.2.4.2", 1, etag='"old"'), "//*[@role='alert']")
    assert draft(author)[1].source == REPAIR_TEXT


def test_facts_are_saved_with_the_source(author: TestClient) -> None:
    form = {"etag": given(author)["etag"], "title": "维修: 服务程序", "change_summary": "改了名称"}
    assert author.post(f"{AT}/facts", data=form).status_code == 303
    found, revision = draft(author)
    assert (revision.title, revision.change_summary, read_front(revision.source).title) == ("维修: 服务程序", "改了名称", "维修: 服务程序")
    moved = {**form, "etag": given(author)["etag"], "department": "management"}
    assert "归口部门不能再改" in words(author.post(f"{AT}/facts", data=moved), "//*[@id='fault']")
    empty = author.post(f"{AT}/facts", data={**form, "title": "", "change_summary": "别的"})
    assert empty.status_code == 422
    assert words(empty, "//*[@id='title-said']") == "请填写文件名称"
    assert tree(empty).xpath("//textarea[@name='change_summary']/text()") == ["别的"]
    assert found.department == draft(author)[0].department


def test_department_of_a_document_that_was_never_released_is_changed(client: TestClient) -> None:
    text = "---\nkey: gift\ntitle: 礼品管理规定\nkind: work_instruction\ndepartment: service\n---\n## 规定 {#rule}\n不收顾客礼品。\n"
    number = client.post("/api/v1/organisations/JC/documents", json={"source": text}).json()["number"]
    at = f"/organisations/JC/documents/{number}/edit"
    form = {"etag": given(client, at)["etag"], "title": "礼品管理规定", "change_summary": "首次发布", "department": "management"}
    assert client.post(f"{at}/facts", data=form).status_code == 303
    found, revision = draft(client, number)
    assert (found.department, read_front(revision.source).department) == ("management", "management")
    form |= {"etag": given(client, at)["etag"], "department": "nowhere"}
    assert client.post(f"{at}/facts", data=form).status_code == 422


# Beside the text


def test_checks_tell_of_this_draft_only_and_as_it_is_saved(author: TestClient) -> None:
    assert "没有发现问题" in author.get(f"{AT}/checks").text
    save(author, "purpose", given(author)["etag"], document=document("按《没有这份文件》办理，电话：____。"))
    found = words(author.get(f"{AT}/checks"), "//ul")
    assert "《没有这份文件》" in found
    assert "1 目的" in found


def test_titles_are_those_of_the_master_list(author: TestClient) -> None:
    found = author.get(f"{AT}/titles", headers=JSON).json()
    assert {"维修服务程序", "投诉处理程序", "报修单", "中华人民共和国产品质量法"} <= set(found)


def test_flow_chart_is_shown_as_printed(author: TestClient) -> None:
    shown = author.post(f"{AT}/block", json={"language": "flow", "source": "a[甲] --> b[{{ company.hotline }}]"}, headers=JSON)
    assert "<svg" in shown.json()["html"]
    assert "400-000-0001" in shown.json()["html"]
    assert author.post(f"{AT}/block", json={"language": "flow", "source": "```\n## 甲"}, headers=JSON).status_code == 422


def test_preview_is_a_stamped_pdf_shown_in_the_browser(author: TestClient) -> None:
    answer = author.get(f"{AT}/preview.pdf")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["content-disposition"].startswith("inline")
    assert answer.content.startswith(b"%PDF")


# Who may


def test_frozen_revision_says_who_has_it_and_shows_no_editor(author: TestClient) -> None:
    etag = given(author)["etag"]
    sent = author.post("/api/v1/organisations/JC/documents/JC/SH-CX-01/submit", json={"password": PASSWORD})
    assert sent.status_code == 200, sent.text
    answer = author.get(AT)
    assert answer.status_code == 200
    assert "审核中" in words(answer, "//main")
    assert "审核人" in words(answer, "//main") or "管理者代表" in words(answer, "//main")
    assert tree(answer).xpath("//*[@id='surface']") == []
    assert author.get(f"{AT}/preview.pdf").status_code == 409  # what is frozen is not printed from its source again
    refused = save(author, "purpose", etag, document=document("甲"))
    assert (refused.status_code, refused.json()["code"]) == (409, "not_a_draft")


def test_without_a_draft_a_revision_is_offered(stranger: TestClient) -> None:
    answer = log_in_as(stranger, "ding").get(AT)
    assert answer.status_code == 200
    assert tree(answer).xpath("//form/@action")[-1].endswith("/documents/JC/SH-CX-01/revise")


@pytest.mark.parametrize("login", ["jia", "yi"])
def test_who_does_not_write_documents_is_refused(author: TestClient, login: str) -> None:
    log_in_as(author, login)
    assert [author.get(path).status_code for path in (AT, f"{AT}/section", f"{AT}/checks", f"{AT}/preview.pdf")] == [403] * 4
    assert author.post(f"{AT}/outline", data={"step": "up", "section": "visit"}).status_code == 403
    assert save(author, "purpose", "*", document=document("甲")).status_code == 403


def test_write_without_the_sessions_token_is_refused(author: TestClient) -> None:
    etag = given(author)["etag"]
    del author.headers["x-csrf-token"]
    answer = save(author, "purpose", etag, document=document("甲"))
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_missing")


def test_hostile_texts_come_out_as_text(home: Path) -> None:
    app = create_app()
    with TestClient(app, base_url=ADDRESS, follow_redirects=False) as opened:
        log_in_as(opened, "bing")
        answer = opened.get("/organisations/HX/documents/HX/SH-CX-01/edit?section=purpose")
        found = tree(answer)
        assert found.xpath("//h1/text()") == [f"编写：{TITLE}"]
        assert found.xpath("//script[not(@src) and not(@type='application/json')]") == []
        assert SCRIPT in json.loads(found.xpath("//script[@id='editing']/text()")[0])["source"]
        assert SCRIPT not in answer.text
    app.state.engine.dispose()
