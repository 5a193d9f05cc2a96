"""Record forms: brought onto one page where that can be, their empty rows as many as the page holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_firm import form as form_text

from manuals.sources import SOURCE, document, only_grid, source_of, words_of
from service.book.form_fit import LEAST, fit_form, fit_forms, form_height, spread
from service.book.from_form import form_grid
from service.book.model import Grid, Heading, Numbering, Part, Style
from service.book.pdf import render_pdf
from service.book.theme import FORMAL
from service.manuals.assemble import document_book
from service.settings import settings
from service.text import model as text
from service.text.form import read_form

PAGE = 560.0  # points: what a page leaves for a table below its title and above its notes


def empty_rows(grid: Grid) -> int:
    """Rows without a word: places to write in."""
    return sum(not any(cell.content for cell in row) for row in grid.rows)


labels = st.text("报修顾客电话地址型号故障处理结果日期", min_size=1, max_size=12)
rows = st.one_of(
    st.builds(text.Band, labels),
    st.builds(text.Fields, st.lists(st.builds(text.Entry, labels, lines=st.integers(1, 4)), min_size=1, max_size=3).map(tuple)),
    st.builds(text.Grid, st.lists(st.builds(text.Column, labels), min_size=1, max_size=6).map(tuple), st.integers(1, 30)),
    st.builds(text.Signatures, st.lists(labels, min_size=1, max_size=4).map(tuple)),
)
forms = st.builds(text.Form, st.lists(rows, min_size=1, max_size=12).map(tuple))


@given(forms, st.floats(100, 700))
def test_form_is_no_higher_than_the_page_or_stays_as_it_was_asked_for(form: text.Form, height: float) -> None:
    fitted = fit_form(form, height, FORMAL)
    assert form_height(fitted, FORMAL) <= height or fitted == form_grid(form)


@given(forms)
def test_nothing_but_empty_rows_is_added_or_taken(form: text.Form) -> None:
    def printed(grid: Grid) -> list[tuple[object, ...]]:
        return [cell.content for row in grid.rows for cell in row if cell.content]

    assert printed(fit_form(form, PAGE, FORMAL)) == printed(form_grid(form))


@pytest.mark.parametrize(
    ("asked", "spare", "given_rows"),
    [
        ([4], 0, [4]),
        ([4], 2, [6]),
        ([4], 100, [8]),  # twice what was asked for, no more
        ([4, 10], 5, [4, 15]),  # the largest grows
        ([4, 10], -3, [4, 7]),  # and gives way first
        ([5, 6], -4, [3, 4]),
        ([5, 6], -5, None),  # six tenths of what was asked for, no less
        ([1], -1, None),
    ],
)
def test_empty_rows_are_spread_over_the_grids(asked: list[int], spare: int, given_rows: list[int] | None) -> None:
    assert spread(asked, spare) == given_rows
    assert all(now >= LEAST * then for now, then in zip(given_rows or (), asked, strict=False))


def test_short_form_is_filled_up_with_rows() -> None:
    form = read_form("[ 序号 | 故障 3 ] x 10")
    assert empty_rows(fit_form(form, PAGE, FORMAL)) == 20
    assert empty_rows(form_grid(form)) == 10


def test_long_form_loses_rows_then_air_then_size() -> None:
    page = [
        fit_form(read_form("\n".join(["顾客: _ | 电话: _"] * lines + ["[ 序号 | 故障 ] x 8"])), PAGE, FORMAL) for lines in (15, 18, 21, 24)
    ]
    assert [(grid.size, grid.air) for grid in page] == [("body", 0.5), ("body", 0.25), ("body", 0.12), ("small", 0.25)]
    assert all(form_height(grid, FORMAL) <= PAGE for grid in page)
    assert all(empty_rows(grid) >= LEAST * 8 for grid in page)


def test_form_that_fits_no_page_keeps_its_rows() -> None:
    form = read_form("\n".join(["意见: _4"] * 15))
    assert fit_form(form, PAGE, FORMAL) == form_grid(form)


def test_forms_of_one_file_share_the_page_by_the_rows_they_ask_for() -> None:
    short, long = read_form("[ 序号 | 故障 ] x 5"), read_form("[ 序号 | 故障 ] x 10")
    heights = [form_height(grid, FORMAL) for grid in fit_forms([short, long], PAGE, FORMAL)]
    assert sum(heights) <= PAGE
    assert heights[0] < heights[1]


def printed_pages(words: str, notes: str = "") -> int:
    made = document(form_text("order-form", "报修单", words).rstrip("\n") + f"\n{notes}\n")
    return render_pdf(document_book(source_of(made), made), FORMAL, settings().fonts).layout.total


@pytest.mark.parametrize(
    ("words", "notes"),
    [
        ("顾客: _ | 电话: _\n[ 序号 | 故障 3 | 处理 2 ] x 45", ""),
        ("[ 序号 | 故障 3 | 处理 2 ] x 3", ""),
        ("\n".join(["# 受理", *["顾客: _ | 电话: _ | 地址: _"] * 12, "[ 序号 | 故障 | 处理 ] x 20", "签字: 顾客 | 日期"]), ""),
        (
            "\n".join(["情况: _3"] * 6),
            "\n## 填写说明\n1. 一物一单；\n2. 交还后归档，网点的随次月 5 日的月报交回公司，由服务部经理核对后入档。\n",
        ),
        (
            "[ 一二三四五六七八九十 | 很长很长的列名要换行才放得下 | 三 | 四 | 五 | 六 | 七 | 八 ] x 25\n意见: _2",
            "\n## 填写说明\n- 每日填写。\n",
        ),
    ],
)
def test_printed_form_stands_on_one_page(words: str, notes: str) -> None:
    assert printed_pages(words, notes) == 1


def test_page_is_used_down_to_its_foot() -> None:
    made = document(form_text("order-form", "报修单", "[ 序号 | 故障 3 | 处理 2 ] x 30"))
    grid = only_grid(document_book(source_of(made), made).parts[0])
    above = 76 + 2 * FORMAL.type_of(Style.FINE).pitch  # title and number, the gap below, and the line of those who signed
    left = FORMAL.text_height - above - form_height(grid, FORMAL)
    assert 0 <= left < FORMAL.table.pitch * (1 + grid.air) + FORMAL.rule
    assert 0.6 * 30 <= empty_rows(grid) < 30


def form_part() -> Part:
    return document_book(SOURCE, next(each for each in SOURCE.documents if each.key == "order-form")).parts[0]


def test_form_has_title_number_label_retention_and_its_own_header() -> None:
    part = form_part()
    assert part.blocks[0] == Heading(2, "报修单", anchor="doc-order-form")
    assert "编号：JC/SH-JL-01    版本：A/0    保存期限：3 年" in words_of(part)
    assert part.numbering is Numbering.ARABIC


def test_notes_on_filling_it_in_stand_below_the_table() -> None:
    made = document(form_text("order-form", "报修单").rstrip("\n") + "\n\n## 填写说明\n1. 一物一单。\n")
    words = words_of(document_book(source_of(made), made).parts[0]).split("\n")
    assert words[-3:-1] == ["填写说明", "a) 一物一单。"]
