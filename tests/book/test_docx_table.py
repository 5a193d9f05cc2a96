"""Tables in the DOCX."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from book.books import HOSTILE, cell
from book.docx_reading import body, find, texts, values, w
from service.book.geometry import column_twips
from service.book.model import Grid, GridCell, Style
from service.book.theme import FORMAL
from service.errors import InputError

WIDTH = round(FORMAL.text_width * 20)


def shape(grid: Grid) -> list[list[tuple[str, int, str]]]:
    """Each row as (text, columns, merge) of its cells."""
    return [
        [
            (
                "".join(texts(tc)),
                int((values(tc, "w:tcPr/w:gridSpan") or ["1"])[0] or 1),
                next((each.get(w("val")) or "continue" for each in find(tc, "w:tcPr/w:vMerge")), ""),
            )
            for tc in find(row, "w:tc")
        ]
        for row in find(body(grid), ".//w:tr")
    ]


def test_columns_fill_the_text_width_to_the_twip() -> None:
    document = body(Grid((1, 1, 1), ((cell("甲"), cell("乙"), cell("丙")),)))
    widths = [int(width or 0) for width in values(document, ".//w:gridCol", "w")]
    assert sum(widths) == WIDTH
    assert values(document, ".//w:tblW", "w") == [str(WIDTH)]
    assert values(document, ".//w:tblLayout", "type") == ["fixed"]


@given(st.lists(st.floats(0.1, 50), min_size=1, max_size=12))
def test_rounding_never_loses_or_adds_a_twip(widths: list[float]) -> None:
    assert sum(column_twips(widths, FORMAL.text_width)) == WIDTH


def test_a_cell_over_two_columns_spans_them() -> None:
    assert shape(Grid((1, 1, 1), ((cell("甲", colspan=2), cell("乙")),))) == [[("甲", 2, ""), ("乙", 1, "")]]


def test_a_cell_over_two_rows_continues_in_the_second() -> None:
    grid = Grid((1, 1), ((cell("甲", rowspan=2), cell("乙")), (cell("丙"),)))
    assert shape(grid) == [[("甲", 1, "restart"), ("乙", 1, "")], [("", 1, "continue"), ("丙", 1, "")]]


def test_a_block_of_merged_cells_keeps_its_breadth_in_every_row() -> None:
    grid = Grid(
        (1, 1, 1), ((cell("甲"), cell("块", colspan=2, rowspan=3)), (cell("乙"),), (cell("丙"),), (cell("一"), cell("二"), cell("三")))
    )
    assert shape(grid)[1:] == [
        [("乙", 1, ""), ("", 2, "continue")],
        [("丙", 1, ""), ("", 2, "continue")],
        [("一", 1, ""), ("二", 1, ""), ("三", 1, "")],
    ]


def test_a_short_row_is_filled_with_empty_cells() -> None:
    assert shape(Grid((1, 1), ((cell("甲"),),))) == [[("甲", 1, ""), ("", 1, "")]]


def test_a_row_with_too_many_cells_is_refused_not_cut() -> None:
    with pytest.raises(InputError, match="单元格多于列数"):
        body(Grid((1, 1), ((cell("甲"), cell("乙"), cell("丙")),)))


@given(st.lists(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3)), min_size=1, max_size=2), min_size=1, max_size=5))
def test_every_row_covers_all_columns_whatever_is_merged(spans: list[list[tuple[int, int]]]) -> None:
    rows = tuple(tuple(GridCell((), colspan, rowspan) for colspan, rowspan in row) for row in spans)
    try:
        found = shape(Grid((1,) * 6, rows))
    except InputError:
        return
    assert {sum(columns for _, columns, _ in row) for row in found} == {6}


def test_head_rows_repeat_and_hold_on_to_the_row_below() -> None:
    document = body(Grid((1,), ((cell("头"),), (cell("体"),)), head=1))
    rows = find(document, ".//w:tr")
    assert [bool(find(row, ".//w:tblHeader")) for row in rows] == [True, False]
    assert [bool(find(row, ".//w:keepNext")) for row in rows] == [True, False]


def test_no_row_breaks_across_pages() -> None:
    document = body(Grid((1,), ((cell("甲"),), (cell("乙"),))))
    assert len(find(document, ".//w:cantSplit")) == 2


@pytest.mark.parametrize(
    ("lines", "size", "air", "height"),
    [(1, "body", 0, 20.5), (3, "body", 0, 54.5), (1, "body", 0.5, 26), (2, "small", 0, 31.5), (2, "small", 0.5, 35.5)],
)
def test_a_row_is_as_high_as_its_lines_and_its_rule(lines: int, size: str, air: float, height: float) -> None:
    document = body(Grid((1, 1), ((cell("甲", lines=lines), cell("乙")),), size=size, air=air))
    assert values(document, ".//w:trHeight") == [str(round(height * 20))]
    assert values(document, ".//w:trHeight", "hRule") == ["atLeast"]


def test_alignment_weight_and_shade_of_a_cell_are_kept() -> None:
    document = body(Grid((1,), ((cell("头", align="center", bold=True, shade=True),),)))
    tc = find(document, ".//w:tc")[0]
    assert values(tc, ".//w:jc") == ["center"]
    assert len(find(tc, ".//w:b")) == 1
    assert values(tc, ".//w:shd", "fill") == [FORMAL.shade]


def test_hostile_text_in_a_cell_is_text() -> None:
    assert HOSTILE in texts(body(Grid((1,), ((cell(HOSTILE),),), caption=HOSTILE)))


def test_a_caption_stays_with_its_table() -> None:
    first = find(body(Grid((1,), ((cell("甲"),),), caption="表 1")), ".//w:p")[0]
    assert values(first, ".//w:pStyle") == [Style.CAPTION.value.capitalize()]
    assert len(find(first, ".//w:keepNext")) == 1


def test_two_tables_never_grow_together() -> None:
    grid = Grid((1,), ((cell("甲"),),))
    children = [child.tag for child in find(body(grid, grid), "w:body")[0]]
    assert children == [w(name) for name in ("tbl", "p", "tbl", "p", "sectPr")]
