"""Sections, anchors, clause numbers, and the faults of a whole text with their lines."""

from __future__ import annotations

import time

import pytest

from service.errors import InputError
from service.text.model import BulletList, FlowChart, Note, OrderedList, Paragraph, Picture, Text
from service.text.parse import parse_procedure
from text.samples import FRONT, REPAIR, blocks, body, only, parsed


def fault(text: str) -> InputError:
    with pytest.raises(InputError) as caught:
        parsed(text)
    return caught.value


def line_of(error: InputError) -> int | None:
    assert error.place is not None
    return error.place.line


def test_headings_get_their_printed_numbers() -> None:
    clauses = [(section.clause, section.title) for section in parse_procedure(REPAIR).sections]
    assert clauses == [("1", "目的"), ("2", "职责"), ("3", "程序及要求"), ("3.1", "受理"), ("3.2", "派工"), ("4", "相关文件")]


def test_numbers_of_lower_levels_begin_anew() -> None:
    text = "## 甲\n### 乙\n#### 丙\n### 丁\n#### 戊\n#### 己\n## 庚\n### 辛\n"
    assert [section.clause for section in parsed(text).sections] == ["1", "1.1", "1.1.1", "1.2", "1.2.1", "1.2.2", "2", "2.1"]


def test_standard_sections_have_their_anchors_by_themselves() -> None:
    text = "".join(f"## {title}\n" for title in ("目的", "范围", "职责", "程序及要求", "相关文件", "相关记录"))
    assert [section.anchor for section in parsed(text).sections] == ["purpose", "scope", "duties", "procedure", "documents", "records"]


def test_a_subsection_named_like_a_standard_section_has_no_standard_anchor() -> None:
    assert parsed("## 甲\n### 目的\n").sections[1].anchor != "purpose"


def test_a_written_anchor_is_not_part_of_the_title() -> None:
    section = parsed("## 受理 {#accept}\n").sections[0]
    assert (section.title, section.anchor) == ("受理", "accept")


def test_an_automatic_anchor_follows_the_title_and_not_the_place() -> None:
    first, second = parsed("## 甲\n## 派工\n").sections[1], parsed("## 派工\n## 甲\n").sections[0]
    assert first.anchor == second.anchor


def test_equal_titles_get_different_anchors() -> None:
    assert len({section.anchor for section in parsed("## 派工\n## 派工\n## 派工\n").sections}) == 3


def test_lines_are_those_of_the_file() -> None:
    procedure = parse_procedure(REPAIR)
    source = REPAIR.split("\n")
    for section in procedure.sections:
        assert section.title in source[section.line - 1]
    accept = procedure.sections[3]
    assert "30 分钟" in source[accept.blocks[0].line - 1]


def test_text_before_the_first_heading_is_the_preamble() -> None:
    procedure = parsed("兹任命。\n\n## 职责\n甲\n")
    assert procedure.preamble == (Paragraph((Text("兹任命。"),)),)
    assert len(procedure.sections) == 1


def test_windows_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    assert parse_procedure("\ufeff" + REPAIR.replace("\n", "\r\n")) == parse_procedure(REPAIR)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("# 维修程序\n", "bad_heading", 7),
        ("## 甲\n\n##### 乙\n", "bad_heading", 9),
        ("##\n", "bad_heading", 7),
        ("### 甲\n", "skipped_level", 7),
        ("## 甲\n\n#### 乙\n", "skipped_level", 9),
        ("## 甲 {#a}\n## 乙 {#a}\n", "duplicate_anchor", 8),
        ("## 甲 {#purpose}\n## 目的\n", "duplicate_anchor", 7),
        ("## 甲 {#A b}\n", "bad_anchor", 7),
        ("甲\n\n```python\n```\n", "unknown_fence", 9),
        ("甲\n\n```flow\na[甲]\n", "open_fence", 9),
        ("甲\n\n* * *\n", "unknown_block", 9),
        ("甲\n\n> - 乙\n", "bad_note", 9),
        ("- 甲\n\n  | a |\n  |---|\n", "block_in_list", 9),
        ("- 甲\n  - 乙\n    - 丙\n      - 丁\n        - 戊\n", "deep_list", 11),
        ("- 甲\n-\n", "empty_item", 8),
        ("甲\n\n乙![图](a.png)丙\n", "inline_picture", 9),
        ("甲\n\n乙\x07丙\n", "control_character", 9),
        ("甲\n\n乙\u202e丙\n", "control_character", 9),
        ("甲\n\n乙\ue000丙\n", "control_character", 9),
    ],
)
def test_a_fault_names_its_code_and_line(text: str, code: str, line: int) -> None:
    error = fault(text)
    assert (error.code, line_of(error)) == (code, line)
    assert error.place is not None
    assert error.place.file == "repair.md"


