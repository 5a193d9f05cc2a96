"""The first page: every organisation with how it stands."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse

from service.clock import today
from service.coverage.queries import coverage_on
from service.documents import queries as documents
from service.organisations.api import Owner
from service.organisations.queries import list_organisations
from service.standards.shipped import standard
from service.web.depends import Reading
from service.web.templating import page

router = APIRouter()


@router.get("/")
def root() -> RedirectResponse:
    return RedirectResponse("/organisations")


@router.get("/organisations/{code}")
def organisation(owner: Owner) -> RedirectResponse:
    return RedirectResponse(f"/organisations/{owner.code}/documents")


@router.get("/organisations")
def home(session: Reading) -> HTMLResponse:
    rows = [
        {
            "organisation": organisation,
            "in_force": len(documents.in_force(session, organisation.id, today(organisation.time_zone))),
            "running": len(documents.running(session, organisation.id)),
            "totals": coverage_on(session, organisation.id, standard(), today(organisation.time_zone)).totals,
        }
        for organisation in list_organisations(session)
    ]
    return page("screens/home.html", rows=rows)
