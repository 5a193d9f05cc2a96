"""文件更改申请单 as a book: who asks for what and why, what it touches, how it was decided, what came of it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import chain
from typing import Any

from service.book.model import Book, Grid, GridCell, Para, Style
from service.changes.forms_layout import book, cell, centred, fields, head, part, some, table, text_rows, title_blocks, words
from service.changes.sheets import ItemLine, RequestSheet, Signed
from service.kit.dates import chinese_date

TITLE = "文件更改申请单"
MADE = "本单由系统根据申请和审批记录生成，不须手工填写；审批印记与审计追踪中的相同。"


def request_form(sheet: RequestSheet, *, whole: bool = True) -> Book:
    """The application; impact and decision only once there are any. Not `whole`: without impact and what has come of it."""
    blocks = chain(
        title_blocks(TITLE, f"编号：{sheet.number}    状态：{sheet.state}"),
        (_facts(sheet), _items(sheet)),
        (_impact(sheet.impact),) if whole and sheet.impact else (),
        (_decision(sheet, sheet.decision),) if sheet.decision else (),
        (_results(sheet),) if whole and sheet.granted else (),
        (Para(words(f"注：{MADE}"), Style.NOTE),),
    )
    return book(TITLE, sheet.organisation, sheet.number, (part("form", blocks, sheet.organisation, f"{TITLE}  {sheet.number}"),))


def _facts(sheet: RequestSheet) -> Grid:
    who = sheet.applicant
    first = (head("申请人"), centred(who.name), head("岗位"), centred(who.post), head("申请日期"), centred(chinese_date(who.on)))
    rows = (first, *text_rows("更改标题", sheet.title, 6), *text_rows("更改原因", sheet.reason, 6, lines=2))
    return fields(rows, (13, 17, 10, 24, 13, 23))


def _items(sheet: RequestSheet) -> Grid:
    """Each item in two rows: which document and where, then the proposed words over the full width."""
    heads = ("序号", "文件编号", "文件名称", "现行版本", "更改方式", "更改位置")
    rows = chain.from_iterable(_item(position, item) for position, item in enumerate(sheet.items, 1))
    return table(heads, rows, (7, 19, 30, 11, 11, 22), "拟更改的文件和内容")


def _item(position: int, item: ItemLine) -> Iterator[tuple[GridCell, ...]]:
    yield (
        centred(str(position)),
        cell(item.number or "（批准后编号）"),
        cell(item.title),
        centred(item.label or "—"),
        centred(item.manner),
        cell(item.place or ("全文" if item.label else "—")),
    )
    if item.proposed:
        yield from text_rows("内容", item.proposed, 6)


def _impact(impact: dict[str, Any]) -> Grid:
    on = chinese_date(date.fromisoformat(impact["on"]))
    rows = [row for document in impact["documents"] for row in _of_document(document)]
    nothing = (cell("没有发现受影响的文件、记录、指标和受控本。", colspan=4),)
    return table(("更改的文件", "影响方面", "涉及对象", "位置和说明"), rows or [nothing], (19, 14, 37, 30), f"影响分析（{on}）")


def _of_document(document: dict[str, Any]) -> Iterator[tuple[GridCell, ...]]:
    found = list(findings(document)) or [("—", "没有发现影响", "")]
    for aspect, what, note in found:
        yield cell(document["number"]), centred(aspect), cell(what), cell(note)


def findings(document: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(aspect, what is touched, where and how) of everything that one document's change touches."""
    for each in document["cited_by"]:
        yield "引用本文件", _named(each), _clauses(each["clauses"])
    for each in document["forms"]:
        shared = some(each["shared_with"])
        yield "记录表单", _named(each), f"{shared} 也使用" if shared else "只有本文件使用"
    for each in document["indicators"]:
        yield "评价指标", f"{each['code']} {each['title']}", _leaning(each)
    for each in document["quantities"]:
        yield "相同目标值", _named(each), f"{each['subject']} {each['value']}{_in_clause(each['clause'])}"
    if document["copies_out"]:
        yield "受控本", f"在外 {document['copies_out']} 份", "新修订实施后回收、换发"
    if document["unacknowledged"]:
        yield "阅读确认", f"{document['unacknowledged']} 人尚未确认现行修订", "新修订实施后重新确认"
    if document["open_requests"]:
        yield "其他更改申请", some(document["open_requests"]), "尚未完成"


def _named(each: dict[str, Any]) -> str:
    return f"{each['number']}《{each['title']}》"


def _clauses(clauses: list[str]) -> str:
    numbered = [clause for clause in clauses if clause]
    return f"第 {some(numbered)} 条" if numbered else "正文" if clauses else "列为本文件的记录"


def _in_clause(clause: str) -> str:
    return f"（第 {clause} 条）" if clause else ""


def _leaning(each: dict[str, Any]) -> str:
    where = f"{_clauses(each['clauses'])}，要素 {_numbers(each['elements'])}"
    if each["only"]:
        return f"{where}；只有本次更改的文件对应此指标"
    return f"{where}；要素 {_numbers(each['left_open'])} 没有其他文件对应" if each["left_open"] else where


def _numbers(numbers: list[int]) -> str:
    return "、".join(map(str, numbers))


def _decision(sheet: RequestSheet, by: Signed) -> Grid:
    signed = (head("批准人"), centred(by.name), head("岗位"), centred(by.post), head("审批日期"), centred(chinese_date(by.on)))
    verdict = (head("审批结论"), cell("同意更改" if sheet.granted else "不同意更改", colspan=5))
    sealed = (head("审批印记"), cell(sheet.seal, colspan=5))
    return fields((verdict, *text_rows("审批意见", sheet.comment or "无", 6), signed, sealed), (13, 17, 10, 24, 13, 23), "审批")


def _results(sheet: RequestSheet) -> Grid:
    """What has come of every document; several items of one document are one line."""
    lines = {item.number: item for item in sheet.items}
    rows = (
        (
            cell(item.number),
            cell(item.title),
            centred(item.label or "—"),
            centred(item.new_label or "—"),
            centred(item.result),
            centred(chinese_date(item.effective_on) or "—"),
        )
        for item in lines.values()
    )
    return table(("文件编号", "文件名称", "原版本", "新版本", "状态", "实施或作废日期"), rows, (19, 30, 9, 9, 12, 21), "办理情况")
