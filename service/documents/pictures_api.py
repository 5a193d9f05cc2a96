"""JSON of pictures: upload one for the texts of an organisation, and fetch one."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, File, Path, Response, UploadFile

from service import clock
from service.book.clean_picture import ENDINGS, LARGEST
from service.documents.picture_queries import find_picture
from service.documents.picture_schemas import PictureBody, picture_body
from service.documents.pictures import keep_picture, prepared_picture
from service.documents.pictures_pages import shown
from service.organisations.api import Member, Reader, allowed_to_write_later
from service.organisations.roles import Act
from service.organisations.rules import require
from service.web.depends import Noting, Reading
from service.web.faults import PROBLEMS
from service.web.heavy import Heavy
from service.web.once import OnceRoute

router = APIRouter(prefix="/organisations/{code}/pictures", tags=["pictures"], route_class=OnceRoute, responses=PROBLEMS)
_FOUND: dict[int | str, dict[str, Any]] = {
    200: {"description": "图片", "content": {media: {"schema": {"type": "string", "format": "binary"}} for media in ENDINGS}}
}


@router.post("", status_code=201, dependencies=[Heavy])
def add(
    member: Annotated[Member, allowed_to_write_later(Act.DRAFT)],
    session: Reading,
    note: Noting,
    file: Annotated[UploadFile, File(description="PNG、JPEG 或 SVG 图片，不超过 5 MB、2500 万像素")],
) -> PictureBody:
    """上传一张图片，供正文引用；拍摄信息（位置、时间等）会被去掉，过大的图片会缩小。同一图片再次上传时返回已有的。"""
    owner, by, name = member.organisation, member.actor(session), file.filename or ""
    require(by, Act.DRAFT)
    clean = prepared_picture(file.file.read(LARGEST + 1), name)
    with note() as noting:
        return picture_body(owner.code, keep_picture(noting, owner, clean, name, by=by, at=clock.now()))


@router.get("/{sha256}", response_class=Response, responses=_FOUND)
def picture(sha256: Annotated[str, Path(max_length=64)], member: Reader, session: Reading) -> Response:
    """本企业的一张图片。"""
    return shown(find_picture(session, member.organisation.id, sha256))
