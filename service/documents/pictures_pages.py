"""A picture as an answer: for the pages of a log-in session, and for the JSON API."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter, Response

from service.book.clean_picture import ENDINGS, SVG
from service.documents.models import Picture
from service.documents.picture_queries import find_picture
from service.kit import files as store
from service.organisations.api import Reader
from service.settings import settings
from service.web.depends import Reading

router = APIRouter(prefix="/organisations/{code}/pictures")
SVG_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""Opened by itself an SVG is a document: though it was made clean, nothing in it may run or load."""
YEAR = 365 * 24 * 3600


@router.get("/{sha256}")
def picture(sha256: str, member: Reader, session: Reading) -> Response:
    """A picture of this organisation, for whoever is its member."""
    return shown(find_picture(session, member.organisation.id, sha256))


def shown(row: Picture) -> Response:
    """To be shown, not kept as a file. The bytes behind a SHA-256 never change; they are nobody's but the member's."""
    stem = row.file_name.rpartition(".")[0] or row.file_name
    headers = {
        "Cache-Control": f"private, max-age={YEAR}, immutable",
        "Content-Disposition": f"inline; filename*=UTF-8''{quote(f'{stem}.{ENDINGS[row.media]}', safe='')}",
        "ETag": f'"{row.sha256}"',
    }
    if row.media == SVG:
        headers["Content-Security-Policy"] = SVG_POLICY
    return Response(store.get(settings().data, row.sha256), media_type=row.media, headers=headers)
