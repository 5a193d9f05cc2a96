"""A picture of a text → what is printed: the picture with its caption, or a frame that says which one is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from service.book.model import Block, Grid, GridCell, Photo, Span
from service.text.model import Picture
from service.text.pictures import picture_sha256

FRAME = 4
"""Lines of the frame of a missing picture: as much as nobody overlooks."""


def picture_blocks(picture: Picture, images: Mapping[str, bytes]) -> Iterator[Block]:
    """`images`: the bytes of every picture that is there, by source."""
    data = images.get(picture.source)
    yield Photo(data, picture.alt or "图片", picture.alt) if data else missing_frame(picture)


def missing_frame(picture: Picture) -> Grid:
    """图片缺失：图 2 现场; without a title its source, of a long one the beginning."""
    named = picture.alt or picture_sha256(picture.source)[:12] or picture.source[:60]
    return Grid((1,), ((GridCell(((Span(f"图片缺失：{named}", bold=True),),), align="center", lines=FRAME),),))
