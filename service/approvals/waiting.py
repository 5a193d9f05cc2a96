"""What waits for whom: every revision under way with the people who may take its next step, read in sets (no select per revision)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from service.approvals.case import Case, Known
from service.approvals.models import Approval, DutyException, Signoff
from service.approvals.notices import NEXT
from service.approvals.permission import refusal_of
from service.approvals.queries import applying, by_meaning, by_post, duty_exceptions, running_approvals, signoffs_by_revision
from service.approvals.route import staff_of
from service.approvals.rules import SIGNS, Meaning, Step
from service.clock import local_date
from service.documents.models import Document, Revision
from service.documents.queries import Controlled, running_or_over
from service.organisations.models import Organisation
from service.organisations.queries import actors_of, chart_on, members, roles_of
from service.organisations.rules import Actor


@dataclass(frozen=True, slots=True)
class Waiting:
    """A revision that waits for `step`. `who`: log-in name → name of everybody who may take it now; empty: nobody can, which the
    approval rule, the chart or the members must mend. `since`: when it came to this step; `submitted_by`: who handed it in."""

    document: Document
    revision: Revision
    step: Step
    who: Mapping[str, str]
    since: datetime | None
    submitted_by: str

    @property
    def signs(self) -> bool:
        return self.step in SIGNS


@dataclass(frozen=True, slots=True)
class _Firm:
    """What is asked of the organisation once: who could act, and what every case of the day has in common."""

    session: Session
    at: datetime
    people: tuple[Actor, ...]
    exceptions: tuple[DutyException, ...]
    known: Known


@dataclass(frozen=True, slots=True)
class _Way:
    """One revision with the forms that travel with it, its approval and what is signed so far."""

    pair: Controlled
    is_over: bool
    forms: tuple[Controlled, ...]
    approval: Approval | None
    signed: tuple[Signoff, ...]

    @property
    def known(self) -> Known:
        """`rule` is none: a submitted revision goes by its approval's route, and to release one takes no post of a route."""
        return Known(
            document=self.pair.document,
            approval=self.approval,
            rule=None,
            forms=[each.revision for each in self.forms],
            signed=by_meaning(self.signed),
            countersigned=by_post(self.signed),
            is_over=self.is_over,
        )


def waiting(session: Session, organisation: Organisation, *, at: datetime, document: UUID | None = None) -> list[Waiting]:
    """Every revision that is submitted and not released yet (of one document, if named), longest waiting first."""
    ways = _ways(session, organisation.id, document)
    if not ways:
        return []
    firm = _firm(session, organisation, at)
    return sorted((_waiting(way, firm) for way in ways), key=lambda each: (each.since or at, each.document.serial))


def _ways(session: Session, organisation: UUID, document: UUID | None) -> list[_Way]:
    found = [(pair, is_over) for pair, is_over in running_or_over(session, organisation) if pair.revision.status in NEXT]
    ids = [pair.revision.id for pair, _ in found]
    approvals, signed = running_approvals(session, organisation), signoffs_by_revision(session, organisation, ids)
    forms: dict[UUID, list[Controlled]] = defaultdict(list)
    for pair, _ in found:
        if pair.revision.carrier_id is not None:
            forms[pair.revision.carrier_id].append(pair)
    return [
        _Way(pair, is_over, tuple(forms[pair.revision.id]), approvals.get(pair.revision.id), tuple(signed.get(pair.revision.id, ())))
        for pair, is_over in found
        if pair.revision.carrier_id is None and document in (None, pair.document.id)
    ]


def _firm(session: Session, organisation: Organisation, at: datetime) -> _Firm:
    on = local_date(at, organisation.time_zone)
    held = [(row, user) for row, user in members(session, organisation.id) if user.disabled_at is None]
    names = {user.login: user.name for _, user in held}
    roles = {login: roles_of([row for row, user in held if user.login == login], on) for login in names}
    chart = chart_on(session, organisation.id, on)
    known = Known(organisation=organisation, on=on, chart=chart, staff=staff_of(chart))
    exceptions = tuple(duty_exceptions(session, organisation.id, on=on))
    return _Firm(session, at, tuple(actors_of(chart, names, roles)), exceptions, known)


def _waiting(way: _Way, firm: _Firm) -> Waiting:
    revision = way.pair.revision
    step, known = NEXT[revision.status], Known(**{**firm.known, **way.known})
    who = {by.login: by.name for by in firm.people if _may(way, firm, step, by, known)}
    since = max((row.at for row in way.signed), default=revision.approved_at)
    submitted_by = next((row.login for row in way.signed if row.meaning is Meaning.PREPARE), revision.created_by)
    return Waiting(way.pair.document, revision, step, who, since, submitted_by)


def _may(way: _Way, firm: _Firm, step: Step, by: Actor, known: Known) -> bool:
    """The rules of permission.py over what was read in sets; the action asks them again."""
    own = Known(**{**known, "exceptions": applying(firm.exceptions, way.pair.document, by.login)})
    return refusal_of(Case(firm.session, way.pair.revision, by, firm.at, **own), step) is None


def for_me(rows: Iterable[Waiting], login: str) -> tuple[list[Waiting], list[Waiting]]:
    """(those that this person may take on now, the others)."""
    rows = list(rows)
    return [row for row in rows if login in row.who], [row for row in rows if login not in row.who]
