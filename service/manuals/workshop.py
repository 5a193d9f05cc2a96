"""What every build uses beside the organisation's rows: standard, register, theme, fonts, where files are kept, what codes lead to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from sqlmodel import Session

from service.book.theme import FORMAL, Theme
from service.manuals.house_queries import house_style, theme_of
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
    address: str = ""
    template: str = ""
    template_sha256: str = ""


def default_workshop() -> Workshop:
    """The shipped standard and register, the formal theme, the installed fonts, the data folder, the service's address."""
    return Workshop(standard(), register(), FORMAL, settings().fonts, settings().data, settings().address)


def workshop_for(session: Session, organisation: Organisation) -> Workshop:
    """The workshop with the theme in which this organisation's manual, exports and previews are set."""
    usual = default_workshop()
    row = house_style(session, organisation.id)
    template, sha256 = (row.template, row.template_sha256) if row else ("", "")
    return replace(usual, theme=theme_of(session, organisation.id, usual.data), template=template, template_sha256=sha256)
