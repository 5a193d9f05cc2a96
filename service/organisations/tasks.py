"""What falls due for every organisation: once a day its trail is anchored, and it takes the name that begins to hold."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from service.organisations.actions import lock, rename
from service.organisations.models import Organisation
from service.organisations.rules import SYSTEM
from service.settings import settings
from service.trail.actions import anchor, record
from service.trail.keys import signing_key
from service.trail.queries import anchors_of, head_of


def anchor_daily(session: Session, organisation: Organisation, *, at: datetime) -> None:
    """Sign how far the trail has come, unless this was done today (UTC) or there is nothing to sign."""
    anchors = anchors_of(session, organisation.id)
    if head_of(session, organisation.id).position and (not anchors or anchors[-1].at.date() < at.date()):
        anchor(session, organisation.id, organisation.code, signing_key(settings().data), at=at)


def take_name(session: Session, organisation: Organisation, *, at: datetime) -> None:
    """From its day on the organisation is called by a legal name that was set for a later day."""
    lock(session, organisation)
    session.refresh(organisation)  # whoever had the lock may have done it
    former = organisation.name
    if rename(session, organisation, at):
        details = {"name": organisation.name, "former": former}
        subject = {"subject": "organisation", "subject_id": organisation.code}
        record(session, organisation.id, at=at, by=SYSTEM.login, action="organisation:rename", **subject, details=details)
