"""Why something could not be sent, in one Chinese sentence that holds no secret."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping

from service.kit.reasons import reason
from service.notices.rules import without_secrets

_NETWORK: Mapping[type[OSError], str] = {
    TimeoutError: "等待超时",
    socket.gaierror: "找不到这个主机",
    ssl.SSLCertVerificationError: "对方的证书未通过验证",
    ssl.SSLError: "加密连接失败",
    ConnectionRefusedError: "对方拒绝连接",
    ConnectionError: "连接中断",
}


class Undelivered(Exception):
    """A notice was not taken. `final`: it never will be; else it is worth trying again."""

    def __init__(self, message: str, *, final: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.final = final


def network_reason(fault: OSError) -> str:
    """Why the network failed; an exception's own words may hold an address, which may be a secret."""
    return next((words for kind, words in _NETWORK.items() if isinstance(fault, kind)), "") or without_secrets(reason(fault), "", "")
