"""A built manual in the browser: its HTML file in a frame of our own page, where nothing of it can run or load."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import HTMLResponse

from service import clock
from service.book.html_reading import ALLOWED
from service.manuals.build_queries import build_of
from service.manuals.downloads import keep_record, manual_download
from service.manuals.pages import Viewer
from service.manuals.rules import BINDING_NAMES, VOLUME_NAMES, Binding
from service.manuals.workshop import workshop_for
from service.organisations.pages import organisation_page
from service.organisations.queries import names_of
from service.web.depends import Noting, Reading
from service.web.heavy import Heavy

router = APIRouter(prefix="/organisations/{code}/manuals")
"""Stands before the routes of builds, whose last one takes every name."""

FRAMED: Mapping[str, str] = {
    "Content-Security-Policy": f"sandbox allow-scripts; {ALLOWED}; default-src 'none'; style-src 'unsafe-inline'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
}
"""Only our own page may show the file in a frame. It brings its styles and pictures with it and runs no script but the one for
reading, without our origin; forms and other hosts are shut out."""
Name = Annotated[str, Path(max_length=60, pattern=r"^[a-z0-9-]+\.html$")]


@router.get("/{build_id}/preview")
def preview(build_id: UUID, member: Viewer, session: Reading, file: Annotated[str, Query(max_length=60)] = "") -> HTMLResponse:
    """The page with the frame; a manual in volumes shows one at a time."""
    row = build_of(session, member.organisation.id, build_id)
    names = [str(each["name"]) for each in row.files if str(each["name"]).endswith(".html")]
    volumes = [(name, VOLUME_NAMES.get(name.removesuffix(".html"), "手册")) for name in names]
    return organisation_page(
        "manuals/preview.html",
        member,
        "manuals",
        build=row,
        people=names_of(session, member.organisation.id, [row.built_by]),
        binding_name=BINDING_NAMES[Binding(row.binding)],
        volumes=volumes,
        shown=file if file in names else (names[0] if names else ""),
    )


@router.get("/{build_id}/preview/{name}", dependencies=[Heavy])
def framed(build_id: UUID, name: Name, member: Viewer, session: Reading, note: Noting) -> Response:
    """The file that stands in the frame: a copy stamped with who looks at it, and recorded, as a download is."""
    by, at = member.without_posts, clock.now()
    made = manual_download(session, member.organisation, workshop_for(session, member.organisation), build_id, name, by=by, at=at)
    entry = {**(made.entry or {}), "action": "manual:preview"}
    with note() as noting:
        keep_record(noting, member.organisation, replace(made, entry=entry), by=by, at=at)
    return Response(made.data, media_type="text/html; charset=utf-8", headers=dict(FRAMED))
