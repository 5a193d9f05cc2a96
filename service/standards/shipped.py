"""The standards and the register of references that the product ships, from the content folder."""

from __future__ import annotations

from service.errors import NotFound
from service.settings import settings
from service.standards.loading import load_references, load_standards
from service.standards.rules import ReferenceEntry, Standard

DEFAULT_STANDARD = "gbt27922-2011"


def standards() -> dict[str, Standard]:
    return dict(load_standards(settings().content / "standards"))


def standard(key: str = DEFAULT_STANDARD) -> Standard:
    """By id; NotFound names the ids there are."""
    found = standards().get(key)
    if found is None:
        raise NotFound(f"没有标准 {key}，现有：{'、'.join(standards())}", code="standard_not_found")
    return found


def register() -> tuple[ReferenceEntry, ...]:
    return load_references(settings().content / "references.yml")
