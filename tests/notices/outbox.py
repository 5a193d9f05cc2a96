"""Short ways to write notices and to see what became of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from service.db import reading, writing
from service.notices.actions import post_to_channels, send_mail
from service.notices.delivery import Delivered, Transport, deliver
from service.notices.models import Channel, Notice
from service.notices.rules import ChannelKind
from service.organisations.models import Organisation

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
SENDER = "service-manual@jc.example"
SUBJECT, BODY = "待阅：维修服务程序 A/1", "《维修服务程序》A/1 自 2026-03-09 起实施，\n请于此前阅读并确认。"


def after(**span: float) -> datetime:
    return NOW + timedelta(**span)


def mail_to(session: Session, *addresses: str, subject: str = SUBJECT, body: str = BODY, key: str = "read A/1", at: datetime = NOW) -> int:
    return send_mail(session, None, addresses, subject, body, event="revision:release", key=key, at=at)


def written(engine: Engine, *addresses: str, key: str = "read A/1") -> None:
    """Mails in the outbox, committed."""
    with writing(engine) as session:
        mail_to(session, *addresses, key=key)


def sent(engine: Engine, smtp: str, at: datetime = NOW, sender: str = SENDER) -> Delivered:
    """One batch by this mail server."""
    return deliver(engine, Transport(smtp, sender, anywhere=True), at=at)


def notices(engine: Engine) -> list[Notice]:
    with reading(engine) as session:
        return list(session.exec(select(Notice).order_by(col(Notice.recipient))))


def only(engine: Engine) -> Notice:
    [row] = notices(engine)
    return row


def bare(code: str = "JC") -> Organisation:
    return Organisation(code=code, name="甲", time_zone="Asia/Shanghai", number_pattern="{serial}", profile_fingerprint="", created_at=NOW)


def posted(engine: Engine, kind: ChannelKind, url: str, secret: str = "", subject: str = SUBJECT, body: str = BODY) -> None:
    """A channel of a new organisation, and a notice to it, committed."""
    with writing(engine) as session:
        owner = bare()
        session.add(owner)
        session.flush()
        session.add(Channel(organisation_id=owner.id, kind=kind, name="服务群", url=url, secret=secret, created_at=NOW, created_by="bing"))
        session.flush()
        post_to_channels(session, owner.id, subject, body, event="revision:release", key="released A/1", at=NOW)
