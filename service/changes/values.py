"""参数变化: documents in force that were frozen with values which have changed since, and the request that proposes to revise them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from service.changes.actions import open_request
from service.changes.models import ChangeRequest
from service.changes.queries import open_on
from service.changes.rules import LONGEST_TEXT, MOST_ITEMS, OPEN, ChangeKind, Wanted
from service.clock import local_date
from service.documents.queries import Controlled, in_force, running
from service.errors import InputError, Refused
from service.organisations.models import Organisation
from service.organisations.queries import values_on
from service.organisations.roles import Act
from service.organisations.rules import OUTLETS, Actor, Catalogue, require
from service.organisations.values import stored

GROUPS: Mapping[str, str] = {"departments": "部门名称", "posts": "岗位名称", "persons": "任职人员"}
"""Groups of values that come from the organisation chart."""
TITLE = "企业参数变化引起的文件更改"


@dataclass(frozen=True, slots=True)
class ValueChange:
    """A value that a text was frozen with (`old`) and what it is now; JSON values, None for a blank."""

    name: str
    label: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Outdated:
    """A document in force whose frozen values are no longer those of today. `waiting`: the draft or open requests that stand already."""

    number: str
    title: str
    label: str
    values: tuple[ValueChange, ...]
    waiting: tuple[str, ...]


def propose_for_values(session: Session, organisation: Organisation, on: date, *, catalogue: Catalogue) -> list[Outdated]:
    """Every document in force on `on` whose frozen values differ from those of that day, in the order of the master list.

    Nothing is edited: a change of a value makes the documents a problem and proposes a request (domain.md §1).
    """
    now = values_on(session, organisation.id, on, catalogue=catalogue)
    pairs = [(pair, tuple(_changes(pair.revision.variables, now, catalogue))) for pair in in_force(session, organisation.id, on)]
    outdated = [(pair, values) for pair, values in pairs if values]
    drafts = {pair.document.id: pair.revision.label for pair in running(session, organisation.id)}
    opened = open_on(session, organisation.id, [pair.document.id for pair, _ in outdated], OPEN)
    return [_outdated(pair, values, drafts.get(pair.document.id), opened.get(pair.document.id, [])) for pair, values in outdated]


def open_for_values(
    session: Session,
    organisation: Organisation,
    *,
    catalogue: Catalogue,
    by: Actor,
    at: datetime,
    numbers: Collection[str] = (),
    title: str = TITLE,
) -> ChangeRequest:
    """One draft of a request over those documents, or over the `numbers` among them, that no draft and no open request is at yet.

    For those who may read all. InputError for a number that is not outdated; refused if there is nothing to ask for.
    """
    require(by, Act.READ_ALL)
    on = local_date(at, organisation.time_zone)
    found = {row.number: row for row in propose_for_values(session, organisation, on, catalogue=catalogue)}
    unknown = [number for number in numbers if number not in found]
    if unknown:
        raise InputError(f"文件 {'、'.join(unknown)} 的内容与现行企业参数一致，不用更改", code="not_outdated")
    free = [row for row in found.values() if not row.waiting and (not numbers or row.number in numbers)][:MOST_ITEMS]
    if not free:
        raise Refused("没有因企业参数变化而需要申请更改的文件，或相应的更改已在进行", code="nothing_outdated")
    items = [Wanted(ChangeKind.REVISE, row.number, proposed="；".join(map(_proposal, row.values))[:LONGEST_TEXT]) for row in free]
    reason = "企业参数已经变化：" + "；".join(dict.fromkeys(_proposal(value) for row in free for value in row.values))
    return open_request(session, organisation, title=title, reason=reason[:LONGEST_TEXT], items=items, by=by, at=at)


def _changes(frozen: Mapping[str, Any], now: Mapping[str, Any], catalogue: Catalogue) -> Iterator[ValueChange]:
    for name, old in sorted(frozen.items()):
        new = stored(_lookup(now, name))
        if old != new:
            yield ValueChange(name, _label(name, catalogue), old, new)


def _lookup(values: Mapping[str, Any], name: str) -> Any:
    found: Any = values
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _label(name: str, catalogue: Catalogue) -> str:
    """What a person calls this value."""
    group, _, key = name.partition(".")
    if name in catalogue:
        return catalogue[name].label
    return OUTLETS.label if group == OUTLETS.name else f"{GROUPS[group]}（{key}）" if group in GROUPS else name


def _outdated(pair: Controlled, values: tuple[ValueChange, ...], draft: str | None, requests: list[str]) -> Outdated:
    waiting = (*([draft] if draft else []), *requests)
    return Outdated(pair.document.number, pair.revision.title, pair.revision.label, values, waiting)


def _proposal(change: ValueChange) -> str:
    return f"{change.label}由“{shown(change.old)}”改为“{shown(change.new)}”"


def shown(value: Any) -> str:
    """A value in words: 空, 是/否, 2026-03-01, lists joined by 、, outlets by their names."""
    if value is None or value in ("", []):
        return "空"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list):
        return "、".join(str(each.get("name", "")) if isinstance(each, dict) else shown(each) for each in value)
    return str(value)
