"""Widths of columns: enough for short ones, and never more in all than the page."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.book.widths import CELL_CAP, LEAST, PAGE_CAPACITY, column_widths, display_width

cells = st.text(alphabet="维修服务，。ab 12", max_size=120)
columns = st.lists(st.lists(cells, max_size=4), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("text", "width"),
    [("", 0), ("ab 1", 4), ("维修", 4), ("《a》", 5), ("，", 2), ("ｱ", 1), ("3年", 4), ("修 3 年", 7), ("2026年2月1日", 15)],
)
def test_hanzi_and_full_width_marks_count_two_and_air_a_quarter_of_that(text: str, width: int) -> None:
    assert display_width(text) == width


@given(cells, cells)
def test_two_texts_side_by_side_are_as_wide_as_both_and_the_air_between(one: str, other: str) -> None:
    """Half a character where Hanzi meet Latin, rounded up for a text as a whole."""
    together, apart = display_width(one + other), display_width(one) + display_width(other)
    assert abs(together - apart) <= 1


@given(columns)
def test_columns_never_take_more_than_the_page_unless_there_are_too_many(texts: list[list[str]]) -> None:
    widths = column_widths(texts)
    assert len(widths) == len(texts)
    assert all(width > 0 for width in widths)
    assert sum(widths) <= max(PAGE_CAPACITY, LEAST * len(texts)) + 1e-6


@given(columns)
def test_column_that_needs_no_more_than_its_share_gets_what_it_needs(texts: list[list[str]]) -> None:
    share = PAGE_CAPACITY / len(texts)
    for column, width in zip(texts, column_widths(texts), strict=True):
        needed = max([LEAST, *(min(display_width(text) + 2, CELL_CAP) for text in column)])
        if needed <= share:
            assert width == needed


@given(columns)
def test_of_columns_that_give_way_the_longer_is_never_the_narrower(texts: list[list[str]]) -> None:
    longest = [min(max([0, *map(display_width, column)]) + 2, CELL_CAP) for column in texts]
    long = sorted(pair for pair in zip(longest, column_widths(texts), strict=True) if pair[0] > PAGE_CAPACITY / len(texts))
    assert all(one[1] <= other[1] + 1e-6 for one, other in pairwise(long))


def test_long_column_gives_way_first() -> None:
    short, long = column_widths([["序号"], ["说明" * 200]])
    assert (short, long) == (6.0, float(CELL_CAP))
    number, first, second = column_widths([["序号"], ["说" * 60], ["明" * 60]])
    assert number == 6
    assert first == second == (PAGE_CAPACITY - 6) / 2
