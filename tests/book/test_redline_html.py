"""The redline as HTML: everything escaped, marked for the eye and said to the ear, every change and section to be linked to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from book.books import DRAWING, HOSTILE, cell, every_block, png, text
from book.redline_blocks import revisions
from book.redlines import TITLES, blocks, revision
from book.test_html import Seen, seen
from service.book.drawing_svg import to_svg
from service.book.model import Block, Drawing, Figure, Grid, Heading, Item, Para, Photo, Span, Style, Toc
from service.book.redline import redline
from service.book.redline_html import render_redline
from service.book.redline_html_summary import render_summary
from service.book.redline_summary import Counts, drawings, summary
from service.book.theme import FORMAL


def html(old: Sequence[Block], new: Sequence[Block]) -> str:
    found = redline(old, new)
    return render_redline(found, {drawing: to_svg(drawing, FORMAL) for drawing in drawings(found)})


def short(old: Sequence[Block], new: Sequence[Block]) -> str:
    return render_summary(summary(redline(old, new)))


def page(old: Sequence[Block], new: Sequence[Block]) -> Seen:
    return seen(html(old, new).encode())


def para(words: str) -> Para:
    return Para(text(words))


A, B, C = para("受理员在 30 分钟内登记《报修单》。"), para("备件由仓库按月盘点，账物相符。"), para("不合格的商品隔离存放并标识。")
FASTER = para("受理员在 15 分钟内登记《报修单》。")
EVERY = tuple(block for part in every_block().parts for block in part.blocks if not isinstance(block, Toc))


def test_words_are_marked_with_ins_and_del() -> None:
    told = re.sub(r'<span class="spoken">.*?</span>', "", html([A], [FASTER]))
    assert "在 <del>30 分钟</del><ins>15 分钟</ins>内登记" in told


def test_who_listens_hears_what_was_deleted_and_inserted_and_where_it_ends() -> None:
    words = "".join(page([A], [FASTER]).words)
    assert "在 （删除：30 分钟）（新增：15 分钟）内登记" in words


def test_a_whole_paragraph_is_said_to_be_inserted_or_deleted_once() -> None:
    words = "".join(page([A, B], [A, C]).words)
    assert "删除段落：备件由仓库按月盘点" in words
    assert "新增段落：不合格的商品" in words
    assert words.count("新增") == 1


@pytest.mark.parametrize("old", [EVERY, (), (A,)])
@pytest.mark.parametrize("new", [EVERY, (), (A,)])
def test_no_text_becomes_an_element_and_every_element_is_closed(old: tuple[Block, ...], new: tuple[Block, ...]) -> None:
    found = page(old, new)
    assert found.all("script") == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (Heading(3, "甲" + HOSTILE, "1", "a"), Heading(3, "乙" + HOSTILE, "2<b>", "a")),
        (Item("<i>", text("甲乙丙" + HOSTILE)), Item("<b>", text("甲乙丁" + HOSTILE))),
        (Grid((1, 1), ((cell("1"), cell(HOSTILE)),), caption="<u>"), Grid((1, 1), ((cell("1"), cell(HOSTILE + "新")),), caption="<s>")),
        (Para((Span("见附件甲乙丙", href="javascript:alert(1)"),)), Para((Span("见附件甲乙丁", href='https://a.cn/"><script>'),))),
    ],
)
def test_hostile_words_in_changed_blocks_stay_words(old: Block, new: Block) -> None:
    found = page([old], [new])
    assert found.all("script") == found.all("u") == found.all("s") == found.all("i") == found.all("b") == []
    assert all((link["href"] or "").startswith(("#", "https:")) for link in found.all("a"))


@settings(max_examples=60, deadline=None)
@given(revisions())
def test_there_are_as_many_changes_to_step_through_as_are_counted(pair: tuple[Sequence[Block], Sequence[Block]]) -> None:
    old, new = ([block for block in side if not isinstance(block, Toc)] for side in pair)
    found = page(old, new)
    ids = [attributes["id"] for _, attributes in found.elements if "id" in attributes]
    assert len(set(ids)) == len(ids)
    changes = [each for each in ids if re.fullmatch(r"change-\d+", each or "")]
    assert len(changes) == summary(redline(old, new)).counts.total


@pytest.mark.parametrize("name", TITLES)
@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_every_link_leads_to_a_place_and_every_section_keeps_its_anchor(name: str, seed: int) -> None:
    old, new = revision(name, seed)
    found = page(old, new)
    ids = {attributes["id"] for _, attributes in found.elements if "id" in attributes}
    links = [link["href"] or "" for part in (found, seen(short(old, new).encode())) for link in part.all("a")]
    assert {unquote(link[1:]) for link in links if link.startswith("#")} <= ids
    assert {block.anchor for block in new if isinstance(block, Heading)} <= ids


def test_a_moved_paragraph_is_marked_and_linked_at_both_places() -> None:
    old = (Heading(2, "受理", "1", "a"), A, B, Heading(2, "检查", "2", "b"), C)
    new = (Heading(2, "受理", "1", "a"), B, Heading(2, "检查", "2", "b"), C, A)
    told = html(old, new)
    assert '<a class="tag" id="change-move-1-from" href="#change-move-1-to">移动：移至 2</a>' in told
    assert '<a class="tag" id="change-move-1-to" href="#change-move-1-from">移动：原在 1</a>' in told
    assert '<del class="whole moved">' in told
    assert '<ins class="whole moved" id="change-1">' in told


def test_a_paragraph_that_moved_inside_its_section_says_so() -> None:
    told = html((A, B, C), (B, C, A))
    assert "移动：本条内移至他处" in told
    assert "移动：本条内移至此处" in told


def test_the_old_clause_number_is_noted_once_beside_the_new_one() -> None:
    told = html((Heading(3, "受理", "4.1", "p.a"),), (Heading(3, "受理", "4.2", "p.a"),))
    assert '<span class="number">4.2</span>' in told
    assert told.count("4.1") == 1
    assert '<small class="former">原 4.1</small>' in told
    assert "<ins" not in told


def test_a_clause_number_that_stayed_is_not_noted() -> None:
    assert "原 4.1" not in html((Heading(3, "受理", "4.1", "p.a"),), (Heading(3, "受理报修", "4.1", "p.a"),))


def test_a_serial_number_that_follows_its_place_is_not_marked() -> None:
    rows = [(cell(words),) for words in ("报修单", "回访记录")]
    old, new = (
        Grid((1, 1), tuple((cell(str(place)), *row) for place, row in enumerate(each, 1))) for each in (rows, [(cell("热线记录"),), *rows])
    )
    assert '<tr><td><span class="relabelled" title="原为 1">2</span></td><td>报修单</td></tr>' in html((old,), (new,))


def test_an_item_that_got_another_label_shows_the_new_one() -> None:
    told = html((Item("a)", A.content),), (Item("b)", A.content),))
    assert '<span class="relabelled" title="原为 a)">b)</span>' in told
    assert "<ins" not in told


def test_a_heading_that_was_deleted_has_an_anchor_of_its_own() -> None:
    told = html((Heading(2, "甲", "1", "a"), A), (A,))
    assert '<h3 id="former-a">' in told


def test_words_that_only_became_bold_are_told_as_such() -> None:
    told = html((A,), (Para((Span(A.content[0].text, bold=True),)),))  # type: ignore[union-attr]  # A is one span
    assert '<span class="remade" title="文字相同，字体改变"><strong>受理员' in told


def test_a_paragraph_that_became_a_note_says_so() -> None:
    told = html((A,), (Para(A.content, Style.NOTE),))
    assert '<span class="tag">编排改变</span><p class="note">' in told


def test_rows_say_that_they_were_inserted_or_deleted() -> None:
    head, first, second = ((cell(a), cell(b)) for a, b in (("岗位", "职责"), ("受理员", "登记报修"), ("维修员", "上门维修")))
    told = html((Grid((1, 1), (head, first), 1),), (Grid((1, 1), (head, second), 1),))
    assert '<tr class="deleted"><td><span class="spoken">（删除行）</span><del>受理员</del></td><td><del>登记报修</del></td></tr>' in told
    assert '<tr class="inserted"><td><span class="spoken">（新增行）</span><ins>维修员</ins></td>' in told


def test_a_changed_cell_is_marked_and_its_row_is_not() -> None:
    head, before, after = ((cell(a), cell(b)) for a, b in (("指标", "目标"), ("返修率", "≤ 1 %"), ("返修率", "≤ 2 %")))
    told = html((Grid((1, 1), (head, before), 1),), (Grid((1, 1), (head, after), 1),))
    assert '<tr><td>返修率</td><td class="changed"><del>' in told
    assert told.count("<th>") == 2


def test_a_changed_drawing_is_shown_before_and_after() -> None:
    told = html((Figure(DRAWING, "旧"),), (Figure(Drawing(9, 9, (), ()), "新"),))
    assert "改前插图（删除）" in told
    assert "改后插图（新增）" in told
    assert told.count("<svg") == 2


def test_a_picture_that_was_only_put_in_is_called_new() -> None:
    assert "新增图片" in html((A,), (A, Photo(png(), "照片")))


OLD = (
    "## 目的\n使报修有人管。\n## 程序\n### 受理 {#accept}\n受理员在 30 分钟内登记《报修单》。\n### 废止 {#gone}\n每月向顾客寄送贺卡一张。\n"
)
NEW = "## 目的\n使报修有人管。\n## 程序\n### 公示 {#show}\n网站公示热线号码。\n### 受理 {#accept}\n受理员在 15 分钟内登记《报修单》。\n"


def test_the_summary_counts_and_lists_the_changed_sections() -> None:
    found = summary(redline(blocks(OLD), blocks(NEW)))
    assert found.counts == Counts(inserted=2, deleted=2, changed=1)
    assert [(each.clause, each.title, each.anchor, each.former_clause, each.change) for each in found.sections] == [
        ("2.1", "公示", "p.show", "", "inserted"),
        ("2.2", "受理", "p.accept", "2.1", None),
        ("2.2", "废止", "former-p.gone", "", "deleted"),
    ]


def test_the_summary_is_read_in_words_with_links() -> None:
    told = short(blocks(OLD), blocks(NEW))
    assert "共 5 处改动：新增 2 处，删除 2 处，修改 1 处。" in told
    assert '<li><a href="#p.accept"><span class="number">2.2</span> 受理</a><span>原 2.1，修改 1 处</span></li>' in told
    assert "已删除，删除 2 处" in told


def test_a_section_that_moved_is_listed_where_it_is_now() -> None:
    sections = ("### 受理 {#a}\n当日登记报修单。\n", "### 回访 {#b}\n次日回访顾客。\n", "### 检查 {#c}\n每月抽查三份记录。\n每季度汇总。\n")
    old, new = (blocks("## 程序\n" + "".join(order)) for order in (sections, (sections[1], sections[2], sections[0])))
    assert [each.title for each in summary(redline(old, new)).sections] == ["受理"]


def test_changes_below_a_heading_that_went_belong_to_the_section_before() -> None:
    old = (Heading(2, "受理", "1", "a"), A, Heading(2, "登记", "2", "b"), B)
    new = (Heading(2, "受理", "1", "a"), A, para("备件由仓库按季度盘点，账物相符。"))
    found = summary(redline(old, new)).sections
    assert [(each.title, each.counts) for each in found] == [("受理", Counts(changed=1)), ("登记", Counts(deleted=1))]


def test_two_texts_without_a_difference_are_said_to_be_the_same() -> None:
    assert "内容一致，没有改动" in short([A, B], [A, B])


def test_what_stands_before_the_first_heading_is_named() -> None:
    assert "第一条之前的正文" in short([A], [FASTER])


def test_sections_tell_how_many_changes_they_have() -> None:
    told = html(blocks(OLD), blocks(NEW))
    assert re.findall(r'<section data-changes="(\d+)">', told) == ["0", "0", "2", "1", "2"]
