"""JSON API of redlines: two revisions of a document, two manuals; the answer is a file."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from service.manuals.answers import MEDIA
from service.manuals.redline_files import RedlineFormat
from service.manuals.redline_pages import Viewer, document_answer, manual_answer
from service.web.depends import Noting, Reading
from service.web.faults import PROBLEMS
from service.web.heavy import Heavy

documents = APIRouter(prefix="/organisations/{code}/documents", tags=["documents"], responses=PROBLEMS)
"""Stands before the routes of documents, whose last one takes every number."""
manuals = APIRouter(prefix="/organisations/{code}/manuals", tags=["manuals"], responses=PROBLEMS)

_BINARY = {"schema": {"type": "string", "format": "binary"}}
_FILES: dict[int | str, dict[str, Any]] = {
    200: {"description": "文件", "content": {MEDIA[name].partition(";")[0]: _BINARY for name in RedlineFormat}}
}
Wanted = Annotated[RedlineFormat, Query(alias="format", description="docx：修订标记；html：对照页")]
OldLabel = Annotated[str, Query(alias="from", max_length=12, description="原修订，例如 A/0")]
NewLabel = Annotated[str, Query(alias="to", max_length=12, description="新修订，例如 A/1")]
OldEdition = Annotated[str, Query(alias="from", max_length=40, description="原版手册：日期 YYYY-MM-DD，或一次编制的编号")]
NewEdition = Annotated[str, Query(alias="to", max_length=40, description="新版手册：日期 YYYY-MM-DD，或一次编制的编号")]


@documents.get("/{number:path}/redline", dependencies=[Heavy], response_class=Response, responses=_FILES)
def document_redline(
    number: str, member: Viewer, session: Reading, note: Noting, from_: OldLabel, to: NewLabel, format_: Wanted = RedlineFormat.DOCX
) -> Response:
    """一份文件两个修订的对照：DOCX 中接受全部修订即为新文本，拒绝全部修订即为原文本。下载记入审计追踪。"""
    return document_answer(member, session, note, number, (from_, to), format_)


@manuals.get("/redline", dependencies=[Heavy], response_class=Response, responses=_FILES)
def manual_redline(
    member: Viewer, session: Reading, note: Noting, from_: OldEdition, to: NewEdition, format_: Wanted = RedlineFormat.DOCX
) -> Response:
    """两版手册逐份对照，前面是摘要。下载记入审计追踪。"""
    return manual_answer(member, session, note, (from_, to), format_)
