"""What falls due for every organisation: once a day its trail is anchored."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from service.organisations.models import Organisation
from service.settings import settings
from service.trail.actions import anchor
from service.trail.keys import signing_key
from service.trail.queries import anchors_of, head_of


def anchor_daily(session: Session, organisation: Organisation, *, at: datetime) -> None:
    """Sign how far the trail has come, unless this was done today (UTC) or there is nothing to sign."""
    anchors = anchors_of(session, organisation.id)
    if head_of(session, organisation.id).position and (not anchors or anchors[-1].at.date() < at.date()):
        anchor(session, organisation.id, organisation.code, signing_key(settings().data), at=at)
