"""What stands beside the editor: variables with today's values, indicators to choose from, what the section claims, who has a frozen text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from service.approvals.case import Case
from service.approvals.notices import NEXT
from service.approvals.route import posts_asked
from service.approvals.rules import STEP_ACTS, STEP_NAMES
from service.documents.models import Revision
from service.documents.rules import STATUS_NAMES
from service.errors import InputError
from service.organisations.roles import may_words
from service.organisations.rules import Actor, Catalogue
from service.standards.rules import Indicator, Standard, find_indicator
from service.text.escape import printed
from service.text.model import ClaimLine

MOST_FOUND = 12
"""Indicators that one search shows."""
GROUP_NAMES: Mapping[str, str] = {
    "company": "企业",
    "policy": "方针与承诺",
    "dates": "日期",
    "targets": "服务目标",
    "warranty": "质保",
    "retention": "记录保存期限",
    "choices": "选择",
    "departments": "部门",
    "posts": "岗位",
    "persons": "任职人员",
}


def variables(values: Mapping[str, Any], catalogue: Catalogue) -> list[dict[str, str]]:
    """Every name that a text may use: {key, label, value, group}; a value "" is not filled in yet."""
    return [*_of_catalogue(values, catalogue), *_of_chart(values)]


def in_groups(rows: Sequence[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    """The variables by group, in the order in which they came."""
    groups: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        groups.setdefault(row["group"], []).append(row)
    return groups


def _of_catalogue(values: Mapping[str, Any], catalogue: Catalogue) -> Iterator[dict[str, str]]:
    for key, spec in catalogue.items():
        group, _, name = key.partition(".")
        entries = values.get(group)
        value = _words(entries.get(name)) if isinstance(entries, Mapping) else ""
        yield _variable(key, spec.label, f"{value} {spec.unit}".strip() if value else "")


def _of_chart(values: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    for group in ("departments", "posts"):
        for key, name in values[group].items():
            yield _variable(f"{group}.{key}", name, name)
    for key, names in values["persons"].items():
        yield _variable(f"persons.{key}", f"{values['posts'].get(key, key)}姓名", names or "")


def _variable(key: str, label: str, value: str) -> dict[str, str]:
    group = key.partition(".")[0]
    return {"key": key, "label": label, "value": value, "group": GROUP_NAMES.get(group, group)}


def _words(value: object) -> str:
    if value is None:
        return ""
    try:
        return printed(value)
    except InputError:
        return ""


@dataclass(frozen=True, slots=True)
class Choice:
    """An indicator that may be attached: which of its elements the section claims already."""

    indicator: Indicator
    claimed: frozenset[int]


def claimed_by(claims: Sequence[ClaimLine], section: str) -> dict[str, frozenset[int]]:
    """indicator → elements that this section claims."""
    found: dict[str, frozenset[int]] = {}
    for line in claims:
        if line.section == section:
            found[line.indicator] = found.get(line.indicator, frozenset()) | frozenset(line.elements)
    return found


def claimed_choices(standard: Standard, claims: Sequence[ClaimLine], section: str) -> list[Choice]:
    """The indicators that the section claims, as the standard has them."""
    return [
        Choice(indicator, elements)
        for code, elements in claimed_by(claims, section).items()
        if (indicator := find_indicator(standard, code)) is not None
    ]


def found_choices(standard: Standard, asked: str, claims: Sequence[ClaimLine], section: str) -> tuple[list[Choice], int]:
    """(the first indicators whose code begins with what was asked or whose words hold all of it, how many there are)."""
    claimed = claimed_by(claims, section)
    words = asked.lower().split()
    fitting = [leaf for leaf in standard.leaves if all(_fits(leaf, word) for word in words)] if words else []
    return [Choice(leaf, claimed.get(leaf.code, frozenset())) for leaf in fitting[:MOST_FOUND]], len(fitting)


def _fits(leaf: Indicator, word: str) -> bool:
    text = "\n".join((leaf.title, leaf.requirement, *(element.text for element in leaf.elements))).lower()
    return leaf.code.startswith(word) or word in text


def who_has_it(session: Session, revision: Revision, by: Actor, *, at: datetime) -> str:
    """For a revision on its way that is no draft: with whom it is, as one sentence."""
    case, step = Case(session, revision, by, at), NEXT.get(revision.status)
    if step is None:
        return ""
    posts = posts_asked(case.route, step, revision.status)
    whom = case.staff.words(posts, "或") if posts else may_words(STEP_ACTS[step])
    return f"修订 {revision.label} {STATUS_NAMES[revision.status]}，等待{whom}{STEP_NAMES[step]}。"
