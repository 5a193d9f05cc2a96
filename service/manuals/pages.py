"""The manual's page: build it, see the builds, download their files."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from service import clock
from service.kit import files as store
from service.manuals.actions import build_manual
from service.manuals.build import Format
from service.manuals.queries import builds, find_file
from service.manuals.rules import Binding
from service.manuals.workshop import default_workshop
from service.organisations.api import Owner, WritingOwner
from service.organisations.rules import SYSTEM
from service.settings import settings
from service.web.depends import Reading, Writing
from service.web.templating import page

router = APIRouter(prefix="/organisations/{code}/manuals")

MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
}


@router.get("")
def manuals(owner: Owner, session: Reading) -> HTMLResponse:
    today = clock.today(owner.time_zone)
    return page(
        "manuals/list.html",
        organisation=owner,
        tab="manuals",
        as_of=None,
        builds=builds(session, owner.id),
        today=today,
        zone=ZoneInfo(owner.time_zone),
    )


@router.post("")
def build(
    owner: WritingOwner, session: Writing, on: Annotated[date, Form()], binding: Annotated[Binding, Form()] = Binding.BOUND
) -> RedirectResponse:
    build_manual(session, owner, default_workshop(), on=on, formats=list(Format), binding=binding, by=SYSTEM, at=clock.now())
    return RedirectResponse(f"/organisations/{owner.code}/manuals", status_code=303)


@router.get("/{build_id}/{name}")
def download(build_id: UUID, name: str, owner: Owner, session: Reading) -> Response:
    """A file of a build of this organisation; the HTML manual brings its own styles, so it is handed out as a download."""
    file = find_file(session, owner.id, build_id, name)
    headers = {"Content-Disposition": f'attachment; filename="{owner.code}-{name}"', "ETag": f'"{file["sha256"]}"'}
    return Response(store.get(settings().data, file["sha256"]), media_type=MEDIA[name.rsplit(".", 1)[-1]], headers=headers)
