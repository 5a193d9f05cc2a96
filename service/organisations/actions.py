"""Creating an organisation from its profile, bringing it up to a changed profile, and setting one value."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from datetime import date, datetime
from typing import Any, TypeAlias

from sqlmodel import Session, select

from service.errors import Conflict, InputError, NotFound
from service.kit.yamlfile import YamlFile, refuse
from service.organisations.models import Department, Organisation, Post, PostHolder, VariableValue
from service.organisations.profile import Profile
from service.organisations.queries import Dated, current_values, open_rows
from service.organisations.roles import Act
from service.organisations.rules import OUTLETS, SYSTEM, Actor, Catalogue, require
from service.organisations.values import clean, stored, value_faults
from service.trail.actions import record

ChartRow: TypeAlias = Department | Post | PostHolder
WHAT: dict[type[ChartRow], tuple[str, ...]] = {
    Department: ("key", "name", "aliases", "parent", "position"),
    Post: ("key", "name", "aliases", "department", "position"),
    PostHolder: ("login", "name", "post_key", "position"),
}
"""The columns that say what a row means, as against when it holds."""


def create_organisation(session: Session, profile: Profile, *, at: datetime, by: Actor = SYSTEM) -> Organisation:
    """A new organisation with everything its profile says. Conflict if the code is taken."""
    if session.exec(select(Organisation).where(Organisation.code == profile.code)).one_or_none():
        raise Conflict(f"企业代号“{profile.code}”已被使用", code="organisation_exists")
    organisation = Organisation(
        code=profile.code,
        name=profile.name,
        time_zone=profile.time_zone,
        number_pattern=profile.number_pattern,
        profile_fingerprint=profile.fingerprint,
        created_at=at,
    )
    session.add(organisation)
    session.flush()
    changes = _write(session, organisation, profile, by, at)
    _trail(session, organisation, "organisation:create", by, at, {"name": profile.name, "profile": profile.fingerprint, **changes})
    return organisation


def lock(session: Session, organisation: Organisation) -> None:
    """Whoever else asks for this waits until the transaction ends; readers, and writers of other rows, do not."""
    session.exec(select(Organisation.id).where(Organisation.id == organisation.id).with_for_update(key_share=True)).one()


def update_profile(session: Session, organisation: Organisation, profile: Profile, *, by: Actor, at: datetime) -> bool:
    """Write what the profile says differently from what is recorded; the same profile twice changes nothing. True if it changed.

    Values set in the application from a later day on stay; a department, post or holder that the profile no longer names ends on
    the profile's `valid_from`.
    """
    require(by, Act.CONFIGURE)
    if profile.code != organisation.code:
        raise InputError(f"档案的企业代号“{profile.code}”与“{organisation.code}”不符", code="organisation_code_differs")
    settings = _settings(organisation, profile)
    changes = _write(session, organisation, profile, by, at)
    if not settings and not any(changes.values()):
        return False
    for name, value in settings.items():
        setattr(organisation, name, value)
    organisation.profile_fingerprint = profile.fingerprint
    session.add(organisation)
    _trail(session, organisation, "organisation:update", by, at, {"profile": profile.fingerprint, **settings, **changes})
    return True


def set_value(
    session: Session, organisation: Organisation, name: str, value: Any, *, valid_from: date, by: Actor, at: datetime, catalogue: Catalogue
) -> VariableValue | None:
    """Let variable `name` have `value` from a day on; None if it has this value then anyway. A blank ends the former value."""
    require(by, Act.CONFIGURE)
    spec = OUTLETS if name == OUTLETS.name else catalogue.get(name)
    if spec is None:
        raise NotFound(f"没有名为“{name}”的企业参数", code="variable_not_found")
    refuse(YamlFile("", value, {}), value_faults(spec, value), code="bad_value")
    value = clean(value)
    if _has(current_values(session, organisation.id, valid_from).get(name), value):
        return None
    row = _add_value(session, organisation, name, value, valid_from, by, at)
    details = {"value": row.value, "valid_from": valid_from.isoformat()}
    _trail(session, organisation, "variable:set", by, at, details, subject="variable", subject_id=name)
    return row


def _settings(organisation: Organisation, profile: Profile) -> dict[str, str]:
    wanted = {"name": profile.name, "time_zone": profile.time_zone, "number_pattern": profile.number_pattern}
    return {key: value for key, value in wanted.items() if getattr(organisation, key) != value}


def _write(session: Session, organisation: Organisation, profile: Profile, by: Actor, at: datetime) -> dict[str, list[str]]:
    values = list(_write_values(session, organisation, profile, by, at))
    common: dict[str, Any] = {"organisation_id": organisation.id, "valid_from": profile.valid_from, "recorded_at": at}
    return {
        "values": [f"{row.name}@{row.valid_from.isoformat()}" for row in values],
        "departments": _write_rows(session, organisation, Department, _departments(profile, common), profile.valid_from, at),
        "posts": _write_rows(session, organisation, Post, _posts(profile, common), profile.valid_from, at),
        "holders": _write_rows(session, organisation, PostHolder, _holders(profile, common), profile.valid_from, at),
    }


def _write_values(session: Session, organisation: Organisation, profile: Profile, by: Actor, at: datetime) -> Iterator[VariableValue]:
    """Add a row for every value that the variable does not have on its day already; the days in order, so that a history builds up."""
    for day in sorted({item.valid_from for item in profile.values}):
        now = current_values(session, organisation.id, day)
        for item in profile.values:
            if item.valid_from == day and not _has(now.get(item.name), item.value):
                yield _add_value(session, organisation, item.name, item.value, day, by, at)


def _has(row: VariableValue | None, value: Any) -> bool:
    return value is None if row is None else bool(row.value == stored(value))


def _add_value(
    session: Session, organisation: Organisation, name: str, value: Any, valid_from: date, by: Actor, at: datetime
) -> VariableValue:
    row = VariableValue(
        organisation_id=organisation.id, name=name, value=stored(value), valid_from=valid_from, recorded_at=at, recorded_by=by.login
    )
    session.add(row)
    return row


def _departments(profile: Profile, common: dict[str, Any]) -> list[Department]:
    return [
        Department(key=entry.key, name=entry.name, aliases=list(entry.aliases), parent=entry.parent, position=position, **common)
        for position, entry in enumerate(profile.departments)
    ]


def _posts(profile: Profile, common: dict[str, Any]) -> list[Post]:
    return [
        Post(key=entry.key, name=entry.name, aliases=list(entry.aliases), department=entry.department, position=position, **common)
        for position, entry in enumerate(profile.posts)
    ]


def _holders(profile: Profile, common: dict[str, Any]) -> list[PostHolder]:
    pairs = [(person, post) for person in profile.persons for post in person.posts]
    return [
        PostHolder(login=person.login, name=person.name, post_key=post, position=position, **common)
        for position, (person, post) in enumerate(pairs)
    ]


def _write_rows(
    session: Session, organisation: Organisation, table: type[Dated], wanted: list[Dated], from_day: date, at: datetime
) -> list[str]:
    """End the open rows that are no longer wanted, add the wanted ones that are not there; returns what was ended (-) and added (+)."""
    there = {_meaning(row): row for row in open_rows(session, table, organisation.id)}
    new = {_meaning(row): row for row in wanted}
    ended = [row for meaning, row in there.items() if meaning not in new]
    added = [row for meaning, row in new.items() if meaning not in there]
    for row in ended:
        row.valid_to, row.ended_at = from_day, at
        session.add(row)
    session.flush()  # before the new rows: at most one row per key may be open
    session.add_all(added)
    return [f"-{_named(row)}" for row in ended] + [f"+{_named(row)}" for row in added]


def _meaning(row: ChartRow) -> tuple[Hashable, ...]:
    values = (getattr(row, column) for column in WHAT[type(row)])
    return tuple(tuple(value) if isinstance(value, list) else value for value in values)


def _named(row: ChartRow) -> str:
    return f"{row.login}:{row.post_key}" if isinstance(row, PostHolder) else row.key


def _trail(
    session: Session,
    organisation: Organisation,
    action: str,
    by: Actor,
    at: datetime,
    details: dict[str, Any],
    *,
    subject: str = "organisation",
    subject_id: str = "",
) -> None:
    session.flush()
    subject_id = subject_id or organisation.code
    record(session, organisation.id, at=at, by=by.login, action=action, subject=subject, subject_id=subject_id, details=details)
