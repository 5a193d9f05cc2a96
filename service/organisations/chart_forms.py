"""The chart as a form: rows of departments, posts and persons as typed, and the plan they make. Pure.

A department stands at the top (""), below another (`below:REF`), or is no department of its own but another does its work (`with:REF`);
a post stands in a department (`in:REF`) or is done along by another post (`with:REF`). A REF is the key of a row, or `new-…` of a new one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import TypeVar

from service.organisations.chart_faults import LOGIN
from service.organisations.chart_rows import ChartPlan, HolderEntry
from service.organisations.profile import DepartmentEntry, PostEntry
from service.organisations.values import is_text

LONGEST = 100
NEW = "new-"
Entry = TypeVar("Entry", DepartmentEntry, PostEntry)
WITH, BELOW, IN = "with:", "below:", "in:"


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """A department or post as typed."""

    ref: str
    name: str
    place: str

    @property
    def is_own(self) -> bool:
        """Whether it stands for itself, not along with another."""
        return bool(self.name) and not self.place.startswith(WITH)


@dataclass(frozen=True, slots=True)
class HolderRow:
    """A person in a post as typed."""

    name: str
    login: str
    post: str


@dataclass(slots=True)
class ChartForm:
    """What was typed. `faults`: {`department-2`, `post-0`, `holder-1`: what is wrong with this row}."""

    departments: Sequence[PlacedRow] = ()
    posts: Sequence[PlacedRow] = ()
    holders: Sequence[HolderRow] = ()
    faults: dict[str, str] = field(default_factory=dict)


def form_of(plan: ChartPlan, names: Mapping[str, str]) -> ChartForm:
    """A plan as rows; a joined key, which has no name of its own there, is shown by its usual name in `names`."""
    return ChartForm(
        list(_rows(plan.departments, lambda row: BELOW + row.parent if row.parent else "", names)),
        list(_rows(plan.posts, lambda row: IN + row.department, names)),
        [HolderRow(each.name, each.login, each.post) for each in plan.holders],
    )


def _rows(entries: Sequence[Entry], place: Callable[[Entry], str], names: Mapping[str, str]) -> Iterator[PlacedRow]:
    for entry in entries:
        yield PlacedRow(entry.key, entry.name, place(entry))
        yield from (PlacedRow(alias, names.get(alias, alias), WITH + entry.key) for alias in entry.aliases)


def plan_of(form: ChartForm, taken: frozenset[str]) -> ChartPlan:
    """The plan that the rows make; rows without a name are left out. Notes what is wrong in `form.faults`: then the plan is not to be used."""
    departments = _kept(form, "department", form.departments)
    posts = _kept(form, "post", form.posts)
    keys = _keys([row for _, row in departments], "department", taken) | _keys([row for _, row in posts], "post", taken)
    own_departments, own_posts = _own(departments, keys), _own(posts, keys)
    plan = ChartPlan(
        tuple(_departments(form, departments, keys, own_departments)),
        tuple(_posts(form, posts, keys, own_posts, own_departments)),
        tuple(_holders(form, keys, own_posts)),
    )
    if not plan.departments:
        form.faults.setdefault("department-0", "请至少填写一个部门")
    return plan


def _kept(form: ChartForm, what: str, rows: Sequence[PlacedRow]) -> list[tuple[str, PlacedRow]]:
    """(row's name among the faults, row) of rows that say something; names are looked at, also whether one stands twice."""
    kept, seen = [], set[str]()
    for index, row in enumerate(rows):
        slot, is_joined = f"{what}-{index}", row.place.startswith(WITH)
        if not row.name:
            continue
        if not is_text(row.name) or len(row.name) > LONGEST:
            form.faults[slot] = f"名称最多 {LONGEST} 个字，不能有控制字符"
        elif not is_joined and row.name in seen:
            form.faults[slot] = f"“{row.name}”重复出现"
        elif is_joined and row.ref.startswith(NEW):
            form.faults[slot] = "新增的一行须单独设置；不单设的请直接去掉这一行"
        if not is_joined:
            seen.add(row.name)
        kept.append((slot, row))
    return kept


def _keys(rows: Sequence[PlacedRow], word: str, taken: frozenset[str]) -> dict[str, str]:
    """{reference: key}; a new row gets a key that nothing ever had."""
    fresh = (key for key in (f"{word}_{number}" for number in count(1)) if key not in taken)
    return {row.ref: next(fresh) if row.ref.startswith(NEW) else row.ref for row in rows}


def _own(rows: Sequence[tuple[str, PlacedRow]], keys: Mapping[str, str]) -> dict[str, str]:
    """{reference: key} of rows that stand for themselves, not along with another."""
    return {row.ref: keys[row.ref] for _, row in rows if not row.place.startswith(WITH)}


def _joined(rows: Sequence[tuple[str, PlacedRow]], ref: str) -> tuple[str, ...]:
    return tuple(row.ref for _, row in rows if row.place == WITH + ref)


def _departments(
    form: ChartForm, rows: Sequence[tuple[str, PlacedRow]], keys: Mapping[str, str], own: Mapping[str, str]
) -> Iterator[DepartmentEntry]:
    parents = {row.ref: row.place.removeprefix(BELOW) for _, row in rows if row.place.startswith(BELOW)}
    for slot, row in rows:
        target = row.place.partition(":")[2]
        if target and (target not in own or target == row.ref):
            form.faults[slot] = "请选择上级部门，或由哪个部门承担"
        elif _is_circle(row.ref, parents):
            form.faults[slot] = "上下级关系成环，请改选上级部门"
        if row.ref in own:
            yield DepartmentEntry(keys[row.ref], row.name, _joined(rows, row.ref), own.get(target) if target else None)


def _is_circle(start: str, parents: Mapping[str, str]) -> bool:
    seen, ref = {start}, parents.get(start)
    while ref is not None and ref not in seen:
        seen.add(ref)
        ref = parents.get(ref)
    return ref == start


def _posts(
    form: ChartForm,
    rows: Sequence[tuple[str, PlacedRow]],
    keys: Mapping[str, str],
    own: Mapping[str, str],
    departments: Mapping[str, str],
) -> Iterator[PostEntry]:
    for slot, row in rows:
        target = row.place.partition(":")[2]
        if row.ref not in own:
            if target not in own:
                form.faults[slot] = "请选择由哪个岗位兼任"
        elif not row.place.startswith(IN) or target not in departments:
            form.faults[slot] = "请选择所在部门"
        else:
            yield PostEntry(keys[row.ref], row.name, _joined(rows, row.ref), departments[target])


def _holders(form: ChartForm, keys: Mapping[str, str], posts: Mapping[str, str]) -> Iterator[HolderEntry]:
    names: dict[str, str] = {}
    held = set[tuple[str, str]]()
    for index, row in enumerate(form.holders):
        if not (row.name or row.login):
            continue
        fault = _holder_fault(row, posts, names, held)
        if fault:
            form.faults[f"holder-{index}"] = fault
            continue
        names[row.login] = row.name
        held.add((row.login, row.post))
        yield HolderEntry(row.login, row.name, keys[row.post])


def _holder_fault(row: HolderRow, posts: Mapping[str, str], names: Mapping[str, str], held: set[tuple[str, str]]) -> str:
    if not is_text(row.name) or len(row.name) > LONGEST:
        return f"请填写姓名，最多 {LONGEST} 个字"
    if not LOGIN.fullmatch(row.login):
        return "请填写登录名：小写字母、数字、点和短横，最长 100 个字符"
    if row.post not in posts:
        return "请选择岗位"
    if names.get(row.login, row.name) != row.name:
        return f"登录名“{row.login}”已用于{names[row.login]}"
    return f"{row.name}的这个岗位重复出现" if (row.login, row.post) in held else ""
