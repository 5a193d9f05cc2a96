"""The redline of blocks: what stayed, came, went, moved or changed; both texts can be put together again exactly."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from book.books import DRAWING, cell, png, text
from book.redline_blocks import revisions
from book.redlines import TITLES, blocks, read, revision
from service.book.model import Block, Break, Drawing, Figure, Grid, Heading, Item, PageOf, Para, Photo, Span, Style
from service.book.redline import accepted, redline, rejected
from service.book.redline_changes import change_of
from service.book.redline_model import Changed, ChangedGrid, Deleted, Inserted, Kept, Mark, MovedFrom, MovedTo, RedBlock


def para(words: str) -> Para:
    return Para(text(words))


def kinds(found: Sequence[RedBlock]) -> list[type]:
    return [type(each) for each in found]


def only(found: Sequence[RedBlock], kind: type) -> list[RedBlock]:
    return [each for each in found if isinstance(each, kind)]


A, B, C = para("受理员在 30 分钟内登记《报修单》。"), para("备件由仓库按月盘点，账物相符。"), para("不合格的商品隔离存放并标识。")


@settings(max_examples=400)
@given(revisions())
def test_accepting_all_gives_the_new_blocks_and_rejecting_all_the_old_ones(pair: tuple[Sequence[Block], Sequence[Block]]) -> None:
    old, new = pair
    found = redline(old, new)
    assert accepted(found) == tuple(new)
    assert rejected(found) == tuple(old)


@pytest.mark.parametrize("name", TITLES)
@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10**6), share=st.sampled_from([0.1, 0.4, 0.9]))
def test_so_it_is_for_revisions_of_the_shipped_templates(name: str, seed: int, share: float) -> None:
    old, new = revision(name, seed, share)
    found = redline(old, new)
    assert accepted(found) == new
    assert rejected(found) == old


@settings(max_examples=50)
@given(revisions())
def test_a_text_does_not_differ_from_itself(pair: tuple[Sequence[Block], Sequence[Block]]) -> None:
    assert set(kinds(redline(pair[0], pair[0]))) <= {Kept}


@settings(max_examples=50)
@given(revisions())
def test_every_move_has_both_its_ends(pair: tuple[Sequence[Block], Sequence[Block]]) -> None:
    found = redline(*pair)
    ends = [[each.pair for each in found if isinstance(each, kind)] for kind in (MovedFrom, MovedTo)]
    assert sorted(ends[0]) == sorted(ends[1])


def test_a_paragraph_put_in_is_inserted_and_the_others_are_kept() -> None:
    assert redline([A, B], [A, C, B]) == (Kept(A), Inserted(C), Kept(B))


def test_a_paragraph_taken_out_is_deleted() -> None:
    assert redline([A, C, B], [A, B]) == (Kept(A), Deleted(C), Kept(B))


def test_a_paragraph_with_other_words_is_changed_and_what_is_unlike_is_replaced() -> None:
    other = para("受理员在 15 分钟内登记《报修单》。")
    (changed,) = redline([A], [other])
    assert isinstance(changed, Changed)
    assert read(changed.pieces) == "受理员在 [-30 分钟-]{+15 分钟+}内登记《报修单》。"
    assert redline([A], [B]) == (Deleted(A), Inserted(B))


def test_a_paragraph_in_another_place_moved() -> None:
    found = redline([A, B, C], [B, C, A])
    assert found == (MovedFrom(A, 1), Kept(B), Kept(C), MovedTo(A, 1))


def test_paragraphs_that_moved_together_are_one_move_and_others_another() -> None:
    fixed = [para(f"第 {number} 项要求由服务经理落实。") for number in range(5)]
    found = redline([A, B, *fixed, C], [C, *fixed, A, B])
    assert [each.pair for each in found if isinstance(each, MovedTo)] == [1, 2, 2]


def test_short_words_that_stand_in_many_places_do_not_move() -> None:
    assert MovedTo not in kinds(redline([para("无。"), A, B], [A, B, para("无。")]))


def test_a_whole_section_moves_with_its_heading() -> None:
    body = "## 目的\n使报修有人管。\n### 受理 {#accept}\n当日登记。\n### 回访 {#visit}\n次日回访。\n### 检查 {#check}\n每月抽查一次。\n每季度汇总。\n"
    before, visit, after = body.partition("### 回访 {#visit}\n次日回访。\n")
    found = redline(blocks(body), blocks(before + after + visit))
    moved = only(found, MovedTo)
    assert [getattr(each.block, "text", "") for each in moved if isinstance(each, MovedTo)] == ["回访", ""]
    assert len({each.pair for each in moved if isinstance(each, MovedTo)}) == 1


def test_a_clause_number_that_changes_through_an_insertion_is_no_change() -> None:
    old = blocks("## 程序\n### 受理 {#accept}\n当日登记。\n### 派工 {#send}\n当日派工。\n")
    new = blocks("## 程序\n### 公示 {#show}\n公示热线。\n### 受理 {#accept}\n当日登记。\n### 派工 {#send}\n当日派工。\n")
    found = redline(old, new)
    renumbered = [each for each in only(found, Changed) if isinstance(each, Changed)]
    assert [(getattr(each.old, "number", ""), getattr(each.new, "number", "")) for each in renumbered] == [("1.1", "1.2"), ("1.2", "1.3")]
    assert [change_of(each) for each in renumbered] == [None, None]
    assert [each.block for each in found if isinstance(each, Inserted)] == list(new[1:3])


def test_a_heading_with_the_same_anchor_is_the_same_heading() -> None:
    (changed, *_) = redline([Heading(3, "受理", "4.1", "p.a"), A], [Heading(3, "接待顾客", "4.1", "p.a"), A])
    assert isinstance(changed, Changed)
    assert read(changed.pieces) == "[-受理-]{+接待顾客+}"


def test_a_heading_with_the_same_anchor_is_the_same_whatever_its_words_and_number() -> None:
    found = redline([Heading(3, "受理", "4.1", "p.a"), A], [Heading(3, "公示", "4.1", "p.b"), C, Heading(3, "接待", "4.2", "p.a"), A])
    assert kinds(found) == [Inserted, Inserted, Changed, Kept]


def test_an_item_moves_though_its_label_changes() -> None:
    items = [Item("a)", A.content), Item("b)", B.content), Item("c)", C.content)]
    found = redline(items, [Item("a)", B.content), Item("b)", C.content), Item("c)", A.content)])
    assert kinds(found) == [MovedFrom, Changed, Changed, MovedTo]


def test_what_moved_is_not_compared_with_what_stands_in_its_place() -> None:
    like = para("受理员在 15 分钟内登记《报修单》。")
    assert redline([A, B, C], [like, B, C, A]) == (MovedFrom(A, 1), Inserted(like), Kept(B), Kept(C), MovedTo(A, 1))


def test_a_paragraph_to_which_much_was_added_is_the_same_paragraph() -> None:
    more = "维修后仍不能使用的，由质量部组织鉴定；属于缺陷的，按《召回控制程序》停止销售，并通知已经购买的消费者到就近网点免费更换。"
    (found,) = redline([A], [para(A.content[0].text + more * 2)])  # type: ignore[union-attr]  # A is one span
    assert isinstance(found, Changed)
    assert [piece.mark for piece in found.pieces] == [Mark.KEPT, Mark.INSERTED]


def test_a_reworded_heading_keeps_its_number() -> None:
    (changed, _) = redline([Heading(2, "职责", "3", "p.duties"), A], [Heading(2, "分工", "3", "p.split"), A])
    assert isinstance(changed, Changed)


def test_items_are_compared_without_their_labels() -> None:
    old = [Item("a)", A.content), Item("b)", B.content)]
    new = [Item("a)", C.content), Item("b)", A.content), Item("c)", B.content)]
    found = redline(old, new)
    assert kinds(found) == [Inserted, Changed, Changed]
    assert [change_of(each) for each in found[1:]] == [None, None]


def test_a_paragraph_that_became_an_item_is_one_change() -> None:
    (found,) = redline([A], [Item("a)", A.content)])
    assert isinstance(found, Changed)
    assert change_of(found) == "changed"


def test_a_note_that_became_a_paragraph_is_a_change() -> None:
    (found,) = redline([Para(A.content, Style.NOTE)], [A])
    assert change_of(found) == "changed"


def test_words_keep_their_manner_on_either_side() -> None:
    old = Para((Span("受理员"), Span("当日", bold=True), Span("登记《报修单》并派工。")))
    new = Para((Span("受理员"), Span("次日", bold=True), Span("登记", code=True), Span("《报修单》并派工。")))
    (found,) = redline([old], [new])
    assert isinstance(found, Changed)
    assert read(found.pieces) == "受理员[-当日-]{+次日+}登记《报修单》并派工。"
    assert [(piece.content, piece.former) for piece in found.pieces if piece.former] == [(Span("登记", code=True), Span("登记"))]
    assert [piece.content for piece in found.pieces if piece.mark is not Mark.KEPT] == [Span("当日", bold=True), Span("次日", bold=True)]


def test_a_line_break_and_a_page_number_are_compared_as_what_they_are() -> None:
    old = Para((Span("见记录控制程序第 "), PageOf("a"), Span(" 页。")))
    new = Para((Span("见记录控制程序第 "), PageOf("b"), Break(), Span(" 页。")))
    (found,) = redline([old], [new])
    assert isinstance(found, Changed)
    assert read(found.pieces) == "见记录控制程序第 [-¶-]{+¶+}{+¶+} 页。"


@pytest.mark.parametrize(
    ("old", "new"),
    [(Figure(DRAWING, "流程图"), Figure(Drawing(9, 9, (), ()), "流程图")), (Photo(png(), "照片"), Photo(png(5, 5), "照片"))],
)
def test_a_changed_picture_is_deleted_and_inserted_and_the_same_one_kept(old: Block, new: Block) -> None:
    assert redline([A, old], [A, new]) == (Kept(A), Deleted(old), Inserted(new))
    assert kinds(redline([A, old, B], [A, old, B])) == [Kept] * 3


def table(*rows: tuple[str, ...], head: int = 1) -> Grid:
    return Grid((1.0,) * len(rows[0]), tuple(tuple(cell(words) for words in row) for row in rows), head)


HEAD = ("指标", "目标", "频次")
RATE, VISIT, PARTS = ("返修率", "≤ 1 %", "每月"), ("回访率", "100 %", "每季度"), ("备件满足率", "≥ 98 %", "每月")


def changed_grid(old: Grid, new: Grid) -> ChangedGrid:
    (found,) = redline([old], [new])
    assert isinstance(found, ChangedGrid)
    return found


def told(grid: ChangedGrid) -> list[tuple[str, list[str]]]:
    return [(row.mark.value, ["/".join(read(line.pieces) for line in each.lines) for each in row.cells]) for row in grid.rows]


def test_tables_are_compared_cell_by_cell() -> None:
    found = changed_grid(table(HEAD, RATE, VISIT), table(HEAD, ("返修率", "≤ 0.5 %", "每月"), VISIT))
    assert told(found)[1] == ("kept", ["返修率", "[-≤ 1 %-]{+≤ 0.5 %+}", "每月"])


def test_rows_are_inserted_and_deleted() -> None:
    found = changed_grid(table(HEAD, RATE, VISIT), table(HEAD, PARTS, RATE))
    assert [(mark, words[0]) for mark, words in told(found)] == [
        ("kept", "指标"),
        ("inserted", "{+备件满足率+}"),
        ("kept", "返修率"),
        ("deleted", "[-回访率-]"),
    ]


def test_a_row_that_speaks_of_the_same_is_the_same_row_however_much_it_changed() -> None:
    duties = ("质量部", "在 5 个工作日内分析返修原因，提出纠正措施并验证效果", "每季度")
    found = changed_grid(table(HEAD, ("质量部", "无", "")), table(HEAD, duties))
    assert [row.mark for row in found.rows] == [Mark.KEPT, Mark.KEPT]


@pytest.mark.parametrize(
    "new",
    [
        table((*HEAD, "部门"), (*RATE, "质量部"), (*VISIT, "服务部")),
        table(("目标", "指标", "频次"), ("≤ 1 %", "返修率", "每月"), ("100 %", "回访率", "每季度")),
        table(("记录", "期限", "地点"), RATE, VISIT),
    ],
)
def test_a_table_with_other_columns_is_deleted_and_inserted(new: Grid) -> None:
    old = table(HEAD, RATE, VISIT)
    assert redline([old], [new]) == (Deleted(old), Inserted(new))


def test_a_renamed_column_is_the_same_column() -> None:
    found = changed_grid(table(HEAD, RATE), table(("指标", "目标值", "频次"), RATE))
    assert told(found)[0] == ("kept", ["指标", "目标{+值+}", "频次"])


def test_columns_of_the_same_name_are_not_taken_for_moved_ones() -> None:
    head = ("岗位", "职责", "岗位", "职责")
    changed_grid(table(head, ("受理员", "登记", "维修员", "维修")), table(head, ("受理员", "登记、派工", "维修员", "维修")))


def test_serial_numbers_that_follow_the_place_are_no_change() -> None:
    old = table(("序号", "记录"), ("1", "报修单"), ("2", "上门服务记录"), ("3", "回访记录"))
    new = table(("序号", "记录"), ("1", "服务热线记录"), ("2", "报修单"), ("3", "上门服务记录"), ("4", "回访记录"))
    found = changed_grid(old, new)
    assert [row.mark.value for row in found.rows] == ["kept", "inserted", "kept", "kept", "kept"]
    assert [row.cells[0].serial for row in found.rows] == [False, False, True, True, True]


def test_a_row_put_in_before_many_numbered_rows_is_the_only_one() -> None:
    rows = [f"第 {number} 类记录由办公室保存" for number in range(200)]
    old, new = (
        table(("序号", "记录"), *((str(place), words) for place, words in enumerate(each, 1))) for each in (rows, ["服务热线", *rows])
    )
    assert [row.mark for row in changed_grid(old, new).rows].count(Mark.KEPT) == 201


def test_a_figure_in_a_first_cell_that_does_not_follow_the_place_is_a_change() -> None:
    found = changed_grid(
        table(("次数", "处理"), ("1", "登记报修"), ("2", "上门维修")), table(("次数", "处理"), ("1", "登记报修"), ("3", "上门维修"))
    )
    assert not found.rows[2].cells[0].serial
    assert change_of(found) == "changed"


def merged(*rows: tuple[str, str]) -> Grid:
    """A table whose first column is one cell below the head."""
    first = ((cell("售后服务部", rowspan=len(rows)), *map(cell, rows[0])), *(tuple(map(cell, row)) for row in rows[1:]))
    return Grid((1.0, 1.0, 1.0), ((*map(cell, ("部门", "岗位", "职责")),), *first), 1)


def test_a_merged_cell_reaches_over_rows_that_were_put_in_and_taken_out() -> None:
    old = merged(("服务经理", "批准"), ("受理员", "登记"), ("维修员", "维修"))
    new = merged(("服务经理", "批准"), ("维修员", "维修、回访"), ("仓管员", "发放备件"))
    found = changed_grid(old, new)
    assert [row.mark.value for row in found.rows] == ["kept", "kept", "deleted", "kept", "inserted"]
    assert found.rows[1].cells[0].height == 4


def test_tables_whose_merged_cells_do_not_fit_into_one_are_deleted_and_inserted() -> None:
    """The row of the receptionist is in both, below a merged cell that is not."""
    head = ("部门", "岗位", "职责")
    old = Grid(
        (1.0,) * 3,
        (tuple(map(cell, head)), (cell("售后服务部", rowspan=2), cell("经理"), cell("批准")), (cell("受理员"), cell("登记报修"))),
        1,
    )
    new = Grid(
        (1.0,) * 3, (tuple(map(cell, head)), (cell("质量科", rowspan=2), cell("主管"), cell("检验")), (cell("受理员"), cell("登记报修"))), 1
    )
    assert redline([old], [new]) == (Deleted(old), Inserted(new))


FORM = "```form\n# 申请\n申请人: _ | 日期: _\n原因: _3\n[ 序号 1 | 内容 5 ] x 3\n签字: 申请人 | 批准人\n```\n"


def test_forms_are_compared_row_by_row_though_the_edges_of_their_cells_differ() -> None:
    new = FORM.replace("原因: _3", "更改原因及影响: _3\n影响的网点: _").replace("x 3", "x 4")
    (old_grid,), (new_grid,) = blocks(FORM), blocks(new)
    assert isinstance(old_grid, Grid)
    assert isinstance(new_grid, Grid)
    assert len(old_grid.widths) != len(new_grid.widths)
    found = changed_grid(old_grid, new_grid)
    assert [row.mark.value for row in found.rows].count("inserted") == 2
    assert "deleted" not in {row.mark.value for row in found.rows}
    assert {sum(each.width for each in row.cells) for row in found.rows} == {len(found.widths)}


def test_a_form_never_fits_a_table() -> None:
    (form,) = blocks(FORM)
    other = table(("申请人", "日期"), ("原因", "内容"))
    assert redline([form], [other]) == (Deleted(form), Inserted(other))
