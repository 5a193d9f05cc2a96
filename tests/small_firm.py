"""A small firm with four people, four short texts and a small standard: what the tests of controlled documents share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlmodel import Session

from service.accounts.actions import create_user
from service.accounts.queries import user_by_login
from service.approvals import actions as approvals
from service.approvals.rules import Step
from service.documents.models import Document, Revision
from service.documents.queries import documents, revisions
from service.documents.rules import Status
from service.library.actions import CloneResult, clone
from service.library.rules import Need, Template, TemplateSet
from service.organisations.actions import create_organisation
from service.organisations.members import add_member
from service.organisations.models import Organisation
from service.organisations.profile import read_profile
from service.organisations.roles import HeldRole, Role
from service.organisations.rules import SYSTEM, Actor
from service.organisations.shipped import catalogue
from service.standards.loading import read_standard
from service.text.frontmatter import read_front

PROFILE = """\
code: JC
valid_from: 2026-01-01
number_pattern: "{company}/SH-{kind}-{serial:02}"
company: {legal_name: 示范甲公司, hotline: 400-000-0001}
targets: {return_repair_rate: 1}
retention: {service: 3}
choices: {offers_repair: true, sells_online: false}
departments:
  - key: management
    name: 公司管理层
    posts:
      - {key: general_manager, name: 总经理}
      - {key: management_representative, name: 管理者代表}
      - {key: document_controller, name: 文控员}
  - key: service
    name: 服务部
    posts:
      - {key: service_manager, name: 服务部经理}
persons:
  - {login: jia, name: 贾一, posts: [general_manager]}
  - {login: yi, name: 易二, posts: [management_representative]}
  - {login: bing, name: 邴三, posts: [document_controller]}
  - {login: ding, name: 丁四, posts: [service_manager]}
"""

STANDARD = read_standard(
    """\
number: XY/T 1-2020
title: 示范标准
sources: {S1: {url: "https://standard.example", what: 示范来源}}
indicators:
  - code: "5.1"
    title: 服务
    status: sourced
    confidence: high
    points: 9
    sources: [S1]
    children:
      - {code: "5.1.1", title: 维修, status: sourced, confidence: high, points: 3, sources: [S1],
         elements: [{text: 规定报修受理时限, proof: text}, {text: 保存维修记录, proof: record}]}
      - {code: "5.1.2", title: 投诉, status: sourced, confidence: high, points: 3, sources: [S1],
         elements: [{text: 规定投诉处理时限, proof: text}]}
      - {code: "5.1.11", title: 回访, status: sourced, confidence: high, points: 3, sources: [S1],
         elements: [{text: 规定回访, proof: text}]}
""",
    file="xy.yml",
)

REPAIR, COMPLAINT, ORDER, VISIT = "维修服务程序", "投诉处理程序", "报修单", "上门服务记录"

_REPAIR = """\
---
key: repair
title: 维修服务程序
kind: procedure
department: service
claims:
  - {indicator: 5.1.1, elements: [1], section: accept}
  - {indicator: 5.1.1, elements: [2], section: records}
refers: [complaint]
records: [order, visit]
---
## 目的
使每一件报修都有人管。
## 范围
适用于本公司售出的全部商品。
## 职责
| 岗位 | 职责 |
|---|---|
| {{ posts.service_manager }} | 登记报修，派工，回访 |
## 程序及要求
### 受理 {#accept}
{{ posts.service_manager }}接到热线 {{ company.hotline }} 的报修后，在 30 分钟内登记《报修单》。
返修率不高于 {{ targets.return_repair_rate }}%。
### 上门 {#visit}
上门后填写《上门服务记录》；顾客不满意的，按《投诉处理程序》处理。
## 相关文件
《投诉处理程序》
## 相关记录
| 记录 | 保存期限 | 保存部门 |
|---|---|---|
| 《报修单》 | {{ retention.service }} 年 | {{ departments.service }} |
| 《上门服务记录》 | {{ retention.service }} 年 | {{ departments.service }} |
"""

_COMPLAINT = """\
---
key: complaint
title: 投诉处理程序
kind: procedure
department: service
claims:
  - {indicator: 5.1.2, elements: [1], section: handle}
