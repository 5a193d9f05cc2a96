"""What an organisation is made of: variables, the chart of departments and posts, and the person who acts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from string import Formatter
from typing import Any, TypeAlias

from service.errors import Forbidden
from service.organisations.roles import ACT_NAMES, ALL_ROLES, Act, HeldRole, may, may_words

NUMBER_FIELDS = frozenset({"company", "kind", "serial", "department", "edition", "revision", "year"})
"""What a number pattern may contain; `serial` must occur."""
NO_MARKS = frozenset("#?%")
"""Marks that end or change an address: a document's number stands in that of its page."""
SERIAL_WIDTH = re.compile("0[1-9]")
"""How a serial may be padded: with zeros to at most nine digits, so that no number holds spaces or grows without bound."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. `posts` are the keys of all posts held (joined ones included), `post_name` is what is printed.

    `departments` are those of the posts held; `roles` what the member may do (see `require`).
    """

    login: str
    name: str
    posts: tuple[str, ...]
    post_name: str
    roles: tuple[HeldRole, ...] = ()
    departments: tuple[str, ...] = ()


SYSTEM = Actor("system", "系统", (), "", ALL_ROLES)
"""Acts where no person does: set-up at the command line and jobs. It holds no post, so it signs nothing."""


def require(by: Actor, act: Act, department: str | None = None) -> None:
    """Forbidden, with who may, unless a role of this person allows the act (on a document of this department)."""
    refused = act_refusal(by, act, department)
    if refused:
        raise refused


def act_refusal(by: Actor, act: Act, department: str | None = None) -> Forbidden | None:
    """Why this person may not do it; None if he may."""
    if may(by.roles, act, department):
        return None
    if may(by.roles, act):
        return Forbidden(f"{by.name}不能{ACT_NAMES[act]}：其角色不包括本文件的归口部门", code="not_allowed")
    return Forbidden(f"{by.name}不能{ACT_NAMES[act]}：由{may_words(act)}完成", code="not_allowed")


class VariableType(StrEnum):
    """What kind of value a variable takes; `LIST` is a list of texts, `OUTLETS` the list of service outlets."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    LIST = "list"
    YES_NO = "yes_no"
    OUTLETS = "outlets"


class Limit(StrEnum):
    """On which side of a target's figure the good values lie: at most, or at least."""

    MAX = "max"
    MIN = "min"


@dataclass(frozen=True, slots=True)
class VariableSpec:
    """One entry of the catalogue; `name` is `group.key` (`targets.repair_days`). `usual` is a value that many companies have, proposed to
    who has none yet; `hint` says what to fill in."""

    name: str
    label: str
    unit: str
    type: VariableType
    limit: Limit | None
    optional: bool
    usual: Any = None
    hint: str = ""


Catalogue: TypeAlias = Mapping[str, VariableSpec]
OUTLETS = VariableSpec("outlets", "服务网点", "", VariableType.OUTLETS, None, True)
OUTLET_FIELDS = ("name", "area", "address", "phone", "manager", "own")


@dataclass(frozen=True, slots=True)
class Holder:
    """A person who holds a post."""

    login: str
    name: str


@dataclass(frozen=True, slots=True)
class PostNode:
    """A post; `aliases` are further keys that mean the same post (small firms join posts)."""

    key: str
    name: str
    aliases: tuple[str, ...]
    holders: tuple[Holder, ...]


@dataclass(frozen=True, slots=True)
class DepartmentNode:
    """A department with its posts and the departments below it."""

    key: str
    name: str
    aliases: tuple[str, ...]
    posts: tuple[PostNode, ...]
    children: tuple[DepartmentNode, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """组织机构图 of one day: the topmost departments."""

    roots: tuple[DepartmentNode, ...]


def departments_of(chart: Chart) -> Iterator[DepartmentNode]:
    """Every department, each before those below it."""
    waiting = list(reversed(chart.roots))
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(node.children))


def posts_of(chart: Chart) -> Iterator[PostNode]:
    """Every post in the order of the departments."""
    for department in departments_of(chart):
        yield from department.posts


def names_by_key(nodes: Iterator[DepartmentNode] | Iterator[PostNode]) -> dict[str, str]:
    """{key: name}, joined keys included."""
    return {key: node.name for node in nodes for key in (node.key, *node.aliases)}


def holders_by_key(posts: Iterator[PostNode]) -> dict[str, str | None]:
    """{post key: the holders' names joined by 、, None where the post is vacant}, joined keys included."""
    return {key: "、".join(h.name for h in post.holders) or None for post in posts for key in (post.key, *post.aliases)}


def number_pattern_fault(pattern: str) -> str | None:
    """Why `pattern` cannot number documents (one Chinese sentence), or None if it can."""
    try:
        parts = list(Formatter().parse(pattern))
    except ValueError:
        return "编号规则的花括号不成对"
    fields = [(name, spec or "") for _, name, spec, _ in parts if name is not None]
    if not NO_MARKS.isdisjoint("".join(words for words, *_ in parts)):
        return f"编号规则中不能有 {' '.join(sorted(NO_MARKS))}，编号要写进网址"
    unknown = [name for name, _ in fields if name not in NUMBER_FIELDS]
    if unknown:
        return f"编号规则中的“{{{unknown[0]}}}”不认识，可用的有 {'、'.join(sorted(NUMBER_FIELDS))}"
    if [name for name, _ in fields].count("serial") != 1:
        return "编号规则须恰有一个 {serial}（顺序号）"
    wrong = [spec for name, spec in fields if spec and (name != "serial" or not SERIAL_WIDTH.fullmatch(spec))]
    if wrong or any(conversion for *_, conversion in parts):
        return "编号规则中只有 {serial} 可写位数，例如 {serial:02}"
    return None
