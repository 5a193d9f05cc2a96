"""E-mail from the outbox, by a real mail server: what arrives, what is tried again, what is given up."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from notices.outbox import BODY, NOW, SENDER, SUBJECT, after, mail_to, notices, only, sent, written
from notices.post_office import Certificate, MailServer, knows, serving
from service.db import writing
from service.notices import mail as mails
from service.notices.rules import LEASE, PAUSES, NoticeState, Parcel

PASSWORD = "p@ss word:7"
LOGIN = "robot%40jc.example:p%40ss%20word%3A7@"


def test_mail_arrives_with_its_headers_and_chinese_text(outbox: Engine, mail: MailServer) -> None:
    written(outbox, "ding@jc.example")
    assert sent(outbox, mail.url, sender=f"售后手册 <{SENDER}>").sent == 1
    [(receiver, message)] = mail.mails
    row = only(outbox)
    assert receiver == message["To"] == "ding@jc.example"
    assert (message["Subject"], message.get_content()) == (SUBJECT, f"{BODY}\n")
    assert message["From"].addresses[0].display_name == "售后手册"
    assert message["From"].addresses[0].addr_spec == SENDER
    assert message["Date"].datetime == NOW
    assert message["Message-ID"] == f"<{row.id.hex}@jc.example>"
    assert (message.get_content_type(), message.get_content_charset()) == ("text/plain", "utf-8")
    assert message["Auto-Submitted"] == "auto-generated"
    assert (row.state, row.sent_at, row.attempts, row.error) == (NoticeState.SENT, NOW, 1, "")


def test_headers_of_the_mail_are_ascii_on_the_wire(outbox: Engine, mail: MailServer) -> None:
    written(outbox, "ding@jc.example")
    sent(outbox, mail.url)
    head = mail.mails[0][1].as_bytes().split(b"\n\n")[0]
    assert head.isascii()


def test_mail_is_sent_once(outbox: Engine, mail: MailServer) -> None:
    written(outbox, "ding@jc.example")
    sent(outbox, mail.url)
    assert sent(outbox, mail.url, at=after(days=9)).is_empty
    assert mail.receivers == ["ding@jc.example"]


def test_mail_waits_for_a_server_that_is_down(outbox: Engine) -> None:
    server = MailServer()
    written(outbox, "ding@jc.example")
    assert sent(outbox, server.url).unsent == 1
    row = only(outbox)
    assert (row.state, row.next_try_at) == (NoticeState.WAITING, after(minutes=1))
    assert row.error == "无法连接邮件服务器：对方拒绝连接"
    with serving(server):
        assert sent(outbox, server.url, at=after(seconds=59)).is_empty
        assert sent(outbox, server.url, at=after(minutes=1)).sent == 1
    assert server.receivers == ["ding@jc.example"]
    assert only(outbox).error == ""


def test_server_that_is_down_is_asked_once_for_a_batch(outbox: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []

    def unreachable(*called: object, **_: object) -> None:
        tried.append(called)
        raise TimeoutError

    monkeypatch.setattr("smtplib.SMTP", unreachable)
    written(outbox, "a@jc.example", "b@jc.example", "c@jc.example")
    assert sent(outbox, "smtp://127.0.0.1:1").unsent == 3
    assert len(tried) == 1
    assert {row.error for row in notices(outbox)} == {"无法连接邮件服务器：等待超时"}


def test_pauses_grow_until_the_notice_is_given_up(outbox: Engine) -> None:
    written(outbox, "ding@jc.example")
    at, pauses = NOW, []
    while sent(outbox, "", at=at).unsent and (next_try := only(outbox).next_try_at):
        pauses.append(next_try - at)
        at = next_try
    assert pauses == list(PAUSES)
    assert pauses[:5] == [timedelta(minutes=m) for m in (1, 5, 30, 120, 360)]
    row = only(outbox)
    assert (row.state, row.failed_at, row.attempts) == (NoticeState.FAILED, at, 8)
    assert row.error == "没有配置邮件服务器（SERVICE_MANUAL_SMTP）"


def test_refused_for_good_is_given_up_with_what_the_server_said(outbox: Engine, mail: MailServer) -> None:
    mail.refused["gone@jc.example"] = "550 5.1.1 no such user"
    written(outbox, "gone@jc.example")
    sent(outbox, mail.url)
    row = only(outbox)
    assert (row.state, row.failed_at, row.next_try_at) == (NoticeState.FAILED, NOW, None)
    assert row.error == "邮件服务器拒收收件地址：550 5.1.1 no such user"
    assert sent(outbox, mail.url, at=after(days=9)).is_empty


@pytest.mark.parametrize(("said", "state"), [("554 5.7.1 spam", NoticeState.FAILED), ("451 4.3.0 try later", NoticeState.WAITING)])
def test_refused_text_is_given_up_or_tried_again_by_the_servers_code(
    outbox: Engine, mail: MailServer, said: str, state: NoticeState
) -> None:
    mail.said = said
    written(outbox, "ding@jc.example")
    sent(outbox, mail.url)
    assert (only(outbox).state, only(outbox).error) == (state, f"邮件服务器拒收邮件：{said}")


def test_one_bad_receiver_keeps_nobody_from_his_notice(outbox: Engine, mail: MailServer) -> None:
    mail.refused |= {"b@jc.example": "550 no such user", "d@jc.example": "450 mailbox busy"}
    written(outbox, *(f"{name}@jc.example" for name in "abcde"))
    assert (sent(outbox, mail.url).sent, sorted(mail.receivers)) == (3, ["a@jc.example", "c@jc.example", "e@jc.example"])
    states = {row.recipient[0]: row.state.value for row in notices(outbox)}
    assert states == {"a": "sent", "b": "failed", "c": "sent", "d": "waiting", "e": "sent"}


def test_server_that_hangs_up_between_two_mails_is_called_again(outbox: Engine, mail: MailServer) -> None:
    mail.refused["a@jc.example"] = "421 4.7.0 closing"  # the client hangs up on 421
    written(outbox, "a@jc.example", "b@jc.example")
    sent(outbox, mail.url)
    assert mail.receivers == ["b@jc.example"]


def test_what_is_undone_is_never_sent(outbox: Engine, mail: MailServer) -> None:
    def half_done() -> None:
        with writing(outbox) as session:
            mail_to(session, "ding@jc.example")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half_done()
    assert sent(outbox, mail.url).is_empty
    assert mail.mails == []


def test_crash_after_sending_sends_the_same_mail_again(outbox: Engine, mail: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise SystemExit

    written(outbox, "ding@jc.example")
    with monkeypatch.context() as patched:
        patched.setattr("service.notices.delivery._mark", crash)
        with pytest.raises(SystemExit):
            sent(outbox, mail.url)
    assert sent(outbox, mail.url, at=after(minutes=1)).is_empty  # under lease
    assert sent(outbox, mail.url, at=NOW + LEASE).sent == 1
    first, second = (message["Message-ID"] for _, message in mail.mails)
    assert first == second


def test_notice_whose_sending_always_crashes_is_given_up(outbox: Engine, mail: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.notices.delivery._mark", lambda *_: None)
    written(outbox, "ding@jc.example")
    for round_ in range(9):
        sent(outbox, mail.url, at=NOW + round_ * LEASE)
    assert (only(outbox).state, only(outbox).error) == (NoticeState.FAILED, "发送多次中断")
    assert len(mail.mails) == 8


def test_fault_of_the_program_keeps_nobody_else_from_his_notice(
    outbox: Engine, mail: MailServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    compose = mails.compose

    def faulty(parcel: Parcel, *rest: object) -> object:
        if parcel.recipient == "a@jc.example":
            raise KeyError("a secret")
        return compose(parcel, *rest)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(mails, "compose", faulty)
    written(outbox, "a@jc.example", "b@jc.example")
    sent(outbox, mail.url)
    assert [(row.state.value, row.error) for row in notices(outbox)] == [("waiting", "程序出错（KeyError）"), ("sent", "")]
    assert "a secret" not in caplog.text


def test_text_of_account_mails_is_forgotten_once_sent(outbox: Engine, mail: MailServer) -> None:
    written(outbox, "ding@jc.example")
    assert only(outbox).body == BODY
    sent(outbox, mail.url)
    assert only(outbox).body == ""


def test_connection_is_encrypted_where_the_server_offers_it(
    outbox: Engine, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.file))
    written(outbox, "ding@jc.example")
    with serving(MailServer(), tls_context=certificate.context()) as server:
        sent(outbox, server.url)
    assert server.encrypted == [True]


def test_unknown_certificate_is_refused(outbox: Engine, certificate: Certificate) -> None:
    written(outbox, "ding@jc.example")
    with serving(MailServer(), tls_context=certificate.context()) as server:
        sent(outbox, server.url)
    assert (server.mails, only(outbox).error) == ([], "无法连接邮件服务器：对方的证书未通过验证")


def test_smtps_logs_in_with_the_password_of_the_settings(outbox: Engine, certificate: Certificate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.file))
    options = {"authenticator": knows("robot@jc.example", PASSWORD), "auth_require_tls": False}
    written(outbox, "ding@jc.example")
    with serving(MailServer(), ssl_context=certificate.context(), **options) as server:
        sent(outbox, f"smtps://{LOGIN}127.0.0.1:{server.port}")
    assert (server.receivers, server.known) == (["ding@jc.example"], [True])


def test_wrong_password_is_tried_again_and_told_to_nobody(outbox: Engine, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    written(outbox, "ding@jc.example")
    with serving(MailServer(), authenticator=knows("robot", "other"), auth_require_tls=False) as server:
        sent(outbox, f"smtp://{LOGIN}127.0.0.1:{server.port}")
    row = only(outbox)
    assert row.state is NoticeState.WAITING
    assert row.error.startswith("邮件服务器拒绝登录：535")
    assert PASSWORD not in row.error + caplog.text


def test_password_goes_out_in_the_clear_to_this_machine_only(outbox: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mails, "LOOPBACK", frozenset())
    written(outbox, "ding@jc.example")
    with serving(MailServer(), authenticator=knows("robot@jc.example", PASSWORD), auth_require_tls=False) as server:
        sent(outbox, f"smtp://{LOGIN}127.0.0.1:{server.port}")
    assert (server.mails, only(outbox).error) == ([], "邮件服务器不支持加密（STARTTLS），密码不能明文发送")


@pytest.mark.parametrize("url", ["ftp://127.0.0.1:25", "smtp://", "smtp://h:port", "nonsense", "smtp://[::1"])
def test_unusable_setting_is_named_and_waits_to_be_mended(outbox: Engine, url: str) -> None:
    written(outbox, "ding@jc.example")
    sent(outbox, url)
    assert (only(outbox).state, only(outbox).error[:19]) == (NoticeState.WAITING, "SERVICE_MANUAL_SMTP")


def test_unusable_sender_is_named(outbox: Engine, mail: MailServer) -> None:
    written(outbox, "ding@jc.example")
    sent(outbox, mail.url, sender="nobody")
    assert only(outbox).error == "SERVICE_MANUAL_SMTP_FROM 不是邮箱地址"
