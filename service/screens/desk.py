"""工作台: what I must do, and how we stand; for a reader what he is to read and what is new for him."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from service import clock
from service.coverage.rules import STATE_NAMES, State
from service.coverage.views import STATE_COLOURS
from service.documents.queries import Controlled
from service.documents.readers import readable
from service.documents.rules import KIND_NAMES, STANDING_NAMES
from service.organisations.api import Member, Reader
from service.organisations.pages import organisation_page
from service.organisations.roles import Act, may
from service.screens.standing import EXPIRES_WITHIN, branches_of, coverage_of, documents_by_place, endings
from service.screens.todo import todo
from service.web.depends import Reading

router = APIRouter()
NEW_FOR, NEW = timedelta(days=90), 10
"""A text is new for three months; so many are shown."""
ENDINGS = 10


@router.get("/organisations/{code}")
def desk(member: Reader, session: Reading) -> HTMLResponse:
    sees_all = may(member.roles, Act.READ_ALL)
    return organisation_page(
        "screens/desk.html" if sees_all else "screens/desk_reader.html",
        member,
        "",
        duties=todo(session, member, at=clock.now()),
        **(_standing(session, member) if sees_all else {"fresh": _fresh(session, member), "kind_names": KIND_NAMES}),
    )


def _standing(session: Session, member: Member) -> dict[str, Any]:
    owner, on = member.organisation, member.today
    coverage = coverage_of(session, owner, on)
    branches = branches_of(coverage)
    ending = endings(session, owner, on)
    return {
        "totals": coverage.totals,
        "branches": branches,
        "states": [(state, STATE_NAMES[state], STATE_COLOURS[state]) for state in State],
        "chart": json.dumps(
            {
                "categories": [f"{branch.code} {branch.title}" for branch in branches],
                "series": [
                    {
                        "name": STATE_NAMES[state],
                        "colour": STATE_COLOURS[state],
                        "values": [branch.counts[state.value] for branch in branches],
                    }
                    for state in State
                ],
                "addresses": [f"/organisations/{owner.code}/coverage?branch={branch.code}" for branch in branches],
            },
            ensure_ascii=False,
        ).replace("<", "\\u003c"),
        "places": [(place, STANDING_NAMES[place], count) for place, count in documents_by_place(session, owner, on).items()],
        "endings": ending[:ENDINGS],
        "more_endings": max(0, len(ending) - ENDINGS),
        "within": EXPIRES_WITHIN,
    }


def _fresh(session: Session, member: Member) -> list[Controlled]:
    """What is addressed to this reader and took force lately, the newest first."""
    since = member.today - NEW_FOR
    pairs = readable(session, member.organisation.id, member.actor(session), member.today, texts=False)
    return sorted((pair for pair in pairs if _began(pair) >= since), key=_began, reverse=True)[:NEW]


def _began(pair: Controlled) -> date:
    return pair.revision.effective_on or date.min
