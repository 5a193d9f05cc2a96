"""Selects of house styles, and the theme that an organisation's manual, exports and previews are set in."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from sqlmodel import Session, col, select

from service.book.house_json import from_json
from service.book.house_reading import House
from service.book.house_theme import house_theme
from service.book.theme import FORMAL, THEMES, Theme
from service.errors import NotFound
from service.kit import files as store
from service.kit.fingerprint import file_fingerprint
from service.manuals.models import HouseStyle


def house_styles(session: Session, organisation: UUID, limit: int = 20) -> list[HouseStyle]:
    """The house styles saved last, the newest first."""
    query = select(HouseStyle).where(HouseStyle.organisation_id == organisation).order_by(col(HouseStyle.version).desc())
    return list(session.exec(query.limit(limit)))


def house_style(session: Session, organisation: UUID) -> HouseStyle | None:
    """The one in use; None as long as nothing was chosen."""
    return next(iter(house_styles(session, organisation, 1)), None)


def own_theme(row: HouseStyle | None) -> Theme:
    """The theme of ours that was chosen: the formal one as long as nothing was."""
    return THEMES.get(row.theme, FORMAL) if row else FORMAL


def house_of(row: HouseStyle, data: Path) -> House | None:
    """What was read from the template; None if none is used. A logo whose file is lost or changed is left out. `data`: the file store."""
    return from_json(row.style, _logo(row.logo, data)) if row.style else None


def theme_of(session: Session, organisation: UUID, data: Path) -> Theme:
    """The theme in use: one of ours, or the house theme made of it and the template."""
    row = house_style(session, organisation)
    own, house = own_theme(row), house_of(row, data) if row else None
    return house_theme(own, house, house.logo) if house else own


def _logo(sha256: str, data: Path) -> bytes:
    if not sha256:
        return b""
    try:
        found = store.get(data, sha256)
    except NotFound:
        return b""
    return found if file_fingerprint(found) == sha256 else b""
