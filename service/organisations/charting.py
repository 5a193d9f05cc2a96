"""Changing the organisation chart in the application: the whole chart as it is to be from a day on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from service.errors import InputError
from service.kit.yamlfile import YamlFile, refuse
from service.organisations.actions import lock
from service.organisations.admission import is_own_name
from service.organisations.chart_faults import chart_faults, person_faults
from service.organisations.chart_rows import ChartPlan, HolderEntry, plan_of_rows, write_plan
from service.organisations.models import Department, Organisation, Post, PostHolder
from service.organisations.queries import keys_used, members, open_rows
from service.organisations.roles import Act
from service.organisations.rules import Actor, require
from service.trail.actions import record


def planned(session: Session, organisation_id: UUID) -> ChartPlan:
    """The chart as it stands without an end: what is edited."""
    departments, posts = open_rows(session, Department, organisation_id), open_rows(session, Post, organisation_id)
    return plan_of_rows(departments, posts, open_rows(session, PostHolder, organisation_id))


def keys_taken(session: Session, organisation_id: UUID) -> frozenset[str]:
    """Every key that a department or post ever had: a new one gets another, so that their histories stay apart."""
    return frozenset(keys_used(session, organisation_id))


def change_chart(session: Session, organisation: Organisation, plan: ChartPlan, *, valid_from: date, by: Actor, at: datetime) -> bool:
    """From a day on the chart is as planned; what the plan does not name ends then. True if anything changed.

    InputError for what a profile could not hold either, and for a log-in name that is not the organisation's to give.
    """
    require(by, Act.CONFIGURE)
    lock(session, organisation)
    departments = [_department(plan, index) for index in range(len(plan.departments))]
    refuse(YamlFile("", plan, {}), chart_faults(departments), code="bad_chart")
    refuse(YamlFile("", plan, {}), person_faults(_persons(plan.holders), departments), code="bad_chart")
    foreign = login_faults(session, organisation, plan.holders)
    if foreign:
        raise InputError(next(iter(foreign.values())), code="login_not_own")
    changes = write_plan(session, organisation, plan, valid_from, at, in_place=True)
    if not any(changes.values()):
        return False
    session.flush()
    details = {"valid_from": valid_from.isoformat(), **changes}
    subject = {"subject": "organisation", "subject_id": organisation.code}
    record(session, organisation.id, at=at, by=by.login, action="organisation:change_chart", **subject, details=details)
    return True


def login_faults(session: Session, organisation: Organisation, holders: Iterable[HolderEntry]) -> dict[str, str]:
    """{log-in name: what is wrong with it}. Whoever edits the chart must not reach for other people's accounts (admission.py): a person on
    it is a member, stands on it already, or gets a name of the organisation's own range."""
    names = {user.login: user.name for _, user in members(session, organisation.id)}
    there = {row.login: row.name for row in open_rows(session, PostHolder, organisation.id)}
    start = organisation.code.lower()
    faults: dict[str, str] = {}
    for holder in holders:
        name = names.get(holder.login)
        if name is not None and name != holder.name:
            faults[holder.login] = f"登录名“{holder.login}”是成员{name}的，与姓名“{holder.name}”不符"
        elif name is None and holder.login not in there and not is_own_name(organisation, holder.login):
            faults[holder.login] = f"登录名“{holder.login}”不是本企业成员的；新登录名须以“{start}.”开头，例如 {start}.wang"
    return faults


def _department(plan: ChartPlan, index: int) -> dict[str, Any]:
    """A department in the shape of a profile."""
    row = plan.departments[index]
    posts = [{"key": post.key, "name": post.name, "also": list(post.aliases)} for post in plan.posts if post.department == row.key]
    return {"key": row.key, "name": row.name, "also": list(row.aliases), "parent": row.parent, "posts": posts}


def _persons(holders: Iterable[HolderEntry]) -> list[dict[str, Any]]:
    persons: dict[str, dict[str, Any]] = {}
    for holder in holders:
        row = persons.setdefault(holder.login, {"login": holder.login, "name": holder.name, "posts": []})
        row["posts"].append(holder.post)
    return list(persons.values())
