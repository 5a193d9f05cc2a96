"""Commands `review`, `external` and `list`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from docx import Document as WordFile
from house import command, done, refused, rows_in

from service.clock import today

REPAIR, COMPLAINT = "JC/SH-CX-01", "JC/SH-CX-02"
FIRM = ("--organisation", "JC")
BY = (*FIRM, "--by", "bing")
GUIDE = ("GB/T 19012-2019", *BY, "--title", "投诉处理指南", "--kind", "standard")


def test_due_list_tells_what_is_due_on_a_day(firms: Path) -> None:
    rows = done("review", "due", *FIRM, "--as-of", "2027-02-01", "--json").json
    assert len(rows) == 14
    assert {row["days_left"] for row in rows} == {0}
    assert "今天到期" in done("review", "due", *FIRM, "--as-of", "2027-02-01").out
    assert done("review", "due", *FIRM, "--as-of", "2026-12-31", "--json").json == []
    assert len(done("review", "due", *FIRM, "--as-of", "2026-12-31", "--within", "32", "--json").json) == 14


def test_reviews_of_several_documents_are_recorded_together_or_not_at_all(firms: Path) -> None:
    before = rows_in(firms)
    refused("document_not_found", "review", "record", REPAIR, "JC/SH-CX-77", *BY, "--verdict", "keep")
    assert rows_in(firms) == before
    said = done("review", "record", REPAIR, COMPLAINT, *BY, "--verdict", "keep").out
    assert "继续有效" in said
    assert rows_in(firms)["periodic_review"] == 2


def test_history_tells_verdict_comment_and_who(firms: Path) -> None:
    done("review", "record", REPAIR, *BY, "--verdict", "make_obsolete", "--comment", "业务已停", "--on", "2026-03-01")
    [row] = done("review", "history", REPAIR, *FIRM, "--json").json
    assert (row["reviewed_on"], row["verdict"], row["comment"], row["name"]) == ("2026-03-01", "make_obsolete", "业务已停", "邴三")
    assert "应作废" in done("review", "history", REPAIR, *FIRM).out
    [item] = done("review", "due", *FIRM, "--as-of", "2026-04-01", "--json").json
    assert (item["task"], item["number"]) == ("make_obsolete", REPAIR)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("review", "record", REPAIR, *BY, "--verdict", "revise"), "comment_missing"),
        (("review", "record", REPAIR, *BY, "--verdict", "keep", "--on", "2999-01-01"), "review_in_future"),
        (("review", "record", REPAIR, *BY, "--verdict", "keep", "--on", "gestern"), "bad_date"),
        (("review", "record", REPAIR, *FIRM, "--by", "ding", "--verdict", "keep"), "not_allowed"),
        (("review", "due", *FIRM, "--recorded-on", "2026-01-01"), "bad_moment"),
        (("external", "check", "GB/T 1-2026", *BY, "--status", "in_force", "--where", "网站"), "external_document_not_found"),
        (("list", "documents", *FIRM, "--format", "exe"), "unknown_format"),
        (("list", "documents", *FIRM, "--format", "pdf"), "output_missing"),
        (("list", "documents", "--organisation", "ZZ"), "organisation_not_found"),
    ],
)
def test_bad_command_is_refused_in_one_sentence(firms: Path, words: tuple[str, ...], code: str) -> None:
    before = rows_in(firms)
    refused(code, *words)
    assert rows_in(firms) == before


def test_external_document_is_entered_checked_and_taken_out(firms: Path) -> None:
    assert "未核对" in done("external", "add", *GUIDE).out
    done("external", "check", "GB/T19012--2019", *BY, "--status", "in_force", "--where", "国家标准平台", "--on", "2026-03-01")
    [row] = done("external", "list", *FIRM, "--json").json
    assert (row["number"], row["status"], row["checked_on"], row["checked_by"]) == ("GB/T 19012-2019", "in_force", "2026-03-01", "邴三")
    assert "2026-03-01" in done("external", "list", *FIRM).out
    done("external", "end", "GB/T 19012-2019", *BY, "--reason", "不再经营")
    assert done("external", "list", *FIRM, "--json").json == []


def test_cited_documents_are_adopted_by_command(firms: Path) -> None:
    assert set(done("external", "adopt", *BY, "--json").json) == {"产品质量法", "GB/T 19012-2019", "GB/T 27922-2011"}
    assert "都已登记" in done("external", "adopt", *BY).out


@pytest.mark.parametrize(
    ("name", "head", "rows"),
    [("documents", "文件编号", 12), ("records", "记录编号", 2), ("external", "文号或编号", 3), ("obsolete", "作废原因", 0)],
)
def test_list_of_a_day_on_the_screen_as_json_and_as_files(firms: Path, name: str, head: str, rows: int) -> None:
    asked = ("list", name, *FIRM, "--as-of", "2026-03-01")
    assert "示范甲公司" in done(*asked).out
    assert len(done(*asked, "--format", "json").json["items"]) == rows
    for ending in ("xlsx", "docx", "pdf", "json"):
        done(*asked, "--output", f"out/list.{ending}")
    page = openpyxl.load_workbook("out/list.xlsx").active
    assert head in [cell.value for cell in page[3]]
    assert page.max_row == 3 + rows
    assert len(WordFile("out/list.docx").tables[0].rows) == 1 + max(rows, 1)
    assert Path("out/list.pdf").read_bytes().startswith(b"%PDF")


def test_list_as_recorded_at_a_moment(firms: Path) -> None:
    asked = ("list", "documents", *FIRM, "--as-of", "2026-03-01", "--format", "json")
    assert done(*asked, "--recorded-on", "2026-01-19T10:00:00+08:00").json["items"] == []
    assert len(done(*asked, "--recorded-on", "2026-01-21T10:00:00+08:00").json["items"]) == 12


def test_list_of_today_is_the_usual_one(firms: Path) -> None:
    assert date.fromisoformat(done("list", "documents", *FIRM, "--format", "json").json["as_of"]) == today()
    assert command("list", "secrets", *FIRM).exit_code == 2
