"""Tables: spans by ^^ and <<, heads of several rows, tables without head, and what is refused."""

from __future__ import annotations

import pytest

from service.errors import InputError
from service.text.inline import plain_inlines
from service.text.model import LineBreak, Table
from text.samples import only


def table(text: str) -> Table:
    block = only(text)
    assert isinstance(block, Table)
    return block


def shape(found: Table) -> list[list[tuple[str, int, int]]]:
    """Rows of (words, columns spanned, rows spanned)."""
    return [[(plain_inlines(cell.content), cell.colspan, cell.rowspan) for cell in row] for row in found.rows]


def fault(text: str) -> InputError:
    with pytest.raises(InputError) as caught:
        only(text)
    return caught.value


def test_a_plain_table_has_one_head_row() -> None:
    found = table("| 岗位 | 职责 |\n|:--|--:|\n| 调度员 | 派工 |\n")
    assert (found.columns, found.head, found.line) == (2, 1, 7)
    assert [cell.align for cell in found.rows[1]] == ["left", "right"]


def test_cells_join_upwards_and_to_the_left() -> None:
    found = table("| a | b | c |\n|---|---|---|\n| d | << | e |\n| f | g | ^^ |\n")
    assert shape(found)[1:] == [[("d", 2, 1), ("e", 1, 2)], [("f", 1, 1), ("g", 1, 1)]]


def test_a_block_of_four_cells_is_one() -> None:
    found = table("| a | b |\n|---|---|\n| c | << |\n| ^^ | ^^ |\n| d | e |\n")
    assert shape(found)[1:] == [[("c", 2, 2)], [], [("d", 1, 1), ("e", 1, 1)]]


def test_the_head_grows_with_a_cell_that_reaches_down() -> None:
    found = table("| 序号 | 指标 | << |\n|---|---|---|\n| ^^ | 名称 | 值 |\n| 1 | 返修率 | 1% |\n")
    assert (found.head, shape(found)[0]) == (2, [("序号", 1, 2), ("指标", 2, 1)])


def test_an_empty_head_is_none() -> None:
    found = table("| | |\n|---|---|\n| 甲 | 乙 |\n")
    assert (found.head, len(found.rows)) == (0, 1)


def test_escaped_marks_are_words() -> None:
    found = table("| a | b |\n|---|---|\n| c | \\^^ |\n| \\<< | x\\|y |\n")
    assert shape(found)[1:] == [[("c", 1, 1), ("^^", 1, 1)], [("<<", 1, 1), ("x|y", 1, 1)]]


def test_a_cell_may_hold_several_lines() -> None:
    found = table("| a |\n|---|\n| 甲<br>乙 |\n")
    assert found.rows[1][0].content[1] == LineBreak()


def test_merged_cell_without_left_neighbour_is_refused() -> None:
    error = fault("| a | b |\n|---|---|\n| << | c |\n")
    assert (error.code, error.place and error.place.line) == ("bad_merge", 9)


def test_merged_cell_without_upper_neighbour_is_refused() -> None:
    assert fault("| ^^ | b |\n|---|---|\n| a | c |\n").code == "bad_merge"


def test_a_merged_area_that_is_no_rectangle_is_refused() -> None:
    assert fault("| a | b |\n|---|---|\n| c | << |\n| ^^ | d |\n").code == "bad_merge"


def test_a_head_that_reaches_to_the_last_row_is_refused() -> None:
    assert fault("| a | b |\n|---|---|\n| ^^ | c |\n").code == "bad_merge"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("| a | b |\n|---|---|\n| c |\n", 9),
        ("| a | b |\n|---|---|\n| c | d | e |\n", 9),
        ("| a | b |\n|---|---|\n| c | d |\n没有空行的下一段\n", 10),
        ("| a | b |\n|---|\n| c | d |\n", 7),
        ("| a | b |\n| c | d |\n", 7),
    ],
)
def test_rows_of_another_width_are_refused(text: str, line: int) -> None:
    error = fault(text)
    assert (error.code, error.place and error.place.line) == ("ragged_table", line)
