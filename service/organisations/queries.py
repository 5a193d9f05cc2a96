"""Selects of organisations: who they are, their values and their chart on a day, as known on another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlmodel import Session, and_, col, select

from service.accounts.models import User
from service.accounts.rules import plain_login
from service.errors import NotFound
from service.organisations.models import Department, Membership, Organisation, Post, PostHolder, VariableValue
from service.organisations.roles import ROLE_NAMES, HeldRole, Role
from service.organisations.rules import (
    OUTLETS,
    SYSTEM,
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


def value_rows(session: Session, organisation_id: UUID, name: str) -> list[VariableValue]:
    """Everything ever recorded of one variable, in order of its days."""
    query = select(VariableValue).where(VariableValue.organisation_id == organisation_id, VariableValue.name == name)
    return list(session.exec(query.order_by(col(VariableValue.valid_from), col(VariableValue.recorded_at))))


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


def keys_used(session: Session, organisation_id: UUID) -> set[str]:
    """Every key and joined key that a department or post ever had."""
    rows = [
        *session.exec(select(Department.key, Department.aliases).where(Department.organisation_id == organisation_id)),
        *session.exec(select(Post.key, Post.aliases).where(Post.organisation_id == organisation_id)),
    ]
    return {key for own, aliases in rows for key in (own, *aliases)}


def posts_held(session: Session, organisation_id: UUID, login: str, on: date) -> list[tuple[Post, str]]:
    """(post, the holder's name) of every post that somebody holds on day `on`, in the profile's order: one select."""
    query = (
        select(Post, PostHolder)
        .join(PostHolder, and_(col(PostHolder.post_key) == Post.key, col(PostHolder.organisation_id) == Post.organisation_id))
        .where(Post.organisation_id == organisation_id, PostHolder.login == login)
        .order_by(col(Post.position), col(PostHolder.position))
    )
    return [
        (post, holder.name)
        for post, holder in session.exec(query)
        if all(_began(row, on) and _holds(row, on, None) for row in (post, holder))
    ]


def actor(session: Session, organisation: Organisation, login: str, on: date, roles: tuple[HeldRole, ...] = (), name: str = "") -> Actor:
    """Who acts under this log-in on day `on`, with every post held then and these roles.

    NotFound for somebody who holds neither a post nor a role. Who holds a role only, such as a 咨询师, stands under its name.
    """
    held = posts_held(session, organisation.id, login, on)
    if not held and not roles:
        raise NotFound(f"{organisation.name}没有登录名为“{login}”的在岗人员", code="person_not_found")
    return _acting(login, held[0][1] if held else name, [(post, post.department) for post, _ in held], roles)


def actors_of(chart: Chart, people: Mapping[str, str], roles: Mapping[str, tuple[HeldRole, ...]]) -> list[Actor]:
    """The same of many by the chart of the day: no select. `people`: log-in name → name."""
    held: dict[str, list[tuple[PostNode, str]]] = defaultdict(list)
    for department in departments_of(chart):
        for post in department.posts:
            for login in {holder.login for holder in post.holders}:
                held[login].append((post, department.key))
    return [_acting(login, name, held[login], roles[login]) for login, name in people.items()]


def _acting(login: str, name: str, held: Sequence[tuple[Post | PostNode, str]], roles: tuple[HeldRole, ...]) -> Actor:
    """`held`: the posts, each with the key of its department."""
    keys = tuple(key for post, _ in held for key in (post.key, *post.aliases))
    printed = [post.name for post, _ in held] or [ROLE_NAMES[each.role] for each in roles if each.role is Role.CONSULTANT]
    return Actor(login, name, keys, "、".join(printed), roles, tuple(dict.fromkeys(department for _, department in held)))


def member_actor(session: Session, organisation: Organisation, user: User, on: date) -> Actor:
    """The same for an account, with the roles that it has on day `on`; NotFound for a stranger, who learns nothing else."""
    roles = roles_of(memberships(session, organisation.id, user.id), on)
    if not roles:
        raise NotFound(f"{user.login}不是{organisation.name}的成员", code="member_not_found")
    return actor(session, organisation, user.login, on, roles, user.name)


def memberships(session: Session, organisation_id: UUID, user_id: UUID | None = None) -> list[Membership]:
    """The memberships that nobody has ended, of one person or of all; those past their last day too."""
    query = select(Membership).where(Membership.organisation_id == organisation_id, col(Membership.ended_at).is_(None))
    if user_id is not None:
        query = query.where(Membership.user_id == user_id)
    return list(session.exec(query.order_by(col(Membership.created_at), col(Membership.role))))


def members(session: Session, organisation_id: UUID) -> list[tuple[Membership, User]]:
    """The same with the persons, in the order of their log-in names."""
    query = select(Membership, User).join(User, col(User.id) == Membership.user_id)
    query = query.where(Membership.organisation_id == organisation_id, col(Membership.ended_at).is_(None))
    return [(row, user) for row, user in session.exec(query.order_by(col(User.login), col(Membership.role)))]


def find_person(session: Session, organisation_id: UUID, login: str) -> User:
    """A member by the log-in name; NotFound for everybody else, whether the server knows him or not."""
    found = next((user for _, user in members(session, organisation_id) if user.login == plain_login(login)), None)
    if found is None:
        raise NotFound(f"没有登录名为“{login}”的成员", code="member_not_found")
    return found


def chart_accounts(session: Session, organisation_id: UUID, on: date) -> list[User]:
    """Accounts of persons on the chart of day `on`: of the same login and name, and never a member of another organisation.

    Two firms on one server may both have a 张伟 under `zhangwei`; whose account it is only login and e-mail together tell.
    """
    names = {row.login: row.name for row in rows_on(session, PostHolder, organisation_id, on)}
    query = select(User).where(col(User.login).in_(names), col(User.disabled_at).is_(None)).order_by(col(User.login))
    users = [user for user in session.exec(query) if user.name == names[user.login]]
    others = select(Membership.user_id).where(Membership.organisation_id != organisation_id)
    elsewhere = set(session.exec(others.where(col(Membership.user_id).in_([user.id for user in users]))))
    return [user for user in users if user.id not in elsewhere]


def names_of(session: Session, organisation_id: UUID, logins: Iterable[str]) -> dict[str, str]:
    """{log-in name: name} of those who are or were members, or stood on the chart; others, and 系统, as the trail calls them."""
    wanted = set(logins)
    held = select(PostHolder.login, PostHolder.name).where(PostHolder.organisation_id == organisation_id)
    accounts = select(User.login, User.name).join(Membership, col(Membership.user_id) == User.id)
    rows = [
        *session.exec(held.where(col(PostHolder.login).in_(wanted))),
        *session.exec(accounts.where(Membership.organisation_id == organisation_id, col(User.login).in_(wanted))),
    ]
    return {SYSTEM.login: SYSTEM.name, **dict(rows)}


def find_as_member(session: Session, code: str, user_id: UUID) -> tuple[Organisation, list[Membership]] | None:
    """The organisation of this code with the memberships a person has there; None for a stranger and for an unknown code: one select."""
    query = select(Organisation, Membership).join(Membership, col(Membership.organisation_id) == Organisation.id)
    rows = session.exec(query.where(Organisation.code == code, Membership.user_id == user_id, col(Membership.ended_at).is_(None))).all()
    return (rows[0][0], [membership for _, membership in rows]) if rows else None


def organisations_of(session: Session, user_id: UUID) -> list[tuple[Organisation, list[Membership]]]:
    """Every organisation that a person is a member of, in the order of codes, with the memberships there."""
    query = select(Organisation, Membership).join(Membership, col(Membership.organisation_id) == Organisation.id)
    rows = session.exec(query.where(Membership.user_id == user_id, col(Membership.ended_at).is_(None)).order_by(col(Organisation.code)))
    found: dict[UUID, tuple[Organisation, list[Membership]]] = {}
    for organisation, membership in rows:
        found.setdefault(organisation.id, (organisation, []))[1].append(membership)
    return list(found.values())


def roles_of(rows: Iterable[Membership], on: date) -> tuple[HeldRole, ...]:
    """What these memberships allow on day `on`."""
    return tuple(HeldRole(row.role, frozenset(row.departments)) for row in rows if row.until is None or on <= row.until)


def _began(row: Post | PostHolder, on: date) -> bool:
    return row.valid_from <= on


def _holds(row: Department | Post | PostHolder, on: date, recorded_on: datetime | None) -> bool:
    if recorded_on is not None and row.recorded_at > recorded_on:
        return False
    known_end = row.valid_to if recorded_on is None or (row.ended_at and row.ended_at <= recorded_on) else None
    return known_end is None or on < known_end
