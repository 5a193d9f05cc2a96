"""What the product ships for organisations, from the content folder: the catalogue of variables and the standard charts."""

from __future__ import annotations

from collections.abc import Mapping

from service.organisations.catalogue import load_catalogue
from service.organisations.rules import Catalogue
from service.organisations.standard_charts import StandardChart, load_charts
from service.settings import settings


def catalogue() -> Catalogue:
    return load_catalogue(settings().content / "variables.yml")


def standard_charts() -> Mapping[str, StandardChart]:
    """{key: chart} that a company without one may begin with."""
    return load_charts(settings().content / "charts.yml")
