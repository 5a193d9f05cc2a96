"""修改页 as a book: for each document what differs between the former revision and the new one, clause by clause. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from service.book.model import Book, Grid, GridCell, Heading, Part
from service.changes.differences import DIFFERENCE_NAMES, SectionChange
from service.changes.forms_layout import book, cell, centred, fields, head, part, signature, table, text_rows
from service.changes.sheets import PageSheet
from service.kit.dates import chinese_date

TITLE = "文件修改页"
MEANINGS = ("编制", "审核", "批准")


def pages_form(sheets: Sequence[PageSheet]) -> Book:
    """A page for each document; at least one."""
    first = sheets[0]
    return book(TITLE, first.organisation, first.request or first.number, [_page(index, sheet) for index, sheet in enumerate(sheets, 1)])


def _page(index: int, sheet: PageSheet) -> Part:
    anchor = f"page-{index}"
    blocks = (Heading(1, TITLE, anchor=anchor), _facts(sheet), _changes(sheet), _signatures(sheet))
    return part(anchor, blocks, f"{sheet.organisation}  {sheet.title}", f"{sheet.number}  {sheet.after}")


def _facts(sheet: PageSheet) -> Grid:
    effective = chinese_date(sheet.effective_on) or "待发布"
    first = (head("文件编号"), centred(sheet.number), head("文件名称"), cell(sheet.title, align="center", colspan=3))
    second = (head("版本/修订"), centred(f"{sheet.before} → {sheet.after}"), head("实施日期"), centred(effective))
    rows = [first, (*second, head("申请单"), centred(sheet.request or "—"))]
    return fields((*rows, *text_rows("修改内容", sheet.summary, 6)), (13, 22, 12, 20, 11, 22))


def _changes(sheet: PageSheet) -> Grid:
    rows = [_change(position, change) for position, change in enumerate(sheet.changes, 1)]
    same: tuple[GridCell, ...] = (cell("正文没有改变，只更新了指标对应、引用等文件属性。", colspan=5),)
    return table(("序号", "条款", "方式", "修改前", "修改后"), rows or [same], (7, 17, 8, 34, 34), "修改对照")


def _change(position: int, change: SectionChange) -> tuple[GridCell, ...]:
    return (
        centred(str(position)),
        cell(f"{change.clause} {change.title}".strip()),
        centred(DIFFERENCE_NAMES[change.difference]),
        cell(change.before or "—"),
        cell(change.after or "—"),
    )


def _signatures(sheet: PageSheet) -> Grid:
    signed = {row.meaning: row for row in sheet.signed}
    row: list[GridCell] = []
    for meaning in MEANINGS:
        by = signed.get(meaning)
        row += [head(meaning), signature(by.name, by.post, by.on) if by else cell("")]
    return fields((row,), (9, 24, 9, 24, 9, 25), "签署")
