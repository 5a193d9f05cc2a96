"""Telling members of an organisation, and of what concerns everybody its chat groups too: what other domains call."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import date, datetime

from sqlmodel import Session

from service.clock import local_date
from service.notices.actions import post_to_channels, send_mail
from service.notices.rules import address_fault, printable
from service.organisations.models import Organisation
from service.organisations.queries import members

log = logging.getLogger(__name__)


def notify(
    session: Session,
    organisation: Organisation,
    logins: Iterable[str],
    *,
    subject: str,
    body: str,
    event: str,
    key: str,
    at: datetime,
    channels: bool = False,
) -> int:
    """Write a notice to each of these members by e-mail, and with `channels` one to each channel of the organisation; how many are new.

    In a channel everybody reads it: never of a draft, an exception or what somebody has left undone.
    Who is no member (any more), is disabled or has no usable address gets none, and keeps nobody else from his. `event` is
    `subject:verb` as in the trail. With the same `key` nobody of this organisation is told twice, whatever text comes with it.
    A control character in a title that somebody typed becomes a blank: it stops nobody's work.
    """
    addresses = _addresses(session, organisation, set(logins), local_date(at, organisation.time_zone))
    subject, body = printable(subject), printable(body, keep="\n\t")
    written = send_mail(session, organisation.id, addresses, subject, body, event=event, key=key, at=at)
    return written + (post_to_channels(session, organisation.id, subject, body, event=event, key=key, at=at) if channels else 0)


def _addresses(session: Session, organisation: Organisation, logins: set[str], on: date) -> list[str]:
    """Of members today only: a log-in on the chart may be the account of somebody who belongs to another organisation."""
    found: dict[str, str] = {}
    for row, user in members(session, organisation.id) if logins else ():
        if user.login in logins and user.disabled_at is None and user.email and (row.until is None or on <= row.until):
            found[user.login] = user.email
    unusable = sorted(login for login, address in found.items() if address_fault(address))
    if unusable:
        log.warning("no mail for %s: their addresses cannot be used", ", ".join(unusable))
    return [address for login, address in found.items() if login not in unusable]