records: [visit]
---
## 目的
使每一件投诉都有结果。
## 范围
适用于顾客的全部投诉。
## 职责
| 岗位 | 职责 |
|---|---|
| {{ posts.service_manager }} | 处理投诉 |
## 程序及要求
### 处理 {#handle}
投诉在 5 个工作日内办结，上门的填写《上门服务记录》。
## 相关文件
《维修服务程序》
## 相关记录
《上门服务记录》
"""


def form(key: str, title: str, words: str = "顾客: _ | 电话: _") -> str:
    """The text of a record form with one row of fields."""
    return f"---\nkey: {key}\ntitle: {title}\nkind: record_form\ndepartment: service\nretention: service\n---\n```form\n{words}\n```\n"


TEXTS = (_REPAIR, _COMPLAINT, form("order", ORDER), form("visit", VISIT))


def template_set(*texts: str, departments: Mapping[str, str] | None = None, posts: Mapping[str, str] | None = None) -> TemplateSet:
    """A set of these texts that needs these departments and posts (key → usual name)."""
    fronts = [read_front(text, "text") for text in texts]
    templates = tuple(Template(f"small/{front.key}.md", text, front) for text, front in zip(texts, fronts, strict=True))
    needs = [tuple(Need(key, name) for key, name in (given or {}).items()) for given in (departments, posts)]
    return TemplateSet("small", "小套", "xy", "", needs[0], needs[1], templates)


SET = template_set(*TEXTS, departments={"service": "服务部"}, posts={"service_manager": "服务部经理"})


@dataclass(frozen=True, slots=True)
class Firm:
    """An organisation with its people."""

    organisation: Organisation
    approver: Actor
    reviewer: Actor
    controller: Actor
    preparer: Actor


def moment(month: int, day: int) -> datetime:
    """10:00 in Shanghai on a day of 2026."""
    return datetime(2026, month, day, 2, tzinfo=UTC)


def day(month: int, number: int) -> date:
    return date(2026, month, number)


CLONED = moment(1, 5)


def founded(session: Session, code: str = "JC", *changes: tuple[str, str]) -> Firm:
    """The firm under this code, with texts of its profile replaced."""
    text = PROFILE.replace("code: JC", f"code: {code}")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    organisation = create_organisation(session, read_profile(text, file="jc.yml", catalogue=catalogue()), at=moment(1, 1))
    return Firm(
        organisation,
        person("jia", "贾一", "general_manager", "总经理", "management", Role.APPROVER),
        person("yi", "易二", "management_representative", "管理者代表", "management", Role.REVIEWER),
        person("bing", "邴三", "document_controller", "文控员", "management", Role.DOCUMENT_CONTROLLER),
        person("ding", "丁四", "service_manager", "服务部经理", "service", Role.AUTHOR),
    )


def person(login: str, name: str, post: str, post_name: str, department: str, *roles: Role) -> Actor:
    """Somebody who holds one post (key, printed name) and these roles in all departments."""
    return Actor(login, name, (post,), post_name, tuple(HeldRole(role) for role in roles), (department,))


PASSWORD = "秋天的红色拖拉机 7"
PEOPLE: Mapping[str, tuple[str, tuple[Role, ...]]] = {
    "jia": ("贾一", (Role.APPROVER,)),
    "yi": ("易二", (Role.REVIEWER,)),
    "bing": ("邴三", (Role.DOCUMENT_CONTROLLER, Role.ADMINISTRATOR)),
    "ding": ("丁四", (Role.AUTHOR,)),
}
"""The four with the roles that their accounts have."""


def give_accounts(session: Session, organisation: Organisation, at: datetime | None = None) -> None:
    """Accounts for the four (one and the same in every firm) and their roles in this one."""
    at = at or moment(1, 1)
    for login, (name, roles) in PEOPLE.items():
        user = user_by_login(session, login) or create_user(
            session, login, name, f"{login}@jc.example", password=PASSWORD, by=SYSTEM.login, at=at
        )
        for role in roles:
            add_member(session, organisation, user, role, by=SYSTEM, at=at, on=at.date())


def cloned(session: Session, firm: Firm, templates: TemplateSet = SET, at: datetime = CLONED) -> CloneResult:
    return clone(session, firm.organisation, templates, catalogue=catalogue(), by=firm.controller, at=at)


def with_drafts(session: Session, code: str = "JC", templates: TemplateSet = SET) -> Firm:
    """The firm with drafts of the small set."""
    firm = founded(session, code)
    cloned(session, firm, templates)
    return firm


def found(session: Session, firm: Firm, title: str) -> tuple[Document, Revision]:
    """The document whose newest revision has this title, with that revision."""
    newest = ((document, revisions(session, document)[-1]) for document in documents(session, firm.organisation.id))
    return next((document, revision) for document, revision in newest if revision.title == title)


def submit(session: Session, firm: Firm, title: str, at: datetime = CLONED, by: Actor | None = None) -> None:
    document, revision = found(session, firm, title)
    who = by or firm.preparer
    approvals.submit(session, firm.organisation, document, revision, standard=STANDARD, catalogue=catalogue(), by=who, at=at)


def review(session: Session, firm: Firm, title: str, at: datetime = CLONED, by: Actor | None = None) -> None:
    document, revision = found(session, firm, title)
    approvals.review(session, document, revision, standard=STANDARD, by=by or firm.reviewer, at=at)


def approve(session: Session, firm: Firm, title: str, at: datetime = CLONED, by: Actor | None = None) -> None:
    document, revision = found(session, firm, title)
    approvals.approve(session, document, revision, by=by or firm.approver, at=at)


def release(
    session: Session, firm: Firm, title: str, at: datetime = CLONED, by: Actor | None = None, effective_on: date | None = None
) -> None:
    document, revision = found(session, firm, title)
    effective_on = effective_on or at.date()
    approvals.release(session, firm.organisation, document, revision, by=by or firm.controller, at=at, effective_on=effective_on)


def countersign(session: Session, firm: Firm, title: str, at: datetime = CLONED, by: Actor | None = None) -> None:
    document, revision = found(session, firm, title)
    approvals.countersign(session, document, revision, by=by or firm.controller, at=at)


def return_(session: Session, firm: Firm, title: str, at: datetime = CLONED, by: Actor | None = None, reason: str = "请改") -> None:
    """By whoever could take the text on from where it stands."""
    document, revision = found(session, firm, title)
    usual = {Status.IN_REVIEW: firm.reviewer, Status.IN_APPROVAL: firm.approver}
    approvals.return_(session, document, revision, by=by or usual.get(revision.status, firm.controller), at=at, reason=reason)


def withdraw(session: Session, firm: Firm, title: str, at: datetime = CLONED, by: Actor | None = None) -> None:
    document, revision = found(session, firm, title)
    approvals.withdraw(session, document, revision, by=by or firm.preparer, at=at)


STEPS: Mapping[Step, Callable[..., None]] = {
    Step.SUBMIT: submit,
    Step.REVIEW: review,
    Step.COUNTERSIGN: countersign,
    Step.APPROVE: approve,
    Step.RELEASE: release,
    Step.RETURN: return_,
    Step.WITHDRAW: withdraw,
}
_WAY: tuple[tuple[Status, Step], ...] = (
    (Status.IN_REVIEW, Step.SUBMIT),
    (Status.IN_APPROVAL, Step.REVIEW),
    (Status.APPROVED, Step.APPROVE),
    (Status.RELEASED, Step.RELEASE),
)


def advance(
    session: Session, firm: Firm, title: str, to: Status = Status.RELEASED, at: datetime = CLONED, effective_on: date | None = None
) -> Revision:
    """Take a draft up to a status, every step at the same moment."""
    for status, step in _WAY[: [reached for reached, _ in _WAY].index(to) + 1]:
        options = {"effective_on": effective_on} if status is Status.RELEASED else {}
        STEPS[step](session, firm, title, at, **options)
    return found(session, firm, title)[1]
