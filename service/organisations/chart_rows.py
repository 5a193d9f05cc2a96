"""Rows of the organisation chart: bringing what is recorded to a plan, from a day on. Nothing is overwritten; rows end, others begin."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias, TypeVar

from sqlmodel import Session

from service.organisations.models import Department, Organisation, Post, PostHolder
from service.organisations.profile import DepartmentEntry, PostEntry, Profile
from service.organisations.queries import open_rows

ChartRow: TypeAlias = Department | Post | PostHolder
Row = TypeVar("Row", Department, Post, PostHolder)
WHAT: dict[type[ChartRow], tuple[str, ...]] = {
    Department: ("key", "name", "aliases", "parent", "position"),
    Post: ("key", "name", "aliases", "department", "position"),
    PostHolder: ("login", "name", "post_key", "position"),
}
"""The columns that say what a row means, as against when it holds."""


@dataclass(frozen=True, slots=True)
class HolderEntry:
    """A person in a post (by the post's own key)."""

    login: str
    name: str
    post: str


@dataclass(frozen=True, slots=True)
class ChartPlan:
    """A whole chart as it is to be, each list in its order."""

    departments: tuple[DepartmentEntry, ...]
    posts: tuple[PostEntry, ...]
    holders: tuple[HolderEntry, ...]


def plan_of_profile(profile: Profile) -> ChartPlan:
    holders = tuple(HolderEntry(person.login, person.name, post) for person in profile.persons for post in person.posts)
    return ChartPlan(profile.departments, profile.posts, holders)


def plan_of_rows(departments: list[Department], posts: list[Post], holders: list[PostHolder]) -> ChartPlan:
    """The chart that these rows are."""
    return ChartPlan(
        tuple(DepartmentEntry(row.key, row.name, tuple(row.aliases), row.parent) for row in departments),
        tuple(PostEntry(row.key, row.name, tuple(row.aliases), row.department) for row in posts),
        tuple(HolderEntry(row.login, row.name, row.post_key) for row in holders),
    )


def write_plan(
    session: Session, organisation: Organisation, plan: ChartPlan, from_day: date, at: datetime, *, in_place: bool = False
) -> dict[str, list[str]]:
    """End the open rows that are not in the plan, add those that are not there: {table: what was ended (-) and added (+)}.

    `in_place`: what stays keeps its position and what is new stands last, so that one more row changes no other.
    """
    common: dict[str, Any] = {"organisation_id": organisation.id, "valid_from": from_day, "recorded_at": at, "position": 0}
    departments = [
        Department(key=entry.key, name=entry.name, aliases=list(entry.aliases), parent=entry.parent, **common) for entry in plan.departments
    ]
    posts = [
        Post(key=entry.key, name=entry.name, aliases=list(entry.aliases), department=entry.department, **common) for entry in plan.posts
    ]
    holders = [PostHolder(login=entry.login, name=entry.name, post_key=entry.post, **common) for entry in plan.holders]
    return {
        "departments": _write(session, organisation, Department, departments, from_day, at, in_place),
        "posts": _write(session, organisation, Post, posts, from_day, at, in_place),
        "holders": _write(session, organisation, PostHolder, holders, from_day, at, in_place),
    }


def _write(
    session: Session, organisation: Organisation, table: type[Row], wanted: list[Row], from_day: date, at: datetime, in_place: bool
) -> list[str]:
    rows = open_rows(session, table, organisation.id)
    _place(wanted, rows if in_place else [])
    there = {_meaning(row): row for row in rows}
    new = {_meaning(row): row for row in wanted}
    ended = [row for meaning, row in there.items() if meaning not in new]
    added = [row for meaning, row in new.items() if meaning not in there]
    for row in ended:
        row.valid_to, row.ended_at = from_day, at
        session.add(row)
    session.flush()  # before the new rows: at most one row per key may be open
    session.add_all(added)
    return [f"-{_named(row)}" for row in ended] + [f"+{_named(row)}" for row in added]


def _place(wanted: list[Row], there: list[Row]) -> None:
    """Number the wanted rows: those that are there as they are, the others after them."""
    known = {_named(row): row.position for row in there}
    following = max(known.values(), default=-1) + 1
    for row in wanted:
        position = known.get(_named(row))
        row.position = following if position is None else position
        following += position is None


def _meaning(row: ChartRow) -> tuple[Hashable, ...]:
    values = (getattr(row, column) for column in WHAT[type(row)])
    return tuple(tuple(value) if isinstance(value, list) else value for value in values)


def _named(row: ChartRow) -> str:
    return f"{row.login}:{row.post_key}" if isinstance(row, PostHolder) else row.key
