"""The report: repairs with before and after, blanks that stay blank, words that seem lost, references."""

from __future__ import annotations

import pytest

from intake.sources import APPOINTMENT, PROCEDURE, PROMULGATION
from service.errors import InputError
from service.intake.decode import MOST_BYTES
from service.intake.model import IntakeReport
from service.intake.read import read_text


def report(raw: str | bytes) -> IntakeReport:
    return read_text(raw, name="a.txt").report


def test_blanks_are_reported_where_they_stand_and_not_filled_in() -> None:
    result = read_text(PROCEDURE, name="a.txt")
    assert [(blank.code, blank.line) for blank in result.report.blanks] == [
        ("blank_phone", 11),
        ("censored", 12),
        ("empty_reference", 22),
    ]
    assert "其号码是。" in result.drafts[0].text
    assert r"特\*\*了" in result.drafts[0].text


def test_a_leftover_name_and_a_lost_edition_are_reported() -> None:
    assert [blank.code for blank in report(APPOINTMENT).blanks] == ["leftover_mmm"]
    assert [remark.code for remark in report(PROMULGATION).remarks] == ["missing_edition"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("1 服务部负责管理及，不得外借。", "missing_word"),
        ("1 服务部负责质量的和监督。", "missing_word"),
        ("1 服务部的成功率应在>80%以上。", "double_comparator"),
        ("1 服务部负责锟斤拷。", "mojibake"),
    ],
)
def test_words_that_seem_lost_are_remarked(line: str, code: str) -> None:
    assert code in [remark.code for remark in report(line).remarks]


def test_references_are_collected_with_their_lines() -> None:
    assert [(named.title, named.line) for named in report(PROCEDURE).references] == [("维修单", 8), ("投诉处理程序", 20), ("维修单", 22)]


@pytest.mark.parametrize(
    ("line", "code", "before", "after"),
    [
        ("1 服务部负责甲,乙。", "punctuation", "1 服务部负责甲,乙。", "1 服务部负责甲，乙。"),
        ("1 服务部(一科)负责。", "punctuation", "1 服务部(一科)负责。", "1 服务部（一科）负责。"),
        ("1 服务部负责甲 。", "spaces", "1 服务部负责甲 。", "1 服务部负责甲。"),
        ("1 服务部负责\u200b甲。", "invisible", "1 服务部负责\u200b甲。", "1 服务部负责甲。"),
        ("1 服务部负责⼀件。", "compatible", "1 服务部负责⼀件。", "1 服务部负责一件。"),
        ("1 服务部负责甲，，乙。", "double_punctuation", " 服务部负责甲，，乙。", " 服务部负责甲，乙。"),
        ("1 服务部按GB/T1234--2008执行。", "standard_number", "服务部按GB/T1234--200", "服务部按GB/T 1234-200"),
        ("1 服务部负\x07责。", "control_character", "U+0007", ""),
    ],
)
def test_a_repair_tells_what_was_done(line: str, code: str, before: str, after: str) -> None:
    found = [repair for repair in report(line).repairs if repair.code == code]
    assert [(repair.line, repair.before, repair.after) for repair in found] == [(1, before, after)]
    assert found[0].message


@pytest.mark.parametrize(
    "line",
    [
        "1 服务部按 GB/T 27922—2011 和 GB/T 9969-2008 执行。",
        "1 服务部在 8:00—20:00 值班，比例为 3:1，费用 1,000 元。",
        "1 服务部负责 a, b 两项。",
    ],
)
def test_what_is_right_is_left_alone(line: str) -> None:
    assert report(line).repairs == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_usual_encodings_are_read(encoding: str) -> None:
    result = read_text(PROCEDURE.encode(encoding), name="a.txt")
    assert result.drafts == read_text(PROCEDURE, name="a.txt").drafts
    assert result.report.encoding == encoding.removesuffix("-sig")


def test_another_encoding_is_a_repair_and_undecodable_bytes_are_a_remark() -> None:
    assert "encoding" in [repair.code for repair in report(PROCEDURE.encode("gb18030")).repairs]
    broken = "1 服务部负责。\n2 不得".encode() + b"\xff\xff"
    assert [(remark.code, remark.line) for remark in report(broken).remarks if remark.code == "bad_encoding"] == [("bad_encoding", 2)]


def test_strange_line_ends_are_one_repair() -> None:
    found = report(PROCEDURE.replace("\n", "\r\n")).repairs
    assert [repair.code for repair in found].count("line_ends") == 1
    assert read_text(PROCEDURE.replace("\n", "\r"), name="a").drafts == read_text(PROCEDURE, name="a").drafts


def test_too_large_a_source_is_refused() -> None:
    with pytest.raises(InputError, match="MB"):
        read_text("甲" * (MOST_BYTES + 1), name="a.txt")
