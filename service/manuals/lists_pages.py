"""文件清单: every master list of a day on screen, and as a file to print or to send."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from service.kit.dates import chinese_date
from service.manuals.list_columns import TITLES, Column, ListName
from service.manuals.list_rows import ExternalRow, ObsoleteRow, Row
from service.manuals.lists import ControlledList, ListFormat, as_of_words, columns_of, controlled_list
from service.manuals.lists_api import answered
from service.manuals.workshop import workshop_for
from service.organisations.api import Member, allowed
from service.organisations.pages import organisation_page
from service.organisations.roles import Act
from service.standards.shipped import register
from service.web.depends import AsOf, Reading, RecordedOn
from service.web.heavy import Heavy
from service.web.portions import PageNumber, portion

router = APIRouter(prefix="/organisations/{code}/lists")
Viewer = Annotated[Member, allowed(Act.READ_ALL)]

ABOUT = {
    ListName.DOCUMENTS: "当日现行有效的手册、程序文件、管理制度和外来文件，附版本、归口部门和下次评审日期。",
    ListName.RECORDS: "当日现行有效的记录表单，附保存部门、保存期限和所属文件。",
    ListName.EXTERNAL: "已登记或被文件引用的法律法规和标准，附版次、状态和核对情况。",
    ListName.OBSOLETE: "到当日为止已被代替或作废的修订，附作废日期、原因和作废保留件。",
}


class FileFormat(StrEnum):
    """What a list can be downloaded as."""

    XLSX = "xlsx"
    DOCX = "docx"
    PDF = "pdf"


@router.get("")
def lists(member: Viewer, session: Reading, as_of: AsOf, recorded_on: RecordedOn, page: PageNumber = 1) -> HTMLResponse:
    return _page(session, member, ListName.DOCUMENTS, as_of, recorded_on, page)


@router.get("/{name}.{file_format}", dependencies=[Heavy])
def file(name: ListName, file_format: FileFormat, member: Viewer, session: Reading, as_of: AsOf, recorded_on: RecordedOn) -> Response:
    """The list as a file."""
    made = _made(session, member, name, as_of, recorded_on)
    return answered(made, ListFormat(file_format.value), workshop_for(session, member.organisation).theme)


@router.get("/{name}")
def controlled_list_page(
    name: ListName, member: Viewer, session: Reading, as_of: AsOf, recorded_on: RecordedOn, page: PageNumber = 1
) -> HTMLResponse:
    return _page(session, member, name, as_of, recorded_on, page)


def _made(session: Session, member: Member, name: ListName, as_of: date | None, recorded_on: datetime | None) -> ControlledList:
    return controlled_list(session, member.organisation, name, register(), as_of or member.today, recorded_on)


def _page(session: Session, member: Member, name: ListName, as_of: date | None, recorded_on: datetime | None, page: int) -> HTMLResponse:
    made = _made(session, member, name, as_of, recorded_on)
    asked = {"as_of": as_of, "recorded_on": recorded_on.isoformat() if recorded_on else None}
    return organisation_page(
        "manuals/lists.html",
        member,
        "lists",
        as_of=as_of,
        made=made,
        titles=TITLES,
        about=ABOUT[name],
        said=as_of_words(made),
        columns=columns_of(made),
        shown=portion(list(enumerate(made.rows, 1)), page, asked),
        printed=partial(printed, made.code),
        address=address,
        formats=list(FileFormat),
        asked={key: value for key, value in asked.items() if value},
        kept={key: value for key, value in asked.items() if value and key != "as_of"},
    )


def printed(company: str, column: Column, row: Row) -> str:
    """What stands in a cell on screen."""
    value = column.printed(row, company)
    return chinese_date(value) if isinstance(value, date) else str("" if value is None else value)


def address(row: Row) -> str:
    """The page of what a row is about, below the organisation."""
    if isinstance(row, ExternalRow):
        return "/external-documents"
    return f"/documents/{row.number}" + (f"?revision={row.label}" if isinstance(row, ObsoleteRow) else "")
