"""Registers printed in the manual: 受控文件清单, 记录清单, 外来文件清单. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from service.book.model import Grid, GridCell, Heading, PageOf, Part, RunningHead
from service.documents.external_rules import UNCHECKED
from service.documents.rules import KIND_NAMES, short
from service.manuals.cells import cell, table
from service.manuals.register_rows import citations, record_rows
from service.manuals.rules import ManualSource, SourceDocument
from service.standards.rules import REFERENCE_STATUS_NAMES, ReferenceEntry
from service.text.model import Kind


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
            cell(document.effective_on.isoformat() if document.effective_on else "", align="center"),
            cell(document.department),
            page(document),
        )
        for position, document in enumerate(documents, 1)
    ]
    heads = ("序号", "文件编号", "文件名称", "类别", "版本", "实施日期", "归口部门", "页码")
    return _part(source, "master-list", "附录 受控文件清单", table(heads, rows, (6, 15, 30, 11, 7, 15, 12, 6), size="small"))


def record_list(source: ManualSource) -> Part:
    """记录清单: every record form with retention, the procedures that name it, and its page. Stands before the forms."""
    rows = [
        (
            cell(str(position), align="center"),
            cell(row.form.number),
            cell(row.form.title, target=row.form.anchor),
            cell(row.terms.retention, align="center"),
            cell(row.form.department),
            cell("、".join(short(number, source.code) for number in row.named_by)),
            page(row.form),
        )
        for position, row in enumerate(record_rows(source.documents), 1)
    ]
    heads = ("序号", "记录编号", "记录名称", "保存期限", "归口部门", "引用文件", "页码")
    return _part(source, "record-list", "记录清单", table(heads, rows, (6, 15, 27, 9, 13, 25, 6), size="small"))


def external_list(source: ManualSource) -> Part:
    """外来文件清单: the laws and standards that the texts cite, with how sure their status is."""
    rows = [_external(position, entry) for position, (entry, _) in enumerate(citations(source.documents, source.register), 1)]
    heads = ("序号", "文号或编号", "名称", "版次", "实施日期", "状态", "核对日期")
    return _part(source, "external-list", "附录 外来文件清单", table(heads, rows, (6, 20, 34, 12, 12, 8, 12), size="small"))


def _external(position: int, entry: ReferenceEntry) -> Iterable[GridCell]:
    return (
        cell(str(position), align="center"),
        cell(entry.number),
        cell(entry.title),
        cell(entry.edition or ""),
        cell(entry.effective.isoformat() if entry.effective else "未查明"),
        cell(REFERENCE_STATUS_NAMES[entry.status], align="center"),
        cell(entry.checked_on.isoformat() if entry.checked_on else UNCHECKED),
    )


def page(document: SourceDocument) -> GridCell:
    return GridCell(((PageOf(document.anchor),),), align="center")


def _part(source: ManualSource, anchor: str, title: str, grid: Grid) -> Part:
    head = RunningHead(f"{source.organisation}  {title.removeprefix('附录 ')}", f"{source.number}  {source.label}")
    return Part(anchor, (Heading(1, title, anchor=anchor), grid), head)
