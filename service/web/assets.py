"""Front-end files, all from our own host: what npm installed, what was bundled from it, and our own."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from service.settings import ROOT, settings

INSTALLED: Mapping[str, str] = {
    "tabler": "@tabler/core/dist",
    "htmx": "htmx.org/dist",
    "echarts": "echarts/dist",
    "sortable": "sortablejs/modular",
    "bundles": ".bundles",
}
"""Path below /assets → folder below the installed packages. `bundles` is made at set-up from service/web/editor (see Makefile)."""


def install(app: FastAPI) -> None:
    for name, folder in INSTALLED.items():
        app.mount(f"/assets/{name}", StaticFiles(directory=settings().assets / folder, check_dir=False), name=name)
    app.mount("/assets", StaticFiles(directory=ROOT / "service" / "web" / "static"), name="assets")
