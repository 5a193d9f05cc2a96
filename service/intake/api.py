"""JSON of intake: texts uploaded, recognised as drafts, with the report of every repair and blank."""

from __future__ import annotations

from pathlib import PurePath
from typing import Annotated, Any

from fastapi import APIRouter, File, Query, UploadFile
from pydantic import BaseModel

from service import clock
from service.errors import TooLarge, UnknownMedia
from service.intake.actions import import_drafts
from service.intake.model import as_json
from service.intake.read import LARGEST, SUFFIXES, read_text
from service.organisations.api import Member, allowed_to_write
from service.organisations.roles import Act
from service.web.depends import Writing
from service.web.faults import PROBLEMS
from service.web.once import OnceRoute

router = APIRouter(prefix="/organisations/{code}/imports", tags=["imports"], route_class=OnceRoute, responses=PROBLEMS)


class ImportAnswer(BaseModel):
    """Numbers of the drafts made (none if `dry_run`), and what was found in the file: drafts and report."""

    documents: list[str]
    file: dict[str, Any]


@router.post("", status_code=201)
def import_text(
    member: Annotated[Member, allowed_to_write(Act.CLONE)],
    session: Writing,
    file: Annotated[UploadFile, File(description="文本或 Markdown 文件，不超过 10 MB")],
    dry_run: Annotated[bool, Query(description="只报告，不建立草稿")] = False,
) -> ImportAnswer:
    """识别一个文本或 Markdown 文件，建立草稿，并报告结构、修复和空缺。"""
    name = PurePath((file.filename or "").replace("\\", "/")).name or "上传文件"
    if PurePath(name).suffix.lower() not in SUFFIXES:
        raise UnknownMedia(f"{name} 不是文本或 Markdown 文件，请先另存为 .txt 或 .md", code="not_text")
    data = file.file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise TooLarge(f"{name} 超过 10 MB，请分成几个文件导入", code="file_too_large")
    result = read_text(data, name=name)
    made = [] if dry_run else import_drafts(session, member.organisation, result.drafts, by=member.actor(session), at=clock.now())
    return ImportAnswer(documents=[document.number for document in made], file=as_json(result))
