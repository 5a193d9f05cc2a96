"""How far a build is: a page that works without scripts, the events that it listens to, and calling the build off."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from service import clock
from service.db import reading
from service.manuals.making_actions import call_off
from service.manuals.making_queries import Progress, find_making, progress_of
from service.manuals.pages import Viewer
from service.manuals.rules import BINDING_NAMES
from service.manuals.steps import STEP_NAMES, Stage
from service.organisations.api import Member, allowed_to_write_later
from service.organisations.pages import organisation_page
from service.organisations.queries import names_of
from service.organisations.roles import Act
from service.web.depends import Noting, Reading
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
def building(making_id: UUID, member: Viewer, session: Reading) -> Response:
    """The build under way; what has ended leads to the manuals and says how."""
    owner = member.organisation
    making = progress_of(find_making(session, owner.id, making_id), clock.now())
    if making.stage in (Stage.DONE, Stage.CANCELLED):
        return see(_address(f"/organisations/{owner.code}/manuals", making), making.words)
    steps = [(step, name, making.step == step) for step, name in STEP_NAMES.items()]
    people = names_of(session, owner.id, [making.asked_by])
    return organisation_page(
        "manuals/building.html", member, "manuals", making=making, steps=steps, people=people, binding_name=BINDING_NAMES[making.binding]
    )


def _address(manuals: str, making: Progress) -> str:
    """Where to look when it has ended: at the build, if there is one."""
    return f"{manuals}#build-{making.build}" if making.build else manuals


@router.get("/progress/{making_id}")
def progress(making_id: UUID, member: Viewer, session: Reading, request: Request) -> StreamingResponse:
    """Server-sent events: `progress` at every step, `end` when there is no more to come."""
    owner, engine = member.organisation, request.app.state.engine
    find_making(session, owner.id, making_id)
    session.close()  # who watches for minutes holds no connection of the database

    def now() -> Progress:
        with reading(engine) as look:
            return progress_of(find_making(look, owner.id, making_id), clock.now())

    address = f"/organisations/{owner.code}/manuals/building/{making_id}"
    return StreamingResponse(_events(now, address), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


async def _events(now: Callable[[], Progress], address: str) -> AsyncIterator[str]:
    told, quiet, open_for = None, 0.0, 0.0
    while open_for < LONGEST:
        making = await run_in_threadpool(now)
        is_running = making.stage is Stage.RUNNING
        if making != told:
            told, quiet = making, 0.0
            yield _event("progress" if is_running else "end", making, address)
        if not is_running:
            return
        if quiet >= QUIET:
            quiet = 0.0
            yield ": 仍在编制\n\n"
        await asyncio.sleep(PAUSE)
        quiet, open_for = quiet + PAUSE, open_for + PAUSE


def _event(name: str, making: Progress, address: str) -> str:
    data = {"percent": making.percent, "step": making.step.value, "words": making.words, "stage": making.stage.value, "address": address}
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


@router.post("/building/{making_id}/cancel")
def cancel(making_id: UUID, member: Annotated[Member, allowed_to_write_later(Act.BUILD)], session: Reading, note: Noting) -> Response:
    """Call a build off; it stops before its next step."""
    by = member.actor(session)
    with note() as noting:
        call_off(noting, member.organisation, making_id, by=by)
    return see(f"/organisations/{member.organisation.code}/manuals/building/{making_id}", "正在取消，当前一步做完即停止")
