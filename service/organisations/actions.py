"""Creating an organisation from its profile, bringing it up to a changed profile, and setting one value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, select

from service.clock import local_date
from service.errors import Conflict, InputError, NotFound
from service.kit.yamlfile import YamlFile, refuse
from service.organisations.chart_rows import plan_of_profile, write_plan
from service.organisations.models import Organisation, VariableValue
from service.organisations.profile import Profile
from service.organisations.queries import current_values
from service.organisations.roles import Act
from service.organisations.rules import OUTLETS, SYSTEM, Actor, Catalogue, require
from service.organisations.values import clean, stored, value_faults
from service.trail.actions import record

NAME = "company.legal_name"
"""The variable whose value is the organisation's name."""
LONGEST_NAME = 200


def create_organisation(session: Session, profile: Profile, *, at: datetime, by: Actor = SYSTEM) -> Organisation:
    """A new organisation with everything its profile says. Conflict if the code is taken, in capitals or small letters: log-in names
    that begin with it are the organisation's own (admission.py)."""
    if session.exec(select(Organisation.id).where(func.lower(Organisation.code) == profile.code.lower())).first():
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
    rename(session, organisation, at)
    _trail(session, organisation, "organisation:create", by, at, {"name": organisation.name, "profile": profile.fingerprint, **changes})
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
    if rename(session, organisation, at):
        settings["name"] = organisation.name
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
    lock(session, organisation)
    value = _checked(name, value, catalogue)
    if _has(current_values(session, organisation.id, valid_from).get(name), value):
        return None
    row = _add_value(session, organisation, name, value, valid_from, by, at)
    rename(session, organisation, at)
    details = {"value": row.value, "valid_from": valid_from.isoformat()}
    _trail(session, organisation, "variable:set", by, at, details, subject="variable", subject_id=name)
    return row


def set_values(
    session: Session,
    organisation: Organisation,
    values: Mapping[str, Any],
    *,
    valid_from: date,
    by: Actor,
    at: datetime,
    catalogue: Catalogue,
) -> list[VariableValue]:
    """Let several variables have their values from a day on, as one change; those that have them then anyway are left as they are."""
    require(by, Act.CONFIGURE)
    lock(session, organisation)
    wanted = {name: _checked(name, value, catalogue) for name, value in values.items()}
    known = current_values(session, organisation.id, valid_from)
    changed = {name: value for name, value in wanted.items() if not _has(known.get(name), value)}
    rows = [_add_value(session, organisation, name, value, valid_from, by, at) for name, value in changed.items()]
    if rows:
        rename(session, organisation, at)
        details = {"valid_from": valid_from.isoformat(), "values": {row.name: row.value for row in rows}}
        _trail(session, organisation, "organisation:set_values", by, at, details)
    return rows


def rename(session: Session, organisation: Organisation, at: datetime) -> bool:
    """Call the organisation by the legal name that holds today, whatever was written last. True if it was called otherwise."""
    session.flush()
    row = current_values(session, organisation.id, local_date(at, organisation.time_zone)).get(NAME)
    if row is None or row.value == organisation.name:
        return False
    organisation.name = row.value
    session.add(organisation)
    return True


def _checked(name: str, value: Any, catalogue: Catalogue) -> Any:
    """The value as it is kept; NotFound for an unknown variable, InputError for a value that does not fit."""
    spec = OUTLETS if name == OUTLETS.name else catalogue.get(name)
    if spec is None:
        raise NotFound(f"没有名为“{name}”的企业参数", code="variable_not_found")
    refuse(YamlFile("", value, {}), value_faults(spec, value), code="bad_value")
    value = clean(value)
    if name == NAME and (value is None or len(value) > LONGEST_NAME):
        raise InputError(f"{spec.label}必填，最多 {LONGEST_NAME} 个字", code="bad_value")
    return value


def _settings(organisation: Organisation, profile: Profile) -> dict[str, str]:
    wanted = {"time_zone": profile.time_zone, "number_pattern": profile.number_pattern}
    return {key: value for key, value in wanted.items() if getattr(organisation, key) != value}


def _write(session: Session, organisation: Organisation, profile: Profile, by: Actor, at: datetime) -> dict[str, list[str]]:
    values = list(_write_values(session, organisation, profile, by, at))
    chart = write_plan(session, organisation, plan_of_profile(profile), profile.valid_from, at)
    return {"values": [f"{row.name}@{row.valid_from.isoformat()}" for row in values], **chart}


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
