"""Writing notices into the outbox, in the transaction of what they are about: undone with it, if that is undone. Nothing is sent here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from service.errors import InputError
from service.kit.fingerprint import fingerprint
from service.notices.models import Channel, Notice
from service.notices.queries import keys_written, open_channels
from service.notices.rules import LONGEST_BODY, LONGEST_SUBJECT, ChannelKind, address_fault, body_fault, shortened, subject_fault


def send_mail(
    session: Session, organisation: UUID | None, addresses: Iterable[str], subject: str, body: str, *, event: str, key: str, at: datetime
) -> int:
    """One mail for each address, so that no receiver stands in another's way; how many are new.

    The same `key` (of the same organisation) never reaches the same address twice. `event` is `subject:verb` as in the trail.
    InputError for an address, subject or text that no mail can have; what is too long is shortened.
    """
    wanted = list(dict.fromkeys(addresses))
    for address in wanted:
        _refuse(address_fault(address), "bad_address")
    return _write(session, [_notice(organisation, ChannelKind.EMAIL, each, None, subject, body, event, key, at) for each in wanted])


def post_to_channels(session: Session, organisation: UUID, subject: str, body: str, *, event: str, key: str, at: datetime) -> int:
    """The same to every open channel of an organisation; how many are new."""
    return sum(post_to_channel(session, each, subject, body, event=event, key=key, at=at) for each in open_channels(session, organisation))


def post_to_channel(session: Session, channel: Channel, subject: str, body: str, *, event: str, key: str, at: datetime) -> bool:
    """The same to one of them; whether it is new."""
    owner = channel.organisation_id
    recipient = channel.url if channel.kind is ChannelKind.EMAIL else channel.name
    return _write(session, [_notice(owner, channel.kind, recipient, channel.id, subject, body, event, key, at)]) == 1


def _notice(
    organisation: UUID | None,
    kind: ChannelKind,
    recipient: str,
    channel_id: UUID | None,
    subject: str,
    body: str,
    event: str,
    key: str,
    at: datetime,
) -> Notice:
    _refuse(subject_fault(subject), "bad_subject")
    _refuse(body_fault(body), "bad_body")
    receiver = channel_id.hex if channel_id and kind is not ChannelKind.EMAIL else recipient.lower()
    return Notice(
        organisation_id=organisation,
        kind=kind,
        channel_id=channel_id,
        recipient=recipient,
        subject=shortened(subject, LONGEST_SUBJECT),
        body=shortened(body, LONGEST_BODY),
        event=event,
        key=fingerprint(("notice", organisation.hex if organisation else "", key, receiver)),
        created_at=at,
        next_try_at=at,
    )


def _write(session: Session, rows: list[Notice]) -> int:
    known = keys_written(session, [row.key for row in rows]) if rows else set()
    return sum(_written(session, row) for row in {row.key: row for row in rows}.values() if row.key not in known)


def _written(session: Session, row: Notice) -> bool:
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        if row.key in keys_written(session, [row.key]):
            return False  # somebody else has just written the same
        raise
    return True


def _refuse(fault: str | None, code: str) -> None:
    if fault is not None:
        raise InputError(fault, code=code)
