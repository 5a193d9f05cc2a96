"""Members, values, the chart and the trail of an organisation as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from service.accounts.models import User
from service.organisations.models import Membership, VariableValue
from service.organisations.roles import Role
from service.organisations.rules import DepartmentNode, VariableSpec, VariableType
from service.trail.anchors import Anchor
from service.trail.models import TrailEntry

Key = Annotated[str, Field(max_length=80)]


class RoleLine(BaseModel):
    """A role of a member: limited to departments (keys; empty: all), until its last day."""

    role: Role
    departments: list[str]
    until: date | None
    since: datetime


class MemberLine(BaseModel):
    """A member with his roles. Address and state of the account are for those who manage members; null for others."""

    login: str
    name: str
    roles: list[RoleLine]
    email: str | None = None
    invited: bool | None = Field(default=None, description="已邀请，尚未设置密码")
    disabled: bool | None = Field(default=None, description="账号已停用")


class MemberBody(BaseModel):
    """给一个人一种角色。已有账号的须登录名与邮箱相符（已是成员的只需登录名）；写明姓名和邮箱的，没有账号时新建并发出邀请。"""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"login": "ding", "email": "ding@jc.example", "role": "author", "departments": ["service"]},
                {"login": "jc.shen", "email": "shen@audit.example", "name": "沈评", "role": "auditor", "until": "2026-12-31"},
            ]
        },
    )

    login: Annotated[str, Field(max_length=100)]
    role: Role
    departments: Annotated[list[Key], Field(max_length=200)] = []
    until: date | None = None
    email: Annotated[str, Field(max_length=200)] = ""
    name: Annotated[str, Field(max_length=100)] = ""


class Person(BaseModel):
    """Somebody on the organisation chart."""

    login: str
    name: str


class AddedOfChart(BaseModel):
    """Who got the roles of his posts, and who is on the chart but no member: without an account, or with one not to be matched."""

    added: list[MemberLine]
    not_added: list[Person]


class ValueBody(BaseModel):
    """企业参数的新值：日期写作文字 2026-01-05，空值为 null；从 valid_from 那天起有效。"""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"value": 24, "valid_from": "2026-07-01"}]})

    value: Any
    valid_from: date


class ValueAnswer(BaseModel):
    """A variable on a day. `valid_from`, `recorded_at` and `recorded_by` are null where it has never been set."""

    name: str
    label: str
    unit: str
    type: VariableType
    value: Any
    valid_from: date | None
    recorded_at: datetime | None
    recorded_by: str | None


class PostLine(BaseModel):
    """A post; `aliases` are further keys that mean the same one."""

    key: str
    name: str
    aliases: list[str]
    holders: list[Person]


class DepartmentLine(BaseModel):
    """A department with its posts and the departments below it."""

    key: str
    name: str
    aliases: list[str]
    posts: list[PostLine]
    departments: list[DepartmentLine]


class ChartAnswer(BaseModel):
    """组织机构图 of a day."""

    on: date
    departments: list[DepartmentLine]


class TrailLine(BaseModel):
    """One entry of the trail."""

    position: int
    at: datetime
    by: str
    action: str
    subject: str
    subject_id: str
    details: dict[str, Any]
    seal: str


class TrailVerdict(BaseModel):
    """Whether the chain holds: `count` entries do; `position` is the first bad one, `fault` what was done to it."""

    holds: bool
    count: int
    fault: str | None
    position: int | None
    message: str


class AnchorLine(BaseModel):
    """A signed statement of how far the trail had come."""

    organisation: str
    count: int
    seal: str
    at: datetime
    signature: str


def member_lines(rows: Iterable[tuple[Membership, User]], *, with_account: bool) -> list[MemberLine]:
    """One line for each person, in the order of the rows."""
    lines: dict[str, MemberLine] = {}
    for row, user in rows:
        line = lines.setdefault(user.login, _member_line(user, with_account))
        line.roles.append(RoleLine(role=row.role, departments=row.departments, until=row.until, since=row.created_at))
    return list(lines.values())


def _member_line(user: User, with_account: bool) -> MemberLine:
    line = MemberLine(login=user.login, name=user.name, roles=[])
    if with_account:
        line.email, line.invited, line.disabled = user.email, user.password_hash is None, user.disabled_at is not None
    return line


def value_answer(spec: VariableSpec, row: VariableValue | None) -> ValueAnswer:
    return ValueAnswer(
        name=spec.name,
        label=spec.label,
        unit=spec.unit,
        type=spec.type,
        value=row.value if row else None,
        valid_from=row.valid_from if row else None,
        recorded_at=row.recorded_at if row else None,
        recorded_by=row.recorded_by if row else None,
    )


def department_line(node: DepartmentNode) -> DepartmentLine:
    posts = [
        PostLine(
            key=post.key,
            name=post.name,
            aliases=list(post.aliases),
            holders=[Person(login=holder.login, name=holder.name) for holder in post.holders],
        )
        for post in node.posts
    ]
    below = [department_line(child) for child in node.children]
    return DepartmentLine(key=node.key, name=node.name, aliases=list(node.aliases), posts=posts, departments=below)


def trail_line(row: TrailEntry) -> TrailLine:
    return TrailLine.model_validate(row.model_dump(include=set(TrailLine.model_fields)))


def anchor_line(anchor: Anchor) -> AnchorLine:
    return AnchorLine(organisation=anchor.organisation, count=anchor.count, seal=anchor.seal, at=anchor.at, signature=anchor.signature)
