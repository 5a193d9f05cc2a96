"""Pages for getting in: log-in (in two steps where there is a second factor), log-out, invitation and reset.

Writes that another site makes a browser send never come here (see web/guards.py), so nobody is logged in as somebody else unasked.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlmodel import Session

from service import clock
from service.accounts.first_step import sealed_step, step_holds
from service.accounts.forms import Field, denied_words, local_path, tried
from service.accounts.identity import Cookie, authenticate, let_in, require_csrf, see_out
from service.accounts.links import accept_invitation, use_reset
from service.accounts.login import LoggedIn, log_in, log_in_by_code, log_out
from service.accounts.queries import link_with_user, user_by_login
from service.accounts.rules import Denial, Denied, LinkPurpose
from service.accounts.tasks import RESET_SAID, reset_later
from service.web.depends import Reading, Writing, csrf_sent
from service.web.rate import limited, welcome
from service.web.templating import page

router = APIRouter()
Next = Annotated[str, Query(max_length=2000)]
Token = Annotated[str, Query(max_length=200)]
DONE = {
    "invitation": "密码已设置，请登录。",
    "reset": "新密码已设置，原有的登录都已结束，请重新登录。",
    "logout": "已退出登录。",
}
"""What is said after a redirect to the log-in page."""


@router.get("/login")
def login_page(session: Reading, cookie: Cookie, next: Next = "", done: str = "") -> Response:  # noqa: A002  # the parameter's name
    if cookie and not isinstance(authenticate(session, "", cookie), Denied):
        return RedirectResponse(local_path(next), 303)
    return _login_page(next=local_path(next), done=DONE.get(done, ""))


@router.post("/login", dependencies=[Depends(limited)])
def enter(
    request: Request,
    session: Writing,
    cookie: Cookie,
    login: Field = "",
    password: Field = "",
    code: Field = "",
    step: Field = "",
    next: Field = "",  # noqa: A002  # the field's name
) -> Response:
    answer = _entered(session, login, password, code, step)
    if isinstance(answer, Denied):
        return _not_yet(session, answer, login, step, local_path(next))
    response = RedirectResponse(local_path(next), 303)
    let_in(session, response, answer, cookie)
    welcome(request)
    return response


@router.post("/logout")
def leave(session: Writing, cookie: Cookie, csrf: Annotated[str, Depends(csrf_sent)]) -> Response:
    """Also for somebody whose log-in session is over already."""
    caller = authenticate(session, "", cookie or "")
    if not isinstance(caller, Denied):
        require_csrf(caller.require_person(), csrf)
        log_out(session, cookie or "", at=clock.now())
    response = RedirectResponse("/login?done=logout", 303)
    see_out(response)
    return response


@router.get("/invitation")
def invitation_page(session: Reading, token: Token = "") -> HTMLResponse:
    return _link_page(session, LinkPurpose.INVITATION, token)


@router.post("/invitation", dependencies=[Depends(limited)])
def accept(session: Writing, token: Field = "", password: Field = "", again: Field = "") -> Response:
    return _follow(session, LinkPurpose.INVITATION, token, password, again)


@router.get("/reset")
def reset_page(session: Reading, token: Token = "") -> HTMLResponse:
    return _link_page(session, LinkPurpose.RESET, token) if token else page("accounts/reset.html", said="")


@router.post("/reset", dependencies=[Depends(limited)])
def ask_reset(request: Request, afterwards: BackgroundTasks, login: Field = "") -> HTMLResponse:
    afterwards.add_task(reset_later, request.app.state.engine, login)
    return page("accounts/reset.html", said=f"{RESET_SAID}。", status=202)


@router.post("/reset/use", dependencies=[Depends(limited)])
def reset(session: Writing, token: Field = "", password: Field = "", again: Field = "") -> Response:
    return _follow(session, LinkPurpose.RESET, token, password, again)


def _entered(session: Session, login: str, password: str, code: str, step: str) -> LoggedIn | Denied:
    at = clock.now()
    if not step:
        return log_in(session, login, password, code=code, at=at)
    if not step_holds(step, user_by_login(session, login), at):
        return Denied(Denial.SESSION)
    return log_in_by_code(session, login, code, at=at)


def _not_yet(session: Session, denied: Denied, login: str, step: str, following: str) -> Response:
    """The form again: with the reason, or with the question for the code."""
    at = clock.now()
    user = user_by_login(session, login)
    if denied.reason is Denial.SECOND_FACTOR_NEEDED and user is not None:
        return _login_page(login=login, step=sealed_step(user, at), next=following)
    kept = step if denied.reason is Denial.SECOND_FACTOR_WRONG else ""
    return _login_page(login=login, step=kept, next=following, fault=denied_words(denied, at), status=401 if denied.until is None else 429)


def _login_page(**context: Any) -> HTMLResponse:
    return page("accounts/login.html", **{"login": "", "step": "", "fault": "", "done": ""} | context)


def _link_page(session: Session, purpose: LinkPurpose, token: str, fault: str = "", status: int = 200) -> HTMLResponse:
    found = link_with_user(session, token, purpose, clock.now())
    user = found[1] if found else None
    return page("accounts/link.html", purpose=purpose.value, token=token, user=user, fault=fault, status=status if user or fault else 404)


def _follow(session: Session, purpose: LinkPurpose, token: str, password: str, again: str) -> Response:
    if password != again:
        return _link_page(session, purpose, token, "两次输入的密码不一致", 422)
    act = {LinkPurpose.INVITATION: accept_invitation, LinkPurpose.RESET: use_reset}[purpose]

    def follow() -> None:
        act(session, token, password, at=clock.now())

    fault, status = tried(session, follow)
    return _link_page(session, purpose, token, fault, status) if fault else RedirectResponse(f"/login?done={purpose.value}", 303)
