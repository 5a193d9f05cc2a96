"""create_app(): wiring only."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext

from fastapi import FastAPI
from starlette.types import Lifespan

from service.accounts import account_pages, credentials_api, links_api
from service.accounts import api as accounts_api
from service.accounts import pages as accounts_pages
from service.approvals import api as approvals_api
from service.approvals import pages as approvals_pages
from service.approvals import rules_api, rules_pages, signing_pages
from service.changes import api as changes_api
from service.changes import pages as changes_pages
from service.changes import writing_pages as changes_writing_pages
from service.checks import api as checks_api
from service.checks import pages as checks_pages
from service.coverage import api as coverage_api
from service.coverage import pages as coverage_pages
from service.db import open_database, require_migrated
from service.distribution import acknowledgement_api, acknowledgement_pages, question_pages, reading_pages
from service.distribution import api as distribution_api
from service.distribution import issue_pages as distribution_issue_pages
from service.distribution import pages as distribution_pages
from service.documents import api as documents_api
from service.documents import (
    compare_pages,
    external_api,
    external_pages,
    pictures_api,
    pictures_pages,
    reviews_api,
    reviews_pages,
    standing_pages,
)
from service.intake import api as intake_api
from service.library import api as library_api
from service.manuals import api as manuals_api
from service.manuals import (
    build_pages,
    export_pages,
    form_pages,
    house_pages,
    lists_api,
    lists_pages,
    outline_pages,
    preview_pages,
    progress_pages,
    redline_api,
    redline_pages,
    remark_pages,
)
from service.manuals import pages as manuals_pages
from service.manuals.building import Limits
from service.manuals.progress import Makings
from service.organisations import api as organisations_api
from service.organisations import (
    channels_api,
    channels_pages,
    chart_pages,
    members_api,
    members_pages,
    opening_pages,
    trail_api,
    trail_pages,
    values_api,
)
from service.screens import chart, desk, document, documents, editor, editor_preview, editor_saving, first_steps, home, profile
from service.search import api as search_api
from service.search import pages as search_pages
from service.settings import require_secret, settings
from service.standards import api as standards_api
from service.web import assets, docs, faults, guards, health, heavy, rate

API = (
    accounts_api.router,
    links_api.router,
    credentials_api.router,
    organisations_api.router,
    members_api.router,
    values_api.router,
    trail_api.router,
    channels_api.router,
    reviews_api.router,  # before the documents, whose last route takes every number
    changes_api.impacts,
    changes_api.router,
    search_api.router,
    coverage_api.claims_router,
    distribution_api.recipients,
    acknowledgement_api.questions,
    approvals_api.router,
    manuals_api.exports,
    redline_api.documents,
    redline_api.manuals,
    documents_api.router,
    manuals_api.router,
    rules_api.rules,
    rules_api.exceptions,
    external_api.router,
    pictures_api.router,
    lists_api.router,
    distribution_api.router,
    acknowledgement_api.router,
    coverage_api.router,
    checks_api.router,
    standards_api.shared,
    standards_api.router,
    library_api.shared,
    library_api.router,
    intake_api.router,
)
PAGES = (
    accounts_pages.router,
    standing_pages.router,
    account_pages.router,
    home.router,
    opening_pages.router,
    first_steps.router,
    profile.router,
    chart_pages.router,
    chart.router,
    rules_pages.router,
    members_pages.router,
    channels_pages.router,
    trail_pages.router,
    desk.router,
    search_pages.router,
    reviews_pages.router,
    external_pages.router,
    form_pages.router,
    lists_pages.router,
    house_pages.router,
    outline_pages.router,  # before the builds, whose routes take every id and name
    progress_pages.router,
    preview_pages.router,
    remark_pages.router,
    redline_pages.manuals,
    build_pages.router,
    manuals_pages.router,
    checks_pages.router,
    coverage_pages.router,
    acknowledgement_pages.router,  # before the reader's pages, which take every other name for an id
    question_pages.router,
    reading_pages.router,
    distribution_issue_pages.router,
    distribution_pages.router,
    changes_writing_pages.router,
    changes_pages.router,
    documents.router,
    pictures_pages.router,
    signing_pages.router,
    approvals_pages.router,
    compare_pages.router,
    redline_pages.router,
    export_pages.router,
    editor.router,
    editor_saving.router,
    editor_preview.router,
    document.router,
)


def _life(lifespan: Lifespan[FastAPI] | None) -> Lifespan[FastAPI]:
    """The given one, and at its end that of the process which builds manuals."""

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        try:
            async with lifespan(app) if lifespan else nullcontext():
                yield
        finally:
            await asyncio.to_thread(app.state.makings.builder.close)

    return life


def create_app(lifespan: Lifespan[FastAPI] | None = None) -> FastAPI:
    """The whole application; refuses to start on a database that was never migrated. `lifespan`: what lives as long as it does."""
    description = "受控文件、指标对照与手册编制（GB/T 27922-2011）"
    app = FastAPI(
        title="售后服务管理手册系统", version="0.1.0", description=description, docs_url=None, redoc_url=None, lifespan=_life(lifespan)
    )
    require_secret(settings())
    app.state.engine = open_database(settings().database_url)
    require_migrated(app.state.engine)
    faults.install(app)
    rate.install(app)
    heavy.install(app)
    app.state.makings = Makings(Limits(settings().build_memory_mb, settings().build_seconds))
    app.add_middleware(guards.Guard)
    docs.install(app)
    docs.describe(app)
    assets.install(app)
    for router in API:
        app.include_router(router, prefix="/api/v1")
    for router in PAGES:
        app.include_router(router, include_in_schema=False)
    health.install(app)
    return app
