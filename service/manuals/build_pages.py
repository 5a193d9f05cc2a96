"""One build: its files, what changed in what it was made of since the build before, and every input with its fingerprint."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from service.manuals.build_queries import build_before, build_of
from service.manuals.inputs import INPUT_NAMES, by_kind, changes, matching
from service.manuals.pages import Viewer
from service.manuals.rules import BINDING_NAMES, Binding
from service.organisations.pages import organisation_page
from service.organisations.queries import names_of
from service.web.depends import Reading

router = APIRouter(prefix="/organisations/{code}/manuals")
"""Stands behind the pages of manuals that have names, since it takes every id."""


@router.get("/{build_id}")
def build(build_id: UUID, member: Viewer, session: Reading, q: Annotated[str, Query(max_length=100)] = "") -> HTMLResponse:
    """`q`: only the inputs that hold these words are listed, and the lists are open."""
    row = build_of(session, member.organisation.id, build_id)
    before = build_before(session, row)
    compared = before if before is not None and before.inputs and row.inputs else None
    return organisation_page(
        "manuals/build.html",
        member,
        "manuals",
        build=row,
        people=names_of(session, member.organisation.id, [row.built_by]),
        binding_name=BINDING_NAMES[Binding(row.binding)],
        before=compared,
        changed=changes(compared.inputs, row.inputs) if compared else [],
        kinds=INPUT_NAMES,
        q=q.strip(),
        found=by_kind(matching(row.inputs, q)),
    )