def test_a_claim_on_a_section_that_does_not_exist_is_refused_on_its_line() -> None:
    front = FRONT.replace("---\n", "", 1).join(["---\n", ""])
    source = front.replace("department: service\n", "department: service\nclaims:\n  - {indicator: 5.1, elements: [1], section: gone}\n")
    with pytest.raises(InputError) as caught:
        parse_procedure(source + "## 目的\n")
    assert (caught.value.code, line_of(caught.value)) == ("unknown_section", 7)


def test_a_letter_without_sections_may_claim_as_a_whole() -> None:
    source = body("兹任命。\n").replace("department: service\n", "department: service\nclaims:\n  - {indicator: 5.1, elements: [1]}\n")
    assert parse_procedure(source).front.claims[0].section == ""


def test_nested_lists_keep_their_order() -> None:
    block = only("1. 甲\n2. 乙\n   1. 丙\n   - 丁\n")
    assert isinstance(block, OrderedList)
    assert [type(inner) for inner in block.items[1].blocks] == [Paragraph, OrderedList, BulletList]


def test_a_list_begins_with_the_number_that_is_written() -> None:
    block = only("3. 甲\n4. 乙\n")
    assert isinstance(block, OrderedList)
    assert (block.start, len(block.items)) == (3, 2)


@pytest.mark.parametrize("mark", ["注：", "注:", "注 1：", ""])
def test_a_note_is_without_its_mark(mark: str) -> None:
    assert only(f"> {mark}节假日除外。\n") == Note((Text("节假日除外。"),))


def test_a_picture_is_a_block() -> None:
    assert only("![组织机构图](images/图一.png)\n") == Picture("images/图一.png", "组织机构图")


def test_an_indented_paragraph_is_no_code() -> None:
    assert blocks("甲\n\n　　　　乙\n\n    丙\n") == tuple(Paragraph((Text(word),)) for word in "甲乙丙")


def test_a_reference_definition_swallows_no_text() -> None:
    assert only("[甲]: 乙\n") == Paragraph((Text("[甲]: 乙"),))


@pytest.mark.parametrize("html", ["<script>alert(1)</script>", "<b>粗</b>", "<!-- 隐 -->", "<br>", "<div>\n甲\n</div>"])
def test_raw_html_is_plain_text(html: str) -> None:
    block = only(html + "\n")
    assert isinstance(block, Paragraph)
    assert "".join(item.text for item in block.content if isinstance(item, Text)).split() == html.split()


def test_a_flow_chart_stands_where_it_is_written() -> None:
    section = parse_procedure(REPAIR).sections[4]
    assert [type(block) for block in section.blocks] == [BulletList, FlowChart]


def test_sixty_procedures_are_parsed_in_a_quarter_of_a_second() -> None:
    source = REPAIR.replace("使每一件报修", "使每一件报修，" + "维修员在约定时间到达，出示证件，检查并说明故障原因；" * 40)
    assert len(source) > 1500
    parse_procedure(source)
    best = min(_seconds(source) for _ in range(3))
    assert best < 0.25 * 4  # four times the budget: the machine may be busy


def _seconds(source: str) -> float:
    start = time.perf_counter()
    for _ in range(60):
        parse_procedure(source)
    return time.perf_counter() - start
