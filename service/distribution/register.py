"""文件发放回收登记表 of a day as JSON, XLSX and DOCX: the same bytes for the same input."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from service.book.docx import render_docx
from service.book.model import Block, Book, Grid, GridCell, Heading, Para, Part, RunningHead, Span, Style
from service.book.theme import FORMAL
from service.book.xlsx import Sheet, Value, render_xlsx
from service.distribution.queries import copy_rows
from service.distribution.rows import CopyRow
from service.distribution.rules import MEDIUM_NAMES, OUTCOME_NAMES
from service.documents.models import Document
from service.organisations.models import Organisation

TITLE = "文件发放回收登记表"


@dataclass(frozen=True, slots=True)
class Column:
    """A column as printed; `width` in characters."""

    head: str
    width: float
    value: Callable[[CopyRow], Value]
    center: bool = True


COLUMNS = (
    Column("文件编号", 19, lambda row: row.document, center=False),
    Column("文件名称", 22, lambda row: row.title, center=False),
    Column("版本", 8, lambda row: row.label),
    Column("分发号", 10.5, lambda row: f"{row.copy_number:02}"),
    Column("持有人", 11, lambda row: row.holder_name),
    Column("部门", 13, lambda row: row.department, center=False),
    Column("载体", 8, lambda row: MEDIUM_NAMES[row.medium]),
    Column("发放日期", 14.5, lambda row: row.issued_on),
    Column("签收日期", 14.5, lambda row: row.received_on),
    Column("回收日期", 14.5, lambda row: row.recalled_on),
    Column("处置", 20, lambda row: _outcome(row), center=False),
    Column("备注", 13, lambda row: "；".join(row.notes), center=False),
)


@dataclass(frozen=True, slots=True)
class Register:
    """The register of an organisation (by name) on day `on`, as recorded by `recorded_on` (None: now)."""

    organisation: str
    time_zone: str
    on: date
    recorded_on: datetime | None
    rows: tuple[CopyRow, ...]


def register_on(
    session: Session, organisation: Organisation, on: date, recorded_on: datetime | None = None, document: Document | None = None
) -> Register:
    """Of all documents, or of one."""
    rows = copy_rows(session, organisation, on, recorded_on, document=document)
    return Register(organisation.name, organisation.time_zone, on, recorded_on, tuple(rows))


def as_json(register: Register) -> dict[str, Any]:
    """The register as the API and the command line give it; days are still `date`."""
    return {
        "title": TITLE,
        "organisation": register.organisation,
        "on": register.on,
        "recorded_on": register.recorded_on,
        "copies": [asdict(row) for row in register.rows],
    }


def json_bytes(register: Register) -> bytes:
    return (json.dumps(as_json(register), ensure_ascii=False, indent=2, default=str) + "\n").encode()


def xlsx_bytes(register: Register) -> bytes:
    rows = tuple((position, *(column.value(row) for column in COLUMNS)) for position, row in enumerate(register.rows, 1))
    columns = (("序号", 8.0), *((column.head, column.width) for column in COLUMNS))
    return render_xlsx([Sheet(TITLE, columns, rows, heading=(TITLE, f"{register.organisation}    {as_of_words(register)}"))])


def docx_bytes(register: Register) -> bytes:
    """A4 landscape, the head on every page, company and day in the page header, a line to sign on below the table."""
    blocks: tuple[Block, ...] = (
        Heading(1, TITLE, anchor="register"),
        Para((Span(f"{register.organisation}　　{as_of_words(register)}"),), Style.CENTER),
        _grid(register),
        Para((Span("登记人：　　　　　　　　审核：　　　　　　　　日期："),), Style.NOTE),
    )
    head = RunningHead(f"{register.organisation}  {TITLE}", f"截至 {_chinese(register.on)}")
    part = Part("register", blocks, head, landscape=True)
    return render_docx(Book(TITLE, register.organisation, f"{TITLE} {register.on}", (part,)), FORMAL, None, {})


def as_of_words(register: Register) -> str:
    """截至 2026年3月1日，共 12 份, and on the second clock what moment's knowledge it is."""
    recorded = ""
    if register.recorded_on is not None:
        moment = register.recorded_on.astimezone(ZoneInfo(register.time_zone))
        recorded = f"（按系统 {moment:%Y-%m-%d %H:%M} 的记录）"
    return f"截至 {_chinese(register.on)}{recorded}，共 {len(register.rows)} 份"


def _grid(register: Register) -> Grid:
    """A register without rows says so: an empty page could be a fault."""
    heads = tuple(_cell(head, center=True, bold=True) for head in ("序号", *(column.head for column in COLUMNS)))
    rows = [
        (_cell(position, center=True), *(_cell(column.value(row), center=column.center) for column in COLUMNS))
        for position, row in enumerate(register.rows, 1)
    ]
    nothing = (GridCell(((Span("无"),),), colspan=len(heads), align="center"),)
    return Grid((8.0, *(column.width for column in COLUMNS)), (heads, *(rows or [nothing])), head=1, size="small")


def _cell(value: Value, *, center: bool, bold: bool = False) -> GridCell:
    lines = str(value).split("\n") if value not in (None, "") else []
    return GridCell(tuple((Span(line),) for line in lines), align="center" if center else "left", bold=bold, shade=bold)


def _outcome(row: CopyRow) -> str:
    """处置 with its day and, on a line of its own, its witness; before that, what has still to be done."""
    if row.outcome is not None:
        witness = f"\n见证人：{row.witness}" if row.witness else ""
        return f"{row.settled_on} {OUTCOME_NAMES[row.outcome]}{witness}"
    if row.recalled_on is not None:
        return "待处置"
    return f"应自 {row.recall_due_on} 起收回" if row.recall_due_on else ""


def _chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


FORMATS: Mapping[str, Callable[[Register], bytes]] = {"json": json_bytes, "xlsx": xlsx_bytes, "docx": docx_bytes}
