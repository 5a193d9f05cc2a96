"""Bodies of the JSON API of pictures."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from service.documents.models import Picture
from service.text.pictures import picture_source

_SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


class PictureBody(BaseModel):
    """A picture of the organisation. A text names it by `source`: ![维修现场](<picture:9f86…>); `address` shows it on a page. `sha256`, size
    in pixels and `bytes` are those of the picture as it was made clean; `file_name` is what the uploaded file was called."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "sha256": _SHA256,
                    "source": f"picture:{_SHA256}",
                    "address": f"/organisations/HC/pictures/{_SHA256}",
                    "media": "image/jpeg",
                    "width": 2400,
                    "height": 1800,
                    "bytes": 812345,
                    "file_name": "维修现场.jpg",
                    "uploaded_at": "2026-03-01T01:30:00Z",
                    "uploaded_by": "ding",
                }
            ]
        }
    )

    sha256: str
    source: str
    address: str
    media: str
    width: int
    height: int
    bytes: int
    file_name: str
    uploaded_at: datetime
    uploaded_by: str


def picture_address(code: str, sha256: str) -> str:
    """Where a page of a log-in session finds the picture."""
    return f"/organisations/{code}/pictures/{sha256}"


def picture_body(code: str, row: Picture) -> PictureBody:
    return PictureBody(
        sha256=row.sha256,
        source=picture_source(row.sha256),
        address=picture_address(code, row.sha256),
        media=row.media,
        width=row.width,
        height=row.height,
        bytes=row.bytes,
        file_name=row.file_name,
        uploaded_at=row.uploaded_at,
        uploaded_by=row.uploaded_by,
    )
