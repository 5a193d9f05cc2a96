"""The pages of record forms: the list with how records are kept, each form as it prints, blank forms to take along."""

from __future__ import annotations

import io
import zipfile

import pytest
from fastapi.testclient import TestClient

from web.conftest import log_in_as
from web.dom import actions_of, hire_reader, one, rows, texts, tree, words

AT = "/organisations/JC/record-forms"
ORDER, VISIT = "JC/SH-JL-01", "JC/SH-JL-02"


def test_list_tells_retention_keeper_and_the_documents_a_form_belongs_to(client: TestClient) -> None:
    lines = {row[0].split(" ")[1]: row for row in rows(tree(client.get(AT)), "forms")}
    assert set(lines) == {ORDER, VISIT}
    assert lines[ORDER] == ["报修单 JC/SH-JL-01", "A/0", "服务部", "服务部", "3 年", "JC/SH-CX-01", "DOCX 可填写 PDF"]
    assert lines[VISIT][5] == "JC/SH-CX-01 JC/SH-CX-02"


def test_list_is_filtered_and_says_if_nothing_is_left(client: TestClient) -> None:
    assert [row[0] for row in rows(tree(client.get(f"{AT}?q=报修")), "forms")] == ["报修单 JC/SH-JL-01"]
    assert "没有符合条件的记录表单" in words(tree(client.get(f"{AT}?department=none")))


def test_nothing_was_in_force_before(client: TestClient) -> None:
    assert "这一天没有现行有效的记录表单" in words(tree(client.get(f"{AT}?as_of=2026-01-31")))
    assert client.get(f"{AT}/{ORDER}?as_of=2026-01-31").status_code == 404


def test_form_is_shown_as_it_prints(client: TestClient) -> None:
    page = tree(client.get(f"{AT}/{ORDER}"))
    sheet = one(page, "//section[contains(@class,'sheet')]")
    assert words(one(sheet, ".//h2")) == "报修单"
    shown = words(sheet)
    assert all(each in shown for each in (f"编号：{ORDER}", "版本：A/0", "保存期限：3 年", "顾客", "电话", "序号", "故障"))
    assert len(sheet.xpath(".//table//tr")) >= 7  # a band, fields, the head of the grid, four empty rows
    assert texts(page, "//h1") == ["报修单"]


@pytest.mark.parametrize(("ending", "start"), [("docx", b"PK\x03\x04"), ("pdf", b"%PDF")])
def test_blank_form_is_downloaded(client: TestClient, ending: str, start: bytes) -> None:
    [link] = [each for each in tree(client.get(f"{AT}/{ORDER}")).xpath("//main//a/@href") if each.endswith(f"/file.{ending}")]
    answer = client.get(link)
    assert answer.status_code == 200
    assert answer.content.startswith(start)
    assert answer.headers["content-disposition"].startswith(f'attachment; filename="JC-SH-JL-01.{ending}"')
    assert "document:download" not in actions_of(client, ORDER)  # what everybody takes every day


def test_form_to_fill_in_is_downloaded_under_a_name_of_its_own(client: TestClient) -> None:
    [link] = [each for each in tree(client.get(f"{AT}/{ORDER}")).xpath("//main//a/@href") if each.endswith("/file.fillable")]
    answer = client.get(link)
    assert answer.headers["content-disposition"].startswith('attachment; filename="JC-SH-JL-01-fillable.docx"')
    assert b"documentProtection" in zipfile.ZipFile(io.BytesIO(answer.content)).read("word/settings.xml")


@pytest.mark.parametrize(("format_", "ending"), [("docx", "docx"), ("fillable", "docx"), ("pdf", "pdf")])
def test_all_forms_are_downloaded_at_once(client: TestClient, format_: str, ending: str) -> None:
    links = tree(client.get(AT)).xpath("//main//a[contains(@class,'dropdown-item')]/@href")
    assert f"{AT}/all.{format_}.zip" in links
    for address in (f"{AT}/all.{format_}.zip", f"/api/v1/organisations/JC/documents/record-forms.zip?format={format_}"):
        answer = client.get(address)
        assert answer.headers["content-type"] == "application/zip"
        names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
        assert names == [f"JC-SH-JL-01 报修单.{ending}", f"JC-SH-JL-02 上门服务记录.{ending}"]


def test_reader_gets_only_his_forms_at_once(client: TestClient) -> None:
    hire_reader(client, VISIT)
    log_in_as(client, "wu")
    names = zipfile.ZipFile(io.BytesIO(client.get(f"{AT}/all.docx.zip").content)).namelist()
    assert names == ["JC-SH-JL-02 上门服务记录.docx"]


def test_reader_without_forms_has_nothing_to_take(client: TestClient) -> None:
    hire_reader(client)
    log_in_as(client, "wu")
    assert client.get(f"{AT}/all.docx.zip").status_code == 404


def test_only_record_forms_can_be_filled_in(client: TestClient) -> None:
    answer = client.get("/api/v1/organisations/JC/documents/JC/SH-CX-01/export?format=fillable")
    assert (answer.status_code, answer.json()["code"]) == (422, "not_a_form")


def test_original_is_for_whoever_may_have_it_and_is_recorded(client: TestClient) -> None:
    answer = client.get(f"{AT}/{ORDER}/file.docx?raw=true")
    assert answer.status_code == 200
    assert "非受控" not in zipfile.ZipFile(io.BytesIO(answer.content)).read("word/document.xml").decode()
    assert actions_of(client, ORDER)[-1] == "document:download"
    log_in_as(client, "ding")
    assert client.get(f"{AT}/{ORDER}/file.docx?raw=true").status_code == 403
    assert "原件" not in words(tree(client.get(f"{AT}/{ORDER}")))


@pytest.mark.parametrize("path", [f"{AT}/JC/SH-CX-01", f"{AT}/JC/SH-CX-01/file.docx", f"{AT}/YI/SH-JL-01", f"{AT}/JC/SH-JL-99/file.pdf"])
def test_what_is_no_record_form_of_this_organisation_is_not_found(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_reader_sees_the_forms_addressed_to_him(client: TestClient) -> None:
    hire_reader(client, VISIT)
    log_in_as(client, "wu")
    assert [row[0] for row in rows(tree(client.get(AT)), "forms")] == ["上门服务记录 JC/SH-JL-02"]
    assert "SH-CX-01" not in client.get(f"{AT}/{VISIT}").text  # a procedure that is not for him
    assert client.get(f"{AT}/{VISIT}/file.docx").status_code == 200
    assert client.get(f"{AT}/{ORDER}").status_code == client.get(f"{AT}/{ORDER}/file.docx").status_code == 404


def test_reader_without_forms_is_told_whom_to_ask(client: TestClient) -> None:
    hire_reader(client)
    assert "还没有发放给您的记录表单" in words(tree(log_in_as(client, "wu").get(AT)))


@pytest.mark.parametrize("path", [AT, f"{AT}/{ORDER}", f"{AT}/{ORDER}/file.pdf"])
def test_stranger_is_asked_to_log_in(stranger: TestClient, path: str) -> None:
    assert stranger.get(path).headers["location"].startswith("/login?next=")


def test_hostile_form_is_words(client: TestClient) -> None:
    page = tree(client.get("/organisations/HX/record-forms"))
    assert page.xpath("//main//script | //main//i | //main//img") == []
    assert len(rows(page, "forms")) == 2
