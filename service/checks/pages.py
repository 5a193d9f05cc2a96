"""The page with an organisation's problems."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from service.checks.queries import find_problems, gather
from service.checks.rules import SEVERITY_NAMES
from service.organisations.api import Member, allowed
from service.organisations.pages import organisation_page
from service.organisations.roles import Act
from service.organisations.shipped import catalogue
from service.standards.shipped import register
from service.web.depends import AsOf, Reading

router = APIRouter(prefix="/organisations/{code}/checks")


@router.get("")
def problems(member: Annotated[Member, allowed(Act.READ_ALL)], session: Reading, as_of: AsOf) -> HTMLResponse:
    found = find_problems(gather(session, member.organisation, as_of or member.today, catalogue(), register()))
    return organisation_page("checks/list.html", member, "checks", as_of=as_of, problems=found, severity_names=SEVERITY_NAMES)
