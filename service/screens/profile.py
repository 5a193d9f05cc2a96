"""企业档案: an organisation's values on a day, each with its history and the documents that use it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from service import clock
from service.changes.values import Outdated, propose_for_values, shown
from service.documents.variable_uses import use_counts, uses_of
from service.organisations import first_steps as asking
from service.organisations.actions import set_value
from service.organisations.api import Member, allowed, allowed_to_write
from service.organisations.models import VariableValue
from service.organisations.pages import organisation_page
from service.organisations.queries import current_values, names_of, value_rows
from service.organisations.roles import Act
from service.organisations.rules import VariableSpec
from service.organisations.shipped import catalogue
from service.organisations.value_forms import find_spec, read_values, value_field
from service.web.depends import AsOf, Reading, Writing
from service.web.forms import NOTHING, Filled, Form, attempt, see
from service.web.once import PageRoute

router = APIRouter(prefix="/organisations/{code}/profile", route_class=PageRoute)
Viewer = Annotated[Member, allowed(Act.READ_ALL)]
Editor = Annotated[Member, allowed_to_write(Act.CONFIGURE)]
GROUPS = {step: asking.BY_KEY[step].name for step in asking.ASKING} | {
    "company": "企业",
    "business": "业务与服务",
    "targets": "目标与期限",
    "choices": "选择",
}


@dataclass(frozen=True, slots=True)
class ValueRow:
    """A variable on the day asked for: its value in words (None: not filled in), from when, in how many documents it stands."""

    spec: VariableSpec
    words: str | None
    valid_from: date | None
    uses: int


@dataclass(frozen=True, slots=True)
class PastValue:
    """One row of a variable's history. `state`: how it stands on the day asked for."""

    words: str
    valid_from: date
    recorded_at: Any
    by: str
    state: str


@router.get("")
def profile(member: Viewer, session: Reading, as_of: AsOf, group: Annotated[str, Query(max_length=40)] = "company") -> HTMLResponse:
    owner, on = member.organisation, as_of or member.today
    group = group if group in GROUPS else "company"
    known, uses = current_values(session, owner.id, on), use_counts(session, owner.id, on)
    sections = [
        (section, [_row(spec, known.get(spec.name), uses[spec.name]) for spec in section.specs])
        for section in asking.of_step(group, catalogue())
    ]
    plain = {name: row.value for name, row in known.items()}
    blanks = {step: len(asking.missing(plain, asking.of_step(step, catalogue()))) for step in GROUPS}
    return organisation_page(
        "screens/profile.html",
        member,
        "profile",
        as_of=as_of,
        kept={"group": group},
        group=group,
        groups=GROUPS,
        blanks=blanks,
        sections=sections,
        outdated=[] if as_of else propose_for_values(session, owner, on, catalogue=catalogue()),
    )


@router.get("/{name}")
def value(name: str, member: Viewer, session: Reading, as_of: AsOf) -> HTMLResponse:
    return _value_page(session, member, find_spec(name, catalogue()), as_of=as_of)


@router.post("/{name}")
def change(name: str, member: Editor, session: Writing, form: Form) -> Response:
    """A new value from a day on; with an empty field the variable is blank from then."""
    spec, owner = find_spec(name, catalogue()), member.organisation
    given = read_values(form, [spec])[name]
    from_day = form.day("valid_from", required="请填写从哪天起有效") or member.today
    by, at = member.actor(session), clock.now()
    row = attempt(session, form, lambda: set_value(session, owner, name, given, valid_from=from_day, by=by, at=at, catalogue=catalogue()))
    if form.fault:
        return _value_page(session, member, spec, filled=form)
    said = f"{spec.label}已更改，自 {from_day} 起有效" if row else f"{spec.label}在 {from_day} 已是这个值，没有更改"
    return see(f"/organisations/{owner.code}/profile/{name}", said)


def _value_page(
    session: Session, member: Member, spec: VariableSpec, *, as_of: date | None = None, filled: Filled = NOTHING
) -> HTMLResponse:
    owner, on = member.organisation, as_of or member.today
    now = current_values(session, owner.id, on).get(spec.name)
    rows = value_rows(session, owner.id, spec.name)
    section = next(section for section in asking.sections(catalogue()) if spec in section.specs)
    return organisation_page(
        "screens/profile_value.html",
        member,
        "profile",
        status=422 if filled.fault else 200,
        as_of=as_of,
        spec=spec,
        section=section,
        group_name=GROUPS[section.step],
        row=_row(spec, now, 0),
        outlets=now.value if now and spec.name == "outlets" else None,
        history=_history(rows, now, on, names_of(session, owner.id, {row.recorded_by for row in rows})),
        uses=uses_of(session, owner.id, spec.name, on, with_running=not as_of),
        current=now.value if now else None,
        shown=shown,
        outdated=[] if as_of else _outdated(session, member, spec.name),
        field=value_field(spec, now.value if now else None, filled),
        filled=filled,
    )


def _outdated(session: Session, member: Member, name: str) -> list[Outdated]:
    found = propose_for_values(session, member.organisation, member.today, catalogue=catalogue())
    return [row for row in found if any(change.name == name for change in row.values)]


def _row(spec: VariableSpec, row: VariableValue | None, uses: int) -> ValueRow:
    if row is None or row.value in (None, [], ""):
        return ValueRow(spec, None, row.valid_from if row else None, uses)
    words = "\n".join(map(str, row.value)) if isinstance(row.value, list) and spec.name != "outlets" else shown(row.value)
    return ValueRow(spec, f"{words} {spec.unit}".strip(), row.valid_from, uses)


def _history(rows: list[VariableValue], now: VariableValue | None, on: date, names: dict[str, str]) -> list[PastValue]:
    """The newest first. A row that a later one of the same day replaced never held again."""
    last = {row.valid_from: row for row in rows}
    found = []
    for row in rows:
        is_replaced = last[row.valid_from] is not row
        state = "已更正" if is_replaced else "现行" if now and row.id == now.id else "待生效" if row.valid_from > on else "以前"
        found.append(PastValue(shown(row.value), row.valid_from, row.recorded_at, names.get(row.recorded_by, row.recorded_by), state))
    return found[::-1]
