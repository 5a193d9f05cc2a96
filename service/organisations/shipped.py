"""The catalogue of variables that the product ships, from the content folder."""

from __future__ import annotations

from service.organisations.catalogue import load_catalogue
from service.organisations.rules import Catalogue
from service.settings import settings


def catalogue() -> Catalogue:
    return load_catalogue(settings().content / "variables.yml")
