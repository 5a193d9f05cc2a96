"""What falls due: an approved request is closed once everything it asked for is carried out."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from service.changes.guards import record_change
from service.changes.notices import tell_done
from service.changes.queries import carried_out, unclosed
from service.organisations.models import Organisation
from service.organisations.rules import SYSTEM


def due(session: Session, organisation: Organisation, *, at: datetime) -> int:
    """Write down when a request was found done, once; how many were closed now. Doing it again changes nothing."""
    found = unclosed(session, organisation.id, carried_out(session, organisation.id))
    for request in found:
        request.closed_at = at
        session.add(request)
        record_change(session, request, "close", SYSTEM, at, {})
        tell_done(session, organisation, request, at=at)
    return len(found)
