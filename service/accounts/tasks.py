"""What is done once the answer has left, so that its time says nothing: sending a reset to whoever it may be."""

from __future__ import annotations

from sqlalchemy import Engine

from service import clock
from service.accounts.mails import send_reset
from service.db import writing

RESET_SAID = "如果这个登录名有账号并登记了邮箱，重新设置密码的邮件几分钟内就会送到；没有收到的，请联系企业的系统管理员"
"""The same words whether somebody has the name or not."""


def reset_later(engine: Engine, login: str) -> None:
    """In a transaction of its own. Whoever is killed before it was asked for nothing: the person asks again."""
    with writing(engine) as session:
        send_reset(session, login, at=clock.now())
