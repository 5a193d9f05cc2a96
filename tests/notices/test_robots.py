"""Robots of chat groups, called over HTTP: what they are sent, whether the signature holds, what their answers mean."""

from __future__ import annotations

import base64
import logging
import socket
import threading
import time
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC
from sqlalchemy import Engine
from sqlmodel import select

from notices.outbox import BODY, NOW, SUBJECT, after, only, posted, sent
from notices.post_office import Certificate, Robot, called
from service.db import writing
from service.notices import posting
from service.notices.delivery import Transport, deliver
from service.notices.models import Channel
from service.notices.rules import ChannelKind, NoticeState, channel_fault, is_public, shown_url, url_fault

SECRET = "SEC93f0a7c1e5"
ROBOTS = (ChannelKind.WECOM, ChannelKind.DINGTALK, ChannelKind.FEISHU)
TOKEN = "5e9f1c0d7a"


def signature(key: str, text: str) -> str:
    """HMAC-SHA256 in Base64, by another library than the one that signs."""
    made = HMAC(key.encode(), hashes.SHA256())
    made.update(text.encode())
    return base64.b64encode(made.finalize()).decode()


def seconds() -> int:
    return int(NOW.timestamp())


def test_wecom_is_sent_plain_text(outbox: Engine) -> None:
    with called(Robot()) as robot:
        posted(outbox, ChannelKind.WECOM, robot.url)
        assert sent(outbox, "").sent == 1
    [call] = robot.calls
    assert (call.path, call.body) == (
        f"/robot/send?access_token={TOKEN}",
        {"msgtype": "text", "text": {"content": f"{SUBJECT}\n{BODY}"}},
    )
    assert call.headers["Content-Type"] == "application/json; charset=utf-8"
    assert (only(outbox).state, only(outbox).recipient, only(outbox).body) == (NoticeState.SENT, "服务群", BODY)


def test_dingtalk_is_signed_in_the_address(outbox: Engine) -> None:
    with called(Robot()) as robot:
        posted(outbox, ChannelKind.DINGTALK, robot.url, SECRET)
        sent(outbox, "")
    [call] = robot.calls
    asked = parse_qs(urlsplit(call.path).query)
    moment = f"{seconds()}000"
    assert asked == {"access_token": [TOKEN], "timestamp": [moment], "sign": [signature(SECRET, f"{moment}\n{SECRET}")]}
    assert call.body == {"msgtype": "text", "text": {"content": f"{SUBJECT}\n{BODY}"}}


def test_feishu_is_signed_in_the_body(outbox: Engine) -> None:
    with called(Robot()) as robot:
        posted(outbox, ChannelKind.FEISHU, robot.url, SECRET)
        sent(outbox, "")
    [call] = robot.calls
    moment = str(seconds())
    lines = [[{"tag": "text", "text": line}] for line in BODY.split("\n")]
    assert call.body == {
        "timestamp": moment,
        "sign": signature(f"{moment}\n{SECRET}", ""),
        "msg_type": "post",
        "content": {"post": {"zh_cn": {"title": SUBJECT, "content": lines}}},
    }


@pytest.mark.parametrize("kind", [ChannelKind.DINGTALK, ChannelKind.FEISHU])
def test_robot_without_a_secret_is_not_signed(outbox: Engine, kind: ChannelKind) -> None:
    with called(Robot()) as robot:
        posted(outbox, kind, robot.url)
        sent(outbox, "")
    assert "sign" not in robot.calls[0].path
    assert "sign" not in robot.calls[0].body


REFUSALS: tuple[dict[str, Any], ...] = (
    {"answer": '{"errcode":310000,"errmsg":"sign not match","code":19021,"msg":"sign match fail"}'},
    {"status": 500},
    {"status": 429},
    {"status": 302, "headers": {"Location": "/elsewhere"}},
    {"answer": "<html>"},
    {"answer": "{}"},
    {"answer": "[0]"},
    {"answer": '{"errcode":"0","code":"0"}'},
    {"answer": '{"errcode":false,"code":false}'},
)


@pytest.mark.parametrize("refusal", REFUSALS, ids=str)
@pytest.mark.parametrize("kind", ROBOTS)
def test_answer_that_is_no_yes_is_tried_again(outbox: Engine, kind: ChannelKind, refusal: dict[str, Any]) -> None:
    with called(Robot(**refusal)) as robot:
        posted(outbox, kind, robot.url)
        sent(outbox, "")
        row = only(outbox)
        assert (row.state, row.next_try_at) == (NoticeState.WAITING, after(minutes=1))
        assert row.error.startswith("机器人")
        robot.status, robot.answer = 200, '{"errcode":0,"code":0}'
        assert sent(outbox, "", at=after(minutes=1)).sent == 1
    assert [urlsplit(call.path).path for call in robot.calls] == ["/robot/send"] * 2  # a redirect is not followed


