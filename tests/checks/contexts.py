"""Contexts for the checks, made from short texts without a database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from service.checks.rules import Checked, Context, Dates, Problem, Problems
from service.standards.rules import Confidence, ReferenceEntry, ReferenceStatus
from service.text.parse import parse_procedure

TODAY = date(2026, 3, 1)
NAMES = frozenset({"服务部", "质量部", "市场与销售部", "服务部经理", "维修工程师", "文控员"})
REGISTER = (
    ReferenceEntry("GB/T 16784-2025", "售后服务总则", ReferenceStatus.IN_FORCE, Confidence.MEDIUM, TODAY, replaces="GB/T 16784-2008"),
    ReferenceEntry("总局令第 19 号", "召回规定", ReferenceStatus.IN_FORCE, Confidence.HIGH, TODAY, replaces="旧召回办法"),
    ReferenceEntry("消法", "消费者权益保护法", ReferenceStatus.IN_FORCE, Confidence.HIGH, TODAY),
)


def document(
    text: str,
    title: str = "维修服务程序",
    *,
    number: str = "",
    kind: str = "work_instruction",
    in_force: bool = True,
    dates: Dates | None = None,
) -> Checked:
    """A document with this body."""
    procedure = parse_procedure(f"---\nkey: a\ntitle: {title}\nkind: {kind}\ndepartment: service\n---\n{text}", file="a.md")
    return Checked(number or title, title, procedure.front.kind, "A/0", in_force, procedure, dates or Dates())


def context(
    *documents: Checked, obsolete: tuple[str, ...] = (), targets: tuple[str, ...] = ("返修率", "培训费用占服务费用比例")
) -> Context:
    return Context(TODAY, documents, frozenset(obsolete), NAMES, REGISTER, frozenset(targets))


def problems(check: Callable[[Context], Problems], *documents: Checked, obsolete: tuple[str, ...] = ()) -> list[Problem]:
    return list(check(context(*documents, obsolete=obsolete)))
