"""JSON of the links that are sent by e-mail: open to everybody, since who follows one cannot log in yet."""

from __future__ import annotations

from fastapi import APIRouter, BackgroundTasks, Depends, Request

from service import clock
from service.accounts.links import accept_invitation, use_reset
from service.accounts.schemas import LinkBody, Person, ResetBody, Said
from service.accounts.tasks import RESET_SAID, reset_later
from service.web.depends import Writing
from service.web.faults import PROBLEMS
from service.web.rate import limited

router = APIRouter(tags=["session"], responses=PROBLEMS, dependencies=[Depends(limited)])


@router.post("/invitations/accept")
def accept(body: LinkBody, session: Writing) -> Person:
    """接受邀请：设置第一个密码，然后即可登录。"""
    user = accept_invitation(session, body.token, body.password, at=clock.now())
    return Person(login=user.login, name=user.name)


@router.post("/resets", status_code=202)
def ask_reset(body: ResetBody, request: Request, afterwards: BackgroundTasks) -> Said:
    """申请重新设置密码。无论登录名是否存在，答复都一样。"""
    afterwards.add_task(reset_later, request.app.state.engine, body.login)
    return Said(message=RESET_SAID)


@router.post("/resets/use")
def reset(body: LinkBody, session: Writing) -> Person:
    """用邮件中的链接设置新密码：全部登录随之结束，动态验证码仍然有效。"""
    user = use_reset(session, body.token, body.password, at=clock.now())
    return Person(login=user.login, name=user.name)
