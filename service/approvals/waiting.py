"""What waits for whom: every revision under way with the people who may take its next step, read in sets (no select per revision)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from service.approvals.case import together
from service.approvals.models import Approval, DutyException, Signoff
from service.approvals.notices import NEXT
from service.approvals.queries import duty_exceptions, running_approvals, signoffs_by_revision
from service.approvals.route import DEFAULT_ROUTE, Route, Staff, post_to_sign, posts_asked, staff_of
from service.approvals.rules import SIGNS, STEP_ACTS, Meaning, Step, may_sign
from service.clock import local_date
from service.documents.models import Document, Revision
from service.documents.queries import Controlled, running
from service.organisations.models import Organisation
from service.organisations.queries import chart_on, members, roles_of
from service.organisations.roles import HeldRole, may


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
    """What is asked of the organisation once: its people with their roles and posts, and the exceptions of the day."""

    names: Mapping[str, str]
    roles: Mapping[str, tuple[HeldRole, ...]]
    staff: Staff
    exceptions: tuple[DutyException, ...]

    def posts(self, login: str) -> frozenset[str]:
        return frozenset(post for post, holders in self.staff.holders.items() if any(each.login == login for each in holders))

    def allowed(self, login: str, document: UUID) -> list[frozenset[Meaning]]:
        return [together(row) for row in self.exceptions if row.login == login and row.document_id in (None, document)]


@dataclass(frozen=True, slots=True)
class _Way:
    """One revision with the forms that travel with it, its approval and what is signed so far."""

    pair: Controlled
    forms: tuple[Controlled, ...]
    approval: Approval | None
    signed: tuple[Signoff, ...]

    @property
    def route(self) -> Route:
        return self.approval.route if self.approval else DEFAULT_ROUTE

    @property
    def countersigned(self) -> dict[str, str]:
        return {row.post_key: row.login for row in self.signed if row.meaning is Meaning.COUNTERSIGN}

    @property
    def done(self) -> dict[Meaning, frozenset[str]]:
        """Who has done what; whoever wrote in one of the texts counts as preparing."""
        found: dict[Meaning, set[str]] = defaultdict(set)
        for row in self.signed:
            found[row.meaning].add(row.login)
        found[Meaning.PREPARE].update(login for each in (self.pair, *self.forms) for login in each.revision.edited_by)
        return {meaning: frozenset(logins) for meaning, logins in found.items()}


def waiting(session: Session, organisation: Organisation, *, at: datetime, document: UUID | None = None) -> list[Waiting]:
    """Every revision that is submitted and not released yet (of one document, if named), longest waiting first."""
    ways = _ways(session, organisation.id, document)
    if not ways:
        return []
    firm = _firm(session, organisation, at)
    return sorted((_waiting(way, firm) for way in ways), key=lambda each: (each.since or at, each.document.serial))


def _ways(session: Session, organisation: UUID, document: UUID | None) -> list[_Way]:
    pairs = [pair for pair in running(session, organisation, texts=False) if pair.revision.status in NEXT]
    ids = [pair.revision.id for pair in pairs]
    approvals, signed = running_approvals(session, organisation), signoffs_by_revision(session, organisation, ids)
    forms: dict[UUID, list[Controlled]] = defaultdict(list)
    for pair in pairs:
        if pair.revision.carrier_id is not None:
            forms[pair.revision.carrier_id].append(pair)
    return [
        _Way(pair, tuple(forms[pair.revision.id]), approvals.get(pair.revision.id), tuple(signed.get(pair.revision.id, ())))
        for pair in pairs
        if pair.revision.carrier_id is None and document in (None, pair.document.id)
    ]


def _firm(session: Session, organisation: Organisation, at: datetime) -> _Firm:
    on = local_date(at, organisation.time_zone)
    held = [(row, user) for row, user in members(session, organisation.id) if user.disabled_at is None]
    logins = {user.login: user.name for _, user in held}
    roles = {login: roles_of([row for row, user in held if user.login == login], on) for login in logins}
    exceptions = tuple(duty_exceptions(session, organisation.id, on=on))
    return _Firm(logins, roles, staff_of(chart_on(session, organisation.id, on)), exceptions)


def _waiting(way: _Way, firm: _Firm) -> Waiting:
    revision = way.pair.revision
    step = NEXT[revision.status]
    who = {login: name for login, name in firm.names.items() if _may(way, firm, step, login)}
    since = max((row.at for row in way.signed), default=revision.approved_at)
    submitted_by = next((row.login for row in way.signed if row.meaning is Meaning.PREPARE), revision.created_by)
    return Waiting(way.pair.document, revision, step, who, since, submitted_by)


def _may(way: _Way, firm: _Firm, step: Step, login: str) -> bool:
    """The rules of permission.py over what was read in sets; the action asks them again."""
    departments = {each.document.department for each in (way.pair, *way.forms)}
    if not all(may(firm.roles[login], STEP_ACTS[step], department) for department in departments):
        return False
    meaning = SIGNS.get(step)
    if meaning is None:
        return True
    posts, asked = firm.posts(login), posts_asked(way.route, step, way.pair.revision.status)
    if not posts or (asked and not posts & set(asked)) or (step is Step.APPROVE and not asked):
        return False
    if not may_sign(meaning, login, way.done, firm.allowed(login, way.pair.document.id)):
        return False
    return step is not Step.COUNTERSIGN or post_to_sign(way.route, firm.staff, login, tuple(posts), way.countersigned) is not None


def for_me(rows: Iterable[Waiting], login: str) -> tuple[list[Waiting], list[Waiting]]:
    """(those that this person may take on now, the others)."""
    rows = list(rows)
    return [row for row in rows if login in row.who], [row for row in rows if login not in row.who]
