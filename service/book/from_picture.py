"""A picture of a text → what is printed: the picture with its caption, or a frame that says which one is missing or useless."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from service.book.model import Block, Grid, GridCell, Photo, Span
from service.kit.fingerprint import file_fingerprint
from service.text.model import Picture
from service.text.pictures import picture_sha256

FRAME = 4
"""Lines of the frame in a picture's place: as much as nobody overlooks."""


def picture_blocks(picture: Picture, images: Mapping[str, bytes]) -> Iterator[Block]:
    """`images`: the bytes of every picture that is there, by source; no bytes if they are none that can be printed."""
    data = images.get(picture.source)
    yield Photo(data, picture.alt or "图片", picture.alt) if data else _frame(picture_name(picture), _MISSING if data is None else _USELESS)


def useless(photo: Photo) -> Grid:
    """The frame for a picture that turned out to be none that can be printed."""
    return _frame(photo.caption or file_fingerprint(photo.data)[:12], _USELESS)


def picture_name(picture: Picture) -> str:
    """图 2 现场; without a title its source, of a long one the beginning."""
    return picture.alt or picture_sha256(picture.source)[:12] or picture.source[:60]


_MISSING, _USELESS = "图片缺失", "图片不能使用"


def _frame(name: str, words: str) -> Grid:
    return Grid((1,), ((GridCell(((Span(f"{words}：{name}", bold=True),),), align="center", lines=FRAME),),))
