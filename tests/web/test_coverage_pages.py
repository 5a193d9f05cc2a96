"""The pages of coverage: list and map of the same rows, one indicator to the paragraph; and the page of problems."""

from __future__ import annotations

import io
import re
from typing import Any
from urllib.parse import urldefrag

import openpyxl
import pytest
from fastapi.testclient import TestClient
from small_manual import DELETED
from sqlalchemy import text as sql

from service.checks.advice import ADVICE
from service.coverage.rules import STATE_NAMES
from service.coverage.views import WORST_FIRST
from service.db import writing
from service.settings import ROOT
from service.standards.shipped import standard
from web.conftest import SCRIPT, TITLE, log_in_as
from web.dom import hire_reader, one, texts, tree, words

AT = "/organisations/JC"
COVERAGE, CHECKS = f"{AT}/coverage", f"{AT}/checks"
SBT = "sbt10401-2006"


def changed(client: TestClient, statement: str, **values: str) -> None:
    """What only time brings about, written into the database by hand."""
    with writing(client.app.state.engine) as session:  # type: ignore[attr-defined]  # the FastAPI application of this test
        session.execute(sql(statement), values)


def codes(page: Any) -> list[str]:
    return texts(page, ".//details//span[@class='code']")


def state_of(page: Any, code: str) -> str:
    return words(one(page, f"//details[@id='i-{code}']/summary/span[3]"))


# The list


def test_what_needs_work_comes_first(client: TestClient) -> None:
    changed(client, "UPDATE confirmation SET section_fingerprint = :other WHERE indicator = '5.2.4.1'", other="0" * 64)
    page = tree(client.get(COVERAGE))
    titles = [words(each).split()[0] for each in page.xpath("//section/div/h2")]
    names = [STATE_NAMES[state] for state in WORST_FIRST]
    assert titles == [name for name in names if name in titles]
    assert titles[:2] == ["未覆盖", "待确认"]
    assert state_of(page, "5.2.4.1") == "待确认"
    assert sorted(codes(page)) == sorted(leaf.code for leaf in standard().leaves)


def test_standards_order_puts_indicators_under_their_branches(client: TestClient) -> None:
    page = tree(client.get(f"{COVERAGE}?order=standard"))
    assert codes(page) == [leaf.code for leaf in standard().leaves]
    assert codes(one(page, "//section[@id='b-5.2.4']")) == [leaf.code for leaf in standard().leaves if leaf.parent == "5.2.4"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=not_applicable", {"5.2.2.2"}),
        ("branch=5.2.4", {"5.2.4.1", "5.2.4.2", "5.2.4.3", "5.2.4.4"}),
        ("branch=5.2.4.1", {"5.2.4.1"}),
        ("q=热线 400-000-0001", {"5.2.4.1"}),
        ("q=5.2.4.1", {"5.2.4.1"}),
        ("state=not_applicable&branch=5.2.4", set()),
        ("q=没有人写过的话", set()),
    ],
)
def test_list_and_map_are_filtered_alike(client: TestClient, query: str, found: set[str]) -> None:
    page = tree(client.get(f"{COVERAGE}?{query}"))
    assert set(codes(page)) == found
    mapped = tree(client.get(f"{COVERAGE}?view=map&{query}"))
    assert set(texts(mapped, "//table//span[@class='code']")) in (found, set())  # without any claim there is no map
    if not found:
        assert "没有符合条件的指标" in words(page)
        assert "没有符合条件的指标" in words(mapped)


def test_choice_that_there_is_not_counts_as_none(client: TestClient) -> None:
    page = tree(client.get(f"{COVERAGE}?state=lost&branch=9.9&order=x&view=y"))
    assert len(codes(page)) == 44


def test_totals_lead_to_their_indicators(client: TestClient) -> None:
    page = tree(client.get(COVERAGE))
    for card in page.xpath("//nav[@aria-label='按状态筛选']/a"):
        number = int(words(card).split()[0])
        assert len(codes(tree(client.get(card.get("href"))))) == number


