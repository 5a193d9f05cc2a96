"""Telling members: who gets a mail, who does not, and what the organisation's channels hear of."""

from __future__ import annotations

from small_firm import Firm, founded, give_accounts
from sqlmodel import Session, select

from notices.outbox import BODY, NOW, SUBJECT, after
from notices.test_channels import ADMINISTRATOR, added
from service.accounts.actions import create_user, disable_user
from service.accounts.queries import find_user
from service.notices.models import Notice
from service.organisations.channels import end_channel
from service.organisations.members import add_member, end_membership
from service.organisations.notify import notify
from service.organisations.roles import Role
from service.organisations.rules import SYSTEM


def firm_with_accounts(session: Session, code: str = "JC") -> Firm:
    firm = founded(session, code)
    give_accounts(session, firm.organisation)
    return firm


def told(session: Session, firm: Firm, *logins: str, key: str = "k", days: int = 0, channels: bool = True) -> int:
    owner, at = firm.organisation, after(days=days)
    return notify(session, owner, logins, subject=SUBJECT, body=BODY, event="revision:release", key=key, at=at, channels=channels)


def receivers(session: Session) -> list[str]:
    return sorted(row.recipient for row in session.exec(select(Notice)))


def test_members_get_a_mail_and_channels_a_message(undone: Session) -> None:
    firm = firm_with_accounts(undone)
    ended = added(undone, firm, "旧群")
    end_channel(undone, ended, by=ADMINISTRATOR, at=NOW)
    added(undone, firm)
    assert told(undone, firm, "ding", "bing", "ding") == 3
    assert receivers(undone) == ["bing@jc.example", "ding@jc.example", "服务群"]
    assert {row.organisation_id for row in undone.exec(select(Notice))} == {firm.organisation.id}


def test_what_does_not_concern_everybody_is_in_no_channel(undone: Session) -> None:
    firm = firm_with_accounts(undone)
    added(undone, firm)
    assert told(undone, firm, "ding", channels=False) == 1
    assert receivers(undone) == ["ding@jc.example"]


def test_same_key_tells_nobody_twice(undone: Session) -> None:
    firm = firm_with_accounts(undone)
    added(undone, firm)
    assert told(undone, firm, "ding") == 2
    assert told(undone, firm, "ding", "bing", days=1) == 1
    assert told(undone, firm, "ding", key="another") == 2


def test_who_is_gone_disabled_or_without_an_address_is_told_nothing(undone: Session) -> None:
    firm = firm_with_accounts(undone)
    owner = firm.organisation
    end_membership(undone, owner, find_user(undone, "jia"), Role.APPROVER, by=SYSTEM, at=NOW)
    disable_user(undone, find_user(undone, "yi"), by="admin", at=NOW)
    find_user(undone, "bing").email = ""
    guest = create_user(undone, "wu", "吴五", "wu@jc.example", password=None, by="admin", at=NOW)
    add_member(undone, owner, guest, Role.AUDITOR, until=after(days=1).date(), by=SYSTEM, at=NOW, on=NOW.date())
    assert told(undone, firm, "jia", "yi", "bing", "ding", "wu", "nobody", days=2) == 1
    assert receivers(undone) == ["ding@jc.example"]


def test_address_that_cannot_be_used_keeps_nobody_else_from_his_mail(undone: Session) -> None:
    firm = firm_with_accounts(undone)
    find_user(undone, "yi").email = "a,b@jc.example"
    assert told(undone, firm, "yi", "ding") == 1
    assert receivers(undone) == ["ding@jc.example"]


def test_account_of_another_organisation_is_told_nothing(undone: Session) -> None:
    firm, other = founded(undone, "ONE"), firm_with_accounts(undone, "TWO")
    added(undone, other)
    assert told(undone, firm, "ding", "bing") == 0


def test_strange_character_in_a_title_stops_nobodys_work(undone: Session) -> None:
    firm, title = firm_with_accounts(undone), "维修\r\nBcc: x@jc.example\u2028程序"
    owner = firm.organisation
    assert notify(undone, owner, ["ding"], subject=title, body=f"一\n{title}\x00", event="x:y", key="k", at=NOW) == 1
    row = undone.exec(select(Notice)).one()
    assert row.subject == "维修  Bcc: x@jc.example 程序"
    assert row.body == "一\n维修 \nBcc: x@jc.example 程序 "


def test_nobody_to_tell_leaves_the_channels(undone: Session) -> None:
    firm = firm_with_accounts(undone)
    added(undone, firm)
    assert told(undone, firm) == 1
