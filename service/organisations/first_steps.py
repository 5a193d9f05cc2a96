"""首次使用: what a company is asked, step by step, and how far it has come. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from service.organisations.rules import OUTLETS, Catalogue, VariableSpec
from service.organisations.value_forms import TAKEN


@dataclass(frozen=True, slots=True)
class FirstStep:
    """A step: its key in the address, its name, what it is about."""

    key: str
    name: str
    words: str
    icon: str


STEPS = (
    FirstStep("company", "我们是谁", "企业名称、地址和联系方式。文件、手册和表单中的这些内容都取自这里。", "building"),
    FirstStep("business", "我们卖什么", "产品、人员、服务理念和服务网点。", "package"),
    FirstStep("chart", "岗位与部门", "部门、岗位和任职人员。文件的职责、签署和发放都以此为准。", "hierarchy-2"),
    FirstStep("targets", "目标", "服务目标、保修期和记录保存期限。只写做得到的数字，评审时要逐项核对。", "target"),
    FirstStep("choices", "选择", "本企业做什么、不做什么，决定套用哪些文件。", "checklist"),
    FirstStep("sets", "套用模板", "把一套现成的文件套用到本企业，生成带编号的草稿。", "copy"),
    FirstStep("missing", "还差什么", "没有填写的内容，以及接下来要做的事。", "flag"),
)
BY_KEY = {step.key: step for step in STEPS}
ASKING = ("company", "business", "targets", "choices")
"""Steps that ask for values."""
BEGINNINGS: Mapping[str, tuple[str, str]] = {
    "company.legal_name": ("company", "名称与登记"),
    "company.address": ("company", "地址"),
    "company.products": ("business", "产品与市场"),
    "company.employees": ("business", "人员"),
    "company.hotline": ("company", "联系方式"),
    "company.service_system": ("business", "系统、认证与合作单位"),
    "policy.concept": ("business", "服务理念与承诺"),
    "dates.manual_effective_on": ("business", "日期"),
    "targets.return_repair_rate": ("targets", "维修"),
    "targets.spare_parts_years": ("targets", "备件与代用品"),
    "targets.install_contact_hours": ("targets", "安装与配送"),
    "targets.return_days": ("targets", "退换货、召回与回收"),
    "targets.hotline_answer_rate": ("targets", "顾客联系与满意度"),
    "targets.complaint_reply_hours": ("targets", "投诉与应急"),
    "targets.certified_manager_ratio": ("targets", "人员与经费"),
    "targets.outlet_radius_km": ("targets", "服务网点"),
    "targets.supervision_checks": ("targets", "监督、改进与文件"),
    "warranty.whole_months": ("targets", "保修期"),
    "retention.document": ("targets", "记录保存期限"),
    "choices.makes": ("choices", "经营方式"),
}
"""{the first variable of a section: (its step, its title)}; what follows in the catalogue belongs to it, new variables too."""


@dataclass(frozen=True, slots=True)
class ValueSection:
    """Variables that are asked for together."""

    key: str
    step: str
    title: str
    specs: tuple[VariableSpec, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the values that a step needs are there."""

    done: int
    needed: int

    @property
    def is_complete(self) -> bool:
        return self.done >= self.needed

    @property
    def percent(self) -> int:
        return 100 if not self.needed else 100 * min(self.done, self.needed) // self.needed


def sections(catalogue: Catalogue) -> tuple[ValueSection, ...]:
    """Every variable that somebody fills in, by section, in the order of the catalogue; the outlets last."""
    found: list[tuple[str, str, str, list[VariableSpec]]] = [("other", "business", "其他", [])]
    for name, spec in catalogue.items():
        if name in BEGINNINGS:
            found.append((name.replace(".", "-"), *BEGINNINGS[name], []))
        if name not in TAKEN:
            found[-1][3].append(spec)
    found.append((OUTLETS.name, "business", OUTLETS.label, [OUTLETS]))
    return tuple(ValueSection(key, step, title, tuple(specs)) for key, step, title, specs in found if specs)


def of_step(step: str, catalogue: Catalogue) -> tuple[ValueSection, ...]:
    return tuple(section for section in sections(catalogue) if section.step == step)


def missing(values: Mapping[str, Any], asked: Iterable[ValueSection]) -> list[VariableSpec]:
    """The variables without a value that no company can do without."""
    return [spec for section in asked for spec in section.specs if not spec.optional and values.get(spec.name) in (None, [], "")]


def progress(values: Mapping[str, Any], asked: Iterable[ValueSection]) -> Progress:
    asked = tuple(asked)
    needed = sum(not spec.optional for section in asked for spec in section.specs)
    return Progress(needed - len(missing(values, asked)), needed)


def following(key: str) -> FirstStep | None:
    """The step after this one."""
    keys = [step.key for step in STEPS]
    place = keys.index(key) + 1
    return STEPS[place] if place < len(STEPS) else None