def test_robot_says_why_it_refuses(outbox: Engine) -> None:
    with called(Robot(answer='{"errcode":93000,"errmsg":"invalid\\nwebhook"}')) as robot:
        posted(outbox, ChannelKind.WECOM, robot.url)
        sent(outbox, "")
    assert only(outbox).error == "机器人没有接受：93000 invalid webhook"


@pytest.mark.parametrize("kind", ROBOTS)
def test_secrets_stand_in_no_error_and_no_log(outbox: Engine, kind: ChannelKind, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with called(Robot(echo=True)) as robot:
        posted(outbox, kind, robot.url, SECRET, body=f"{BODY} {SECRET}")  # the robot repeats whatever it is sent
        sent(outbox, "")
    posted_again = only(outbox)
    sent(outbox, "", at=after(minutes=1))  # nobody answers any more
    for words in (posted_again.error, only(outbox).error, caplog.text):
        assert SECRET not in words
        assert TOKEN not in words
    assert "***" in (posted_again.error if kind is not ChannelKind.FEISHU else "***")
    assert only(outbox).error == "无法连接机器人地址：对方拒绝连接"


def test_ended_channel_gets_nothing(outbox: Engine) -> None:
    with called(Robot()) as robot:
        posted(outbox, ChannelKind.WECOM, robot.url)
        with writing(outbox) as session:
            session.exec(select(Channel)).one().ended_at = NOW
        assert sent(outbox, "").unsent == 1
    assert robot.calls == []
    assert (only(outbox).state, only(outbox).error) == (NoticeState.FAILED, "通道已停用")


def test_mailbox_of_an_ended_channel_gets_nothing(outbox: Engine) -> None:
    posted(outbox, ChannelKind.EMAIL, "quality@jc.example")
    with writing(outbox) as session:
        session.exec(select(Channel)).one().ended_at = NOW
    sent(outbox, "")
    assert (only(outbox).state, only(outbox).error) == (NoticeState.FAILED, "通道已停用")


def test_channel_may_be_a_mailbox(outbox: Engine) -> None:
    posted(outbox, ChannelKind.EMAIL, "quality@jc.example")
    row = only(outbox)
    assert (row.kind, row.recipient) == (ChannelKind.EMAIL, "quality@jc.example")


def test_text_calls_nobody(outbox: Engine) -> None:
    with called(Robot()) as robot:
        posted(outbox, ChannelKind.WECOM, robot.url, body="《<@all>》")
        sent(outbox, "")
    assert robot.calls[0].body["text"]["content"].endswith("《＜@all>》")


def test_long_text_is_cut_to_what_the_robot_takes(outbox: Engine) -> None:
    with called(Robot()) as robot:
        posted(outbox, ChannelKind.WECOM, robot.url, body="文" * 2000)
        sent(outbox, "")
    content = robot.calls[0].body["text"]["content"]
    assert 2040 < len(content.encode()) <= 2048
    assert content.endswith("文…")


def stalling(answer: Callable[[socket.socket], None]) -> tuple[str, socket.socket]:
    """The address of a server that takes a call and then does this with it."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        opened, _ = server.accept()
        with opened:
            answer(opened)

    threading.Thread(target=serve, daemon=True).start()
    return f"http://127.0.0.1:{server.getsockname()[1]}/x", server


def drip(opened: socket.socket) -> None:
    """A byte now and then, without end: no single wait is long."""
    opened.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    try:
        for _ in range(200):
            opened.sendall(b" ")
            time.sleep(0.05)
    except OSError:
        return


def say_nothing(opened: socket.socket) -> None:
    while opened.recv(65536):
        pass


def test_robot_that_keeps_us_waiting_is_hung_up_on(outbox: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "TIMEOUT", 0.4)
    url, server = stalling(drip)
    posted(outbox, ChannelKind.WECOM, url)
    with server:
        sent(outbox, "")
    assert only(outbox).error in ("无法连接机器人地址：等待超时", "机器人的回答不可用（HTTP 200）")
    assert only(outbox).state is NoticeState.WAITING


def test_robot_that_says_nothing_times_out(outbox: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "TIMEOUT", 0.4)
    url, server = stalling(say_nothing)
    posted(outbox, ChannelKind.WECOM, url)
    with server:
        sent(outbox, "")
    assert only(outbox).error == "无法连接机器人地址：等待超时"


def test_answer_that_is_no_http_is_tried_again(outbox: Engine) -> None:
    url, server = stalling(lambda opened: opened.sendall(b"nonsense\r\n\r\n"))
    posted(outbox, ChannelKind.WECOM, url)
    with server:
        sent(outbox, "")
    assert only(outbox).error.startswith(("机器人的回答不可用", "无法连接机器人地址"))


def test_name_that_leads_into_the_own_network_is_refused_for_good(outbox: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with called(Robot()) as robot:
        port = urlsplit(robot.url).port
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
        monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: found)
        posted(outbox, ChannelKind.WECOM, f"https://robot.example.com:{port}/x")
        deliver(outbox, Transport("", "a@jc.example", anywhere=False), at=NOW)
    assert robot.calls == []
    assert (only(outbox).state, only(outbox).error) == (NoticeState.FAILED, "机器人地址指向本机或内网，不能发送")


def test_address_that_was_allowed_in_development_is_not_called_in_production(outbox: Engine) -> None:
    with called(Robot()) as robot:
        posted(outbox, ChannelKind.WECOM, robot.url)
        deliver(outbox, Transport("", "a@jc.example", anywhere=False), at=NOW)
    assert robot.calls == []
    assert (only(outbox).state, only(outbox).error) == (NoticeState.FAILED, "机器人地址不可用")


def test_https_robot_must_show_a_certificate_that_is_trusted(
    outbox: Engine, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    with called(Robot(), certificate) as robot:
        posted(outbox, ChannelKind.WECOM, robot.url)
        sent(outbox, "")
        assert (robot.calls, only(outbox).error) == ([], "无法连接机器人地址：对方的证书未通过验证")
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate.file))
        assert sent(outbox, "", at=after(minutes=1)).sent == 1
    assert len(robot.calls) == 1


@pytest.mark.parametrize(
    "url",
    [
        "",
        "oapi.dingtalk.com/robot",
        "ftp://oapi.dingtalk.com/x",
        "https://",
        "https:///x",
        "http://oapi.dingtalk.com/x",
        "https://user:pass@oapi.dingtalk.com/x",
        "https://oapi.dingtalk.com/x#y",
        "https://oapi.dingtalk.com/x y",
        "https://oapi.dingtalk.com/x\r\nHost: y",
        "https://机器人.example/x",
        "https://oapi.dingtalk.com:port/x",
        "https://[::1/x",
        "https://oapi.dingtalk.com/" + "x" * 500,
        "https://localhost/x",
        "https://robot.local/x",
        "https://127.0.0.1/x",
        "https://10.1.2.3/x",
        "https://192.168.1.9/x",
        "https://169.254.169.254/latest",
        "https://0.0.0.0/x",
        "https://[::1]/x",
        "https://[fd00::1]/x",
        "https://[::ffff:127.0.0.1]/x",
        "https://[64:ff9b::7f00:1]/x",
    ],
)
def test_address_that_cannot_be_a_robots_is_refused(url: str) -> None:
    assert url_fault(url, anywhere=False)


@pytest.mark.parametrize(
    "url", ["https://oapi.dingtalk.com/robot/send?access_token=1", "https://8.8.8.8:8443/x", "https://[2400:3200::1]/x"]
)
def test_address_of_a_robot_is_taken(url: str) -> None:
    assert url_fault(url, anywhere=False) is None


def test_development_may_call_its_own_machine() -> None:
    assert url_fault("http://127.0.0.1:9/x", anywhere=True) is None
    assert url_fault("ftp://127.0.0.1:9/x", anywhere=True)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2002:7f00:1::", False),
        ("64:ff9b::808:808", True),
        ("224.0.0.1", False),
        ("ff02::1", False),
        ("100.64.0.1", False),
        ("fec0::1", False),
        ("::7f00:1", False),
        ("::ffff:0:7f00:1", False),
        ("64:ff9b:1::7f00:1", False),
        ("2400:3200::1", True),
    ],
)
def test_addresses_within_addresses_count_as_what_they_lead_to(address: str, public: bool) -> None:
    assert is_public(ip_address(address)) is public


@pytest.mark.parametrize(
    ("kind", "name", "url", "secret"),
    [
        (ChannelKind.WECOM, "", "https://q.example.com/x", ""),
        (ChannelKind.WECOM, "群\n", "https://q.example.com/x", ""),
        (ChannelKind.WECOM, "群" * 81, "https://q.example.com/x", ""),
        (ChannelKind.WECOM, "群", "https://q.example.com/x", "secret"),
        (ChannelKind.EMAIL, "群", "a@jc.example", "secret"),
        (ChannelKind.EMAIL, "群", "https://q.example.com/x", ""),
        (ChannelKind.FEISHU, "群", "a@jc.example", ""),
        (ChannelKind.FEISHU, "群", "https://q.example.com/x", "暗号"),
        (ChannelKind.FEISHU, "群", "https://q.example.com/x", "s" * 201),
    ],
)
def test_what_cannot_be_a_channel_is_refused(kind: ChannelKind, name: str, url: str, secret: str) -> None:
    fault = channel_fault(kind, name, url, secret, anywhere=False)
    assert fault is not None
    assert not secret or secret not in fault


def test_of_a_robots_address_people_see_the_host() -> None:
    assert shown_url("https://oapi.dingtalk.com/robot/send?access_token=1") == "https://oapi.dingtalk.com/…"
