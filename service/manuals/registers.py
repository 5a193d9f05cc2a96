"""Registers printed in the manual: 受控文件清单, 记录清单, 外来文件清单. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from service.book.model import Grid, GridCell, Heading, PageOf, Part, RunningHead
from service.documents.rules import KIND_NAMES
from service.manuals.front import cell, chinese_date, table
from service.manuals.rules import ManualSource, SourceDocument
from service.standards.rules import ReferenceEntry
from service.text.model import Kind
from service.text.plain import blocks_text


def master_list(source: ManualSource) -> Part:
    """受控文件清单 of all documents but record forms, with pages."""
    documents = [document for document in source.documents if document.kind is not Kind.RECORD_FORM]
    rows = [
        (
            cell(str(position), align="center"),
            cell(document.number),
            cell(document.title, target=document.anchor),
            cell(KIND_NAMES[document.kind], align="center"),
            cell(document.label, align="center"),
            cell(chinese_date(document.effective_on)),
            cell(document.department),
            page(document),
        )
        for position, document in enumerate(documents, 1)
    ]
    heads = ("序号", "文件编号", "文件名称", "类别", "版本", "实施日期", "归口部门", "页码")
    return _part(source, "master-list", "附录 受控文件清单", table(heads, rows, (6, 15, 30, 11, 7, 15, 12, 6), size="small"))


def record_list(source: ManualSource) -> Part:
    """记录清单: every record form with retention, the procedures that name it, and its page. Stands before the forms."""
    users = _users(source)
    rows = [
        (
            cell(str(position), align="center"),
            cell(form.number),
            cell(form.title, target=form.anchor),
            cell(f"{form.retention_years} 年" if form.retention_years else "", align="center"),
            cell(form.department),
            cell("、".join(users.get(form.key, []))),
            page(form),
        )
        for position, form in enumerate(source.of_kind(Kind.RECORD_FORM), 1)
    ]
    heads = ("序号", "记录编号", "记录名称", "保存期限", "归口部门", "引用文件", "页码")
    return _part(source, "record-list", "记录清单", table(heads, rows, (6, 15, 27, 9, 13, 25, 6), size="small"))


def _users(source: ManualSource) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for document in source.documents:
        for key in document.procedure.front.records:
            found.setdefault(key, []).append(document.number.rsplit("/", 1)[-1])
    return found


def external_list(source: ManualSource) -> Part:
    """外来文件清单: the laws and standards that the texts cite, with how sure their status is."""
    texts = [blocks_text(section.blocks) for document in source.documents for section in document.procedure.sections]
    everything = "\n".join([*texts, *(blocks_text(document.procedure.preamble) for document in source.documents)])
    rows = [_external(position, entry) for position, entry in enumerate(cited(source.register, everything), 1)]
    heads = ("序号", "文号或编号", "名称", "版次", "实施日期", "状态", "核对日期")
    return _part(source, "external-list", "附录 外来文件清单", table(heads, rows, (6, 20, 34, 12, 12, 8, 12), size="small"))


def cited(register: Sequence[ReferenceEntry], words: str) -> list[ReferenceEntry]:
    """The entries that a text names: by number, or by 《title》 unless that title belongs to another entry cited by number."""
    by_number = [entry for entry in register if _DIGIT.search(entry.number) and entry.number in words]
    taken = {entry.title for entry in by_number}
    by_title = [e for e in register if e.title not in taken and (f"《{e.title}》" in words or f"《{e.number}》" in words)]
    return [entry for entry in register if entry in by_number or entry in by_title]


_DIGIT = re.compile(r"\d")  # a law's "number" may be its short name, which other titles hold too


def _external(position: int, entry: ReferenceEntry) -> Iterable[GridCell]:
    status = {"in_force": "现行", "replaced": "被代替", "unknown": "不明"}[entry.status.value]
    return (
        cell(str(position), align="center"),
        cell(entry.number),
        cell(entry.title),
        cell(entry.edition or ""),
        cell(entry.effective.isoformat() if entry.effective else "未查明"),
        cell(status, align="center"),
        cell(entry.checked_on.isoformat() if entry.checked_on else "未核对"),
    )


def page(document: SourceDocument) -> GridCell:
    return GridCell(((PageOf(document.anchor),),), align="center")


def _part(source: ManualSource, anchor: str, title: str, grid: Grid) -> Part:
    head = RunningHead(f"{source.organisation}  {title.removeprefix('附录 ')}", f"{source.number}  {source.label}")
    return Part(anchor, (Heading(1, title, anchor=anchor), grid), head)
