"""Sign-offs of revisions as they are printed, each with the exception it stands on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlmodel import Session

from service.accounts.queries import user_by_login
from service.approvals.models import DutyException, Signoff
from service.approvals.queries import exceptions_by_id, signoffs
from service.approvals.rules import MEANING_NAMES, Meaning
from service.clock import local_date
from service.documents.models import Revision
from service.manuals.rules import Exempted, Signed
from service.organisations.models import Organisation


def signed_of(session: Session, organisation: Organisation, revision: Revision) -> tuple[Signed, ...]:
    """The valid sign-offs of one revision in the order 编制, 审核, 会签, 批准, within each by time."""
    rows = signoffs(session, revision)
    return printed(session, organisation, {revision.id: rows})[revision.id]


def printed(session: Session, organisation: Organisation, rows: Mapping[UUID, Iterable[Signoff]]) -> dict[UUID, tuple[Signed, ...]]:
    """The same of many revisions: their valid sign-offs by revision, each in the order of time → as they are printed."""
    exceptions = exceptions_by_id(session, organisation.id) if any(row.exception_id for signed in rows.values() for row in signed) else {}
    granters = {login: _name(session, login) for login in {row.granted_by for row in exceptions.values()}}
    return {revision: _printed(list(signed), exceptions, granters, organisation.time_zone) for revision, signed in rows.items()}


def _name(session: Session, login: str) -> str:
    user = user_by_login(session, login)
    return user.name if user else login


def _printed(
    rows: list[Signoff], exceptions: Mapping[UUID, DutyException], granters: Mapping[str, str], time_zone: str
) -> tuple[Signed, ...]:
    return tuple(
        Signed(MEANING_NAMES[meaning], row.name, row.post, local_date(row.at, time_zone), _exempted(row, rows, exceptions, granters))
        for meaning in Meaning
        for row in rows
        if row.meaning is meaning
    )


def _exempted(
    signoff: Signoff, rows: Iterable[Signoff], exceptions: Mapping[UUID, DutyException], granters: Mapping[str, str]
) -> Exempted | None:
    """What one person signed on this revision of what the exception names; None for a sign-off that needed none."""
    if signoff.exception_id is None:
        return None
    exception = exceptions[signoff.exception_id]
    own = {row.meaning for row in rows if row.login == signoff.login}
    joined = tuple(MEANING_NAMES[meaning] for meaning in Meaning if meaning in own and meaning.value in exception.meanings)
    return Exempted(joined, exception.reason, exception.valid_until, granters[exception.granted_by])
