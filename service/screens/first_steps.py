"""首次使用: a questionnaire that makes a company's profile and chart, 套用 the fitting set, and says what is still missing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from service import clock
from service.checks.queries import gather
from service.checks.recent import problems_of
from service.checks.rules import Severity
from service.documents.queries import documents, running
from service.errors import NotFound
from service.library.actions import clone, missing_needs
from service.library.rules import TemplateSet
from service.library.shipped import template_set, template_set_keys
from service.organisations import first_steps as asking
from service.organisations.actions import NAME, set_values
from service.organisations.api import Member, allowed, allowed_to_write
from service.organisations.chart_pages import chart_context, store_chart
from service.organisations.first_steps import BY_KEY, STEPS, FirstStep, Progress
from service.organisations.pages import organisation_page
from service.organisations.queries import chart_on, current_values, members, values_on
from service.organisations.roles import Act
from service.organisations.rules import Chart, posts_of
from service.organisations.shipped import catalogue
from service.organisations.value_forms import read_values, value_field
from service.standards.shipped import register
from service.text.model import Kind
from service.web.depends import Reading, Writing
from service.web.forms import NOTHING, Filled, Form, attempt, see
from service.web.once import PageRoute

router = APIRouter(prefix="/organisations/{code}/first-steps", route_class=PageRoute)
Asker = Annotated[Member, allowed(Act.CONFIGURE)]
Answerer = Annotated[Member, allowed_to_write(Act.CONFIGURE)]
Cloner = Annotated[Member, allowed_to_write(Act.CLONE)]
KEY_POSTS = {"general_manager": "总经理", "management_representative": "管理者代表", "document_controller": "文控员"}
"""Posts without which nothing can be reviewed, approved and released."""


@dataclass(frozen=True, slots=True)
class SetCard:
    """A template set as it is offered: `missing` says what the chart lacks for it, `cloned` how many of its documents are there."""

    key: str
    name: str
    purpose: str
    documents: int
    forms: int
    missing: dict[str, list[str]]
    cloned: int


@router.get("")
def overview(member: Asker, session: Reading) -> HTMLResponse:
    """Every step with how far it has come, and where to go on."""
    stand = _stand(session, member)
    following = next((step for step in STEPS if not stand[step.key].is_complete), None)
    percent = sum(each.percent for each in stand.values()) // len(stand)
    return organisation_page(
        "screens/first_steps.html", member, "first-steps", steps=STEPS, stand=stand, following=following, percent=percent
    )


@router.get("/chart")
def chart(member: Asker, session: Reading, proposal: Annotated[str, Query(max_length=80)] = "") -> HTMLResponse:
    return _chart_page(session, member, proposal=proposal)


@router.post("/chart")
def save_chart(member: Answerer, session: Writing, form: Form) -> Response:
    typed = store_chart(session, member, form)
    if form.fault:
        return _chart_page(session, member, filled=form, typed=typed)
    return _next(member, "chart", "岗位与部门已保存")


@router.get("/sets")
def sets(member: Asker, session: Reading) -> HTMLResponse:
    return _sets_page(session, member)


@router.post("/sets/{key}")
def clone_set(key: str, member: Cloner, session: Writing, form: Form) -> Response:
    chosen, by, at = template_set(key), member.actor(session), clock.now()
    made = attempt(session, form, lambda: clone(session, member.organisation, chosen, catalogue=catalogue(), by=by, at=at))
    if made is None:
        return _sets_page(session, member, filled=form)
    words = f"已套用，生成 {len(made.created)} 份草稿" if made.created else "这套模板的文件都已有了，没有新增"
    return see(f"/organisations/{member.organisation.code}/first-steps/missing", words)


@router.get("/missing")
def missing(member: Asker, session: Reading) -> HTMLResponse:
    owner, on = member.organisation, member.today
    values = _plain(session, member)
    chart_now = chart_on(session, owner.id, on)
    held = _held(chart_now)
    found = problems_of(gather(session, owner, on, catalogue(), register()))
    people = {user.login for _, user in members(session, owner.id)}
    on_chart = {holder.login: holder.name for post in posts_of(chart_now) for holder in post.holders}
    return organisation_page(
        "screens/first_steps_missing.html",
        member,
        "first-steps",
        step=BY_KEY["missing"],
        steps=STEPS,
        stand=_stand(session, member),
        blanks=[(BY_KEY[section.step], section, specs) for section, specs in _blanks(values)],
        vacant=[name for key, name in KEY_POSTS.items() if key not in held],
        not_members=[name for login, name in on_chart.items() if login not in people],
        errors=sum(each.severity is Severity.ERROR for each in found),
        warnings=sum(each.severity is Severity.WARNING for each in found),
        drafts=len(running(session, owner.id, texts=False)),
        documents=len(documents(session, owner.id)),
    )


@router.get("/{step}")
def step(step: str, member: Asker, session: Reading) -> HTMLResponse:
    return _step_page(session, member, _asking(step))


@router.post("/{step}")
def save(step: str, member: Answerer, session: Writing, form: Form) -> Response:
    """Everything of the step at once: all of it or, if a field is wrong, nothing."""
    asked = _asking(step)
    specs = [spec for section in asking.of_step(asked.key, catalogue()) for spec in section.specs]
    values = read_values(form, specs)
    if NAME in values and values[NAME] is None:
        form.faults[NAME] = "请填写企业全称"
    from_day = form.day("valid_from", required="请填写从哪天起有效") or member.today
    by, at = member.actor(session), clock.now()
    attempt(
        session, form, lambda: set_values(session, member.organisation, values, valid_from=from_day, by=by, at=at, catalogue=catalogue())
    )
    if form.fault:
        return _step_page(session, member, asked, filled=form)
    return _next(member, asked.key, f"“{asked.name}”已保存")


def _next(member: Member, key: str, said: str) -> Response:
    after = asking.following(key)
    path = f"/{after.key}" if after else ""
    return see(f"/organisations/{member.organisation.code}/first-steps{path}", said)


def _asking(key: str) -> FirstStep:
    if key not in asking.ASKING:
        raise NotFound("首次使用中没有这一步", code="step_not_found")
    return BY_KEY[key]


def _step_page(session: Session, member: Member, asked: FirstStep, filled: Filled = NOTHING) -> HTMLResponse:
    values = _plain(session, member)
    fields = [
        (section, [value_field(spec, values.get(spec.name), filled) for spec in section.specs])
        for section in asking.of_step(asked.key, catalogue())
    ]
    return organisation_page(
        "screens/first_steps_values.html",
        member,
        "first-steps",
        status=422 if filled.fault else 200,
        step=asked,
        steps=STEPS,
        stand=_stand(session, member),
        sections=fields,
        can_propose=asked.key == "targets",
        filled=filled,
    )


def _chart_page(session: Session, member: Member, *, proposal: str = "", filled: Filled = NOTHING, typed: Any = None) -> HTMLResponse:
    return organisation_page(
        "screens/first_steps_chart.html",
        member,
        "first-steps",
        status=422 if filled.fault else 200,
        step=BY_KEY["chart"],
        steps=STEPS,
        stand=_stand(session, member),
        filled=filled,
        **chart_context(session, member, typed, proposal=proposal),
    )


def _sets_page(session: Session, member: Member, filled: Filled = NOTHING) -> HTMLResponse:
    owner = member.organisation
    values = values_on(session, owner.id, member.today, catalogue=catalogue())
    cloned = Counter(document.template_set for document in documents(session, owner.id))
    cards = [_card(template_set(key), values, cloned) for key in template_set_keys()]
    return organisation_page(
        "screens/first_steps_sets.html",
        member,
        "first-steps",
        status=422 if filled.fault else 200,
        step=BY_KEY["sets"],
        steps=STEPS,
        stand=_stand(session, member),
        cards=cards,
        any_cloned=any(card.cloned for card in cards),
        filled=filled,
    )


def _card(found: TemplateSet, values: dict[str, Any], cloned: Counter[str]) -> SetCard:
    forms = sum(template.front.kind is Kind.RECORD_FORM for template in found.templates)
    counts = len(found.templates) - forms, forms
    return SetCard(found.key, found.name, found.purpose, *counts, missing_needs(found, values), cloned[found.key])


def _held(chart: Chart) -> set[str]:
    """Keys of the posts that somebody holds, joined ones too."""
    return {key for post in posts_of(chart) if post.holders for key in (post.key, *post.aliases)}


def _plain(session: Session, member: Member) -> dict[str, Any]:
    """{variable: JSON value} of today."""
    rows = current_values(session, member.organisation.id, member.today)
    return {name: row.value for name, row in rows.items()}


def _blanks(values: dict[str, Any]) -> list[tuple[asking.ValueSection, list[Any]]]:
    found = [(section, asking.missing(values, [section])) for section in asking.sections(catalogue())]
    return [(section, specs) for section, specs in found if specs]


def _stand(session: Session, member: Member) -> dict[str, Progress]:
    """{step: how far it has come}. The chart needs its three key posts held, 套用 at least one document, the last step all that is before."""
    owner, values = member.organisation, _plain(session, member)
    stand = {key: asking.progress(values, asking.of_step(key, catalogue())) for key in asking.ASKING}
    held = _held(chart_on(session, owner.id, member.today))
    stand["chart"] = Progress(len(held & set(KEY_POSTS)), len(KEY_POSTS))
    stand["sets"] = Progress(min(1, len(documents(session, owner.id))), 1)
    stand["missing"] = Progress(sum(each.is_complete for each in stand.values()), len(stand))
    return {step.key: stand[step.key] for step in STEPS}
