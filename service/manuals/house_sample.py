"""A few pages that show a theme before a manual is built in it: cover, a procedure with every kind of text, a table."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from service.book.model import Book, Grid, GridCell, Heading, Item, Numbering, Para, Part, RunningHead, Span, Style
from service.book.page_images import page_images
from service.book.theme import Theme
from service.manuals.cells import cell, space, table, words

PAGES = 2
"""Pages of the sample: the cover and a page of text."""


@lru_cache(maxsize=24)
def sample_pages(organisation: str, theme: Theme, fonts: Path) -> tuple[bytes, ...]:
    """The sample's pages as PNG."""
    return tuple(page_images(sample(organisation), theme, fonts)[:PAGES])


def sample(organisation: str) -> Book:
    """Short enough for one page of text in any theme."""
    return Book("售后服务管理手册", organisation, "版式样张", (_cover(organisation), _text(organisation)))


def _cover(organisation: str) -> Part:
    facts = (("文件编号", "SH-SC"), ("版本/修订状态", "A/0")), (("受控状态", "□受控  □非受控"), ("分发号", ""))
    rows = tuple(tuple(each for name, value in row for each in (cell(name, head=True), cell(value, align="center"))) for row in facts)
    blocks = (
        *space(3),
        Para(words(organisation), Style.COVER_COMPANY),
        *space(4),
        Para(words("售后服务管理手册"), Style.COVER_TITLE),
        *space(1),
        Para(words("依据 GB/T 27922-2011《商品售后服务评价体系》编制"), Style.COVER_SUBTITLE),
        *space(3),
        Grid((18, 32, 18, 32), rows, air=0.5),
    )
    return Part("cover", blocks, None, Numbering.NONE)


def _text(organisation: str) -> Part:
    heads, rows = (
        ("项目", "要求", "记录"),
        (("受理", "30 分钟内登记并派工", "《维修服务单》"), ("回访", "服务结束后 24 小时内", "《回访记录》")),
    )
    register = table(heads, [_row(row) for row in rows], (1, 2, 1), caption="表 1 报修要求")
    blocks = (
        Heading(1, "报修、送修和上门维修服务程序"),
        Heading(2, "目的", "1"),
        Para(words("为规范报修、送修和上门维修服务，及时恢复商品的正常使用，制定本程序。")),
        Heading(2, "程序及要求", "2"),
        Heading(3, "受理与派工", "2.1"),
        Para((Span("受理员接到报修后应当立即登记，"), Span("不得推诿", bold=True), Span("，并按下列次序处理："))),
        Item("a)", words("核对商品型号、购买日期和保修状态；")),
        Item("b)", words("与顾客约定上门时间，转交区域主管派工。")),
        Heading(4, "夜间与节假日", "2.1.1"),
        Para(words("由值班工程师受理，次日 9:00 前补录。")),
        register,
        Para(words("注：保修期以购买凭证上的日期起算。"), Style.NOTE),
    )
    return Part("sample", blocks, RunningHead(f"{organisation}  报修服务程序", "SH-CX-21  A/0"))


def _row(values: tuple[str, ...]) -> tuple[GridCell, ...]:
    return tuple(cell(value) for value in values)
