"""The draft as it would be printed, in a tab of its own."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter, Response

from service import clock
from service.manuals.drafts import draft_pdf
from service.manuals.workshop import workshop_for
from service.screens.editor import Viewer
from service.screens.editor_draft import open_draft
from service.web.depends import Reading
from service.web.heavy import Heavy

router = APIRouter(prefix="/organisations/{code}/documents/{number:path}/edit")
POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'"
"""For the browser's own viewer of PDF files, which stands in the page as an object."""


@router.get("/preview.pdf", dependencies=[Heavy])
def preview(number: str, member: Viewer, session: Reading) -> Response:
    """Shown, not kept: every page says 草稿."""
    document, revision = open_draft(session, member, number)
    by, at = member.without_posts, clock.now()
    name, data = draft_pdf(session, member.organisation, workshop_for(session, member.organisation), document, revision, by=by, at=at)
    headers = {"Content-Disposition": f"inline; filename*=UTF-8''{quote(name)}", "Content-Security-Policy": POLICY}
    return Response(data, media_type="application/pdf", headers=headers)
