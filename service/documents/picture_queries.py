"""Every select of the pictures of an organisation."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlmodel import Session, col, select

from service.documents.models import Picture
from service.errors import NotFound


def find_picture(session: Session, organisation_id: UUID, sha256: str) -> Picture:
    """The organisation's picture with this SHA-256; NotFound says nothing of other organisations."""
    rows = pictures_named(session, organisation_id, [sha256])
    if not rows:
        raise NotFound("没有这张图片", code="picture_not_found")
    return rows[0]


def pictures_named(session: Session, organisation_id: UUID, hashes: Collection[str]) -> list[Picture]:
    """Those of the organisation's pictures that have one of these SHA-256."""
    if not hashes:
        return []
    query = select(Picture).where(Picture.organisation_id == organisation_id, col(Picture.sha256).in_(sorted(hashes)))
    return list(session.exec(query.order_by(col(Picture.sha256))))
