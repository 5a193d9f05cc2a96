"""Commands `change …`: the whole way on the command line, and how it is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from house import command, done, refused

from service.clock import today

COMPLAINT = "JC/SH-CX-02"
FASTER = f"{COMPLAINT}#handle=办结时限由 5 个工作日改为 3 个工作日"
JC = ("--organisation", "JC")
DING, JIA = (*JC, "--by", "ding"), (*JC, "--by", "jia")
ASK = ("change", "request", *DING, "--title", "缩短投诉处理时限", "--reason", "顾客反映太慢")

pytestmark = pytest.mark.usefixtures("firms")


def test_whole_way_on_the_command_line(tmp_path: Path) -> None:
    assert done(*ASK, "--revise", FASTER, "--obsolete", "JC/SH-ZD-01").out == f"GG-{year()}-001 已填写，当前状态：填写中\n"
    number = f"GG-{year()}-001"
    assert done("change", "submit", number, *DING).out == f"{number} 已提交，当前状态：待批准\n"
    assert done("change", "approve", number, *JIA, "--comment", "同意").out == f"{number} 已批准，当前状态：已批准；草稿：{COMPLAINT} A/1\n"
    shown = done("change", "show", number, *JC).out
    for words in (
        f"1. 修改 {COMPLAINT} 《投诉处理程序》 handle（A/0 → A/1）：办结时限",
        "引用本文件：JC/SH-CX-01《维修服务程序》（第 4.2、5 条）",
        "批准：总经理 贾一，意见：同意",
    ):
        assert words in shown
    folder = tmp_path / "out"
    names = done("change", "export", number, *JC, "--format", "docx,pdf", "--output", str(folder)).out.split()
    assert [Path(name).name for name in names] == [f"{number}-form.docx", f"{number}-form.pdf"]
    assert all(Path(name).stat().st_size > 5000 for name in names)
    assert number in done("change", "list", *JC).out


def year() -> str:
    """This year in Shanghai, as numbers count by it."""
    return str(today().year)


def test_requests_are_listed_for_programs() -> None:
    for _ in range(2):
        done(*ASK, "--revise", FASTER)
    done("change", "submit", f"GG-{year()}-002", *DING)
    lines = done("change", "list", *JC, "--json").json
    assert [(line["number"][-3:], line["status"], line["documents"]) for line in lines] == [
        ("002", "submitted", [COMPLAINT]),
        ("001", "draft", [COMPLAINT]),
    ]
    assert [line["number"][-3:] for line in done("change", "list", *JC, "--status", "draft", "--json").json] == ["001"]
    assert done("change", "list", "--organisation", "YI", "--json").json == []


def test_new_document_and_new_edition_are_asked_for() -> None:
    made = done(*ASK, "--create", "procedure:service:备件管理程序=规定最低库存", "--reissue", "JC/SH-CX-01=全面改写", "--json").json
    assert [(item["kind"], item["number"] or item["title"], item["proposed"]) for item in made["items"]] == [
        ("reissue", "JC/SH-CX-01", "全面改写"),
        ("create", "备件管理程序", "规定最低库存"),
    ]


def test_impact_is_told_in_words_and_for_programs() -> None:
    assert "评价指标：5.3.2.2 投诉反馈与解决" in done("change", "impact", COMPLAINT, *JC).out
    found = done("change", "impact", COMPLAINT, *JC, "--as-of", "2026-03-01", "--json").json
    assert (found["on"], [row["number"] for row in found["documents"][0]["cited_by"]]) == ("2026-03-01", ["JC/SH-SC-09", "JC/SH-CX-01"])


def test_rejection_and_withdrawal() -> None:
    for _ in range(2):
        done("change", "submit", done(*ASK, "--revise", FASTER, "--json").json["number"], *DING)
    first, second = (f"GG-{year()}-00{serial}" for serial in (1, 2))
    assert "当前状态：未批准" in done("change", "reject", first, *JIA, "--comment", "理由不充分").out
    assert "当前状态：已撤回" in done("change", "withdraw", second, *DING).out
    assert "否决：总经理 贾一，意见：理由不充分" in done("change", "show", first, *JC).out


def test_refusals_are_one_sentence() -> None:
    number = done(*ASK, "--revise", FASTER, "--json").json["number"]
    assert "由批准人完成" in refused("not_allowed", "change", "approve", number, *DING)
    assert "填写中，不能批准" in refused("step_refused", "change", "approve", number, *JIA)
    refused("change_request_not_found", "change", "show", "GG-2026-777", *JC)
    refused("change_request_not_found", "change", "show", number, "--organisation", "YI")
    refused("document_not_found", *ASK, "--revise", "JC/SH-CX-77=改")
    refused("bad_change_request", *ASK, "--revise", COMPLAINT)
    refused("bad_change", *ASK, "--create", "备件管理程序")
    refused("nothing_released", "change", "export", number, *JC, "--form", "notice")
    refused("unknown_format", "change", "export", number, *JC, "--format", "xlsx")
    refused("items_twice", *ASK, "--from-values")
    refused("nothing_outdated", "change", "request", *DING, "--from-values")


def test_person_shows_who_he_is() -> None:
    answer = command(*ASK, "--revise", FASTER, typed="falsches Wort 1")
    assert (answer.exit_code, answer.out) == (1, "")
    assert "login_wrong" in answer.err
    assert done("change", "list", *JC, "--json").json == []