def test_day_and_standard_are_kept_on_the_way(client: TestClient) -> None:
    page = tree(client.get(f"{COVERAGE}?as_of=2026-03-01&standard={SBT}&order=standard"))
    links = [link for link in page.xpath("//main//a/@href") if "/coverage" in link]
    assert links
    assert all("as_of=2026-03-01" in link and f"standard={SBT}" in link for link in links)
    assert page.xpath("//form[@class='as-of']/input[@name='standard']/@value") == [SBT]
    assert one(page, "//form[@id='filter']//input[@name='as_of']").get("value") == "2026-03-01"


def test_other_standard_is_shown_with_its_own_indicators(client: TestClient) -> None:
    page = tree(client.get(f"{COVERAGE}?standard={SBT}&order=standard"))
    assert codes(page) == [leaf.code for leaf in standard(SBT).leaves]
    assert texts(page, "//select[@id='standard']/option") == ["GB/T 27922-2011", "SB/T 10401-2006（暂无对应）"]
    assert one(page, "//select[@id='standard']/option[@selected]").get("value") == SBT
    assert client.get(f"{COVERAGE}?standard=../secret").status_code == 404


def test_before_anything_was_in_force_nothing_is_covered(client: TestClient) -> None:
    page = tree(client.get(f"{COVERAGE}?as_of=2026-01-31"))
    assert "您正在查看 2026年1月31日 的状况" in words(page)
    assert state_of(page, "5.2.4.1") == "未覆盖"
    mapped = tree(client.get(f"{COVERAGE}?as_of=2026-01-31&view=map"))
    assert "没有文件对应这些指标" in words(mapped)
    assert not mapped.xpath("//main//table")


# The map


def test_map_has_documents_with_claims_only_and_every_indicator(client: TestClient) -> None:
    page = tree(client.get(f"{COVERAGE}?view=map"))
    table = one(page, "//table[@class='heat']")
    assert texts(table, ".//th[contains(@class,'document-head')]") == ["维修服务程序", "投诉处理程序"]
    assert texts(table, ".//th[@scope='colgroup']") == ["程序文件"]
    assert texts(table, ".//th[@scope='row']//span[@class='code']") == [leaf.code for leaf in standard().leaves]
    assert len(table.xpath(".//th[@scope='rowgroup']")) == 15
    assert all(len(row.xpath("./td")) == 2 for row in table.xpath(".//tbody/tr[not(@class='branch')]"))


@pytest.mark.parametrize("dated", ["", "&as_of=2026-03-01"])
def test_cell_says_what_it_means_and_leads_to_the_paragraph(client: TestClient, dated: str) -> None:
    page = tree(client.get(f"{COVERAGE}?view=map{dated}"))
    cells = page.xpath("//table[@class='heat']//td/a")
    assert cells
    for cell in cells:
        address, anchor = urldefrag(cell.get("href"))
        assert ("as_of=2026-03-01" in address) == bool(dated)
        answer = client.get(address)
        assert answer.status_code == 200
        assert tree(answer).xpath(f"//*[@id='{anchor}']")
    assert "4.1 受理" in words(cells[0])
    assert words(cells[0]).split()[0] in "●◎○▲□"


def test_cell_shows_the_least_sure_claim(client: TestClient) -> None:
    changed(client, "UPDATE confirmation SET section_fingerprint = :other WHERE indicator = '5.2.4.1' AND element = 1", other="0" * 64)
    row = one(tree(client.get(f"{COVERAGE}?view=map&q=5.2.4.1")), "//table[@class='heat']//tr[.//span[text()='5.2.4.1']]")
    assert one(row, "./td[a]").get("class") == "is-suspect"
    assert "待确认" in words(one(row, "./td[a]"))


