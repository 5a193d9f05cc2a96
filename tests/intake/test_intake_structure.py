"""Structure: what intake recognises in invented sources, and how it stands in the drafts."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.sources import APPOINTMENT, ARTICLE, CLAUSES, MARKDOWN, PAGE, PROCEDURE, PROMULGATION, RULES
from service.intake.decode import decode
from service.intake.model import Draft, IntakeResult, as_json
from service.intake.read import read_text
from service.intake.repairs import repaired
from service.text.model import Kind, OrderedList, Part, Procedure
from service.text.parse import parse_procedure
from service.text.plain import section_text


def read(text: str) -> IntakeResult:
    return read_text(text, name="a.txt")


def only(text: str) -> tuple[Draft, Procedure]:
    drafts = read(text).drafts
    assert len(drafts) == 1
    return drafts[0], parse_procedure(drafts[0].text)


def codes(result: IntakeResult) -> list[str]:
    return [remark.code for remark in result.report.remarks]


def test_a_procedure_keeps_its_title_and_its_six_sections() -> None:
    draft, procedure = only(PROCEDURE)
    assert (draft.title, draft.kind, draft.first_line, draft.last_line) == ("维修服务程序", Kind.PROCEDURE, 1, 22)
    assert [section.anchor for section in procedure.sections] == ["purpose", "scope", "duties", "procedure", "documents", "records"]


def test_numbered_sentences_become_a_list_and_a_heading_among_them_is_bold() -> None:
    _, procedure = only(PROCEDURE)
    block = procedure.sections[3].blocks[0]
    assert isinstance(block, OrderedList)
    assert len(block.items) == 4
    assert len(block.items[2].blocks) == 3
    assert isinstance(block.items[3].blocks[1], OrderedList)
    assert "3. **旧件回收**" in read(PROCEDURE).drafts[0].text


def test_numbered_headings_become_headings() -> None:
    _, procedure = only("1 目的\n甲。\n4 程序及要求\n4.1 受理\n4.1.1 登记。\n4.1.2 派工。\n4.2维修\n上门。\n")
    assert [(section.title, section.clause) for section in procedure.sections][2:] == [("受理", "2.1"), ("维修", "2.2")]
    assert "登记。" in section_text(procedure, procedure.sections[2].anchor)


def test_sections_under_other_names_are_known() -> None:
    result = read("一、目的\n甲。\n二、适用范围\n乙。\n三、工作程序\n丙。\n四、支持性文件\n《丁》\n")
    procedure = parse_procedure(result.drafts[0].text)
    assert [section.title for section in procedure.sections] == ["目的", "范围", "程序及要求", "相关文件"]
    assert codes(result).count("section_renamed") == 3
    assert codes(result).count("missing_section") == 2


def test_a_section_s_words_may_stand_on_its_own_line() -> None:
    _, procedure = only("1 目的：使报修有结果。\n2 范围 适用于全部商品。\n3 职责\n3.1 服务部负责维修。\n")
    assert section_text(procedure, "purpose") == "目的\n使报修有结果。"
    assert section_text(procedure, "scope") == "范围\n适用于全部商品。"


def test_sections_that_ran_together_on_one_line_are_cut_apart() -> None:
    result = read("1 目的 使报修有结果。 2 范围 适用于全部商品。 3 职责 3.1 服务部负责维修。3.2 仓库负责备件。\n")
    procedure = parse_procedure(result.drafts[0].text)
    assert [section.title for section in procedure.sections] == ["目的", "范围", "职责"]
    assert "split_line" in [repair.code for repair in result.report.repairs]
    assert "仓库负责备件。" in section_text(procedure, "duties")


def test_a_hard_wrapped_paragraph_is_joined() -> None:
    text = "1 目的\n使每一件报修都有人受理有人维修有人回访并且都在约定\n的时间内得到结果使每一件投诉都有人处理有人答复有人\n改进。\n2 范围\n全部。\n"
    _, procedure = only(text)
    assert section_text(procedure, "purpose").count("\n") == 1


def test_an_appointment_letter_is_recognised_with_its_list() -> None:
    draft, procedure = only(APPOINTMENT)
    assert (draft.kind, draft.part) == (Kind.MANUAL, Part.APPOINTMENT_LETTER)
    block = procedure.preamble[2]
    assert isinstance(block, OrderedList)
    assert len(block.items) == 3


def test_a_promulgation_order_is_recognised() -> None:
    draft, procedure = only(PROMULGATION)
    assert draft.part == Part.PROMULGATION_ORDER
    assert len(procedure.preamble) == 2


def test_a_letter_s_title_line_is_its_title() -> None:
    draft, procedure = only("售后服务管理师任命书\n" + APPOINTMENT)
    assert draft.title == "售后服务管理师任命书"
    assert len(procedure.preamble) == 3


def test_chapters_and_articles_become_headings_and_lists() -> None:
    draft, procedure = only(RULES)
    assert (draft.title, draft.kind) == ("网点管理办法", Kind.WORK_INSTRUCTION)
    assert [section.title for section in procedure.sections] == ["总则", "检查"]
    block = procedure.sections[1].blocks[0]
    assert isinstance(block, OrderedList)
    assert block.start == 3


def test_several_procedures_in_one_text_are_several_drafts() -> None:
    result = read(APPOINTMENT + PROCEDURE + "\n投诉处理程序\n" + PROCEDURE.split("\n", 2)[2] + RULES)
    assert [draft.title for draft in result.drafts] == ["任命书", "维修服务程序", "投诉处理程序", "网点管理办法"]
    assert len({parse_procedure(draft.text).front.key for draft in result.drafts}) == 4


def test_clauses_without_title_are_a_draft_that_says_so() -> None:
    result = read(CLAUSES)
    assert result.drafts[0].title == "未命名条款（原文第 1 至 5 行）"
    assert codes(result) == ["no_title", "duplicate_number", "skipped_number", "missing_content"]


def test_numbering_that_begins_anew_begins_another_draft() -> None:
    result = read("1 服务部负责派工。\n2 维修员应着工装。\n1 仓库负责备件。\n2 不得外借。\n")
    assert [(draft.first_line, draft.last_line) for draft in result.drafts] == [(1, 2), (3, 4)]


def test_an_article_becomes_no_draft_and_every_line_is_reported() -> None:
    result = read(ARTICLE)
    assert result.drafts == ()
    assert [line.line for line in result.report.not_taken] == [1, 2]
    assert all("介绍" in line.reason for line in result.report.not_taken)


def test_an_article_after_a_procedure_is_not_part_of_it() -> None:
    result = read(PROCEDURE + ARTICLE)
    assert result.drafts[0].last_line == 22
    assert len(result.report.not_taken) == 3


def test_what_belongs_to_the_web_page_is_left_out_and_reported() -> None:
    result = read(PAGE)
    assert len(result.drafts) == 1
    assert parse_procedure(result.drafts[0].text).sections == only(PROCEDURE)[1].sections
    reasons = {line.text: line.reason for line in result.report.not_taken}
    assert reasons["TOP"] == "网页导航或按钮"
    assert reasons["售后频道"] == "重复的栏目名"
    assert "来源信息" in reasons.values()
    assert "版权信息" in reasons.values()


@pytest.mark.parametrize("text", [PROCEDURE, APPOINTMENT, PROMULGATION, RULES, CLAUSES, ARTICLE, PAGE, PAGE + ARTICLE + CLAUSES])
def test_no_line_is_dropped_in_silence(text: str) -> None:
    result = read(text)
    left_out = {line.line for line in result.report.not_taken}
    drafted = {line for draft in result.drafts for line in range(draft.first_line, draft.last_line + 1)}
    written = {number for number, line in enumerate(text.split("\n"), 1) if line.strip()}
    assert written <= left_out | drafted


@pytest.mark.parametrize("text", [PROCEDURE, APPOINTMENT, RULES, CLAUSES])
def test_no_word_is_lost_or_made_up(text: str) -> None:
    """The Hanzi of the source that were taken are those of the draft's body, in order."""
    result = read(text)
    left_out = {line.line for line in result.report.not_taken}
    for draft in result.drafts:
        lines = text.split("\n")[draft.first_line - 1 : draft.last_line]
        source = "".join(line for number, line in enumerate(lines, draft.first_line) if number not in left_out)
        body = draft.text.split("---\n", 2)[2]
        for word in (draft.title, "第一章", "第二章", "第一条", "第二条", "第三条", "第五条", "（一）", "（二）", "适用范围"):
            source = source.replace(word, "范围" if word == "适用范围" else "")
        assert hanzi(body) == hanzi(source)


