"""A file that is handed out, as an answer of a page or of the JSON API."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from fastapi import Response

from service.manuals.downloads import Download

MEDIA: Mapping[str, str] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "zip": "application/zip",
}
"""Ending of a file's name → what it holds."""


def answered(download: Download) -> Response:
    """To be kept, not shown: an HTML file brings its own styles. Only a file as it was built has an ETag; a stamped one is made once."""
    plain = "".join(char if char.isascii() and char.isprintable() and char not in '"\\' else "-" for char in download.name)
    headers = {"Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(download.name)}"}
    if download.raw:
        headers["ETag"] = f'"{download.sha256}"'
    return Response(download.data, media_type=MEDIA[download.name.rsplit(".", 1)[-1]], headers=headers)
