"""Roles of members and what each role may do: the one table behind every guard, button and refusal (domain.md §5). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a member is in an organisation; somebody may have several roles."""

    ADMINISTRATOR = "administrator"
    DOCUMENT_CONTROLLER = "document_controller"
    AUTHOR = "author"
    REVIEWER = "reviewer"
    APPROVER = "approver"
    READER = "reader"
    AUDITOR = "auditor"
    CONSULTANT = "consultant"


ROLE_NAMES: Mapping[Role, str] = {
    Role.ADMINISTRATOR: "系统管理员",
    Role.DOCUMENT_CONTROLLER: "文控员",
    Role.AUTHOR: "编制人",
    Role.REVIEWER: "审核人",
    Role.APPROVER: "批准人",
    Role.READER: "员工",
    Role.AUDITOR: "评审员",
    Role.CONSULTANT: "咨询师",
}


class Act(StrEnum):
    """What somebody wants to do; each route and each action asks for one."""

    READ = "read"
    READ_ALL = "read_all"
    READ_TRAIL = "read_trail"
    READ_RAW = "read_raw"
    ACKNOWLEDGE = "acknowledge"
    DRAFT = "draft"
    COMMENT = "comment"
    REVIEW = "review"
    COUNTERSIGN = "countersign"
    APPROVE = "approve"
    RELEASE = "release"
    DISTRIBUTE = "distribute"
    REGISTER = "register"
    PERIODIC_REVIEW = "periodic_review"
    REQUEST_CHANGE = "request_change"
    DECIDE_CHANGE = "decide_change"
    BUILD = "build"
    CLONE = "clone"
    CONFIGURE = "configure"
    MANAGE = "manage"


ACT_NAMES: Mapping[Act, str] = {
    Act.READ: "阅读现行有效的文件",
    Act.READ_ALL: "查阅全部修订",
    Act.READ_TRAIL: "查阅审计追踪",
    Act.READ_RAW: "取用未盖章的原件",
    Act.ACKNOWLEDGE: "阅读确认",
    Act.DRAFT: "编制文件",
    Act.COMMENT: "对修订提出意见",
    Act.REVIEW: "审核",
    Act.COUNTERSIGN: "会签",
    Act.APPROVE: "批准",
    Act.RELEASE: "发布、作废文件",
    Act.DISTRIBUTE: "发放、回收文件",
    Act.REGISTER: "维护登记册",
    Act.PERIODIC_REVIEW: "定期评审文件",
    Act.REQUEST_CHANGE: "申请文件更改",
    Act.DECIDE_CHANGE: "批准文件更改",
    Act.BUILD: "编制手册",
    Act.CLONE: "套用文件模板、导入文件",
    Act.CONFIGURE: "修改企业档案和审批规则",
    Act.MANAGE: "管理成员",
}

_STAFF = frozenset({Role.DOCUMENT_CONTROLLER, Role.AUTHOR, Role.REVIEWER, Role.APPROVER})
_EVERYBODY = frozenset(Role)

MAY: Mapping[Act, frozenset[Role]] = {
    Act.READ: _EVERYBODY,
    Act.READ_ALL: _STAFF | {Role.AUDITOR, Role.CONSULTANT},
    Act.READ_TRAIL: frozenset({Role.ADMINISTRATOR, Role.DOCUMENT_CONTROLLER, Role.APPROVER, Role.AUDITOR, Role.CONSULTANT}),
    Act.READ_RAW: frozenset({Role.DOCUMENT_CONTROLLER, Role.AUDITOR, Role.CONSULTANT}),
    Act.ACKNOWLEDGE: _STAFF | {Role.ADMINISTRATOR, Role.READER},
    Act.DRAFT: frozenset({Role.DOCUMENT_CONTROLLER, Role.AUTHOR, Role.CONSULTANT}),
    Act.COMMENT: _STAFF | {Role.CONSULTANT},
    Act.REVIEW: frozenset({Role.REVIEWER}),
    Act.COUNTERSIGN: _STAFF,
    Act.APPROVE: frozenset({Role.APPROVER}),
    Act.RELEASE: frozenset({Role.DOCUMENT_CONTROLLER}),
    Act.DISTRIBUTE: frozenset({Role.DOCUMENT_CONTROLLER}),
    Act.REGISTER: frozenset({Role.DOCUMENT_CONTROLLER}),
    Act.PERIODIC_REVIEW: frozenset({Role.DOCUMENT_CONTROLLER, Role.REVIEWER, Role.APPROVER}),
    Act.REQUEST_CHANGE: _STAFF | {Role.READER, Role.CONSULTANT},
    Act.DECIDE_CHANGE: frozenset({Role.APPROVER}),
    Act.BUILD: frozenset({Role.DOCUMENT_CONTROLLER, Role.CONSULTANT}),
    Act.CLONE: frozenset({Role.DOCUMENT_CONTROLLER, Role.CONSULTANT}),
    Act.CONFIGURE: frozenset({Role.DOCUMENT_CONTROLLER, Role.CONSULTANT}),
    Act.MANAGE: frozenset({Role.ADMINISTRATOR}),
}
"""Act → the roles that may do it. The administrator manages members and nothing else; the auditor reads and nothing else."""

SCOPED = frozenset({Act.DRAFT, Act.REVIEW, Act.APPROVE, Act.PERIODIC_REVIEW})
"""Acts that a role limited to departments may do on documents of these departments only."""

POST_ROLES: Mapping[str, frozenset[Role]] = {
    "general_manager": frozenset({Role.APPROVER}),
    "management_representative": frozenset({Role.REVIEWER, Role.APPROVER}),
    "document_controller": frozenset({Role.DOCUMENT_CONTROLLER, Role.ADMINISTRATOR}),
}
"""The roles proposed for whoever holds a post on the organisation chart; every other post: author and reader."""
OTHER_POSTS = frozenset({Role.AUTHOR, Role.READER})


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role of a member; `departments` (keys) limit it, empty: all departments."""

    role: Role
    departments: frozenset[str] = frozenset()


ALL_ROLES = tuple(HeldRole(role) for role in Role)


def may(held: Iterable[HeldRole], act: Act, department: str | None = None) -> bool:
    """Whether one of these roles may do this, on a document of this department (None: on whatever)."""
    limited = act in SCOPED and department is not None
    return any(each.role in MAY[act] and (not limited or not each.departments or department in each.departments) for each in held)


def may_words(act: Act) -> str:
    """Who may do this, for a refusal: 文控员或咨询师."""
    return "或".join(ROLE_NAMES[role] for role in Role if role in MAY[act])


def roles_for_posts(posts: Iterable[str]) -> frozenset[Role]:
    """The roles proposed for somebody who holds these posts (keys)."""
    return frozenset(role for post in posts for role in POST_ROLES.get(post, OTHER_POSTS))
