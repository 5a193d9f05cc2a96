"""The template sets that the product ships, from the templates folder."""

from __future__ import annotations

from service.library.loading import load_set, set_keys
from service.library.rules import TemplateSet
from service.settings import settings


def template_set_keys() -> list[str]:
    return set_keys(settings().templates / "docs")


def template_set(key: str) -> TemplateSet:
    return load_set(settings().templates / "docs", key)
