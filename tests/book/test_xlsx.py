"""The workbook: values of their kind, no formula from any text, paper set up, the same bytes every time."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.book.xlsx import Sheet, render_xlsx, sheet_names

HOSTILE = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "http://example.com", "<b>]]>&", "_x0041_", "007", "1E5", "{=1}"]
SHEET = Sheet(
    "受控文件清单",
    (("文件编号", 18), ("名称", 40), ("实施日期", 12), ("页数", 8)),
    (("SL/SH-CX-01", "文件控制程序", date(2026, 1, 2), 7), ("SL/SH-CX-02", None, None, 1.5)),
)


def opened(*sheets: Sheet) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(render_xlsx(sheets)))


def members(*sheets: Sheet) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(render_xlsx(sheets))) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_values_keep_their_kind() -> None:
    page = opened(SHEET).active
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=2)]
    assert [rows[0][0], rows[0][1], rows[0][2].date(), rows[0][3]] == ["SL/SH-CX-01", "文件控制程序", date(2026, 1, 2), 7]
    assert rows[1] == ["SL/SH-CX-02", None, None, 1.5]


@pytest.mark.parametrize("words", HOSTILE)
def test_no_text_becomes_a_formula_a_link_or_a_number(words: str) -> None:
    cell = opened(Sheet("表", ((words, 10),), ((words,),))).active["A2"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (words, "s", None)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1, max_size=50))
def test_no_member_of_the_file_holds_a_formula_or_a_link(words: str) -> None:
    sheet = members(Sheet("表", (("栏", 10),), ((words,),)))["xl/worksheets/sheet1.xml"]
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet


@pytest.mark.parametrize("words", ["=1", "+1", "-1", "@A1"])
def test_text_like_a_formula_stays_text_when_someone_edits_it(words: str) -> None:
    assert opened(Sheet("表", (("栏", 10),), ((words,),))).active["A2"].quotePrefix


def test_the_head_stays_repeats_and_filters() -> None:
    page = opened(SHEET).active
    assert page.freeze_panes == "A2"
    assert page.print_title_rows == "$1:$1"
    assert page.auto_filter.ref == "A1:D3"


def test_freeze_and_filters_can_be_chosen() -> None:
    page = opened(Sheet("表", (("栏", 10), ("列", 10)), (), freeze=(2, 1), filters=False)).active
    assert page.freeze_panes == "B3"
    assert page.auto_filter.ref is None


def test_it_prints_landscape_on_a4_as_broad_as_the_paper() -> None:
    setup = opened(SHEET).active
    assert (setup.page_setup.orientation, setup.page_setup.paperSize, setup.page_setup.fitToHeight) == ("landscape", 9, 0)
    assert setup.sheet_properties.pageSetUpPr.fitToPage


def test_columns_have_their_widths_and_cells_wrap() -> None:
    page = opened(SHEET).active
    assert round(page.column_dimensions["B"].width) in (40, 41)
    assert page["B2"].alignment.wrap_text


@pytest.mark.parametrize(
    ("titles", "names"),
    [
        (["受控文件清单"], ["受控文件清单"]),
        (["a/b:c*[1]?\\"], ["a-b-c--1---"]),
        (["'引'"], ["引"]),
        ([""], ["表"]),
        (["history"], ["history_"]),
        (["清单", "清单", "清单"], ["清单", "清单(2)", "清单(3)"]),
        (["List", "list"], ["List", "list(2)"]),
        (["长" * 40, "长" * 40], ["长" * 31, "长" * 28 + "(2)"]),
    ],
)
def test_sheets_get_names_that_excel_takes(titles: list[str], names: list[str]) -> None:
    assert sheet_names(titles) == names
    render_xlsx([Sheet(title, (("栏", 10),), ()) for title in titles])


def test_a_text_too_long_for_a_cell_says_that_it_was_cut() -> None:
    value = opened(Sheet("表", (("栏", 10),), (("长" * 40000,),))).active["A2"].value
    assert len(value) == 32767
    assert value.endswith("此处未列全）")


def test_numbers_too_long_for_excel_are_kept_as_text() -> None:
    assert opened(Sheet("表", (("栏", 10),), ((12345678901234567890,),))).active["A2"].value == "12345678901234567890"


def test_a_title_with_marks_of_its_own_stands_in_the_page_head() -> None:
    sheet = members(Sheet("2026 A&B", (("栏", 10),), ()))["xl/worksheets/sheet1.xml"]
    assert "<oddHeader>&amp;C&amp;12 2026 A&amp;&amp;B</oddHeader>" in sheet


def test_the_same_sheets_give_the_same_bytes_and_no_date_of_today() -> None:
    assert render_xlsx([SHEET]) == render_xlsx([SHEET])
    assert members(SHEET)["docProps/core.xml"].count("1980-01-01T00:00:00Z") == 2


def test_lines_above_the_table_cross_it_and_the_head_below_them_repeats() -> None:
    page = opened(replace(SHEET, heading=("受控文件清单", "=1+1"))).active
    assert ([page["A1"].value, page["A2"].value], page["A2"].data_type) == (["受控文件清单", "=1+1"], "s")
    assert {str(merged) for merged in page.merged_cells.ranges} == {"A1:D1", "A2:D2"}
    assert (page.print_title_rows, page.freeze_panes, page.auto_filter.ref) == ("$3:$3", "A4", "A3:D5")
    assert [cell.value for cell in page[3]] == ["文件编号", "名称", "实施日期", "页数"]
    assert not page.oddHeader.center.text


def test_table_of_one_column_may_have_lines_above_it() -> None:
    page = opened(Sheet("表", (("栏", 10),), (("甲",),), heading=("题",))).active
    assert [page["A1"].value, page["A2"].value, page["A3"].value] == ["题", "栏", "甲"]


def test_rows_are_as_high_as_what_wraps_in_them() -> None:
    rows = (("短",), ("一" * 50,), ("甲\n乙\n丙",), ("一" * 30000,))
    page = opened(Sheet("表", (("栏", 20),), rows)).active
    heights = [page.row_dimensions[row].height for row in range(2, 6)]
    assert heights[0] is None
    assert heights[1:3] == [6 * 14.5, 3 * 14.5]
    assert heights[3] <= 409


def test_chosen_columns_are_centred() -> None:
    page = opened(replace(SHEET, center=(0, 3))).active
    assert [page[f"{column}2"].alignment.horizontal for column in "ABD"] == ["center", None, "center"]