def hanzi(text: str) -> str:
    return "".join(character for character in text if "\u4e00" <= character <= "\u9fff")


def test_markdown_loses_typed_numbers_and_rules_and_keeps_the_rest() -> None:
    result = read(MARKDOWN)
    procedure = parse_procedure(result.drafts[0].text)
    assert procedure.front.title == "投诉处理程序"
    assert [(section.title, section.level) for section in procedure.sections] == [("目的", 1), ("范围", 1), ("例外", 2)]
    assert "**当日**登记" in result.drafts[0].text
    assert [line.reason for line in result.report.not_taken] == ["分隔线"]
    assert {"typed_number", "section_renamed", "punctuation"} <= {repair.code for repair in result.report.repairs}


def test_markdown_headings_are_moved_to_our_levels() -> None:
    procedure = only("### 目的\n甲\n##### 细则\n乙\n")[1]
    assert [(section.title, section.level) for section in procedure.sections] == [("目的", 1), ("细则", 2)]


def test_a_text_in_our_format_is_taken_as_it_is() -> None:
    source = only(PROCEDURE)[0].text
    result = read(source)
    assert result.drafts[0].text == source
    assert result.drafts[0].title == "维修服务程序"


def test_markdown_that_the_format_has_no_place_for_is_read_as_plain_text_and_says_why() -> None:
    result = read("# 甲程序\n## 目的\n甲。\n## 范围\n```python\n1\n```\n")
    assert "unknown_fence" in codes(result)
    assert len(result.drafts) == 1


