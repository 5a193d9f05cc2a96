"""职能分配表 and 指标对照表: who answers which indicator, where, and how sure its words are."""

from __future__ import annotations

from dataclasses import replace

import pytest
from small_manual import DELETED

from manuals.sources import CHART, SOURCE, indicator_row, only_grid, rows_of, targets_of, words_of
from service.book.model import Grid, PageOf, Span
from service.coverage.rules import State
from service.manuals.matrix import indicator_table, responsibility_matrix
from service.manuals.rules import ManualSource, SourceClaim
from service.organisations.rules import Chart
from service.standards.rules import STATUS_LABELS
from service.standards.shipped import standard

LEAVES = {leaf.code: leaf for leaf in standard().leaves}


def claim(department: str, number: str = "JC/SH-CX-02", element: int = 1) -> SourceClaim:
    return SourceClaim(element, number, "doc-complaint.handle", "4.1", "处理", department)


def with_claims(code: str, *claims: SourceClaim, chart: Chart = CHART) -> ManualSource:
    return replace(SOURCE, indicators=(indicator_row(LEAVES[code], *claims),), chart=chart)


def responsibilities(source: ManualSource = SOURCE) -> dict[str, list[str]]:
    """Marks of the departments by indicator."""
    grid = only_grid(responsibility_matrix(source))
    return {row[0]: row[1:] for row in rows_of(grid) if len(row) > 1}


def test_matrix_has_a_row_per_indicator_and_a_column_per_department() -> None:
    found = responsibilities()
    assert found.pop("条款") == ["评价指标", "公司管理层", "服务部"]
    assert list(found) == [leaf.code for leaf in standard().leaves]


def test_department_of_the_text_leads_and_one_whose_post_has_a_duty_in_it_is_concerned() -> None:
    assert responsibilities()["5.2.4.1"] == ["报修、送修与上门维修", "△", "▲"]
    assert responsibilities()["5.3.2.2"] == ["投诉反馈与解决", "", "▲"]


def test_indicator_that_nothing_answers_has_no_marks() -> None:
    assert responsibilities()["5.1.1.1"] == ["专管部门与岗位", "", ""]


def test_department_that_answers_most_elements_leads() -> None:
    source = with_claims("5.3.2.2", claim("management"), claim("service", element=2), claim("management", element=3))
    assert responsibilities(source)["5.3.2.2"][1:] == ["▲", "△"]


def test_joined_department_counts_as_the_one_it_is_joined_with() -> None:
    assert responsibilities(with_claims("5.3.2.2", claim("quality")))["5.3.2.2"][1:] == ["", "▲"]


def test_no_indicator_has_two_leading_departments() -> None:
    assert max(marks.count("▲") for marks in responsibilities().values()) == 1


def test_deleted_indicator_says_so() -> None:
    assert responsibilities()["5.2.2.2"] == ["安装调试（删减）", "", ""]


def test_second_level_titles_span_the_matrix() -> None:
    grid = only_grid(responsibility_matrix(SOURCE))
    bands = [(row[0].colspan, text[0]) for row, text in zip(grid.rows, rows_of(grid), strict=True) if len(row) == 1]
    assert len(bands) == 15
    assert bands[0] == (4, "5.1.1 组织架构")


def test_meaning_of_the_marks_stands_below() -> None:
    assert "▲ 主责部门  △ 相关部门" in words_of(responsibility_matrix(SOURCE))


@pytest.fixture(scope="module")
def table() -> Grid:
    return only_grid(indicator_table(SOURCE))


def row(grid: Grid, code: str) -> list[str]:
    return next(each for each in rows_of(grid) if each[0] == code)


def test_table_lists_all_44_entries_in_the_order_of_the_standard(table: Grid) -> None:
    assert [each[0] for each in rows_of(table)[1:]] == [leaf.code for leaf in standard().leaves]
    assert len(table.rows) == 45


def test_every_entry_says_how_sure_its_words_are(table: Grid) -> None:
    assert {each[0]: each[2] for each in rows_of(table)[1:]} == {code: STATUS_LABELS[leaf.status].label for code, leaf in LEAVES.items()}
    assert row(table, "5.2.4.4")[2] == "推断"


def test_table_says_that_its_words_are_no_standard() -> None:
    words = words_of(indicator_table(SOURCE))
    assert "非标准原文" in words
    assert "“推断”的条目未经标准文本核对" in words


def test_answer_names_document_clause_and_page_and_leads_there(table: Grid) -> None:
    assert row(table, "5.2.4.1")[3:] == ["JC/SH-CX-01 4.1 受理（第 ‹doc-repair.accept› 页）", "已覆盖"]
    cells = next(cells for cells, text in zip(table.rows, rows_of(table), strict=True) if text[0] == "5.2.4.1")
    assert cells[3].content[0][0] == Span("JC/SH-CX-01 4.1 受理", target="doc-repair.accept")
    assert cells[3].content[0][2] == PageOf("doc-repair.accept")


def test_section_that_answers_several_elements_is_named_once(table: Grid) -> None:
    assert len(LEAVES["5.2.4.1"].elements) == 3
    assert row(table, "5.2.4.1")[3].count("4.1 受理") == 1


def test_deleted_entry_has_its_justification_and_no_page(table: Grid) -> None:
    assert row(table, "5.2.2.2")[3:] == [f"删减理由：{DELETED}", "删减"]


@pytest.mark.parametrize(("state", "words"), [(State.PARTIAL, "部分覆盖"), (State.SUSPECT, "待确认"), (State.UNCOVERED, "未覆盖")])
def test_state_is_printed_as_it_is(state: State, words: str) -> None:
    made = replace(SOURCE, indicators=(indicator_row(LEAVES["5.1.1.1"], claim("service"), state=state),))
    assert rows_of(only_grid(indicator_table(made)))[1][4] == words


def test_every_link_of_the_table_is_a_section_of_the_manual() -> None:
    sections = {f"{each.anchor}.{section.anchor}" for each in SOURCE.documents for section in each.procedure.sections}
    assert targets_of(indicator_table(SOURCE)) == {"doc-repair.accept", "doc-repair.loan", "doc-complaint.handle"}
    assert targets_of(indicator_table(SOURCE)) <= sections
