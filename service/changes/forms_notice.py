"""文件更改通知 as a book: which documents have changed, from when, what becomes of the old copies, and for whom it is. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from service.book.model import Block, Book, Break, Grid, GridCell, Para, Style
from service.changes.differences import shortened
from service.changes.forms_layout import book, cell, centred, part, table, text_rows, title_blocks, words
from service.changes.rules import OUT
from service.changes.sheets import ChangedLine, NoticeSheet
from service.distribution.rows import CopyRow
from service.distribution.rules import COPY_STATUS_NAMES, MEDIUM_NAMES
from service.kit.dates import chinese_date

TITLE = "文件更改通知"
LONGEST_SUMMARY = 400


def notice_form(sheet: NoticeSheet) -> Book:
    """The notice of what is released or obsolete by now."""
    blocks = chain(
        title_blocks(TITLE, f"申请单编号：{sheet.number}"),
        _opening(sheet),
        (_changes(sheet),),
        _old_copies(sheet),
        (_addressees(sheet),),
        _ending(sheet),
    )
    return book(TITLE, sheet.organisation, sheet.number, (part("form", blocks, sheet.organisation, f"{TITLE}  {sheet.number}"),))


def _opening(sheet: NoticeSheet) -> Iterator[Block]:
    yield Para(words("各有关部门："), Style.FLUSH)
    yield Para(
        words(
            f"文件更改申请“{sheet.title}”已于{chinese_date(sheet.decision.on)}批准，下列文件已经更改。"
            "请自实施日期起执行新版本，停止使用旧版本；作废的文件自作废日期起不得使用。"
        )
    )
    if sheet.pending:
        yield Para(words(f"本申请中的 {'、'.join(sheet.pending)} 尚未发布，发布后另行通知。"))


def _changes(sheet: NoticeSheet) -> Grid:
    heads = ("序号", "文件编号", "文件名称", "方式", "原版本", "新版本", "实施或作废日期")
    rows = chain.from_iterable(_change(position, line) for position, line in enumerate(sheet.lines, 1))
    return table(heads, rows, (7, 19, 27, 9, 9, 9, 20), "更改的文件")


def _change(position: int, line: ChangedLine) -> Iterator[tuple[GridCell, ...]]:
    yield (
        centred(str(position)),
        cell(line.number),
        cell(line.title),
        centred(line.manner),
        centred(line.before or "—"),
        centred(line.after or "—"),
        centred(chinese_date(line.effective_on)),
    )
    if line.summary:
        yield from text_rows("内容", shortened(line.summary, LONGEST_SUMMARY), 7)


def _old_copies(sheet: NoticeSheet) -> Iterator[Block]:
    """What to do with the former revisions' copies: those that are out by number and holder, or that there are none."""
    yield Para(words("旧版文件的处理"), Style.CAPTION)
    out = [copy for copy in sheet.copies if copy.status in OUT]
    if not out:
        yield Para(words("没有在外的旧版受控本，不须回收；自行下载、打印的旧版文件请各部门自行销毁。"))
        return
    yield Para(
        words(
            f"下列旧版受控本共 {len(out)} 份，请持有人交回文控员，换领新版受控本；收回的旧版由文控员登记销毁，"
            "确需留存的加盖“作废保留”印章。自行下载、打印的旧版文件请各部门自行销毁。"
        )
    )
    rows = (_copy(copy) for copy in out)
    yield table(("文件编号", "旧版本", "分发号", "持有人", "部门", "载体", "状态"), rows, (19, 10, 10, 17, 20, 10, 14))


def _copy(copy: CopyRow) -> tuple[GridCell, ...]:
    return (
        cell(copy.document),
        centred(copy.label),
        centred(f"{copy.copy_number:02}"),
        centred(copy.holder_name),
        centred(copy.department),
        centred(MEDIUM_NAMES[copy.medium]),
        centred(COPY_STATUS_NAMES[copy.status]),
    )


def _addressees(sheet: NoticeSheet) -> Grid:
    rows = ((cell(line.number), cell(line.title), cell(line.addressed_to)) for line in sheet.lines)
    return table(("文件编号", "文件名称", "发放范围"), rows, (19, 33, 48), "发放范围")


def _ending(sheet: NoticeSheet) -> Iterator[Block]:
    by = sheet.decision
    yield Para((), Style.SPACER)
    lines = (f"批准：{by.post} {by.name}", sheet.organisation, chinese_date(sheet.on))
    yield Para((*words(lines[0]), Break(), *words(lines[1]), Break(), *words(lines[2])), Style.RIGHT)
