"""Channels of an organisation: who sets them up, what is kept of their secrets, what the trail says."""

from __future__ import annotations

import pytest
from small_firm import Firm, founded, person
from sqlmodel import Session, select

from notices.outbox import NOW, after
from service.errors import Conflict, Forbidden, InputError, NotFound
from service.notices.models import Channel, Notice
from service.notices.queries import find_channel, open_channels
from service.notices.rules import ChannelKind
from service.organisations.channels import add_channel, end_channel, try_channel
from service.organisations.roles import Role
from service.organisations.rules import Actor
from service.trail.queries import entries

ADMINISTRATOR = person("bing", "邴三", "document_controller", "文控员", "management", Role.ADMINISTRATOR)
URL, SECRET = "https://oapi.dingtalk.com/robot/send?access_token=5e9f1c0d7a", "SEC93f0a7c1e5"


def added(session: Session, firm: Firm, name: str = "服务群", by: Actor = ADMINISTRATOR) -> Channel:
    return add_channel(session, firm.organisation, ChannelKind.DINGTALK, name, f" {URL} ", SECRET, by=by, at=NOW)


def test_channel_is_there_and_the_trail_knows_no_secret(undone: Session) -> None:
    firm = founded(undone)
    row = added(undone, firm)
    assert [each.id for each in open_channels(undone, firm.organisation.id)] == [row.id]
    assert (row.url, row.secret) == (URL, SECRET)
    entry = entries(undone, firm.organisation.id)[-1]
    assert (entry.action, entry.by, entry.subject_id) == ("channel:add", "bing", str(row.id))
    assert entry.details == {"name": "服务群", "kind": "dingtalk", "address": "https://oapi.dingtalk.com/…", "signed": True}


def test_who_may_not_manage_sets_up_no_channel(undone: Session) -> None:
    firm = founded(undone)
    row = added(undone, firm)
    for refused in (
        lambda: added(undone, firm, "另一群", by=firm.controller),
        lambda: end_channel(undone, row, by=firm.approver, at=NOW),
        lambda: try_channel(undone, firm.organisation, row, by=firm.preparer, at=NOW),
    ):
        with pytest.raises(Forbidden, match="系统管理员"):
            refused()


def test_two_open_channels_have_two_names(undone: Session) -> None:
    firm = founded(undone)
    row = added(undone, firm)
    with pytest.raises(Conflict, match="服务群"):
        added(undone, firm, " 服务群 ")
    end_channel(undone, row, by=ADMINISTRATOR, at=after(days=1))
    added(undone, firm)


def test_channel_into_the_own_network_is_for_development(undone: Session) -> None:
    firm = founded(undone)

    def add(anywhere: bool) -> Channel:
        url = "http://127.0.0.1:9/x"
        return add_channel(undone, firm.organisation, ChannelKind.WECOM, "群", url, anywhere=anywhere, by=ADMINISTRATOR, at=NOW)

    with pytest.raises(InputError):
        add(anywhere=False)
    assert add(anywhere=True).url == "http://127.0.0.1:9/x"


def test_of_an_ended_channel_no_secret_is_kept(undone: Session) -> None:
    firm = founded(undone)
    row = added(undone, firm)
    end_channel(undone, row, by=ADMINISTRATOR, at=after(days=1))
    assert (row.url, row.secret, row.ended_by, row.ended_at) == ("https://oapi.dingtalk.com/…", "", "bing", after(days=1))
    assert entries(undone, firm.organisation.id)[-1].action == "channel:end"
    with pytest.raises(NotFound):
        find_channel(undone, firm.organisation.id, row.id)


def test_channel_of_another_organisation_is_not_found(undone: Session) -> None:
    one, other = founded(undone, "ONE"), founded(undone, "TWO")
    row = added(undone, one)
    with pytest.raises(NotFound):
        find_channel(undone, other.organisation.id, row.id)
    assert open_channels(undone, other.organisation.id) == []


def test_test_notice_goes_to_this_channel_only(undone: Session) -> None:
    firm = founded(undone)
    row, _ = added(undone, firm), added(undone, firm, "另一群")
    for minute in (0, 1):
        try_channel(undone, firm.organisation, row, by=ADMINISTRATOR, at=after(minutes=minute))
    found = undone.exec(select(Notice)).all()
    assert [(each.channel_id, each.event) for each in found] == [(row.id, "channel:test")] * 2
    assert found[0].subject == "示范甲公司：通知测试"
    assert entries(undone, firm.organisation.id)[-1].action == "channel:test"
