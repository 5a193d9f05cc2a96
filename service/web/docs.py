"""The API's own documentation page, from assets of our own host: an office PC without internet shows it too."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

from service.settings import settings
from service.web.faults import Problem
from service.web.templating import page


def install(app: FastAPI) -> None:
    """Serve /docs and the files it needs."""
    app.mount("/assets/swagger", StaticFiles(directory=settings().assets / "swagger-ui-dist"), name="swagger")
    app.add_api_route("/docs", docs, include_in_schema=False, response_class=HTMLResponse)


def describe(app: FastAPI) -> None:
    """The OpenAPI description with the form of every refusal, which routes name but the framework does not know."""
    usual = app.openapi

    def described() -> dict[str, Any]:
        found = usual()
        schemas = found.setdefault("components", {}).setdefault("schemas", {})
        schemas.setdefault("Problem", Problem.model_json_schema())
        return found

    app.openapi = described  # type: ignore[method-assign]  # the framework's own way to change the description


def docs() -> HTMLResponse:
    return page("web/docs.html")
