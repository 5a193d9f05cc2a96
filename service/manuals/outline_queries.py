"""Selects of outlines, and the documents that an outline can order."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from service.documents.queries import Controlled, in_force
from service.manuals.models import SavedOutline
from service.manuals.outline import OutlineLine, Slot, in_order, outline_from, rank_of, slot_of
from service.manuals.rules import Outline
from service.text.frontmatter import read_front
from service.text.model import Kind, Part


def outlines(session: Session, organisation: UUID, limit: int = 20) -> list[SavedOutline]:
    """The outlines saved last, the newest first."""
    query = select(SavedOutline).where(SavedOutline.organisation_id == organisation).order_by(col(SavedOutline.version).desc())
    return list(session.exec(query.limit(limit)))


def outline_at(session: Session, organisation: UUID, known_at: datetime | None = None) -> Outline:
    """The outline in use, now or as it was at a moment; the usual order if none was saved."""
    query = select(SavedOutline).where(SavedOutline.organisation_id == organisation)
    if known_at is not None:
        query = query.where(col(SavedOutline.saved_at) <= known_at)
    row = session.exec(query.order_by(col(SavedOutline.version).desc()).limit(1)).first()
    return outline_from(row.sequence, row.left_out, row.version) if row else Outline()


def outline_lines(session: Session, organisation: UUID, on: date, outline: Outline) -> list[OutlineLine]:
    """The documents in force on a day that a manual binds, slot after slot in the outline's order."""
    parts = in_force(session, organisation, on, kinds=frozenset({Kind.MANUAL}))
    others = in_force(session, organisation, on, kinds=frozenset(Kind) - {Kind.MANUAL}, texts=False)
    placed: dict[Slot, list[tuple[int, Controlled]]] = {slot: [] for slot in Slot}
    for pair in (*parts, *others):
        part = _part(pair)
        slot = slot_of(pair.document.kind, part)
        if slot is not None:
            placed[slot].append((rank_of(slot, part), pair))
    return [line for slot, pairs in placed.items() for line in _lines(slot, pairs, outline)]


def _part(pair: Controlled) -> Part | None:
    return read_front(pair.revision.text, pair.revision.title).part if pair.document.kind is Kind.MANUAL else None


def _lines(slot: Slot, pairs: list[tuple[int, Controlled]], outline: Outline) -> list[OutlineLine]:
    usual = {pair.document.number: pair for _, pair in sorted(pairs, key=lambda each: each[0])}
    found = [usual[number] for number in in_order(list(usual), outline.order)]
    return [
        OutlineLine(each.document.number, each.revision.title, each.revision.label, slot, each.document.number in outline.left_out)
        for each in found
    ]
