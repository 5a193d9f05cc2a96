"""The master lists of a day, for programs and as files to print."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from service.book.theme import Theme
from service.manuals.list_columns import ListName
from service.manuals.list_rows import ExternalRow, MasterRow, ObsoleteRow, RecordFormRow
from service.manuals.lists import ControlledList, ListFormat, controlled_list, list_bytes
from service.manuals.workshop import workshop_for
from service.organisations.api import Member, allowed
from service.organisations.roles import Act
from service.settings import settings
from service.standards.shipped import register
from service.web.depends import AsOf, Reading, RecordedOn
from service.web.faults import PROBLEMS
from service.web.heavy import Heavy

router = APIRouter(prefix="/organisations/{code}/lists", tags=["lists"], responses=PROBLEMS)

MEDIA: Mapping[ListFormat, str] = {
    ListFormat.JSON: "application/json",
    ListFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ListFormat.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ListFormat.PDF: "application/pdf",
}
_FILE = {"schema": {"type": "string", "format": "binary"}}
_EXAMPLE: dict[str, Any] = {
    "list": "documents",
    "title": "受控文件清单",
    "organisation": "示范甲公司",
    "as_of": "2026-03-01",
    "recorded_on": None,
    "items": [
        {
            "number": "JC/SH-CX-01",
            "title": "维修服务程序",
            "kind": "程序文件",
            "label": "A/0",
            "department": "服务部",
            "released_on": "2026-01-20",
            "effective_on": "2026-02-01",
            "state": "现行有效",
            "next_review_on": "2027-02-01",
        }
    ],
}


class ListBody(BaseModel):
    """A list of a day: `items` are the rows of the list that was asked for."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    name: Annotated[ListName, Field(alias="list")]
    title: str
    organisation: str
    as_of: date
    recorded_on: datetime | None
    items: list[MasterRow | RecordFormRow | ExternalRow | ObsoleteRow]


_CONTENT = {media: _FILE for format_, media in MEDIA.items() if format_ is not ListFormat.JSON}


@router.get(
    "/{name}",
    dependencies=[Heavy],
    responses={200: {"model": ListBody, "description": "清单", "content": _CONTENT}},
    response_class=Response,
)
def controlled_list_of_day(
    name: ListName,
    member: Annotated[Member, allowed(Act.READ_ALL)],
    session: Reading,
    as_of: AsOf,
    recorded_on: RecordedOn,
    format_: Annotated[ListFormat, Query(alias="format", description="json、xlsx、docx 或 pdf")] = ListFormat.JSON,
) -> Response:
    """受控文件清单、记录清单、外来文件清单或作废文件清单：某日的，按系统某时刻所知。"""
    made = controlled_list(session, member.organisation, name, register(), as_of or member.today, recorded_on)
    return answered(made, format_, workshop_for(session, member.organisation).theme)


def answered(made: ControlledList, format_: ListFormat, theme: Theme) -> Response:
    """The list as an answer; a file is to be kept, not shown."""
    data = list_bytes(made, format_, theme, settings().fonts)
    if format_ is ListFormat.JSON:
        return Response(data, media_type=MEDIA[format_])
    printed = quote(f"{made.title}-{made.on}.{format_.value}")
    disposition = f"attachment; filename=\"{made.stem}.{format_.value}\"; filename*=UTF-8''{printed}"
    return Response(data, media_type=MEDIA[format_], headers={"Content-Disposition": disposition})
