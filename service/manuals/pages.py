"""The manual's page: start a build, see the builds with their files and fingerprints, download them."""

from __future__ import annotations

from typing import Annotated, cast
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from service import clock
from service.documents.queries import in_force
from service.manuals.answers import answered
from service.manuals.downloads import keep_record, manual_download
from service.manuals.making_queries import running_making
from service.manuals.outline_queries import outline_at
from service.manuals.progress import Makings
from service.manuals.queries import builds, require_documents
from service.manuals.rules import BINDING_NAMES, Binding
from service.manuals.workshop import workshop_for
from service.organisations.api import Member, allowed, allowed_to_write_later
from service.organisations.pages import organisation_page
from service.organisations.queries import names_of
from service.organisations.roles import Act
from service.web.depends import Noting, Reading
from service.web.forms import NOTHING, Filled, Form, attempt, see
from service.web.heavy import Heavy
from service.web.once import PageRoute
from service.web.portions import PageNumber, portion

router = APIRouter(prefix="/organisations/{code}/manuals", route_class=PageRoute)
Viewer = Annotated[Member, allowed(Act.READ_ALL)]


@router.get("")
def manuals(member: Viewer, session: Reading, page: PageNumber = 1) -> HTMLResponse:
    return _page(session, member, page)


def _page(session: Session, member: Member, page: int = 1, filled: Filled = NOTHING, status: int = 200) -> HTMLResponse:
    owner = member.organisation
    shown, running = portion(builds(session, owner.id), page, {}), running_making(session, owner.id, clock.now())
    return organisation_page(
        "manuals/list.html",
        member,
        "manuals",
        status=status,
        filled=filled,
        shown=shown,
        people=names_of(session, member.organisation.id, [*(row.built_by for row in shown.rows), *([running.asked_by] if running else [])]),
        outline=outline_at(session, owner.id),
        running=running,
        binding_names=BINDING_NAMES,
    )


@router.post("")
def build(member: Annotated[Member, allowed_to_write_later(Act.BUILD)], session: Reading, request: Request, form: Form) -> Response:
    """Start a build and lead to the page that says how far it is."""
    owner, known = member.organisation, cast(Makings, request.app.state.makings)
    on = form.day("on", required="请选择日期")
    binding = form.choice("binding", Binding) or Binding.BOUND
    by = member.actor(session)

    def start() -> UUID:
        day = on or member.today  # a form without a day does not come here
        require_documents(in_force(session, owner.id, day, texts=False), day)
        return known.start(request.app.state.engine, owner, on=day, binding=binding, by=by, at=clock.now())

    made = attempt(session, form, start)
    if form.fault or made is None:
        return _page(session, member, filled=form, status=422)
    return see(f"/organisations/{owner.code}/manuals/building/{made}")


@router.get("/{build_id}/{name}", dependencies=[Heavy])
def download(build_id: UUID, name: str, member: Viewer, session: Reading, note: Noting, raw: bool = False) -> Response:
    """A file of a build of this organisation: a stamped copy, or with `raw` the file as it was built; recorded either way."""
    by, at = member.without_posts, clock.now()
    made = manual_download(session, member.organisation, workshop_for(session, member.organisation), build_id, name, raw=raw, by=by, at=at)
    with note() as noting:
        keep_record(noting, member.organisation, made, by=by, at=at)
    return answered(made)
