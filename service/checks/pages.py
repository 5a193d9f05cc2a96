"""The page with an organisation's problems."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from service.checks.queries import find_problems, gather
from service.checks.rules import SEVERITY_NAMES
from service.clock import today
from service.organisations.api import Owner
from service.organisations.shipped import catalogue
from service.standards.shipped import register
from service.web.depends import AsOf, Reading
from service.web.templating import page

router = APIRouter(prefix="/organisations/{code}/checks")


@router.get("")
def problems(owner: Owner, session: Reading, as_of: AsOf) -> HTMLResponse:
    found = find_problems(gather(session, owner, as_of or today(owner.time_zone), catalogue(), register()))
    return page("checks/list.html", organisation=owner, tab="checks", as_of=as_of, problems=found, severity_names=SEVERITY_NAMES)
