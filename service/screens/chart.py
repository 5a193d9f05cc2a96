"""组织机构: the chart of a day as a picture and as a list."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from service.book.drawing_chart import draw_organisation
from service.book.drawing_svg import to_svg
from service.book.from_chart import drawn
from service.book.theme import FORMAL
from service.manuals.body import chart_node
from service.organisations.api import Member, allowed
from service.organisations.chart_pages import usual_names
from service.organisations.pages import organisation_page
from service.organisations.queries import chart_on
from service.organisations.roles import Act
from service.organisations.rules import Chart, departments_of, posts_of
from service.web.depends import AsOf, Reading
from service.web.heavy import Heavy

router = APIRouter(prefix="/organisations/{code}/chart")
AREA = (1080.0, 600.0)
"""Points: as wide as a screen, where a page of the manual is half of it, and as high as the page lets it be."""


@router.get("", dependencies=[Heavy])
def chart(member: Annotated[Member, allowed(Act.READ_ALL)], session: Reading, as_of: AsOf) -> HTMLResponse:
    found = chart_on(session, member.organisation.id, as_of or member.today)
    posts = list(posts_of(found))
    return organisation_page(
        "screens/chart.html",
        member,
        "chart",
        as_of=as_of,
        chart=found,
        picture=_picture(found) if found.roots else "",
        names=usual_names(),
        departments=sum(1 for _ in departments_of(found)),
        posts=len(posts),
        people=len({holder.login for post in posts for holder in post.holders}),
        vacant=[post.name for post in posts if not post.holders],
    )


def _picture(chart: Chart) -> str:
    """As SVG; nothing for a chart that cannot be laid out or read."""
    drawing = drawn(lambda: draw_organisation(chart_node(chart), width=AREA[0]), AREA)
    return to_svg(drawing, FORMAL).decode() if drawing is not None else ""
