"""`check` and `coverage`: what they print for people and for programs, and how they end."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import openpyxl
import pytest
from house import command, database_of, done, refused
from small_manual import DELETED
from sqlalchemy import text

from service.db import open_database

AT = ("--organisation", "JC")
ON = (*AT, "--as-of", "2026-03-01")


def spoil(home: Path, statement: str) -> None:
    """Change the database behind the product's back."""
    engine = open_database(database_of(home))
    with engine.begin() as connection:
        assert connection.execute(text(statement)).rowcount > 0
    engine.dispose()


def with_dangling_reference(home: Path) -> None:
    spoil(home, "UPDATE revision SET text = replace(text, '有报必应。', '按《保修办法》办理。') WHERE title = '服务理念与承诺'")


def test_check_without_problems_ends_with_0(firms: Path) -> None:
    assert "示范甲公司：没有发现问题" in done("check", *ON).out
    assert done("check", *ON, "--json").json == []


def test_check_with_problems_lists_them_and_ends_with_1(firms: Path) -> None:
    with_dangling_reference(firms)
    answer = command("check", *ON)
    assert (answer.exit_code, answer.err) == (1, "")
    assert "JC/SH-SC-04" in answer.out
    answer = command("check", *ON, "--json")
    assert answer.exit_code == 1
    [problem] = answer.json
    assert list(problem) == ["code", "severity", "document", "section", "message", "quote"]
    assert {key: problem[key] for key in ("code", "severity", "document", "section")} == {
        "code": "dangling_reference",
        "severity": "error",
        "document": "JC/SH-SC-04",
        "section": "concept",
    }
    assert "《保修办法》" in problem["message"]
    assert problem["quote"]


@pytest.mark.parametrize("on", ["2020-01-01", "2026-01-31"])
def test_check_of_a_day_without_texts_in_force_says_so(firms: Path, on: str) -> None:
    assert f"示范甲公司：{on} 没有现行有效的文件" in done("check", *AT, "--as-of", on).out
    assert done("check", *AT, "--as-of", on, "--json").json == []


def test_check_sees_one_organisation_only(firms: Path) -> None:
    with_dangling_reference(firms)
    assert {problem["document"].split("/")[0] for problem in command("check", *ON, "--json").json} == {"JC"}


def test_coverage_as_json_has_the_promised_shape(firms: Path) -> None:
    found = done("coverage", *ON, "--format", "json").json
    assert {key: found[key] for key in ("standard", "on")} == {"standard": "gbt27922-2011", "on": "2026-03-01"}
    assert found["totals"] == {"indicators": 44, "covered": 1, "partial": 2, "uncovered": 40, "suspect": 0, "not_applicable": 1}
    assert len(found["indicators"]) == 44
    row = next(row for row in found["indicators"] if row["code"] == "5.2.4.1")
    assert {"code", "title", "state", "status", "elements", "claims"} <= set(row)
    assert {"text", "proof", "state"} <= set(row["elements"][0])
    assert {"document", "label", "section", "quote"} <= set(row["claims"][0])
    assert (row["state"], row["claims"][0]["document"], row["claims"][0]["section"]) == ("covered", "JC/SH-CX-01", "accept")
    assert row["claims"][0]["quote"] in done("document", "show", "JC/SH-CX-01", *AT).out


def test_coverage_of_a_day_before_the_release_answers_nothing(firms: Path) -> None:
    totals = done("coverage", *AT, "--as-of", "2026-01-31", "--format", "json").json["totals"]
    assert (totals["covered"], totals["uncovered"], totals["not_applicable"]) == (0, 43, 1)


def test_coverage_for_people_is_a_table(firms: Path) -> None:
    words = done("coverage", *ON).out
    assert all(part in words for part in ("示范甲公司", "5.2.4.1", "已覆盖", "删减", "未覆盖"))


def test_coverage_by_another_standard(firms: Path) -> None:
    found = done("coverage", *ON, "--standard", "sbt10401-2006", "--format", "json").json
    assert (found["standard"], found["totals"]["covered"]) == ("sbt10401-2006", 0)


def test_coverage_is_written_as_json_spreadsheet_and_word_file(firms: Path) -> None:
    for name in ("json", "xlsx", "docx"):
        assert done("coverage", *ON, "--format", name, "--output", f"out/coverage.{name}").out == f"out/coverage.{name}\n"
    data = {file.suffix: file.read_bytes() for file in Path("out").iterdir()}
    assert json.loads(data[".json"]) == done("coverage", *ON, "--format", "json").json
    sheet = openpyxl.load_workbook(io.BytesIO(data[".xlsx"])).worksheets[0]
    assert DELETED in [cell for row in sheet.iter_rows(values_only=True) for cell in row]
    with zipfile.ZipFile(io.BytesIO(data[".docx"])) as archive:
        assert DELETED in archive.read("word/document.xml").decode()


@pytest.mark.parametrize(("name", "start"), [("c.json", b"{"), ("c.xlsx", b"PK"), ("C.DOCX", b"PK")])
def test_coverage_takes_its_format_from_the_ending_of_the_file(firms: Path, name: str, start: bytes) -> None:
    assert done("coverage", *ON, "--output", f"out/{name}").out == f"out/{name}\n"
    assert Path("out", name).read_bytes().startswith(start)


@pytest.mark.parametrize(
    ("code", "words", "tells"),
    [
        ("unknown_format", ("--output", "out/c"), "从文件名 c 看不出格式"),
        ("unknown_format", ("--output", "out/c.pdf"), "json、xlsx、docx"),
        ("output_missing", ("--format", "xlsx"), "--output"),
        ("unknown_format", ("--format", "odt", "--output", "out/c.odt"), "odt"),
        ("standard_not_found", ("--standard", "iso9001"), "gbt27922-2011"),
        ("bad_date", ("--as-of", "2026-02-30"), "2026-02-30"),
    ],
)
def test_report_that_cannot_be_made_says_why(firms: Path, code: str, words: tuple[str, ...], tells: str) -> None:
    assert tells in refused(code, "coverage", *AT, *words)
    assert not Path("out").exists()
