"""受控文件清单, 记录清单, 外来文件清单 and 作废文件清单 of a day as JSON, XLSX, DOCX and PDF: the same bytes for the same input."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from service.book.model import Block, Book, Grid, GridCell, Heading, Para, Part, RunningHead, Style
from service.book.theme import Theme
from service.book.widths import display_width
from service.book.xlsx import Sheet, Value, render_xlsx
from service.kit.dates import chinese_date
from service.manuals.assemble import Volume
from service.manuals.build import Format, render
from service.manuals.cells import cell, table, words
from service.manuals.list_columns import COLUMNS, POSITION, TITLES, Column, ListName
from service.manuals.list_queries import external_rows, master_rows, obsolete_rows, record_form_rows
from service.manuals.list_rows import Row
from service.organisations.models import Organisation
from service.standards.rules import ReferenceEntry


class ListFormat(StrEnum):
    JSON = "json"
    XLSX = "xlsx"
    DOCX = "docx"
    PDF = "pdf"


@dataclass(frozen=True, slots=True)
class ControlledList:
    """A list of day `on`, as known at `recorded_on` (None: at the moment it was made)."""

    name: ListName
    organisation: str
    code: str
    time_zone: str
    on: date
    recorded_on: datetime | None
    rows: tuple[Row, ...]

    @property
    def title(self) -> str:
        return TITLES[self.name]

    @property
    def stem(self) -> str:
        """What its files are called: JC-documents-2026-03-01."""
        return f"{self.code}-{self.name.value}-{self.on}"


def controlled_list(
    session: Session,
    organisation: Organisation,
    name: ListName,
    register: Sequence[ReferenceEntry],
    on: date,
    recorded_on: datetime | None = None,
) -> ControlledList:
    """Gather one list. `register` is the shipped one, for what the texts cite and the organisation has not registered."""
    rows: Sequence[Row]
    match name:
        case ListName.DOCUMENTS:
            rows = master_rows(session, organisation, on, recorded_on)
        case ListName.RECORDS:
            rows = record_form_rows(session, organisation, on, recorded_on)
        case ListName.EXTERNAL:
            rows = external_rows(session, organisation, register, on, recorded_on)
        case ListName.OBSOLETE:
            rows = obsolete_rows(session, organisation, on, recorded_on)
    return ControlledList(name, organisation.name, organisation.code, organisation.time_zone, on, recorded_on, tuple(rows))


def list_bytes(made: ControlledList, format_: ListFormat, theme: Theme, fonts: Path) -> bytes:
    """The list as a file."""
    if format_ is ListFormat.JSON:
        return (json.dumps(as_json(made), ensure_ascii=False, indent=2, default=str) + "\n").encode()
    if format_ is ListFormat.XLSX:
        return render_xlsx([sheet(made)])
    [file] = render(Volume(made.stem, book(made)), [Format(format_.value)], theme, fonts)
    return file.data


def as_json(made: ControlledList) -> dict[str, Any]:
    """The list as the API gives it; days are still `date`."""
    return {
        "list": made.name.value,
        "title": made.title,
        "organisation": made.organisation,
        "as_of": made.on,
        "recorded_on": made.recorded_on.isoformat() if made.recorded_on else None,
        "items": [asdict(row) for row in made.rows],
    }


def sheet(made: ControlledList) -> Sheet:
    columns = columns_of(made)
    rows = tuple((number, *(column.printed(row, made.code) for column in columns)) for number, row in enumerate(made.rows, 1))
    heads = tuple((column.head, column.width) for column in (POSITION, *columns))
    center = tuple(place for place, column in enumerate((POSITION, *columns)) if column.center)
    return Sheet(made.title, heads, rows, heading=(made.title, f"{made.organisation}    {as_of_words(made)}"), center=center)


def book(made: ControlledList) -> Book:
    """Title, whose and of which day, the table, and a line to sign on: landscape, the head on every page."""
    blocks: tuple[Block, ...] = (
        Heading(1, made.title, anchor="list"),
        Para(words(f"{made.organisation}　　{as_of_words(made)}"), Style.CENTER),
        _grid(made),
        Para(words("编制：　　　　　　　　审核：　　　　　　　　批准：　　　　　　　　日期："), Style.NOTE),
    )
    head = RunningHead(f"{made.organisation}  {made.title}", f"截至 {chinese_date(made.on)}")
    return Book(made.title, made.organisation, f"{made.title} {made.on}", (Part("list", blocks, head, landscape=True),))


def _grid(made: ControlledList) -> Grid:
    """The table; one without rows says so: an empty page could be a fault."""
    columns = (POSITION, *columns_of(made))
    heads, widths = [column.head for column in columns], tuple(column.width for column in columns)
    rows = [_cells(number, row, columns, made.code) for number, row in enumerate(made.rows, 1)]
    return table(heads, rows or [[cell("无", align="center", colspan=len(columns))]], widths, size="small")


def _cells(number: int, row: Row, columns: Sequence[Column], company: str) -> list[GridCell]:
    room = _ROOM / sum(column.width for column in columns)
    return [cell(str(number), align="center"), *(_cell(column, _printed(column.printed(row, company)), room) for column in columns[1:])]


def _cell(column: Column, value: str, room: float) -> GridCell:
    if not column.numbers:
        return cell(value, align="center" if column.center else "left")
    return GridCell(tuple(words(line) for line in _lines(value, room * column.width - _PADDING)))


def _lines(value: str, room: float) -> Iterator[str]:
    """Numbers joined by 、 in lines of at most so many characters (a Hanzi counts two), broken between numbers only."""
    line = ""
    for number in value.split("、"):
        longer = f"{line}、{number}" if line else number
        if line and display_width(longer) + 2 > room:
            yield f"{line}、"
            longer = number
        line = longer
    if line:
        yield line


_ROOM, _PADDING = 140, 2.2
"""Characters of small type that fill a landscape line and a cell's padding; numbers are mostly capitals, which are broad."""


def as_of_words(made: ControlledList) -> str:
    """截至 2026年3月1日，共 12 项, and on the second clock what moment's knowledge it is."""
    known = ""
    if made.recorded_on is not None:
        moment = made.recorded_on.astimezone(ZoneInfo(made.time_zone))
        known = f"（按系统 {moment:%Y-%m-%d %H:%M} 的记录）"
    return f"截至 {chinese_date(made.on)}{known}，共 {len(made.rows)} 项"


def table_of(made: ControlledList) -> tuple[list[str], list[list[str]]]:
    """Heads and rows as words, for a screen."""
    columns = columns_of(made)
    rows = [[str(number), *(_printed(column.printed(row, made.code)) for column in columns)] for number, row in enumerate(made.rows, 1)]
    return [POSITION.head, *(column.head for column in columns)], rows


def columns_of(made: ControlledList) -> list[Column]:
    """The columns of a list without 序号; an optional one only if some row has something to say."""
    return [column for column in COLUMNS[made.name] if not column.optional or any(column.value(row) for row in made.rows)]


def _printed(value: Value) -> str:
    return "" if value is None else str(value)
