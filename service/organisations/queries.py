"""Selects of organisations: who they are, their values and their chart on a day, as known on another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlmodel import Session, col, select

from service.errors import NotFound
from service.organisations.models import Department, Organisation, Post, PostHolder, VariableValue
from service.organisations.rules import (
    OUTLETS,
    Actor,
    Catalogue,
    Chart,
    DepartmentNode,
    Holder,
    PostNode,
    departments_of,
    holders_by_key,
    names_by_key,
    posts_of,
)
from service.organisations.values import restored

Dated = TypeVar("Dated", Department, Post, PostHolder)


def find_organisation(session: Session, code: str) -> Organisation:
    """The organisation with this 企业代号, or NotFound."""
    found = session.exec(select(Organisation).where(Organisation.code == code)).one_or_none()
    if found is None:
        raise NotFound(f"找不到代号为“{code}”的企业", code="organisation_not_found")
    return found


def list_organisations(session: Session) -> list[Organisation]:
    """All, in the order of their codes."""
    return list(session.exec(select(Organisation).order_by(col(Organisation.code))))


def values_on(
    session: Session, organisation_id: UUID, on: date, recorded_on: datetime | None = None, *, catalogue: Catalogue
) -> dict[str, dict[str, Any] | list[Any]]:
    """What a text may name on day `on`: {group: {key: value}}, departments, posts, persons, and the list `outlets`.

    Every name of the catalogue is there, None for a blank; dates are `date`. `persons` maps a post's key to its holders' names
    joined by 、 (None where vacant). With `recorded_on`, as the system knew it at that moment.
    """
    known = current_values(session, organisation_id, on, recorded_on)
    chart = chart_on(session, organisation_id, on, recorded_on)
    nested: dict[str, dict[str, Any] | list[Any]] = {}
    for name, spec in catalogue.items():
        group, _, key = name.partition(".")
        row = known.get(name)
        entries = nested.setdefault(group, {})
        if isinstance(entries, dict):
            entries[key] = None if row is None else restored(spec, row.value)
    organisation = session.get(Organisation, organisation_id)
    company = nested.get("company")
    if isinstance(company, dict) and organisation is not None:
        company["code"] = organisation.code
    return nested | {
        "departments": names_by_key(departments_of(chart)),
        "posts": names_by_key(posts_of(chart)),
        "persons": holders_by_key(posts_of(chart)),
        "outlets": known[OUTLETS.name].value if OUTLETS.name in known else [],
    }


def current_values(session: Session, organisation_id: UUID, on: date, recorded_on: datetime | None = None) -> dict[str, VariableValue]:
    """{variable: the row that holds on day `on`}: the latest `valid_from` wins, of equal ones the latest recorded."""
    query = select(VariableValue).where(VariableValue.organisation_id == organisation_id, col(VariableValue.valid_from) <= on)
    if recorded_on is not None:
        query = query.where(col(VariableValue.recorded_at) <= recorded_on)
    ordered = query.order_by(col(VariableValue.valid_from), col(VariableValue.recorded_at))
    return {row.name: row for row in session.exec(ordered)}


def chart_on(session: Session, organisation_id: UUID, on: date, recorded_on: datetime | None = None) -> Chart:
    """组织机构图 of day `on`. A department whose parent is gone stands at the top, so that nobody vanishes from the chart."""
    posts = defaultdict(list)
    for post in rows_on(session, Post, organisation_id, on, recorded_on):
        posts[post.department].append(post)
    holders = defaultdict(list)
    for holder in rows_on(session, PostHolder, organisation_id, on, recorded_on):
        holders[holder.post_key].append(Holder(holder.login, holder.name))
    departments = rows_on(session, Department, organisation_id, on, recorded_on)
    keys = {row.key for row in departments}
    below = defaultdict(list)
    for row in departments:
        below[row.parent if row.parent in keys else None].append(row)

    def node(row: Department) -> DepartmentNode:
        own = tuple(PostNode(post.key, post.name, tuple(post.aliases), tuple(holders[post.key])) for post in posts[row.key])
        return DepartmentNode(row.key, row.name, tuple(row.aliases), own, tuple(node(child) for child in below[row.key]))

    return Chart(tuple(node(row) for row in below[None]))


def rows_on(session: Session, table: type[Dated], organisation_id: UUID, on: date, recorded_on: datetime | None = None) -> list[Dated]:
    """The rows of a dated table that hold on day `on`, in the profile's order."""
    query = select(table).where(table.organisation_id == organisation_id, col(table.valid_from) <= on)
    rows: Iterable[Dated] = session.exec(query.order_by(col(table.position), col(table.recorded_at)))
    return [row for row in rows if _holds(row, on, recorded_on)]


def open_rows(session: Session, table: type[Dated], organisation_id: UUID) -> list[Dated]:
    """The rows of a dated table without an end, in the profile's order."""
    query = select(table).where(table.organisation_id == organisation_id, col(table.valid_to).is_(None))
    return list(session.exec(query.order_by(col(table.position))))


def actor(session: Session, organisation: Organisation, login: str, on: date) -> Actor:
    """Who acts under this log-in on day `on`, with every post held then; NotFound for somebody who holds none."""
    chart = chart_on(session, organisation.id, on)
    held = [(post, holder) for post in posts_of(chart) for holder in post.holders if holder.login == login]
    if not held:
        raise NotFound(f"{organisation.name}没有登录名为“{login}”的在岗人员", code="person_not_found")
    keys = tuple(key for post, _ in held for key in (post.key, *post.aliases))
    return Actor(login, held[0][1].name, keys, "、".join(post.name for post, _ in held))


def _holds(row: Department | Post | PostHolder, on: date, recorded_on: datetime | None) -> bool:
    if recorded_on is not None and row.recorded_at > recorded_on:
        return False
    known_end = row.valid_to if recorded_on is None or (row.ended_at and row.ended_at <= recorded_on) else None
    return known_end is None or on < known_end
