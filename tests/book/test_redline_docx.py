"""The redline as a Word file: accepting all changes gives the new text, rejecting all the old one, by our own reading of the format."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from book.books import DRAWING, cell, png, text
from book.docx_changes import document_of, settled, told
from book.docx_reading import find, values, w
from book.red_books import AUTHOR, Blocks, plain, rendered
from book.redline_blocks import revisions
from book.redlines import TITLES, revision
from service.book.model import Break, Drawing, Figure, Grid, Heading, Item, PageOf, Para, Photo, Span, Style

A, B, C = (
    Para(text(words)) for words in ("受理员在 30 分钟内登记《报修单》。", "备件由仓库按月盘点，账物相符。", "不合格的商品隔离存放并标识。")
)


def redlined(old: Blocks, new: Blocks) -> Any:
    return document_of(rendered(old, new))


def agrees(old: Blocks, new: Blocks) -> Any:
    document = redlined(old, new)
    assert told(settled(document, "new")) == told(plain(new))
    assert told(settled(document, "old")) == told(plain(old))
    return document


def told_words(document: Any) -> str:
    """[-what is gone-]{+what is new+}, paragraph by paragraph."""
    found = ""
    for run in document.iter(w("t"), w("delText")):
        parent = run.getparent().getparent().tag
        marks = {w("ins"): "{{+{}+}}", w("del"): "[-{}-]", w("moveFrom"): "[<{}<]", w("moveTo"): "{{>{}>}}"}.get(parent, "{}")
        found += marks.format(run.text or "")
    return found.strip()


@settings(max_examples=200, deadline=None)
@given(revisions())
def test_accepting_all_gives_the_new_text_and_rejecting_all_the_old_one(pair: tuple[Blocks, Blocks]) -> None:
    agrees(*pair)


@pytest.mark.parametrize("name", TITLES)
@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 10**6), share=st.sampled_from([0.1, 0.4, 0.9]))
def test_so_it_is_for_revisions_of_the_shipped_templates(name: str, seed: int, share: float) -> None:
    agrees(*revision(name, seed, share))


@settings(max_examples=60, deadline=None)
@given(revisions())
def test_changes_have_ids_of_their_own_an_author_and_a_day(pair: tuple[Blocks, Blocks]) -> None:
    changes = [each for each in redlined(*pair).iter() if each.get(w("author"))]
    ids = [each.get(w("id")) for each in changes]
    assert len(set(ids)) == len(ids)
    assert {each.get(w("author")) for each in changes} <= {AUTHOR}
    assert all(re.fullmatch(r"2026-06-01T00:0[024]:00Z", each.get(w("date"), "")) for each in changes)


def test_words_are_marked_as_the_redline_tells_them() -> None:
    document = agrees([A], [Para(text("受理员在 15 分钟内登记《报修单》。"))])
    assert told_words(document) == "受理员在 [-30 分钟-]{+15 分钟+}内登记《报修单》。"


def test_a_paragraph_put_in_or_taken_out_comes_or_goes_with_its_mark() -> None:
    document = agrees([A, B], [A, C])
    assert [len(find(document, f".//w:pPr/w:rPr/w:{name}")) for name in ("del", "ins")] == [1, 1]


def test_a_moved_paragraph_is_a_move_with_both_its_ends() -> None:
    document = agrees([A, B, C], [B, C, A])
    starts = [values(document, f".//w:{name}RangeStart", "name") for name in ("moveFrom", "moveTo")]
    assert starts[0] == starts[1]
    assert len(starts[0]) == 1
    for name in ("moveFrom", "moveTo"):
        assert values(document, f".//w:{name}RangeStart", "id") == values(document, f".//w:{name}RangeEnd", "id")
    assert told_words(document).startswith("[<受理员在 30 分钟内登记《报修单》。<]")


def test_paragraphs_that_moved_together_are_one_move() -> None:
    fixed = [Para(text(f"第 {number} 项要求由服务经理落实。")) for number in range(5)]
    document = agrees([A, B, *fixed], [*fixed, A, B])
    assert len(find(document, ".//w:moveFromRangeStart")) == 1
    assert len(find(document, ".//w:pPr/w:rPr/w:moveFrom")) == 2


def test_a_moved_table_is_deleted_and_inserted_because_word_moves_none() -> None:
    grid = Grid((1, 1), ((cell("返修率"), cell("不高于 1 %")),))
    document = agrees([grid, A, B, C], [A, B, C, grid])
    assert [len(find(document, f".//w:trPr/w:{name}")) for name in ("del", "ins")] == [1, 1]
    assert not find(document, ".//w:moveFromRangeStart")


def table(*rows: tuple[str, ...]) -> Grid:
    return Grid((1.0,) * len(rows[0]), tuple(tuple(cell(words) for words in row) for row in rows), 1, caption="表 1 目标")


HEAD, RATE, VISIT, PARTS = ("指标", "目标"), ("返修率", "≤ 1 %"), ("回访率", "100 %"), ("备件满足率", "≥ 98 %")


def test_rows_come_and_go_and_cells_change_by_their_words() -> None:
    document = agrees([table(HEAD, RATE, VISIT)], [table(HEAD, ("返修率", "≤ 0.5 %"), PARTS)])
    assert [len(find(document, f".//w:trPr/w:{name}")) for name in ("del", "ins")] == [1, 1]
    assert "返修率[-≤-][- 1 %-]{+≤+}{+ 0.5 %+}" in told_words(document)  # a mark that opens a paragraph is a run of its own


def test_changed_columns_are_the_old_table_deleted_and_the_new_one_inserted_by_rows() -> None:
    document = agrees([table(HEAD, RATE, VISIT)], [table((*HEAD, "部门"), (*RATE, "质量部"), (*VISIT, "服务部"))])
    assert [len(find(document, f".//w:trPr/w:{name}")) for name in ("del", "ins")] == [3, 3]
    assert not find(document, ".//w:cellIns")
    assert not find(document, ".//w:cellDel")


def test_lines_that_come_at_the_end_of_a_cell_leave_its_last_mark() -> None:
    old = Grid((1,), (((cell("受理")),),))
    new = Grid((1,), ((type(cell("x"))((text("受理"), text("派工"), text("回访"))),),))
    document = agrees([old], [new])
    agrees([new], [old])
    marks = [each.find(f"{w('pPr')}/{w('rPr')}") is not None for each in find(document, ".//w:tc/w:p")]
    assert marks == [True, True, False]


def test_another_number_and_another_label_are_changes_of_their_own() -> None:
    document = agrees(
        [Heading(2, "职责", "3", "p.duties"), Item("a)", A.content)],
        [Heading(2, "职责", "4", "p.duties"), Item("b)", A.content)],
    )
    assert told_words(document).startswith("[-3\u3000-]{+4\u3000+}职责[-a)-]{+b)+}受理员")


def test_another_manner_can_be_taken_back() -> None:
    document = agrees([A], [Para((Span("受理员"), Span("在 30 分钟内", bold=True), Span("登记《报修单》。")))])
    assert len(find(document, ".//w:rPr/w:rPrChange")) == 1
    assert len(find(settled(document, "new"), ".//w:rPr/w:b")) == 1
    assert not find(settled(document, "old"), ".//w:rPr/w:b")


def test_another_kind_of_paragraph_can_be_taken_back() -> None:
    document = agrees([Para(A.content, Style.NOTE)], [Item("a)", A.content)])
    assert values(document, ".//w:pPrChange//w:pStyle") == ["注"]


def test_a_field_comes_and_goes_whole() -> None:
    document = agrees([A], [Para((*A.content, Span("见第 "), PageOf("part"), Break(), Span("页。")))])
    agrees([Para((*A.content, Span("见第 "), PageOf("p"), Span("页。")))], [A])
    assert not find(document, ".//w:ins//w:fldSimple")


@pytest.mark.parametrize(
    ("old", "new"), [(Figure(DRAWING, "图"), Figure(Drawing(9, 9, (), ()), "图")), (Photo(png(), "图"), Photo(png(5, 5), "图"))]
)
def test_a_changed_picture_is_deleted_and_inserted(old: Figure | Photo, new: Figure | Photo) -> None:
    document = agrees([A, old], [A, new])
    assert [len(find(document, f".//w:{name}/w:r/w:drawing")) for name in ("del", "ins")] == [1, 1]


def test_a_paragraph_before_a_table_has_something_to_grow_together_with() -> None:
    grid = Grid((1, 1), ((cell("返修率"), cell("不高于 1 %")),))
    pairs: list[tuple[Blocks, Blocks]] = [([A, grid], [grid]), ([grid], [A, grid])]
    for old, new in pairs:
        document = agrees(old, new)
        before: Any = find(document, ".//w:tbl")[0].getprevious()
        assert values(before, "w:pPr/w:pStyle") == ["分节"]
        assert not find(before, "w:pPr/w:rPr")


def test_the_same_input_gives_the_same_bytes() -> None:
    assert rendered([A, B], [B, C]) == rendered([A, B], [B, C])


@pytest.mark.parametrize("pair", [([A], [A]), ([], [A]), ([A], [])])
def test_nothing_changed_nothing_before_and_nothing_left(pair: tuple[Blocks, Blocks]) -> None:
    document = agrees(*pair)
    assert bool([each for each in document.iter() if each.get(w("author"))]) == (pair[0] != pair[1])


def numbered(blocks: Sequence[str]) -> list[Item]:
    return [Item(f"{number})", text(words)) for number, words in enumerate(blocks, 1)]


def test_neighbours_whose_changes_touch_are_dated_apart() -> None:
    """LibreOffice would run them together across the end of the paragraph (see office tests)."""
    document = redlined(numbered(["登记报修", "派工", "回访顾客"]), numbered(["登记报修单", "核对保修期", "派工", "回访顾客一次"]))
    dates = [[each.get(w("date")) for each in find(paragraph, ".//w:ins")] for paragraph in document.iter(w("p"))]
    dates = [each for each in dates if each]
    assert all(one[-1] != other[0] for one, other in pairwise(dates))
