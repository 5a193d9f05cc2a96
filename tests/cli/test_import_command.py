"""`import`: text and Markdown become drafts with a report; a dry run only reports."""

from __future__ import annotations

from pathlib import Path

import pytest
from house import done, refused, rows_in

SCRAPED = """\
维修服务管理办法
1 目的
规范维修服务。
2 受理
报修电话是。接到报修后24小时内上门。
a) 登记；
b) 派工。
"""


@pytest.fixture
def source(firms: Path) -> Path:
    file = Path("old.txt")
    file.write_text(SCRAPED, "utf-8")
    return file


def imported(*words: str) -> tuple[list[str], list[dict[str, object]]]:
    found = done("import", *words, "--organisation", "JC", "--json").json
    assert list(found) == ["documents", "files"]
    return found["documents"], found["files"]


def test_dry_run_reports_and_writes_nothing(firms: Path, source: Path) -> None:
    before = rows_in(firms)
    numbers, files = imported(str(source), "--dry-run")
    assert (numbers, rows_in(firms)) == ([], before)
    [file] = files
    assert file["drafts"]
    assert list(file) == ["drafts", "report"]


def test_dry_run_and_import_find_the_same(firms: Path, source: Path) -> None:
    assert imported(str(source), "--dry-run")[1] == imported(str(source))[1]


def test_drafts_are_numbered_after_those_that_are_there(firms: Path, source: Path) -> None:
    numbers, _ = imported(str(source), "--by", "bing")
    assert len(numbers) == 1
    shown = done("document", "show", numbers[0], "--organisation", "JC", "--json").json
    assert [revision["status"] for revision in shown["revisions"]] == ["draft"]
    assert numbers[0] in {row["number"] for row in done("document", "list", "--organisation", "JC", "--json").json}
    assert "接到报修后" in shown["text"]


def test_blank_of_the_source_is_reported_and_stays_blank(firms: Path, source: Path) -> None:
    words = done("import", str(source), "--organisation", "JC").out
    assert "空缺 第 5 行" in words
    assert "报修电话是。" in words
    [number], _ = imported(str(source))
    assert "报修电话是。" in done("document", "show", number, "--organisation", "JC").out


def test_several_files_are_one_import(firms: Path, source: Path) -> None:
    Path("more.md").write_text("# 投诉管理办法\n\n## 目的\n\n投诉有结果。\n", "utf-8")
    numbers, files = imported(str(source), "more.md")
    assert (len(numbers), len(files)) == (2, 2)


@pytest.mark.parametrize(
    ("code", "name", "tells"),
    [
        ("file_not_readable", "absent.txt", "路径不存在"),
        ("file_not_readable", "folder", "文件夹"),
        ("not_text", "old.docx", "不是文本或 Markdown 文件"),
        ("file_too_large", "large.txt", "超过 10 MB"),
    ],
)
def test_file_that_cannot_be_taken_is_named_and_nothing_of_the_import_is_kept(
    firms: Path, source: Path, code: str, name: str, tells: str
) -> None:
    Path("folder").mkdir()
    Path("old.docx").write_bytes(b"PK")
    Path("large.txt").write_bytes(b"a" * (10 * 2**20 + 1))
    before = rows_in(firms)
    sentence = refused(code, "import", str(source), name, "--organisation", "JC")
    assert name in sentence
    assert tells in sentence
    assert rows_in(firms) == before


def test_author_may_not_import(firms: Path, source: Path) -> None:
    assert "由文控员或咨询师完成" in refused("not_allowed", "import", str(source), "--organisation", "JC", "--by", "ding")


def test_unknown_person_or_organisation_is_refused(firms: Path, source: Path) -> None:
    refused("login_wrong", "import", str(source), "--organisation", "JC", "--by", "nobody")
    refused("organisation_not_found", "import", str(source), "--organisation", "XX", "--dry-run")
