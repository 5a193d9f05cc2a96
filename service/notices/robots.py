"""What the robots of chat groups want to be sent, how it is signed, and what their answers mean. Pure.

Sources of the rules:
企业微信: 群机器人配置说明, developer.work.weixin.qq.com/document/path/91770 (text of at most 2048 bytes; `<@…>` in a text calls people;
the address is the secret; answer `errcode`, `errmsg`).
钉钉: 自定义机器人接入 and 安全设置（加签）, open.dingtalk.com/document/robots/custom-robot-access (timestamp in milliseconds; HMAC-SHA256 with the
secret as key over timestamp, line feed, secret; Base64, URL-encoded, in the query; answer `errcode`, `errmsg`).
飞书: 自定义机器人使用指南, open.feishu.cn/document/client-docs/bot-v3/add-custom-bot (body of at most 20 KB; timestamp in seconds; HMAC-SHA256 with
timestamp, line feed, secret as key over nothing; Base64, in the body; answer `code`, `msg`).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote_plus

from service.notices.faults import Undelivered
from service.notices.rules import ChannelKind, Parcel, without_secrets

LONGEST: Mapping[ChannelKind, int] = {ChannelKind.WECOM: 2048, ChannelKind.DINGTALK: 12_000, ChannelKind.FEISHU: 12_000}
"""Bytes of text (UTF-8) by robot; 飞书 counts what stands around it too, and 钉钉 states no figure, so it gets as much."""
MOST_LINES = 150
CODES: Mapping[ChannelKind, tuple[str, str]] = {
    ChannelKind.WECOM: ("errcode", "errmsg"),
    ChannelKind.DINGTALK: ("errcode", "errmsg"),
    ChannelKind.FEISHU: ("code", "msg"),
}


def request_of(parcel: Parcel, at: datetime) -> tuple[str, bytes]:
    """(address, JSON body) of the call. Plain text, no markup: titles of documents stand in it, and must stay what they are."""
    body = json.dumps(_message(parcel, at), ensure_ascii=False).encode()
    if parcel.kind is ChannelKind.DINGTALK and parcel.secret:
        return dingtalk_url(parcel.url, parcel.secret, at), body
    return parcel.url, body


def dingtalk_url(url: str, secret: str, at: datetime) -> str:
    """The address with timestamp and signature."""
    moment = str(int(at.timestamp() * 1000))
    sign = _hmac(secret, f"{moment}\n{secret}")
    return f"{url}{'&' if '?' in url else '?'}timestamp={moment}&sign={quote_plus(sign)}"


def feishu_signature(secret: str, at: datetime) -> dict[str, str]:
    """What is added to the body."""
    moment = str(int(at.timestamp()))
    return {"timestamp": moment, "sign": _hmac(f"{moment}\n{secret}", "")}


def check_answer(parcel: Parcel, status: int, answer: bytes) -> None:
    """Undelivered unless the robot says that it has posted the message: its own code decides, not the HTTP status alone."""
    code, words = CODES[parcel.kind]
    try:
        said = json.loads(answer)
    except ValueError:
        said = None
    if status != 200 or not isinstance(said, dict) or type(said.get(code)) is not int:
        raise Undelivered(f"机器人的回答不可用（HTTP {status}）")
    if said[code] != 0:
        told = without_secrets(f"{said[code]} {said.get(words, '')}", parcel.url, parcel.secret)
        raise Undelivered(f"机器人没有接受：{told}")


def _message(parcel: Parcel, at: datetime) -> dict[str, Any]:
    longest = LONGEST[parcel.kind]
    if parcel.kind is ChannelKind.FEISHU:
        lines = [[{"tag": "text", "text": line}] for line in _cut(parcel.body, longest).split("\n")[:MOST_LINES]]
        content = {"post": {"zh_cn": {"title": parcel.subject, "content": lines}}}
        signature = feishu_signature(parcel.secret, at) if parcel.secret else {}
        return {**signature, "msg_type": "post", "content": content}
    text = f"{parcel.subject}\n{parcel.body}"
    if parcel.kind is ChannelKind.WECOM:
        text = text.replace("<@", "＜@")
    return {"msgtype": "text", "text": {"content": _cut(text, longest)}}


def _cut(text: str, longest: int) -> str:
    """At most so many bytes, whole characters."""
    data = text.encode()
    return text if len(data) <= longest else data[: longest - len("…".encode())].decode(errors="ignore") + "…"


def _hmac(key: str, text: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()
