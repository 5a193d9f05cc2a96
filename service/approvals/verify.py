"""Comparing the sign-offs in the database with the seals that the trail holds: what somebody has done behind the system's back is found."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from sqlalchemy import Select, String, type_coerce
from sqlalchemy import select as columns_of
from sqlmodel import Session, col

from service.approvals.models import Signoff
from service.approvals.seals import CARRIED_OVER, STEP_ACTIONS, Found, SignoffFault, Tampering, Words, find_faults
from service.documents.models import Document, Revision
from service.documents.rules import label as label_of
from service.organisations.models import Organisation
from service.trail.models import TrailEntry

BATCH = 2000


def verify_signoffs(session: Session, organisation: Organisation) -> list[SignoffFault]:
    """Every sign-off that was edited, moved to another revision, deleted, added or voided without a step. Voided ones are verified too.

    It trusts the trail, which is to be verified first (`service.trail.queries.verify`).
    """
    readable, unreadable = _signoffs(session, organisation.id)
    sealed, voided = _seals_in_trail(session, organisation.id)
    broken = [SignoffFault(Tampering.CHANGED, f"签署 {key}") for key in unreadable]
    return [*broken, *find_faults(organisation.code, readable, sealed, voided)]


def _seals_in_trail(session: Session, organisation: UUID) -> tuple[Counter[str], Counter[str]]:
    """How often the trail holds each seal, and how often it says that the sign-off became void."""
    sealed, voided = Counter[str](), Counter[str]()
    carried_over = Counter[str](), Counter[str]()  # told once more, not signed once more
    entry = TrailEntry
    query = columns_of(col(entry.action), col(entry.details)).where(
        col(entry.organisation_id) == organisation, col(entry.action).in_((*STEP_ACTIONS, CARRIED_OVER))
    )
    for action, details in session.connection().execute(query, execution_options={"yield_per": BATCH}):
        made, void = carried_over if action == CARRIED_OVER else (sealed, voided)
        made.update(details.get("seals", ()))
        void.update(details.get("voided", ()))
    return sealed | carried_over[0], voided | carried_over[1]


def _signoffs(session: Session, organisation: UUID) -> tuple[list[Found], list[str]]:
    """The sign-offs of an organisation, and the ids of those that the database cannot even read."""
    query = _query(organisation)
    try:
        return [_found(row) for row in session.connection().execute(query)], []
    except (LookupError, ValueError, TypeError):
        pass  # some row holds what we never write; one by one it is found
    readable, unreadable = [], []
    for key in session.connection().execute(columns_of(_key()).where(col(Signoff.organisation_id) == organisation)).scalars().all():
        try:
            readable += [_found(row) for row in session.connection().execute(query.where(_key() == key))]
        except (LookupError, ValueError, TypeError):
            unreadable.append(str(key))
    return readable, unreadable


def _key() -> Any:
    return type_coerce(col(Signoff.id), String)


def _query(organisation: UUID) -> Select[Any]:
    """Plain columns: rows that the session holds already may differ from what stands in the database."""
    own = [col(getattr(Signoff, name)) for name in ("meaning", "login", "name", "post", "post_key", "at", "fingerprint", "comment")]
    return (
        columns_of(
            col(Document.number),
            col(Revision.edition),
            col(Revision.revision_number),
            *own,
            col(Signoff.exception_id),
            col(Signoff.seal),
            col(Signoff.voided_at).is_not(None),
            col(Revision.fingerprint),
            col(Revision.organisation_id) == col(Signoff.organisation_id),
        )
        .join(Revision, col(Signoff.revision_id) == col(Revision.id))
        .join(Document, col(Revision.document_id) == col(Document.id))
        .where(col(Signoff.organisation_id) == organisation)
        .order_by(col(Document.number), col(Signoff.at), col(Signoff.id))
    )


def _found(row: Any) -> Found:
    number, edition, revision_number, *own, exception, sealed, voided, fingerprint, is_own = row
    if any(isinstance(value, bytes) for value in (*own, sealed)):
        raise TypeError("bytes where a text belongs")  # SQLite takes anything
    words = Words._make((number, label_of(edition, revision_number), *own, exception))
    return Found(words, sealed, bool(voided), fingerprint, bool(is_own))
