"""受控文件: the list of controlled documents, narrowed by kind, department, state, indicator, words and day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from service.coverage.queries import revisions_claiming
from service.documents.actions import draft_refusal
from service.documents.listing import Line, Narrowing, lines_of_day, lines_today, narrowed
from service.documents.rules import KIND_NAMES, KIND_ORDER, STANDING_NAMES, Standing
from service.organisations.api import Member, Reader
from service.organisations.pages import organisation_page
from service.organisations.queries import chart_on
from service.organisations.roles import Act, may
from service.organisations.rules import Actor, departments_of, names_by_key
from service.standards.rules import Standard
from service.standards.shipped import standard
from service.text.model import Kind
from service.web.depends import AsOf, Reading
from service.web.portions import Chosen, PageNumber, portion

router = APIRouter(prefix="/organisations/{code}/documents")


@router.get("")
def documents(
    member: Reader,
    session: Reading,
    as_of: AsOf,
    kind: Annotated[Kind | None, Chosen] = None,
    department: Annotated[str, Query(max_length=80)] = "",
    status: Annotated[Standing | None, Chosen] = None,
    indicator: Annotated[str, Query(max_length=20)] = "",
    q: Annotated[str, Query(max_length=200)] = "",
    page: PageNumber = 1,
) -> HTMLResponse:
    """Whoever may read all sees today what is on its way too; everybody else what is in force and addressed to him."""
    sees_all = may(member.roles, Act.READ_ALL)
    lines = _lines(session, member, as_of, sees_all, ended=status is Standing.OBSOLETE)
    names = names_by_key(departments_of(chart_on(session, member.organisation.id, as_of or member.today)))
    claiming = revisions_claiming(session, member.organisation.id, standard().id, indicator) if indicator and sees_all else None
    found = list(narrowed(lines, Narrowing(kind, department, status, q.strip()), claiming))
    filters = {"as_of": as_of, "kind": kind, "department": department, "status": status, "indicator": indicator, "q": q.strip()}
    shown = portion(found, page, filters)
    return organisation_page(
        "documents/list.html",
        member,
        "documents",
        as_of=as_of,
        shown=shown,
        kept={name: value for name, value in filters.items() if value and name not in ("as_of", "status")},
        any_at_all=bool(lines),
        sees_all=sees_all,
        chosen={name: value or "" for name, value in filters.items()},
        is_narrowed=any(value for name, value in filters.items() if name != "as_of"),
        departments=names,
        kind_names=KIND_NAMES,
        **_choices(lines, names, sees_all=sees_all, past=as_of is not None),
        steps={line.document.id: _step(line, member.without_posts, as_of) for line in shown.rows},
    )


def _lines(session: Session, member: Member, as_of: date | None, sees_all: bool, *, ended: bool) -> list[Line]:
    if sees_all and as_of is None:
        return lines_today(session, member.organisation, member.today, ended=ended)
    return lines_of_day(session, member.organisation, member.actor(session), as_of or member.today, member.today)


def _choices(lines: Collection[Line], names: dict[str, str], *, sees_all: bool, past: bool) -> dict[str, Any]:
    """What the filters offer: kinds and departments that occur, and every state and indicator to those who may read all."""
    kinds = sorted({line.document.kind for line in lines}, key=lambda kind: KIND_ORDER[kind])
    places = {key: place for place, key in enumerate(names)}
    owners = sorted({line.document.department for line in lines}, key=lambda key: (places.get(key, len(places)), key))
    return {
        "kinds": [(kind.value, KIND_NAMES[kind]) for kind in kinds],
        "owners": [(key, names.get(key, key)) for key in owners],
        "standings": [(each.value, name) for each, name in STANDING_NAMES.items()] if sees_all and not past else [],
        "branches": _branches(standard()) if sees_all else [],
    }


def _branches(rules: Standard) -> list[tuple[str, list[tuple[str, str]]]]:
    """(branch, [(code, words)]) for a choice: each branch as a whole, then what is below it."""
    return [
        (
            f"{branch.code} {branch.title}",
            [(branch.code, f"{branch.code} 全部")]
            + [(leaf.code, f"{leaf.code} {leaf.title}") for leaf in rules.leaves if leaf.parent == branch.code],
        )
        for branch in rules.nodes
        if branch.level == 2
    ]


def _step(line: Line, by: Actor, as_of: date | None) -> str:
    """What this person would do next with a document: edit the draft, look at the approval, start a revision; "" for nothing."""
    if as_of is not None or line.standing is Standing.OBSOLETE:
        return ""
    if line.is_on_its_way:
        return "approval" if may(by.roles, Act.READ_ALL) else ""
    if line.is_draft:
        return "edit" if may(by.roles, Act.DRAFT, line.document.department) else ""
    return "" if draft_refusal(line.document, line.newest, by) else "revise"
