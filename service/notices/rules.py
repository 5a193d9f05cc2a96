"""What a notice may hold, where it may go, and when it is tried again. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, parse_qsl, urlsplit
from uuid import UUID


class ChannelKind(StrEnum):
    """How somebody is told. An e-mail channel is a mailbox that several people read."""

    EMAIL = "email"
    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"


KIND_NAMES: Mapping[ChannelKind, str] = {
    ChannelKind.EMAIL: "电子邮件",
    ChannelKind.WECOM: "企业微信群机器人",
    ChannelKind.DINGTALK: "钉钉群机器人",
    ChannelKind.FEISHU: "飞书群机器人",
}
SIGNED = frozenset({ChannelKind.DINGTALK, ChannelKind.FEISHU})
"""Robots that may be given a secret to sign with; with 企业微信 the address itself is the secret."""


class NoticeState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 2 * 60, 6 * 60, 12 * 60, 24 * 60))
"""After the first failure, the second …; after one more the notice is given up, nearly two days old."""
LEASE = timedelta(minutes=15)
"""For so long a notice belongs to the worker that took it; then it is taken for crashed, and the notice is sent by another (perhaps again)."""
BATCH = 10
"""Taken at once: so few that even if every receiver lets us wait, all are done within the lease."""

LONGEST_SUBJECT, LONGEST_BODY, LONGEST_ERROR = 200, 20_000, 500
LONGEST_NAME, LONGEST_URL, LONGEST_SECRET = 80, 500, 200
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
"""An RFC 5322 address without quotes, comments and blanks: nothing in it can be read as a second address or as another header."""
_NAT64 = IPv6Network("64:ff9b::/96")
_UNICAST = IPv6Network("2000::/3")
"""All that IANA has given out of the public IPv6 addresses (RFC 4291, section 2.4)."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A notice on its way: to an e-mail address (`recipient`), or to the robot at `url`."""

    id: UUID
    attempts: int
    kind: ChannelKind
    recipient: str
    subject: str
    body: str
    url: str = ""
    secret: str = ""


def pause_after(attempts: int) -> timedelta | None:
    """How long to wait after so many failures; None: given up."""
    return PAUSES[attempts - 1] if attempts <= len(PAUSES) else None


def shortened(text: str, longest: int) -> str:
    """At most `longest` characters: a notice that is too long is cut, it stops nobody's work."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def printable(text: str, keep: str = "") -> str:
    """With a blank for every control character but those in `keep`: titles that people typed may hold any."""
    return "".join(" " if c not in keep and _is_unprintable(c) else c for c in text)


def subject_fault(subject: str) -> str | None:
    """Why this cannot be a subject (one Chinese sentence): a line break would begin another header of the mail."""
    if not subject.strip():
        return "通知没有标题"
    return "通知标题中不能有换行或控制字符" if _is_unprintable(subject) else None


def body_fault(body: str) -> str | None:
    """Why this cannot be the text of a notice."""
    if not body.strip():
        return "通知没有正文"
    return "通知正文中不能有控制字符" if body != printable(body, keep="\n\t") else None


def address_fault(address: str) -> str | None:
    """Why no mail can be sent there."""
    if len(address) > LONGEST_SUBJECT or not ADDRESS.fullmatch(address):
        return "邮箱地址须形如 name@example.com，不能有空白、换行和引号"
    return None


def channel_fault(kind: ChannelKind, name: str, url: str, secret: str, *, anywhere: bool) -> str | None:
    """Why no channel can be made of this (one Chinese sentence, which quotes no secret), or None if it can."""
    if not name.strip() or len(name) > LONGEST_NAME or _is_unprintable(name):
        return f"通道名称须为 1 至 {LONGEST_NAME} 个字符，不能有控制字符"
    if secret and kind not in SIGNED:
        return f"{KIND_NAMES[kind]}不用签名密钥"
    if len(secret) > LONGEST_SECRET or not secret.isascii() or (secret and not secret.isprintable()):
        return f"签名密钥最长 {LONGEST_SECRET} 个字符，只能是可见的 ASCII 字符"
    return address_fault(url) if kind is ChannelKind.EMAIL else url_fault(url, anywhere=anywhere)


def url_fault(url: str, *, anywhere: bool) -> str | None:
    """Why no robot can be called there. `anywhere` (development) allows http and addresses that are not public.

    What a name leads to is looked at when it is called (see `posting.py`): today it may be another address than tomorrow.
    """
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        return f"机器人地址最长 {LONGEST_URL} 个字符，只能是可见的 ASCII 字符，不能有空白"
    parts = _parts(url)
    if parts is None or not parts.hostname or parts.scheme not in ("http", "https"):
        return "机器人地址须形如 https://主机/路径"
    if parts.scheme != "https" and not anywhere:
        return "机器人地址须以 https:// 开头"
    if parts.username is not None or parts.fragment:
        return "机器人地址中不能有用户名、密码和 # 之后的部分"
    if not anywhere and is_own(parts.hostname):
        return "机器人地址不能指向本机或内网"
    return None


def is_own(host: str) -> bool:
    """Whether a host is, by its name or number, this machine or one of its own network; other names have to be looked up."""
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return True
    try:
        return not is_public(ip_address(host))
    except ValueError:
        return False


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is one of the public internet; IPv4 within IPv6 (mapped, 6to4, NAT64) counts as what it leads to."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if address not in _UNICAST:
            return False
    return address.is_global and not address.is_multicast


def shown_url(url: str) -> str:
    """As much of a robot's address as people may see: path and query are what lets somebody call it."""
    parts = _parts(url)
    return f"{parts.scheme}://{parts.netloc}/…" if parts and parts.netloc else url


def without_secrets(words: str, url: str, secret: str) -> str:
    """What an answer said, in one line, without anything of a robot's address or secret that it may have repeated."""
    parts = _parts(url)
    hidden = {secret, url}
    if parts is not None:
        pieces = [value for _, value in parse_qsl(parts.query)] + parts.path.split("/")
        hidden |= {parts.query, *(piece for piece in pieces if len(piece) >= 6)}
    for each in sorted(hidden - {""}, key=len, reverse=True):
        words = words.replace(each, "***")
    return shortened(" ".join(printable(words).split()), 200)


def _parts(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port  # ValueError for one that is no number
    except ValueError:
        return None
    return parts


def _is_unprintable(text: str) -> bool:
    """Control characters, line and paragraph separators, half surrogates."""
    return any(unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in text)
