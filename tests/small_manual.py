"""A whole small manual on the shipped standard: letters, chapters, two procedures, a rule, forms; what manuals, pages and commands are tried with."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from small_firm import PROFILE, Firm, cloned, day, founded, moment, template_set
from small_firm import form as form_text
from sqlmodel import Session

from service.approvals import actions as approvals
from service.documents.models import Document, Revision
from service.documents.queries import running
from service.documents.rules import Status
from service.library.rules import TemplateSet
from service.organisations.profile import read_profile
from service.organisations.rules import SYSTEM
from service.organisations.shipped import catalogue
from service.standards.actions import record_profile_decisions
from service.standards.shipped import standard

DELETED = "商品由顾客自行放置，不需要安装"
FULL_PROFILE = f"""\
{PROFILE}not_applicable:
  - {{indicator: 5.2.2.2, justification: {DELETED}, approved_by: jia, decided_on: 2026-01-02}}
"""
LONG_AGO = FULL_PROFILE.replace("2026-01-0", "2020-01-0")  # whatever the day of the test run, the firm is there
RELEASED, EFFECTIVE = moment(1, 20), day(2, 1)
AFTER = day(3, 1)


def letter(key: str, title: str, part: str, body: str, more: str = "") -> str:
    """A text of the manual itself."""
    return f"---\nkey: {key}\ntitle: {title}\nkind: manual\npart: {part}\ndepartment: management\n{more}---\n{body}\n"


REPAIR = """\
---
key: repair
title: 维修服务程序
kind: procedure
department: service
claims:
  - {indicator: 5.2.4.1, elements: [1, 2, 3], section: accept}
  - {indicator: 5.2.4.4, elements: [1], section: loan}
refers: [complaint, rules]
records: [order-form, visit]
---
## 目的
使每一件报修都有人管。
## 范围
适用于本公司售出的全部商品。
## 职责
| 岗位 | 职责 |
|---|---|
| {{ posts.service_manager }} | 登记报修，派工，回访 |
| {{ posts.general_manager }} | 批准超出保修期的减免 |
## 程序及要求
```flow
call([顾客报修]) --> accept[登记《报修单》]
accept --> visit([上门])
```
### 受理 {#accept}
{{ posts.service_manager }}接到热线 {{ company.hotline }} 的报修后，在 30 分钟内登记《报修单》。
返修率不高于 {{ targets.return_repair_rate }}%。
### 上门 {#visit}
上门后填写《上门服务记录》；顾客不满意的，按《投诉处理程序》处理，并遵守《服务规范》。
1. 出示证件；
2. 说明要做的工作。
### 代用品 {#loan}
维修超过 7 日的，免费提供代用品。
## 相关文件
《投诉处理程序》、《服务规范》、《中华人民共和国产品质量法》
## 相关记录
| 记录 | 保存期限 | 保存部门 |
|---|---|---|
| 《报修单》 | {{ retention.service }} 年 | {{ departments.service }} |
| 《上门服务记录》 | {{ retention.service }} 年 | {{ departments.service }} |
"""

COMPLAINT = """\
---
key: complaint
title: 投诉处理程序
kind: procedure
department: service
claims:
  - {indicator: 5.3.2.2, elements: [1, 2], section: handle}
