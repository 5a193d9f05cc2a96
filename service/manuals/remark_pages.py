"""编制说明: what had to be done so that everything in a manual could be printed, on a page of its own."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from service.manuals.build_queries import build_of
from service.manuals.pages import Viewer
from service.organisations.pages import organisation_page
from service.organisations.queries import names_of
from service.web.depends import Reading
from service.web.portions import PageNumber, portion

router = APIRouter(prefix="/organisations/{code}/manuals")
"""Stands before the routes of builds, whose last one takes every name."""


@router.get("/{build_id}/remarks")
def remarks(build_id: UUID, member: Viewer, session: Reading, page: PageNumber = 1) -> HTMLResponse:
    row = build_of(session, member.organisation.id, build_id)
    shown = portion(row.remarks, page, {})
    return organisation_page(
        "manuals/remarks.html", member, "manuals", build=row, people=names_of(session, member.organisation.id, [row.built_by]), shown=shown
    )