def test_spreadsheet_has_list_map_and_totals(client: TestClient) -> None:
    answer = client.get(f"{COVERAGE}.xlsx?as_of=2026-03-01")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["指标对照表", "指标与文件矩阵", "汇总"]
    cells = [[str(cell or "") for cell in row] for row in book["指标与文件矩阵"].iter_rows(values_only=True)]
    [head] = [row for row in cells if row[0] == "条款"]
    [line] = [row for row in cells if row[0] == "5.2.4.1"]
    assert head[3:] == ["JC/SH-CX-01 维修服务程序", "JC/SH-CX-02 投诉处理程序"]
    assert "4.1" in line[3]


# One indicator


def test_indicator_tells_requirement_elements_words_and_who_confirmed_them(client: TestClient) -> None:
    page = tree(client.get(f"{COVERAGE}/5.2.4.1"))
    found = next(leaf for leaf in standard().leaves if leaf.code == "5.2.4.1")
    shown = words(one(page, "//main"))
    assert found.requirement in shown
    assert [words(each) for each in page.xpath("//ol[contains(@class,'elements')]//h3")] == [
        f"要素 {position} {element.text}" for position, element in enumerate(found.elements, 1)
    ]
    answer = page.xpath("//article[contains(@class,'answer')]")[0]
    assert "接到热线 400-000-0001 的报修后" in words(one(answer, ".//blockquote"))
    assert "易二 于 2026年1月18日" in words(answer)
    fingerprints = answer.xpath(".//code/@title")
    assert len(fingerprints) == 2
    assert all(len(each) == 64 for each in fingerprints)
    address, anchor = urldefrag(one(answer, ".//a").get("href"))
    assert tree(client.get(address)).xpath(f"//*[@id='{anchor}']")


def test_indicator_says_what_changed_since_it_was_confirmed(client: TestClient) -> None:
    changed(client, "UPDATE confirmation SET section_fingerprint = :other WHERE indicator = '5.2.4.1'", other="0" * 64)
    page = tree(client.get(f"{COVERAGE}/5.2.4.1"))
    assert "此后章节有改动" in words(page.xpath("//article[contains(@class,'answer')]")[0])
    changed(client, "UPDATE confirmation SET voided_at = '2026-03-02 00:00:00+00:00' WHERE indicator = '5.2.4.1'")
    page = tree(client.get(f"{COVERAGE}/5.2.4.1"))
    assert "还没有人确认这一处对应" in words(page.xpath("//article[contains(@class,'answer')]")[0])
    assert "失效" in words(one(page, "//section[div/h2='确认记录']"))


def test_deleted_indicator_tells_why_and_by_whom(client: TestClient) -> None:
    page = tree(client.get(f"{COVERAGE}/5.2.2.2"))
    assert DELETED in words(one(page, "//section[div/h2='删减']"))
    assert DELETED in words(one(page, "//section[div/h2='确认记录']"))


def test_indicators_lead_to_their_neighbours(client: TestClient) -> None:
    leaves = [leaf.code for leaf in standard().leaves]
    first, last = (tree(client.get(f"{COVERAGE}/{code}")) for code in (leaves[0], leaves[-1]))
    assert texts(first, "//main//a[contains(@class,'btn')]") == [leaves[1]]
    assert texts(last, "//main//a[contains(@class,'btn')]") == [leaves[-2]]


@pytest.mark.parametrize("code", ["5.9.9", "5.2", "x", "%3Cscript%3E"])
def test_unknown_indicator_is_not_found(client: TestClient, code: str) -> None:
    assert client.get(f"{COVERAGE}/{code}").status_code == 404


def test_hostile_words_are_text_in_list_map_and_indicator(client: TestClient) -> None:
    for path in ("coverage", "coverage?view=map", "coverage/5.2.4.1"):
        page = tree(client.get(f"/organisations/HX/{path}"))
        assert not page.xpath("//main//script | //main//i | //main//img")
        assert TITLE in words(page) or SCRIPT in words(page)


