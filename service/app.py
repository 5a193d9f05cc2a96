"""create_app(): wiring only."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from service.checks import pages as checks_pages
from service.coverage import api as coverage_api
from service.coverage import pages as coverage_pages
from service.db import open_database, require_migrated
from service.documents import api as documents_api
from service.documents import pages as documents_pages
from service.manuals import pages as manuals_pages
from service.organisations import api as organisations_api
from service.screens import document, home
from service.settings import ROOT, settings
from service.web import docs, faults, guards

API = (organisations_api.router, documents_api.router, coverage_api.router)
PAGES = (home.router, manuals_pages.router, checks_pages.router, coverage_pages.router, documents_pages.router, document.router)


def create_app() -> FastAPI:
    """The whole application; refuses to start on a database that was never migrated."""
    description = "受控文件、指标对照与手册编制（GB/T 27922-2011）"
    app = FastAPI(title="售后服务管理手册系统", version="0.1.0", description=description, docs_url=None, redoc_url=None)
    app.state.engine = open_database(settings().database_url)
    require_migrated(app.state.engine)
    faults.install(app)
    app.middleware("http")(guards.guard)
    docs.install(app)
    app.mount("/assets/tabler", StaticFiles(directory=settings().assets / "@tabler" / "core" / "dist"), name="tabler")
    app.mount("/assets", StaticFiles(directory=ROOT / "service" / "web" / "static"), name="assets")
    for router in API:
        app.include_router(router, prefix="/api/v1")
    for router in PAGES:
        app.include_router(router, include_in_schema=False)
    app.add_api_route("/healthz", lambda: {"status": "ok"}, include_in_schema=False)
    return app
