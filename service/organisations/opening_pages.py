"""The page on which a consultant opens an organisation for a client."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from service import clock
from service.accounts.identity import Caller, ReadingPerson, WritingPerson, csrf_token
from service.organisations.opening import may_open, open_organisation
from service.organisations.profile_faults import DEFAULT_NUMBER_PATTERN
from service.web.depends import Reading, Writing
from service.web.forms import NOTHING, Filled, Form, attempt, see
from service.web.once import PageRoute
from service.web.templating import page

router = APIRouter(prefix="/new-organisation", route_class=PageRoute)


@router.get("")
def new_organisation(session: Reading, caller: ReadingPerson) -> HTMLResponse:
    return _page(session, caller)


@router.post("")
def create(session: Writing, caller: WritingPerson, form: Form) -> Response:
    code, name = form.text("code", required="请填写企业代号"), form.text("name", required="请填写企业全称", longest=200)
    pattern = form.text("number_pattern") or DEFAULT_NUMBER_PATTERN
    made = attempt(
        session, form, lambda: open_organisation(session, caller.user, code=code, name=name, number_pattern=pattern, at=clock.now())
    )
    if made is None:
        return _page(session, caller, filled=form)
    return see(f"/organisations/{made.code}/first-steps", f"{made.name}已建立，请继续填写企业档案")


def _page(session: Session, caller: Caller, filled: Filled = NOTHING) -> HTMLResponse:
    return page(
        "organisations/new.html",
        status=422 if filled.fault else 200,
        caller=caller.user,
        csrf=csrf_token(caller.require_person()),
        may_open=may_open(session, caller.user),
        usual_pattern=DEFAULT_NUMBER_PATTERN,
        filled=filled,
    )
