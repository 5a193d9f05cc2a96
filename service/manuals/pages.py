"""The manual's page: build it, see the builds, download their files."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from service import clock
from service.manuals.actions import keep_manual, prepare_manual
from service.manuals.answers import answered
from service.manuals.build import Format
from service.manuals.downloads import keep_record, manual_download
from service.manuals.queries import builds
from service.manuals.rules import Binding
from service.manuals.workshop import default_workshop
from service.organisations.api import Member, allowed, allowed_to_write_later
from service.organisations.pages import organisation_page
from service.organisations.roles import Act
from service.web.depends import Noting, Reading
from service.web.heavy import Heavy

router = APIRouter(prefix="/organisations/{code}/manuals")
Viewer = Annotated[Member, allowed(Act.READ_ALL)]


@router.get("")
def manuals(member: Viewer, session: Reading) -> HTMLResponse:
    owner = member.organisation
    made = builds(session, owner.id)
    return organisation_page("manuals/list.html", member, "manuals", builds=made)


@router.post("", dependencies=[Heavy])
def build(
    member: Annotated[Member, allowed_to_write_later(Act.BUILD)],
    session: Reading,
    note: Noting,
    on: Annotated[date, Form()],
    binding: Annotated[Binding, Form()] = Binding.BOUND,
) -> RedirectResponse:
    workshop, owner, by = default_workshop(), member.organisation, member.actor(session)
    prepared = prepare_manual(session, owner, workshop, on=on, formats=list(Format), binding=binding)
    with note() as noting:
        keep_manual(noting, owner, workshop, prepared, by=by, at=clock.now())
    return RedirectResponse(f"/organisations/{owner.code}/manuals", status_code=303)


@router.get("/{build_id}/{name}", dependencies=[Heavy])
def download(build_id: UUID, name: str, member: Viewer, session: Reading, note: Noting, raw: bool = False) -> Response:
    """A file of a build of this organisation: a stamped copy, or with `raw` the file as it was built; recorded either way."""
    by, at = member.without_posts, clock.now()
    made = manual_download(session, member.organisation, default_workshop(), build_id, name, raw=raw, by=by, at=at)
    with note() as noting:
        keep_record(noting, member.organisation, made, by=by, at=at)
    return answered(made)
