"""Runs of text: emphasis beside Chinese punctuation, references, line breaks of the source."""

from __future__ import annotations

import pytest

from service.errors import Place
from service.text.inline import inlines, plain_inlines
from service.text.model import Inlines, LineBreak, Link, Reference, Text


def read(content: str, *, cell: bool = False) -> Inlines:
    return inlines(content, Place(), cell=cell)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("维修", (Text("维修"),)),
        ("**维修**单", (Text("维修", strong=True), Text("单"))),
        ("填写**《报修单》**由调度员", (Text("填写"), Reference("报修单", strong=True), Text("由调度员"))),
        ("由**“调度员”**登记", (Text("由"), Text("“调度员”", strong=True), Text("登记"))),
        ("*慢*走", (Text("慢", emphasis=True), Text("走"))),
        ("***慢***走", (Text("慢", strong=True), Text("走"))),
        ("a_b_c", (Text("a_b_c"),)),
        ("编号`a*b*`", (Text("编号"), Text("a*b*", code=True))),
        ("2 * 3 * 4", (Text("2 * 3 * 4"),)),
        (r"特\*\*了", (Text("特**了"),)),
        ("[网站](https://example.com)", (Link("网站", "https://example.com"),)),
        ("<https://example.com>", (Link("https://example.com", "https://example.com"),)),
        ("[甲](javascript:alert(1))", (Text("[甲](javascript:alert(1))"),)),
        ("甲\\\n乙", (Text("甲"), LineBreak(), Text("乙"))),
        ("甲  \n乙", (Text("甲"), LineBreak(), Text("乙"))),
        ("&lt;b&gt;", (Text("<b>"),)),
        ("&nbsp;甲", (Text("甲"),)),
        ("甲   乙", (Text("甲 乙"),)),
    ],
)
def test_marks_become_runs(content: str, expected: Inlines) -> None:
    assert read(content) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("见《报修单》。", (Text("见"), Reference("报修单"), Text("。"))),
        ("《甲》《乙》", (Reference("甲"), Reference("乙"))),
        ("《 甲 》", (Reference("甲"),)),
        ("*《甲》*", (Reference("甲"),)),
        ("`《甲》`", (Text("《甲》", code=True),)),
        ("《》", (Text("《》"),)),
        ("《甲", (Text("《甲"),)),
        ("《报修\n单》", (Reference("报修单"),)),
    ],
)
def test_titles_in_book_marks_are_references(content: str, expected: Inlines) -> None:
    assert read(content) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("维修\n服务", "维修服务"),
        ("在\n24 小时", "在 24 小时"),
        ("约定，\n24 小时内", "约定，24 小时内"),
        ("after\nsales", "after sales"),
        ("**维修**\n服务", "维修服务"),
        ("他说\n“好”", "他说“好”"),
    ],
)
def test_a_line_break_of_the_source_is_a_space_only_between_other_than_chinese(content: str, expected: str) -> None:
    assert plain_inlines(read(content)) == expected


def test_a_template_variable_stays_as_it_is_written() -> None:
    assert read("由{{ posts.a_b }}和{{ posts.c_d }}登记") == (Text("由{{ posts.a_b }}和{{ posts.c_d }}登记"),)


def test_a_break_tag_is_a_line_break_in_cells_only() -> None:
    assert read("甲<br>乙", cell=True) == (Text("甲"), LineBreak(), Text("乙"))
    assert read("甲<br>乙") == (Text("甲<br>乙"),)


def test_plain_inlines_reads_everything() -> None:
    assert plain_inlines((Text("甲"), Reference("乙"), LineBreak(), Link("丙", "x"))) == "甲《乙》\n丙"
