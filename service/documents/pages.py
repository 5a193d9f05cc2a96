"""The page with the list of controlled documents."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from service.clock import today
from service.documents import queries
from service.documents.rules import KIND_NAMES, KIND_ORDER, state_name
from service.organisations.api import Owner
from service.web.depends import AsOf, Reading
from service.web.templating import page

router = APIRouter(prefix="/organisations/{code}/documents")


@router.get("")
def documents(owner: Owner, session: Reading, as_of: AsOf) -> HTMLResponse:
    on = as_of or today(owner.time_zone)
    pairs = queries.in_force(session, owner.id, as_of) if as_of else queries.current(session, owner.id, on)
    rows = [_row(pair, on) for pair in pairs]
    return page("documents/list.html", organisation=owner, tab="documents", pairs=rows, as_of=as_of)


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
