"""The first page: the organisations that somebody is a member of, each with how it stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, RedirectResponse

from service.accounts.identity import ReadingCaller, csrf_token
from service.clock import today
from service.coverage.queries import coverage_on
from service.documents.queries import running
from service.documents.readers import readable
from service.organisations.api import Member, Reader, allowed
from service.organisations.models import Membership, Organisation
from service.organisations.queries import organisations_of, roles_of
from service.organisations.roles import ROLE_NAMES, Act, HeldRole, Role, may
from service.screens.standing import overdue, problem_count
from service.standards.shipped import standard
from service.web.depends import Reading
from service.web.portions import PageNumber, portion
from service.web.templating import page as render

router = APIRouter()
MANY = 8
"""With more organisations than these one searches."""


@router.get("/")
def root() -> RedirectResponse:
    return RedirectResponse("/organisations")


@router.get("/organisations")
def home(session: Reading, caller: ReadingCaller, q: Annotated[str, Query(max_length=100)] = "", page: PageNumber = 1) -> HTMLResponse:
    """Names and roles at once; the numbers of each come when its card is seen."""
    rows = [row for row in (_row(*each) for each in organisations_of(session, caller.user.id)) if row]
    words = q.strip().casefold()
    found = [row for row in rows if words in row["organisation"].name.casefold() or words in row["organisation"].code.casefold()]
    csrf = csrf_token(caller.session) if caller.session else ""
    shown = portion(found, page, {"q": q.strip()})
    return render("screens/home.html", shown=shown, total=len(rows), many=len(rows) > MANY, q=q.strip(), caller=caller.user, csrf=csrf)


@router.get("/organisations/{code}/standing")
def standing(member: Reader, session: Reading) -> HTMLResponse:
    """The numbers of one card; a reader learns only of what is for him."""
    owner, on = member.organisation, member.today
    pairs = readable(session, owner.id, member.actor(session), on, texts=False)
    totals = under_way = late = None
    if may(member.roles, Act.READ_ALL):
        under_way = len(running(session, owner.id, texts=False))
        totals = coverage_on(session, owner.id, standard(), on).totals
        late = overdue(session, owner, on)
    return render("screens/_standing.html", base=_base(owner), in_force=len(pairs), under_way=under_way, totals=totals, late=late)


@router.get("/organisations/{code}/standing/problems")
def problems(member: Annotated[Member, allowed(Act.READ_ALL)], session: Reading) -> HTMLResponse:
    """How many problems wait, by itself: it takes longer than the rest."""
    count = problem_count(session, member.organisation, member.today)
    return render("screens/_problems.html", base=_base(member.organisation), problems=count)


def _base(organisation: Organisation) -> str:
    return f"/organisations/{organisation.code}"


def _row(organisation: Organisation, held: Sequence[Membership]) -> dict[str, Any] | None:
    """None for somebody whose last day there has passed."""
    roles = roles_of(held, today(organisation.time_zone))
    return {"organisation": organisation, "roles": _names(roles)} if roles else None


def _names(roles: Sequence[HeldRole]) -> str:
    held = {each.role for each in roles}
    return "、".join(ROLE_NAMES[role] for role in Role if role in held)