@pytest.mark.parametrize("path", [COVERAGE, f"{COVERAGE}/5.2.4.1", f"{COVERAGE}.xlsx", CHECKS])
def test_reader_is_refused(client: TestClient, path: str) -> None:
    hire_reader(client)
    assert log_in_as(client, "wu").get(path).status_code == 403


# Problems


def test_problem_tells_where_it_is_and_how_it_is_mended(client: TestClient) -> None:
    page = tree(client.get("/organisations/HX/checks"))
    found = [each for each in page.xpath("//li[contains(@class,'problem')]") if SCRIPT in words(each) and "《" in words(each)]
    assert found
    place = one(found[0], ".//div[@class='problem-place']/a[1]")
    address, anchor = urldefrag(place.get("href"))
    assert tree(client.get(address)).xpath(f"//*[@id='{anchor}']")
    assert "改为受控文件的全名" in words(found[0])
    assert one(found[0], ".//a[contains(@href,'/edit?section=')]") is not None


def test_errors_come_before_warnings_document_by_document(client: TestClient) -> None:
    with_warning = (
        "UPDATE revision SET text = replace(text, '## 范围', '## 其他' || :end || '无。' || :end || '## 范围') WHERE title = '投诉处理程序'"
    )
    changed(client, with_warning, end="\n")
    changed(client, "UPDATE revision SET text = replace(text, '使每一件报修都有人管。', '电话：。') WHERE title = '维修服务程序'")
    page = tree(client.get(CHECKS))
    kinds = [words(each).split()[0] for each in page.xpath("//section/div//h2")]
    assert kinds == sorted(kinds, key=["错误", "提醒"].index)
    assert {"错误", "提醒"} == set(kinds)
    only = tree(client.get(f"{CHECKS}?severity=warning"))
    assert texts(only, "//h2") == ["提醒 投诉处理程序"]
    assert "“其他”不是程序文件的六个章节之一" in words(only)


@pytest.mark.parametrize(
    ("query", "is_found"), [("kind=空缺与遗留", True), ("kind=日期", False), ("q=号码", True), ("q=没有这样的字", False)]
)
def test_problems_are_filtered(client: TestClient, query: str, is_found: bool) -> None:
    changed(client, "UPDATE revision SET text = replace(text, '使每一件报修都有人管。', '电话：。') WHERE title = '维修服务程序'")
    page = tree(client.get(f"{CHECKS}?{query}"))
    assert bool(page.xpath("//li[contains(@class,'problem')]")) is is_found
    assert ("没有符合条件的问题" in words(page)) is not is_found


def test_problems_are_found_anew_when_a_text_changes(client: TestClient) -> None:
    assert "没有发现问题" in words(tree(client.get(CHECKS)))
    changed(client, "UPDATE revision SET text = replace(text, '使每一件报修都有人管。', '电话：。') WHERE title = '维修服务程序'")
    assert "号码没有填写" in words(tree(client.get(CHECKS)))
    changed(client, "UPDATE revision SET text = replace(text, '电话：。', '使每一件报修都有人管。') WHERE title = '维修服务程序'")
    assert "没有发现问题" in words(tree(client.get(CHECKS)))


def test_who_may_not_write_is_offered_no_editing(client: TestClient) -> None:
    changed(client, "UPDATE revision SET text = replace(text, '使每一件报修都有人管。', '电话：。') WHERE title = '维修服务程序'")
    assert tree(client.get(CHECKS)).xpath("//main//a[contains(@href,'/edit')]")
    log_in_as(client, "jia")
    assert not tree(client.get(CHECKS)).xpath("//main//a[contains(@href,'/edit')]")


def test_every_problem_that_a_check_finds_has_its_advice() -> None:
    rule = re.compile(r'(?:Problem|_Rule)\(\s*"(\w+)"')
    files = [*(ROOT / "service" / "checks").glob("*.py"), ROOT / "service" / "text" / "blanks.py"]
    found = {code for file in files for code in rule.findall(file.read_text("utf-8"))}
    assert len(found) > 15
    assert found | {"replaced_edition", "withdrawn_edition"} == set(ADVICE)
