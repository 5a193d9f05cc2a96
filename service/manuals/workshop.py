"""What every build uses beside the organisation's rows: standard, register, theme, fonts, where files are kept."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from service.book.theme import FORMAL, Theme
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
