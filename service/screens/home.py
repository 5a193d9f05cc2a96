"""The first page: every organisation with how it stands."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlmodel import Session

from service.accounts.identity import ReadingCaller, csrf_token
from service.clock import today
from service.coverage.queries import coverage_on
from service.documents import queries as documents
from service.organisations.api import Reader
from service.organisations.models import Membership, Organisation
from service.organisations.queries import organisations_of, roles_of
from service.organisations.roles import Act, may
from service.standards.shipped import standard
from service.web.depends import Reading
from service.web.templating import page

router = APIRouter()


@router.get("/")
def root() -> RedirectResponse:
    return RedirectResponse("/organisations")


@router.get("/organisations/{code}")
def organisation(member: Reader) -> RedirectResponse:
    return RedirectResponse(f"/organisations/{member.organisation.code}/documents")


@router.get("/organisations")
def home(session: Reading, caller: ReadingCaller) -> HTMLResponse:
    """The organisations that the person is a member of; whoever may see everything there also sees how each stands."""
    rows = [_row(session, organisation, held) for organisation, held in organisations_of(session, caller.user.id)]
    csrf = csrf_token(caller.session) if caller.session else ""
    return page("screens/home.html", rows=[row for row in rows if row], caller=caller.user, csrf=csrf)


def _row(session: Session, organisation: Organisation, held: list[Membership]) -> dict[str, Any] | None:
    on = today(organisation.time_zone)
    roles = roles_of(held, on)
    if not roles:
        return None
    in_force = len(documents.in_force(session, organisation.id, on))
    running = totals = None
    if may(roles, Act.READ_ALL):
        running = len(documents.running(session, organisation.id))
        totals = coverage_on(session, organisation.id, standard(), on).totals
    return {"organisation": organisation, "in_force": in_force, "running": running, "totals": totals}