def test_every_draft_parses_and_the_result_is_json() -> None:
    result = read(APPOINTMENT + PROMULGATION + PROCEDURE + RULES + CLAUSES)
    for draft in result.drafts:
        parse_procedure(draft.text)
    assert json.loads(json.dumps(as_json(result), ensure_ascii=False))["report"]["name"] == "a.txt"


def test_an_empty_source_yields_nothing() -> None:
    result = read("\n \n")
    assert (result.drafts, result.report.not_taken) == ((), ())


fragments = st.one_of(
    st.sampled_from(
        ["1 目的", "2范围", "4.1 甲", "4.1.1甲。", "甲。", "a）乙；", "1.乙", "一、丙", "（一）丁", "第一章 戊", "第三条 己。", ""]
    ),
    st.sampled_from(["---", "# 庚", "## 目的", "```", "| a | b |", "|---|---|", "> 注", "- 辛", "**壬**", "key: a"]),
    st.sampled_from([APPOINTMENT.split("\n")[0], PROMULGATION.split("\n")[0], "TOP", "《庚》", "甲程序", "\u3000癸\u3000："]),
)


@settings(max_examples=200)
@given(st.lists(st.one_of(fragments, st.text(max_size=12)), max_size=14))
def test_anything_can_be_read_and_every_draft_is_in_the_format(lines: list[str]) -> None:
    text = "\n".join(lines)
    result = read(text)
    for draft in result.drafts:
        parse_procedure(draft.text)
    drafted = {line for draft in result.drafts for line in range(draft.first_line, draft.last_line + 1)}
    left_out = {line.line for line in result.report.not_taken}
    written = {line.number for line in decode(text).lines if repaired([line])[0][0].text}
    assert written <= drafted | left_out
