"""What every build uses beside the organisation's rows: standard, register, theme, fonts, where files are kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from sqlmodel import Session

from service.book.theme import FORMAL, Theme
from service.manuals.house_queries import theme_of
from service.organisations.models import Organisation
from service.settings import settings
from service.standards.rules import ReferenceEntry, Standard
from service.standards.shipped import register, standard


@dataclass(frozen=True, slots=True)
class Workshop:
    standard: Standard
    register: tuple[ReferenceEntry, ...]
    theme: Theme
    fonts: Path
    data: Path


def default_workshop() -> Workshop:
    """The shipped standard and register, the formal theme, the installed fonts, the data folder."""
    return Workshop(standard(), register(), FORMAL, settings().fonts, settings().data)


def workshop_for(session: Session, organisation: Organisation) -> Workshop:
    """The workshop with the theme in which this organisation's manual, exports and previews are set."""
    usual = default_workshop()
    return replace(usual, theme=theme_of(session, organisation.id, usual.data))
