"""Commands `search` and `reindex`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from house import command, done, refused


def test_hits_are_json_with_number_title_section_and_snippet(firms: Path) -> None:
    [hit] = done("search", "30分钟内", "--organisation", "JC", "--json").json
    assert {key: hit[key] for key in ("number", "title", "section", "clause", "label")} == {
        "number": "JC/SH-CX-01",
        "title": "维修服务程序",
        "section": "受理",
        "clause": "4.1",
        "label": "A/0",
    }
    assert "30 分钟内登记《报修单》" in hit["snippet"]


def test_table_says_how_many_there_are(firms: Path) -> None:
    out = done("search", "投诉处理程序", "--organisation", "JC").out
    assert "JC/SH-CX-02" in out
    assert "共" in out


def test_nothing_found_is_said_and_is_an_empty_list(firms: Path) -> None:
    assert "没有找到" in done("search", "潜水艇", "--organisation", "JC").out
    assert done("search", "潜水艇", "--organisation", "JC", "--json").json == []


def test_filters_and_day(firms: Path) -> None:
    def kinds(*options: str) -> set[str]:
        return {hit["kind"] for hit in done("search", "服务", "--organisation", "JC", "--json", *options).json}

    assert kinds("--kind", "record_form") == {"record_form"}
    assert kinds("--as-of", "2026-01-31") == set()
    assert kinds("--state", "draft", "--state", "obsolete") == set()
    assert kinds("--department", "nowhere") == set()
    assert len(done("search", "服务", "--organisation", "JC", "--json", "--limit", "1").json) == 1


def test_excluding_query_is_given_after_two_dashes(firms: Path) -> None:
    assert refused("query_only_excludes", "search", "--organisation", "JC", "--", "-投诉")
    assert done("search", "--organisation", "JC", "--json", "--", "登记 -投诉").json


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("*", "--organisation", "JC"), "query_empty"),
        (("", "--organisation", "JC"), "query_empty"),
        (("投" * 10_000, "--organisation", "JC"), "query_too_long"),
        (("服务", "--organisation", "XX"), "organisation_not_found"),
        (("服务", "--organisation", "JC", "--kind", "novel"), "unknown_filter"),
        (("服务", "--organisation", "JC", "--state", "lost"), "unknown_filter"),
        (("服务", "--organisation", "JC", "--as-of", "gestern"), "bad_date"),
    ],
)
def test_wrong_search_is_refused(firms: Path, words: tuple[str, ...], code: str) -> None:
    refused(code, "search", *words)


def test_reindexing_makes_every_index(firms: Path) -> None:
    made = done("reindex", "--json").json
    assert [(each["organisation"], each["revisions"]) for each in made] == [("JC", 14), ("YI", 14)]
    assert len(list((firms / "data" / "index").iterdir())) == 2
    assert "JC" in done("reindex", "--organisation", "JC").out
    refused("organisation_not_found", "reindex", "--organisation", "XX")


def test_torn_index_mends_itself(firms: Path) -> None:
    done("reindex")
    for state in (firms / "data" / "index").glob("*/state.json"):
        state.write_text(json.dumps({"format": 0}))
    assert done("search", "30分钟内", "--organisation", "JC", "--json").json
    shutil.rmtree(firms / "data" / "index")
    assert done("search", "30分钟内", "--organisation", "JC", "--json").json


def test_folder_that_cannot_be_written_to_is_said(firms: Path) -> None:
    (firms / "data" / "index").write_text("in the way")
    refused("index_not_writable", "search", "服务", "--organisation", "JC")
    assert command("reindex").exit_code == 1
