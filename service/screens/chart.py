"""组织机构: the chart of a day as a picture and as a list."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from service.book.drawing_chart import draw_organisation
from service.book.drawing_svg import to_svg
from service.book.theme import FORMAL
from service.manuals.body import chart_node
from service.organisations.api import Member, allowed
from service.organisations.chart_pages import usual_names
from service.organisations.pages import organisation_page
from service.organisations.queries import chart_on
from service.organisations.roles import Act
from service.organisations.rules import departments_of, posts_of
from service.web.depends import AsOf, Reading

router = APIRouter(prefix="/organisations/{code}/chart")
WIDTH = 1080.0
"""Points: as wide as a screen, where a page of the manual is half of it."""


@router.get("")
def chart(member: Annotated[Member, allowed(Act.READ_ALL)], session: Reading, as_of: AsOf) -> HTMLResponse:
    found = chart_on(session, member.organisation.id, as_of or member.today)
    posts = list(posts_of(found))
    picture = to_svg(draw_organisation(chart_node(found), width=WIDTH), FORMAL).decode() if found.roots else ""
    return organisation_page(
        "screens/chart.html",
        member,
        "chart",
        as_of=as_of,
        chart=found,
        picture=picture,
        names=usual_names(),
        departments=sum(1 for _ in departments_of(found)),
        posts=len(posts),
        people=len({holder.login for post in posts for holder in post.holders}),
        vacant=[post.name for post in posts if not post.holders],
    )
