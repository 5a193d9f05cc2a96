"""Every page answers with real content, leads only to pages that answer, and needs nothing from other hosts."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from urllib.parse import urldefrag, urljoin

import openpyxl
import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from httpx import Response
from small_manual import DELETED

from service.app import API
from service.standards.shipped import standard
from web.conftest import ADDRESS
from web.reading import Page, read

AT = "/organisations/JC"
PAGES = {
    "/organisations": ["示范甲公司", "代号 JC"],
    AT: ["工作台", "1 / 43", "现行有效", "没有将要到期"],
    f"{AT}/documents": ["示范甲公司", "JC/SH-CX-01", "维修服务程序", "A/0", "现行有效", "2026年2月1日", "记录表单"],
    f"{AT}/documents?as_of=2026-02-01": ["您正在查看 2026年2月1日 的状况", "JC/SH-CX-01"],
    f"{AT}/documents?as_of=2026-01-31": ["这一天没有现行有效的文件"],
    f"{AT}/documents/JC/SH-CX-01": ["维修服务程序", "贾一", "总经理", "接到热线 400-000-0001 的报修后", "首次发布", "5.2.4.1", "4.1 受理"],
    f"{AT}/documents/JC/SH-JL-01": ["报修单", "受理", "处理", "签字"][:3],
    f"{AT}/documents/JC/SH-SC-07": ["组织机构与职责", "服务部专管售后服务。"],
    f"{AT}/coverage": ["GB/T 27922-2011", "非标准原文", "已覆盖", "推断", f"删减理由：{DELETED}", "JC/SH-CX-01 4.1 受理"],
    f"{AT}/coverage?as_of=2026-01-31": ["没有章节规定这一要素"],
    f"{AT}/checks": ["没有发现问题"],
    f"{AT}/manuals": ["编制手册", "还没有编制过手册"],
    "/docs": [],
}


@pytest.mark.parametrize("path", PAGES)
def test_page_answers_with_its_content(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    page = read(answer)
    assert [words for words in PAGES[path] if words not in page.words] == []


@pytest.mark.parametrize("path", PAGES)
def test_page_is_chinese_fits_a_phone_and_has_a_title_and_one_heading(client: TestClient, path: str) -> None:
    page = read(client.get(path))
    assert page.all("html") == [{"lang": "zh-CN"}]
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in page.all("meta")
    assert len(page.all("h1")) == (0 if path == "/docs" else 1)
    assert len(page.all("title")) == 1


def test_first_page_leads_to_the_organisations(client: TestClient) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer.headers["location"]) == (307, "/organisations")


def test_list_of_problems_names_document_and_quote(client: TestClient) -> None:
    page = read(client.get("/organisations/HX/checks"))
    assert "没有发现问题" not in page.words
    assert "/organisations/HX/documents/HX/SH-CX-01" in page.links


def test_matrix_has_every_indicator_under_its_branch(client: TestClient) -> None:
    page = read(client.get(f"{AT}/coverage?order=standard"))
    assert len(page.all("details")) == 44
    assert len([1 for each in page.all("h2") if each.get("class") == "card-title"]) == 15
    assert [leaf.code for leaf in standard().leaves if leaf.code not in page.words] == []


def test_matrix_quotes_the_text_and_leads_to_the_section(client: TestClient) -> None:
    page = read(client.get(f"{AT}/coverage"))
    link = f"{AT}/documents/JC/SH-CX-01#doc-repair.accept"
    assert link in page.links
    assert "doc-repair.accept" in read(client.get(link)).ids
    assert "接到热线 400-000-0001 的报修后" in page.words


def test_spreadsheet_of_coverage_is_the_matrix(client: TestClient) -> None:
    answer = client.get(f"{AT}/coverage.xlsx?as_of=2026-03-01")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == 'attachment; filename="coverage-JC-2026-03-01.xlsx"'
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    assert {row[0] for row in sheet.iter_rows(min_row=2, values_only=True)} >= {leaf.code for leaf in standard().leaves}


def test_draft_shows_what_is_still_blank(client: TestClient) -> None:
    page = read(client.get("/organisations/HX/documents/HX/SH-CX-01"))
    assert "现行有效" in page.words  # the revision in force is shown while the next one is on its way
    assert "A/1" in page.words


def crawl(client: TestClient, start: str) -> Iterator[tuple[str, Response]]:
    """Every address of our own that can be reached by links, with its answer."""
    seen, waiting = {start}, [start]
    while waiting:
        address = waiting.pop()
        answer = client.get(address)
        yield address, answer
        if answer.headers["content-type"].startswith("text/html"):
            page = read(answer)
            for link in (*page.links, *page.values("src"), *(each["href"] for each in page.all("link"))):
                found = urldefrag(urljoin(f"{ADDRESS}{address}", link)).url.removeprefix(ADDRESS)
                if found not in seen and found.startswith("/"):
                    seen.add(found)
                    waiting.append(found)


def foreign(page: Page) -> list[str]:
    """Addresses of other hosts that a page would load or lead to."""
    return [
        value
        for value in page.values("src", "href", "action", "srcset", "data")
        if re.match(r"\s*([a-z]+:)?//|\s*https?:", value, re.IGNORECASE)
    ]


def test_every_link_answers_and_nothing_leads_to_another_host(client: TestClient) -> None:
    found = dict(crawl(client, "/organisations"))
    assert len(found) > 60  # all documents of three organisations, their matrices, lists and the assets
    assert {path: answer.status_code for path, answer in found.items() if answer.status_code != 200} == {}
    pages = {path: read(answer) for path, answer in found.items() if answer.headers["content-type"].startswith("text/html")}
    assert {path: foreign(page) for path, page in pages.items() if foreign(page)} == {}
    sheets = [answer.text for path, answer in found.items() if path.endswith("pages.css")]
    assert sheets
    assert not any(re.search(r"url\(|@import", sheet) for sheet in sheets)


def test_every_link_inside_a_page_has_its_place(client: TestClient) -> None:
    for number in ("JC/SH-CX-01", "JC/SH-CX-02", "JC/SH-SC-08"):
        page = read(client.get(f"{AT}/documents/{number}"))
        assert {link[1:] for link in page.links if link.startswith("#")} <= page.ids


def test_documentation_of_the_api_needs_no_other_host(client: TestClient) -> None:
    page = read(client.get("/docs"))
    loaded = [*page.values("src"), *(each["href"] for each in page.all("link"))]
    assert foreign(page) == []
    assert [path for path in loaded if client.get(path).status_code != 200] == []
    start = next(client.get(path).text for path in loaded if path.endswith("docs.js"))
    assert "/openapi.json" in start
    assert "validatorUrl: null" in start  # else the page asks a foreign host whether our description is valid
    assert "http" not in start


def test_description_of_the_api_names_every_route_and_no_page(client: TestClient) -> None:
    described = client.get("/openapi.json").json()
    assert described["info"]["title"] == "售后服务管理手册系统"
    own = {f"/api/v1{route.path.replace(':path}', '}')}" for router in API for route in router.routes if isinstance(route, APIRoute)}
    assert set(described["paths"]) == own
    assert "Problem" in described["components"]["schemas"]


def test_address_of_an_organisation_is_its_desk(client: TestClient) -> None:
    assert "工作台" in client.get("/organisations/JC").text
    assert client.get("/organisations/XX").status_code == 404


def test_process_says_that_it_is_well(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
