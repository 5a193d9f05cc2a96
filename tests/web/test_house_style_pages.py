"""The page of the manual's look: a theme chosen, a Word template uploaded, what of it is used where, and its refusals."""

from __future__ import annotations

from typing import Any

import pytest
from book.templates import changed, template
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import event

from service.manuals.house_actions import ReadTemplate, prepared_template
from web.conftest import log_in_as
from web.dom import actions_of, hire_reader, one, send, texts, tree, words

AT = "/organisations/JC/house-style"
TEMPLATE = template()


def upload(client: TestClient, content: bytes, name: str = "公司模板.docx", page: Any = None) -> Response:
    form = one(tree(client.get(AT)) if page is None else page, "//form[@id='template-form']")
    answer: Response = client.post(form.get("action"), data=dict(form.form_values()), files={"template": (name, content)})
    return answer


def test_theme_is_chosen_and_shown_as_in_use(client: TestClient) -> None:
    assert send(client, tree(client.get(AT)), "theme-form", theme="modern").headers["location"] == AT
    page = tree(client.get(AT))
    assert one(page, "//input[@name='theme'][@checked]").get("value") == "modern"
    assert "现代" in words(one(page, "//label[.//input[@checked]]"))
    assert actions_of(client, "JC").count("house_style:theme") == 1


def test_uploaded_template_is_mapped_style_by_style(client: TestClient) -> None:
    assert upload(client, TEMPLATE).status_code == 303
    page = tree(client.get(AT))
    rows = {row[0]: row[1:] for row in ([words(cell) for cell in line] for line in page.xpath("//table[@id='mapping']/tbody/tr"))}
    assert rows["正文"][0] == "正文"
    assert "仿宋_GB2312，Times New Roman，14 磅，行距 26 磅" in rows["正文"][1]
    assert rows["章与程序的标题"][0] == "标题 1"
    assert "未经验证" in rows["表格文字"][1]
    assert "华康俪金黑" in rows["表格文字"][1]
    assert rows["注"] == ["无", rows["注"][1], "模板中没有对应的样式，全部采用主题的样式"]
    facts = {row[0]: row[1:] for row in ([words(cell) for cell in line] for line in page.xpath("//table[@id='facts']/tbody/tr"))}
    assert facts["页边距"] == ["上 32.0、下 24.0、左 25.0、右 22.0 毫米", "模板"]
    assert facts["页眉标志"] == ["120 × 30 像素", "模板"]
    assert actions_of(client, "JC").count("house_style:template") == 1


def test_template_is_read_while_others_may_write(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = client.app.state.engine  # type: ignore[attr-defined]  # the FastAPI application of this test
    open_now: list[str] = []
    at_reading: list[list[str]] = []
    event.listen(engine, "begin", lambda each: open_now.extend(["writes"] * bool(each.get_execution_options().get("writes"))))
    event.listen(engine, "commit", lambda each: open_now.clear() if each.get_execution_options().get("writes") else None)

    def read(data: bytes, name: str) -> ReadTemplate:
        at_reading.append(list(open_now))
        return prepared_template(data, name)

    monkeypatch.setattr("service.manuals.house_pages.prepared_template", read)
    assert upload(client, TEMPLATE).status_code == 303
    assert at_reading == [[]]
    assert actions_of(client, "JC").count("house_style:template") == 1


def test_template_is_used_no_more_after_it_was_removed(client: TestClient) -> None:
    upload(client, TEMPLATE)
    form = one(tree(client.get(AT)), "//form[contains(@action,'/remove')]")
    assert client.post(form.get("action"), data=dict(form.form_values())).headers["location"] == AT
    page = tree(client.get(AT))
    assert page.xpath("//table[@id='mapping']") == []
    assert ["未采用" in line or "公司模板" in line for line in texts(page, "//tbody/tr")] == [True, True]


def test_refused_file_is_said_beside_its_field_and_nothing_changes(client: TestClient) -> None:
    answer = upload(client, changed(TEMPLATE, {"word/vbaProject.bin": b"x"}))
    assert answer.status_code == 422
    assert "文件带有宏" in words(one(tree(answer), "//*[@id='template-said']"))
    assert "house_style:template" not in actions_of(client, "JC")


def test_no_file_is_said_beside_its_field(client: TestClient) -> None:
    form = one(tree(client.get(AT)), "//form[@id='template-form']")
    answer = client.post(form.get("action"), data=dict(form.form_values()))
    assert answer.status_code == 422
    assert "请选择 Word 模板" in words(one(tree(answer), "//*[@id='template-said']"))


def test_form_that_is_sent_twice_acts_once(client: TestClient) -> None:
    page = tree(client.get(AT))
    for _ in range(2):
        assert upload(client, TEMPLATE, page=page).status_code == 303
    assert actions_of(client, "JC").count("house_style:template") == 1


def test_hostile_names_are_shown_as_text(client: TestClient) -> None:
    upload(client, TEMPLATE, "<img src=x onerror=alert(1)>.docx")
    page = tree(client.get(AT))
    assert page.xpath("//img[@src='x']") == []


@pytest.mark.parametrize("name", ["formal", "modern", "house"])
def test_sample_pages_are_pictures(client: TestClient, name: str) -> None:
    for number in (1, 2):
        answer = client.get(f"{AT}/sample/{name}/{number}.png")
        assert answer.headers["content-type"] == "image/png"
        assert answer.content.startswith(b"\x89PNG")
    assert client.get(f"{AT}/sample/{name}/3.png").status_code in (404, 422)


def test_who_may_not_configure_sees_no_forms_to_send_and_a_reader_no_page(client: TestClient) -> None:
    hire_reader(client)
    log_in_as(client, "jia")
    page = tree(client.get(AT))
    assert page.xpath("//form[@id='template-form']") == []
    assert page.xpath("//form[@id='theme-form']//button") == []
    log_in_as(client, "wu")
    assert client.get(AT).status_code == 403


def test_exports_are_set_in_the_chosen_theme(client: TestClient) -> None:
    path = "/organisations/JC/documents/JC/SH-CX-01/export?format=html"
    before = client.get(path).text
    send(client, tree(client.get(AT)), "theme-form", theme="modern")
    assert "#12507B" in client.get(path).text
    assert "#12507B" not in before
