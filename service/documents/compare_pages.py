"""Two revisions of a document side by side in one text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from service.documents.models import Revision
from service.documents.queries import find_document, labelled, revisions
from service.documents.texts import compared, set_text
from service.organisations.api import Member, allowed
from service.organisations.pages import organisation_page
from service.organisations.roles import Act
from service.settings import settings
from service.web.depends import Reading

router = APIRouter(prefix="/organisations/{code}/documents")
Label = Annotated[str, Query(max_length=12)]


@router.get("/{number:path}/compare")
def compare(
    number: str,
    member: Annotated[Member, allowed(Act.READ_ALL)],
    session: Reading,
    from_: Annotated[str, Query(alias="from", max_length=12)] = "",
    to: Label = "",
) -> HTMLResponse:
    """The changes from one revision to another; without labels those of the newest against the one before it."""
    owner = member.organisation
    document = find_document(session, owner.id, number)
    history = revisions(session, document)
    new = labelled(document, history, to) if to else history[-1]
    old = labelled(document, history, from_) if from_ else _before(history, new)
    data = settings().data
    before, after = (set_text(session, owner, document, each, data) for each in (old, new))
    found = compared(before, after) if old is not new else None
    return organisation_page(
        "documents/compare.html", member, "documents", document=document, history=list(reversed(history)), old=old, new=new, found=found
    )


def _before(history: Sequence[Revision], revision: Revision) -> Revision:
    """The revision before this one, or itself if it is the first."""
    return history[max(0, list(history).index(revision) - 1)]
