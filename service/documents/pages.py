"""The page with the list of controlled documents."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from service.documents import queries
from service.documents.readers import readable
from service.documents.rules import KIND_NAMES, KIND_ORDER, state_name
from service.organisations.api import Reader
from service.organisations.pages import organisation_page
from service.organisations.roles import Act, may
from service.web.depends import AsOf, Reading

router = APIRouter(prefix="/organisations/{code}/documents")


@router.get("")
def documents(member: Reader, session: Reading, as_of: AsOf) -> HTMLResponse:
    on, owner = as_of or member.today, member.organisation
    if may(member.roles, Act.READ_ALL) and not as_of:
        pairs = queries.current(session, owner.id, on)
    else:
        pairs = readable(session, owner.id, member.actor(session), on, today=member.today)
    return organisation_page("documents/list.html", member, "documents", pairs=[_row(pair, on) for pair in pairs], as_of=as_of)


def _row(pair: queries.Controlled, on: Any) -> dict[str, Any]:
    document, revision = pair.document, pair.revision
    state = state_name(revision.status, revision.effective_on, revision.obsolete_on, on)
    return {
        "number": document.number,
        "title": revision.title,
        "label": revision.label,
        "kind_order": KIND_ORDER[document.kind],
        "kind_name": KIND_NAMES[document.kind],
        "state": state,
        "in_force": state == "现行有效",
        "effective_on": revision.effective_on,
    }
