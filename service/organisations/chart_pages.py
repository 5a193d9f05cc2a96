"""Editing the organisation chart: one form for the first steps and for later changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from service import clock
from service.errors import InputError
from service.organisations.api import Member, allowed, allowed_to_write
from service.organisations.chart_forms import ChartForm, HolderRow, PlacedRow, form_of, plan_of
from service.organisations.charting import change_chart, keys_taken, login_faults, planned
from service.organisations.pages import organisation_page
from service.organisations.queries import members
from service.organisations.roles import Act
from service.organisations.shipped import standard_charts
from service.web.depends import Reading, Writing
from service.web.forms import NOTHING, Filled, Form, attempt, see
from service.web.once import PageRoute

router = APIRouter(prefix="/organisations/{code}/chart/edit", route_class=PageRoute)
MOST_ROWS = 500


@router.get("")
def edit(member: Annotated[Member, allowed(Act.CONFIGURE)], session: Reading) -> HTMLResponse:
    return _page(session, member)


@router.post("")
def save(member: Annotated[Member, allowed_to_write(Act.CONFIGURE)], session: Writing, form: Form) -> Response:
    typed = store_chart(session, member, form)
    if form.fault:
        return _page(session, member, form, typed)
    return see(f"/organisations/{member.organisation.code}/chart", "组织机构已保存")


def _page(session: Session, member: Member, filled: Filled = NOTHING, typed: ChartForm | None = None) -> HTMLResponse:
    context = chart_context(session, member, typed)
    return organisation_page(
        "organisations/chart_edit.html", member, "chart", status=422 if filled.fault else 200, filled=filled, **context
    )


def chart_context(session: Session, member: Member, typed: ChartForm | None = None, *, proposal: str = "") -> dict[str, Any]:
    """What the chart's form shows: what was typed, else the chart as it stands, else (or if one is chosen) a standard chart."""
    charts = standard_charts()
    plan = planned(session, member.organisation.id)
    is_new = not plan.departments
    chosen = charts.get(proposal) or (next(iter(charts.values())) if is_new else None)
    return {
        "chart_form": typed or form_of(chosen.plan if chosen and is_new else plan, usual_names()),
        "charts": list(charts.values()) if is_new else [],
        "chosen": chosen.key if chosen else "",
        "logins": [(user.login, user.name) for _, user in members(session, member.organisation.id)],
        "own_range": f"{member.organisation.code.lower()}.",
    }


def usual_names() -> Mapping[str, str]:
    """{key: usual name} of every department and post of the standard charts."""
    plans = [chart.plan for chart in list(standard_charts().values())[::-1]]
    departments = {entry.key: entry.name for plan in plans for entry in plan.departments}
    return departments | {entry.key: entry.name for plan in plans for entry in plan.posts}


def store_chart(session: Session, member: Member, form: Filled) -> ChartForm:
    """The chart of the form from its day on; what is wrong stands in the form's fault and beside the rows."""
    typed = _typed(form)
    plan = plan_of(typed, keys_taken(session, member.organisation.id))
    faults = login_faults(session, member.organisation, plan.holders)
    for index, row in enumerate(typed.holders):
        if row.login in faults:
            typed.faults.setdefault(f"holder-{index}", faults[row.login])
    form.faults |= typed.faults
    from_day = form.day("valid_from", required="请填写从哪天起有效") or member.today
    by, at = member.actor(session), clock.now()
    attempt(session, form, lambda: change_chart(session, member.organisation, plan, valid_from=from_day, by=by, at=at))
    return typed


def _typed(form: Filled) -> ChartForm:
    return ChartForm(
        [PlacedRow(*cells) for cells in _table(form, "department", ("ref", "name", "place"))],
        [PlacedRow(*cells) for cells in _table(form, "post", ("ref", "name", "place"))],
        [HolderRow(name, login.lower(), post) for name, login, post in _table(form, "holder", ("name", "login", "post"))],
    )


def _table(form: Filled, what: str, columns: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Rows of fields that stand once a row."""
    cells = [form.values.get(f"{what}.{column}", ()) for column in columns]
    if len({len(column) for column in cells}) > 1 or len(cells[0]) > MOST_ROWS:
        raise InputError("表单不完整，请刷新页面后再填", code="form_broken")
    return [tuple(cell.strip() for cell in row) for row in zip(*cells, strict=True)]
