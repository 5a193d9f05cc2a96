"""E-mail by SMTP (RFC 5321, 5322), with the standard library."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import SplitResult, unquote, urlsplit

from service.notices.faults import Undelivered, network_reason
from service.notices.rules import Parcel, address_fault, without_secrets

SCHEMES = {"smtp": 25, "smtps": 465}
TIMEOUT = 10
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def compose(parcel: Parcel, sender: str, at: datetime) -> EmailMessage:
    """Plain text in UTF-8. The Message-ID comes from the notice, so that what a crash sends twice is seen to be the same."""
    name, address = parseaddr(sender)
    message = EmailMessage()
    message["From"] = Address(name, addr_spec=address)
    message["To"] = Address(addr_spec=parcel.recipient)
    message["Subject"] = parcel.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{parcel.id.hex}@{address.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    message.set_content(parcel.body, cte="base64")  # any server takes it, whether it offers 8BITMIME or not
    return message


class Mailer:
    """The mail server of `url` (smtp[s]://user:password@host:port): one connection for a batch, made when the first mail needs it.

    smtp begins in the clear and is encrypted where the server offers STARTTLS; a password is sent in the clear to this machine only.
    A server that cannot be reached is asked once per batch.
    """

    def __init__(self, url: str, sender: str) -> None:
        self._url, self._sender = url, sender
        self._open: smtplib.SMTP | None = None
        self._refusal: Undelivered | None = None

    def send(self, parcel: Parcel, at: datetime) -> None:
        """Hand one mail over; Undelivered if the server does not take it."""
        connection = self._connected()
        try:
            connection.send_message(compose(parcel, self._sender, at))
        except smtplib.SMTPRecipientsRefused as fault:
            raise _refused(*next(iter(fault.recipients.values())), "收件地址") from None
        except smtplib.SMTPDataError as fault:
            raise _refused(fault.smtp_code, fault.smtp_error, "邮件") from None
        except smtplib.SMTPResponseException as fault:  # the sender or the greeting: what is wrong is set wrong here, and can be mended
            self._drop()
            raise Undelivered(f"邮件服务器没有接受：{_words(fault.smtp_code, fault.smtp_error)}") from None
        except OSError as fault:  # SMTPException is one
            self._drop()
            why = "连接中断" if isinstance(fault, smtplib.SMTPException) else network_reason(fault)
            raise Undelivered(f"邮件没有送达服务器：{why}") from None

    def close(self) -> None:
        """Take leave of the server."""
        if self._open is not None:
            with suppress(OSError):  # SMTPException is one
                self._open.quit()
        self._drop()

    def _drop(self) -> None:
        if self._open is not None:
            self._open.close()
        self._open = None

    def _connected(self) -> smtplib.SMTP:
        if self._refusal is not None:
            raise self._refusal
        if self._open is not None and not _is_alive(self._open):
            self._drop()
        if self._open is None:
            try:
                self._open = _connect(self._url, parseaddr(self._sender)[1])
            except Undelivered as fault:
                self._refusal = fault
                raise
        return self._open


def _connect(url: str, sender: str) -> smtplib.SMTP:
    """A connection that is ready for mails. Every fault is worth trying again: settings and servers are mended."""
    parts = _server(url)
    if address_fault(sender) is not None and not sender.endswith("@localhost"):
        raise Undelivered("SERVICE_MANUAL_SMTP_FROM 不是邮箱地址")
    password = unquote(parts.password or "")
    opened: smtplib.SMTP | None = None
    try:
        opened = _greeted(parts, sender.rpartition("@")[2])
        if parts.username:
            opened.login(unquote(parts.username), password)
    except smtplib.SMTPResponseException as fault:
        _hang_up(opened)
        words = without_secrets(_words(fault.smtp_code, fault.smtp_error), "", password)
        raise Undelivered(f"邮件服务器拒绝登录：{words}") from None
    except smtplib.SMTPServerDisconnected:
        _hang_up(opened)
        raise Undelivered("无法连接邮件服务器：连接中断") from None
    except smtplib.SMTPException as fault:
        _hang_up(opened)
        raise Undelivered(f"邮件服务器不支持所需的功能（{type(fault).__name__}）") from None
    except OSError as fault:
        _hang_up(opened)
        raise Undelivered(f"无法连接邮件服务器：{network_reason(fault)}") from None
    return opened


def _greeted(parts: SplitResult, own: str) -> smtplib.SMTP:
    """Connected, encrypted where the server can, and refused where a password would go out in the clear."""
    host, port = str(parts.hostname), parts.port or SCHEMES[parts.scheme]
    context = ssl.create_default_context()
    if parts.scheme == "smtps":
        return smtplib.SMTP_SSL(host, port, own, timeout=TIMEOUT, context=context)
    opened = smtplib.SMTP(host, port, own, timeout=TIMEOUT)
    try:
        opened.ehlo_or_helo_if_needed()
        if opened.has_extn("starttls"):
            opened.starttls(context=context)
            opened.ehlo_or_helo_if_needed()
        elif parts.username and host not in LOOPBACK:
            raise Undelivered("邮件服务器不支持加密（STARTTLS），密码不能明文发送")
    except BaseException:
        opened.close()
        raise
    return opened


def _server(url: str) -> SplitResult:
    if not url:
        raise Undelivered("没有配置邮件服务器（SERVICE_MANUAL_SMTP）")
    try:
        parts = urlsplit(url)
        usable = parts.scheme in SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise Undelivered("SERVICE_MANUAL_SMTP 须形如 smtp://用户:密码@主机:端口 或 smtps://…")
    return parts


def _is_alive(connection: smtplib.SMTP) -> bool:
    try:
        return connection.noop()[0] == 250
    except OSError:  # SMTPException is one
        return False


def _hang_up(connection: smtplib.SMTP | None) -> None:
    if connection is not None:
        connection.close()


def _refused(code: int, words: bytes | str, what: str) -> Undelivered:
    """5xx is for good, 4xx for now (RFC 5321, 4.2.1)."""
    return Undelivered(f"邮件服务器拒收{what}：{_words(code, words)}", final=500 <= code <= 599)


def _words(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return without_secrets(f"{code} {text}", "", "")
