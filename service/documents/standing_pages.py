"""The page that a code on a printed page leads to: no log-in, no cookie, nothing but how this revision stands now."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from service import clock
from service.documents.standing import PATH, PRINTED_STANDING_NAMES, revision_of
from service.documents.standing_queries import checked
from service.kit.dates import chinese_date
from service.web.depends import Reading
from service.web.rate import glanced
from service.web.templating import USUAL_ZONE, page

router = APIRouter()


@router.get(f"{PATH}/{{token}}", dependencies=[Depends(glanced)])
def standing(token: str, session: Reading) -> HTMLResponse:
    """What is not released, what never was and what is no token look the same: 404."""
    at, revision = clock.now(), revision_of(token)
    found = checked(session, revision, at=at) if revision else None
    local = at.astimezone(ZoneInfo(found.time_zone if found else USUAL_ZONE))
    made = f"{chinese_date(local.date())} {local:%H:%M:%S}"
    answer = page("documents/standing.html", status=200 if found else 404, found=found, names=PRINTED_STANDING_NAMES, made=made)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
