"""What stands behind the tabs of a document's page: history and sign-offs, references, copies and reading, change requests, trail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise
from typing import Any

from sqlmodel import Session

from service.approvals.standing import standing_signoffs
from service.changes.about import requests_about
from service.changes.queries import carried_out, status_of
from service.changes.rules import STATUS_NAMES
from service.distribution.acknowledgement_queries import acknowledgement_rows
from service.distribution.queries import copy_rows
from service.distribution.rules import ACKNOWLEDGEMENT_STATE_NAMES, COPY_STATUS_NAMES, MEDIUM_NAMES, MISSING, AcknowledgementState
from service.documents.citing import cited_by_text, citing
from service.documents.external_queries import external_entries
from service.documents.models import Document, Revision
from service.documents.queries import Controlled, in_force, running
from service.documents.readers import readable
from service.documents.review_queries import reviews_of
from service.documents.review_rules import VERDICT_NAMES
from service.documents.rules import STANDING_NAMES, Standing, state_name
from service.documents.texts import procedure_of
from service.errors import ServiceError
from service.manuals.list_rows import endings
from service.organisations.api import Member
from service.organisations.queries import names_of
from service.organisations.roles import Act, may
from service.standards.citations import merged
from service.standards.shipped import register
from service.trail.queries import newest
from service.trail.words import action_name

LATEST = 100
"""Entries of the trail on the page; the others are in the trail itself."""


class View(StrEnum):
    """The tabs; the value stands in the address."""

    TEXT = "text"
    HISTORY = "history"
    REFERENCES = "references"
    DISTRIBUTION = "distribution"
    CHANGES = "changes"
    TRAIL = "trail"


@dataclass(frozen=True, slots=True)
class Looking:
    """Who looks at which revision of what, on which day and by what was known when."""

    member: Member
    document: Document
    revision: Revision
    history: Sequence[Revision]
    as_of: date | None
    recorded_on: datetime | None

    @property
    def on(self) -> date:
        return self.as_of or self.member.today

    @property
    def sees_all(self) -> bool:
        return may(self.member.roles, Act.READ_ALL)

    @property
    def is_now(self) -> bool:
        return self.as_of is None and self.recorded_on is None

    @property
    def replaced(self) -> tuple[date, str] | None:
        """Since when the revision is out of force, and why; None if it is not."""
        return next(((day, why) for row, day, why in endings(self.history, self.on, self.recorded_on) if row is self.revision), None)

    def state_of(self, revision: Revision) -> str:
        """作废 for whatever is out of force, replaced by a later revision or made obsolete."""
        if any(row is revision for row, _, _ in endings(self.history, self.on, self.recorded_on)):
            return STANDING_NAMES[Standing.OBSOLETE]
        return state_name(revision.status, revision.effective_on, revision.obsolete_on, self.on)


def views_of(looking: Looking) -> list[tuple[View, str, str]]:
    """(view, name, icon) of the tabs that this member sees."""
    roles = looking.member.roles
    tabs = [
        (View.TEXT, "正文", "file-text", True),
        (View.HISTORY, "修订与签署", "history", True),
        (View.REFERENCES, "引用关系", "link", True),
        (View.DISTRIBUTION, "发放与阅读", "send", True),
        (View.CHANGES, "更改申请", "replace", looking.sees_all or may(roles, Act.REQUEST_CHANGE)),
        (View.TRAIL, "审计追踪", "timeline-event", may(roles, Act.READ_TRAIL)),
    ]
    return [(view, name, icon) for view, name, icon, shown in tabs if shown]


def neighbours(session: Session, looking: Looking) -> list[Controlled]:
    """The documents that this member can be led to: what is in force on the day and for him, today for some also what is on its way."""
    member = looking.member
    owner = member.organisation.id
    if not looking.sees_all:
        return readable(session, owner, member.actor(session), looking.on, looking.recorded_on, today=member.today, texts=False)
    found = in_force(session, owner, looking.on, looking.recorded_on, texts=False)
    if not looking.is_now:
        return found
    known = {pair.document.id for pair in found}
    return found + [pair for pair in running(session, owner, texts=False) if pair.document.id not in known]


def history(session: Session, looking: Looking) -> dict[str, Any]:
    """Revisions, sign-offs and periodic reviews; who may not read all sees those of the revision he reads."""
    document, shown = looking.document, list(looking.history) if looking.sees_all else [looking.revision]
    signed = standing_signoffs(session, looking.member.organisation, document)
    ended = {row.id: (day, why) for row, day, why in endings(looking.history, looking.on, looking.recorded_on)}
    earlier = {row.id: before for before, row in pairwise(shown)}
    return {
        "revisions": [(row, looking.state_of(row), ended.get(row.id), earlier.get(row.id)) for row in reversed(shown)],
        "signoffs": [each for each in reversed(signed) if any(each.revision.id == row.id for row in shown)],
        "reviews": [(review, of, VERDICT_NAMES[review.verdict]) for review, of in reversed(reviews_of(session, document))]
        if looking.sees_all
        else [],
    }


def references(session: Session, looking: Looking) -> dict[str, Any]:
    """《…》 in both directions."""
    owner, pairs = looking.member.organisation, neighbours(session, looking)
    numbers = {pair.revision.title: pair.document.number for pair in pairs if pair.document.id != looking.document.id}
    own = [entry.reference for entry in external_entries(session, owner, looking.on, looking.recorded_on)]
    unreadable, cited = "", []
    try:
        cited = cited_by_text(procedure_of(session, owner, looking.revision), numbers)
    except ServiceError as fault:  # of a draft that cannot be read as it is
        unreadable = str(fault)
    return {
        "named": [each for each in cited if each.title != looking.revision.title],
        "unreadable": unreadable,
        "external": {entry.title: entry.number for entry in merged(own, register())},
        "registered": {entry.title for entry in own},
        "naming": citing(session, looking.document, looking.revision.title, pairs),
    }


def distribution(session: Session, looking: Looking) -> dict[str, Any]:
    """Copies and readers of the document; who may not read all sees his own."""
    member, document = looking.member, looking.document
    login = None if looking.sees_all else member.caller.user.login
    copies = copy_rows(session, member.organisation, looking.on, looking.recorded_on, document=document, holder=login)
    asked = acknowledgement_rows(session, member.organisation, looking.on, looking.recorded_on, document=document, login=login)
    own = [row for row in asked if row.label == looking.revision.label]
    counted = Counter(row.state for row in own)
    return {
        "copies": list(reversed(copies)),
        "copy_counts": [(COPY_STATUS_NAMES[status], count) for status, count in Counter(row.status for row in copies).items()],
        "asked": sorted(own, key=lambda row: (row.state not in MISSING, row.name)),
        "confirmed": counted[AcknowledgementState.ACKNOWLEDGED],
        "missing": sum(counted[state] for state in MISSING),
        "copy_status_names": COPY_STATUS_NAMES,
        "medium_names": MEDIUM_NAMES,
        "reading_names": ACKNOWLEDGEMENT_STATE_NAMES,
    }


def changes(session: Session, looking: Looking) -> dict[str, Any]:
    rows = requests_about(session, looking.document, looking.member.caller.user.login, own_only=not looking.sees_all)
    done = carried_out(session, looking.document.organisation_id) if rows else frozenset()
    return {"requests_about": [(row, STATUS_NAMES[status_of(row, done)]) for row in rows]}


def trail(session: Session, looking: Looking) -> dict[str, Any]:
    """The entries about this document, the newest first, with the names of who acted."""
    owner = looking.member.organisation.id
    rows = newest(session, owner, LATEST + 1, subject_id=looking.document.number)
    names = names_of(session, owner, {row.by for row in rows})
    entries = [(row, action_name(row.action), names.get(row.by, row.by)) for row in rows[:LATEST]]
    return {"entries": entries, "more": len(rows) > LATEST}


CONTEXTS = {
    View.HISTORY: history,
    View.REFERENCES: references,
    View.DISTRIBUTION: distribution,
    View.CHANGES: changes,
    View.TRAIL: trail,
}
