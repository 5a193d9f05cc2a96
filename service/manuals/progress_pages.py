"""How far a build is: a page that works without scripts, the events that it listens to, and calling the build off."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from service.manuals.pages import Viewer, makings
from service.manuals.progress import Making, Stage
from service.manuals.rules import BINDING_NAMES
from service.manuals.steps import STEP_NAMES
from service.organisations.api import Member, allowed_to_write_later
from service.organisations.pages import organisation_page
from service.organisations.roles import Act
from service.web.depends import Reading
from service.web.forms import see
from service.web.once import PageRoute

router = APIRouter(prefix="/organisations/{code}/manuals", route_class=PageRoute)
"""Stands before the routes of builds, which take every id."""

PAUSE = 0.2
"""Seconds between two looks at a build that somebody watches."""
QUIET = 15.0
"""Seconds after which a line without meaning is sent, so that nothing on the way takes the connection for dead."""
LONGEST = 600.0
"""Seconds that one connection is kept; the browser comes back by itself."""


@router.get("/building/{making_id}")
def building(making_id: UUID, member: Viewer, request: Request) -> Response:
    """The build under way; what has ended leads to the manuals and says how."""
    making = makings(request).find(member.organisation.id, making_id)
    address = f"/organisations/{member.organisation.code}/manuals"
    if making.stage in (Stage.DONE, Stage.CANCELLED):
        return see(_address(address, making), making.said)
    steps = [(step, name, making.step == step) for step, name in STEP_NAMES.items()]
    return organisation_page(
        "manuals/building.html", member, "manuals", making=making, steps=steps, binding_name=BINDING_NAMES[making.binding]
    )


def _address(manuals: str, making: Making) -> str:
    """Where to look when it has ended: at the build, if there is one."""
    return f"{manuals}#build-{making.build}" if making.build else manuals


@router.get("/progress/{making_id}")
def progress(making_id: UUID, member: Viewer, session: Reading, request: Request) -> StreamingResponse:
    """Server-sent events: `progress` at every step, `end` when there is no more to come."""
    making = makings(request).find(member.organisation.id, making_id)
    address = f"/organisations/{member.organisation.code}/manuals/building/{making.id}"
    session.close()  # who watches for minutes holds no connection of the database
    return StreamingResponse(_events(making, address), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


async def _events(making: Making, address: str) -> AsyncIterator[str]:
    told, quiet, open_for = None, 0.0, 0.0
    while open_for < LONGEST:
        state = (making.stage, making.percent, making.words)
        if state != told:
            told, quiet = state, 0.0
            yield _event("end" if making.stage is not Stage.RUNNING else "progress", making, address)
        if making.stage is not Stage.RUNNING and told[0] is making.stage:
            return
        if quiet >= QUIET:
            quiet = 0.0
            yield ": 仍在编制\n\n"
        await asyncio.sleep(PAUSE)
        quiet, open_for = quiet + PAUSE, open_for + PAUSE


def _event(name: str, making: Making, address: str) -> str:
    data = {"percent": making.percent, "step": making.step.value, "words": making.words, "stage": making.stage.value, "address": address}
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


@router.post("/building/{making_id}/cancel")
def cancel(making_id: UUID, member: Annotated[Member, allowed_to_write_later(Act.BUILD)], session: Reading, request: Request) -> Response:
    """Call a build off; it stops before its next step."""
    known = makings(request)
    making = known.cancel(member.organisation.id, making_id, by=member.actor(session))
    return see(f"/organisations/{member.organisation.code}/manuals/building/{making.id}", "正在取消，当前一步做完即停止")