refers: [repair]
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
《维修服务程序》、GB/T 19012-2019
## 相关记录
| 记录 | 保存期限 | 保存部门 |
|---|---|---|
| 《上门服务记录》 | {{ retention.service }} 年 | {{ departments.service }} |
"""

RULES = """\
---
key: rules
title: 服务规范
kind: work_instruction
department: service
---
## 仪表 {#dress}
上门穿工作服，佩戴工牌。
"""

TEXTS = (
    letter(
        "order",
        "颁布令",
        "promulgation_order",
        "本手册依据《商品售后服务评价体系》（GB/T 27922-2011）编制，现予批准。",
        "refers: [repair]\n",
    ),
    letter(
        "appointment",
        "管理者代表任命书",
        "appointment_letter",
        "任命{{ persons.management_representative }}为{{ posts.management_representative }}。",
    ),
    letter("introduction", "企业概况", "introduction", "## 企业简介\n{{ company.legal_name }}销售家用电器。"),
    letter("policy", "服务理念与承诺", "policy", "## 服务理念 {#concept}\n有报必应。"),
    letter("targets", "服务目标", "targets", "## 目标\n返修率不高于 {{ targets.return_repair_rate }}%。"),
    letter("scope", "范围、引用文件、术语", "scope", "## 范围 {#coverage}\n适用于全部商品。"),
    letter("organisation", "组织机构与职责", "organisation", "## 专管部门 {#department}\n{{ departments.service }}专管售后服务。"),
    letter(
        "chapter-5-2-4",
        "维修服务",
        "chapter",
        "## 做法 {#practice}\n维修按《维修服务程序》办理。",
        'indicator: "5.2.4"\nrefers: [repair]\n',
    ),
    letter(
        "chapter-5-3-2",
        "投诉处理",
        "chapter",
        "## 做法 {#practice}\n投诉按《投诉处理程序》办理。",
        'indicator: "5.3.2"\nrefers: [complaint]\n',
    ),
    REPAIR,
    COMPLAINT,
    RULES,
    form_text("order-form", "报修单", "# 受理\n顾客: _ | 电话: _\n[ 序号 | 故障 3 | 处理 2 ] x 4\n签字: 顾客 | 日期"),
    form_text("visit", "上门服务记录", "# 上门\n顾客: _ | 日期: _\n[ 序号 | 工作内容 3 ] x 3"),
)
DEPARTMENTS = {"management": "公司管理层", "service": "服务部"}
POSTS = {"general_manager": "总经理", "management_representative": "管理者代表", "service_manager": "服务部经理"}
SET = template_set(*TEXTS, departments=DEPARTMENTS, posts=POSTS)


def write_set(templates: Path, *texts: str, key: str = "small") -> Path:
    """The set as a folder below `templates`/docs: what a consultant's own set looks like."""
    made = template_set(*(texts or TEXTS), departments=DEPARTMENTS, posts=POSTS)
    home = templates / "docs" / key
    home.mkdir(parents=True)
    documents = [t.front.key for t in made.templates if t.front.kind != "record_form"]
    for template in made.templates:
        (home / f"{template.front.key}.md").write_text(template.source, "utf-8")
    needs = ("departments", DEPARTMENTS), ("posts", POSTS)
    lists = "".join(f"{name}: {{{', '.join(f'{k}: {v}' for k, v in entries.items())}}}\n" for name, entries in needs)
    (home / "set.yml").write_text(f"name: 小套\nstandard: gbt27922-2011\n{lists}documents: [{', '.join(documents)}]\n", "utf-8")
    return home


def with_manual(session: Session, code: str = "JC", templates: TemplateSet = SET, *changes: tuple[str, str]) -> Firm:
    """The firm with the whole small manual in force from 1 February 2026, and its deletion decided."""
    firm = founded(session, code, *changes)
    profile = read_profile(FULL_PROFILE, file="jc.yml", catalogue=catalogue())
    record_profile_decisions(session, firm.organisation.id, standard(), profile.not_applicable, by=SYSTEM, at=moment(1, 2))
    cloned(session, firm, templates)
    for pair in running(session, firm.organisation.id):
        if pair.revision.status is Status.DRAFT and pair.revision.carrier_id is None:
            take_into_force(session, firm, pair.document, pair.revision)
    return firm


def take_into_force(
    session: Session, firm: Firm, document: Document, revision: Revision, at: datetime = RELEASED, effective_on: date = EFFECTIVE
) -> None:
    """All steps of one draft by four people, on the shipped standard."""
    known, approved = standard(), at.replace(day=at.day - 2)
    approvals.submit(session, firm.organisation, document, revision, standard=known, catalogue=catalogue(), by=firm.preparer, at=approved)
    approvals.review(session, document, revision, standard=known, by=firm.reviewer, at=approved)
    approvals.approve(session, document, revision, by=firm.approver, at=approved)
    approvals.release(session, firm.organisation, document, revision, by=firm.controller, at=at, effective_on=effective_on)
