"""Selects of the register of external documents: what it said on a day, as it was known at a moment, and the register that counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from service.clock import local_date
from service.documents.external_rules import ExternalKind
from service.documents.models import ExternalCheck, ExternalDocument
from service.documents.review_rules import CHECK_MONTHS, REVIEW_MONTHS, months_later
from service.documents.rules import was_known
from service.errors import NotFound
from service.organisations.models import Organisation
from service.organisations.queries import current_values
from service.standards.citations import merged, normal_number
from service.standards.rules import Confidence, ReferenceEntry, ReferenceStatus

_ORDER = tuple(ExternalKind)
_ENDS_CHECKING = frozenset({ReferenceStatus.REPLACED, ReferenceStatus.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class ExternalEntry:
    """An external document of the register with its last check; `kept_since` is the day it was entered, `due_on` when to check it next.

    What is replaced or withdrawn is never due again: `due_on` is None.
    """

    row: ExternalDocument
    check: ExternalCheck | None
    kept_since: date
    due_on: date | None

    @property
    def latest(self) -> ExternalDocument | ExternalCheck:
        """Whatever tells its status and edition: the last check, or the entry as it was made."""
        return self.check or self.row

    @property
    def reference(self) -> ReferenceEntry:
        """The entry as checks and manuals take it."""
        row, check, latest = self.row, self.check, self.latest
        confidence = Confidence.HIGH if check else Confidence.LOW
        checked_on = check.checked_on if check else None
        return ReferenceEntry(
            row.number, row.title, latest.status, confidence, checked_on, latest.edition, note=row.note, replaced_by=latest.replaced_by
        )


def external_entries(session: Session, organisation: Organisation, on: date, recorded_on: datetime | None = None) -> list[ExternalEntry]:
    """The register on day `on`, as known at `recorded_on`: laws, standards, others, each in the order of numbers."""
    kept = [row for row in _rows(session, organisation.id) if _is_kept(row, on, organisation.time_zone, recorded_on)]
    checks = _last_checks(session, organisation.id, on, recorded_on)
    months = check_months(session, organisation.id, on, recorded_on) if kept else CHECK_MONTHS
    entries = [_entry(row, checks.get(row.id), months, organisation.time_zone) for row in kept]
    return sorted(entries, key=lambda entry: (_ORDER.index(entry.row.kind), entry.row.number))


def check_months(session: Session, organisation: UUID, on: date, recorded_on: datetime | None = None) -> int:
    """How many months a check counts: the organisation's own 法律法规复核周期, else a year."""
    row = current_values(session, organisation, on, recorded_on).get("targets.law_review_months")
    return int(row.value) if row is not None and row.value in REVIEW_MONTHS else CHECK_MONTHS


def register_on(
    session: Session, organisation: Organisation, shipped: Sequence[ReferenceEntry], on: date, recorded_on: datetime | None = None
) -> tuple[ReferenceEntry, ...]:
    """The register of references that counts on day `on`: the organisation's own entries, the shipped ones where it has none."""
    return merged([entry.reference for entry in external_entries(session, organisation, on, recorded_on)], shipped)


def find_external(session: Session, organisation: UUID, number: str) -> ExternalDocument:
    """The entry that is kept under this number, however it is spelled; NotFound says nothing of other organisations."""
    query = select(ExternalDocument).where(
        ExternalDocument.organisation_id == organisation,
        ExternalDocument.number == normal_number(number),
        col(ExternalDocument.ended_at).is_(None),
    )
    row = session.exec(query).one_or_none()
    if row is None:
        raise NotFound(f"外来文件清单中没有 {number}", code="external_document_not_found")
    return row


def checks_of(session: Session, row: ExternalDocument) -> list[ExternalCheck]:
    """Every check of one entry, oldest first."""
    query = select(ExternalCheck).where(ExternalCheck.organisation_id == row.organisation_id, ExternalCheck.external_document_id == row.id)
    return list(session.exec(query.order_by(col(ExternalCheck.checked_on), col(ExternalCheck.recorded_at))))


def _rows(session: Session, organisation: UUID) -> list[ExternalDocument]:
    return list(session.exec(select(ExternalDocument).where(ExternalDocument.organisation_id == organisation)))


def _is_kept(row: ExternalDocument, on: date, time_zone: str, recorded_on: datetime | None) -> bool:
    if local_date(row.created_at, time_zone) > on or not was_known(row.created_at, recorded_on):
        return False
    return row.ended_at is None or local_date(row.ended_at, time_zone) > on or not was_known(row.ended_at, recorded_on)


def _last_checks(session: Session, organisation: UUID, on: date, recorded_on: datetime | None) -> dict[UUID, ExternalCheck]:
    query = select(ExternalCheck).where(ExternalCheck.organisation_id == organisation, col(ExternalCheck.checked_on) <= on)
    if recorded_on is not None:
        query = query.where(col(ExternalCheck.recorded_at) <= recorded_on)
    ordered = query.order_by(col(ExternalCheck.checked_on), col(ExternalCheck.recorded_at))
    return {row.external_document_id: row for row in session.exec(ordered)}


def _entry(row: ExternalDocument, check: ExternalCheck | None, months: int, time_zone: str) -> ExternalEntry:
    kept_since = local_date(row.created_at, time_zone)
    due_on = months_later(check.checked_on, months) if check else kept_since
    status = (check or row).status
    return ExternalEntry(row, check, kept_since, None if status in _ENDS_CHECKING else due_on)
