"""Calling an address that somebody typed in: public addresses only, no redirects, a bounded answer within ten seconds."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from contextlib import suppress
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from service.notices.faults import Undelivered, network_reason
from service.notices.rules import is_public, url_fault

TIMEOUT = 10.0
LARGEST_ANSWER = 64 * 1024


def post(url: str, body: bytes, *, anywhere: bool) -> tuple[int, bytes]:
    """(status, body) of the answer to a POST of JSON; Undelivered if there is none.

    The address that is looked at is the one that is called: a name is resolved once. A redirect is an answer like any other, proxies
    of the environment are not asked. `anywhere` (development) allows http, this machine and its network.
    """
    if url_fault(url.partition("?")[0], anywhere=anywhere) is not None:  # a signature may make the whole longer than what is kept
        raise Undelivered("机器人地址不可用", final=True)
    parts = urlsplit(url)
    try:
        with _connected(parts, anywhere) as opened:
            return _asked(opened, parts, body)
    except OSError as fault:
        raise Undelivered(f"无法连接机器人地址：{network_reason(fault)}") from None
    except http.client.HTTPException as fault:
        raise Undelivered(f"机器人的回答不可用（{type(fault).__name__}）") from None


def _asked(opened: socket.socket, parts: SplitResult, body: bytes) -> tuple[int, bytes]:
    """One request on a connection, which is cut when the time is up: each wait is bounded, but there may be many."""
    late = threading.Event()

    def cut() -> None:
        late.set()
        with suppress(OSError):
            opened.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(TIMEOUT, cut)
    timer.start()
    try:
        connection = http.client.HTTPConnection(str(parts.hostname), timeout=TIMEOUT)
        connection.sock = opened
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body, {"Host": parts.netloc, "Content-Type": "application/json; charset=utf-8"})
        answer = connection.getresponse()
        return answer.status, answer.read(LARGEST_ANSWER)
    except (OSError, http.client.HTTPException):
        if late.is_set():
            raise TimeoutError from None
        raise
    finally:
        timer.cancel()


def _connected(parts: SplitResult, anywhere: bool) -> socket.socket:
    host, port = str(parts.hostname), parts.port or (443 if parts.scheme == "https" else 80)
    opened = _first_open(_checked_addresses(host, port, anywhere), port)
    if parts.scheme != "https":
        return opened
    try:
        return ssl.create_default_context().wrap_socket(opened, server_hostname=host)
    except BaseException:
        opened.close()
        raise


def _first_open(addresses: list[str], port: int) -> socket.socket:
    """A connection to the first address that can be reached: a host may have one of IPv6 where we have none."""
    for address in addresses[:-1]:
        with suppress(OSError):
            return socket.create_connection((address, port), TIMEOUT / 2)
    return socket.create_connection((addresses[-1], port), TIMEOUT)


def _checked_addresses(host: str, port: int, anywhere: bool) -> list[str]:
    """What a host's name leads to; refused for good if any of it is not public."""
    found = [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not anywhere and not all(is_public(ip_address(address.partition("%")[0])) for address in found):
        raise Undelivered("机器人地址指向本机或内网，不能发送", final=True)
    return list(dict.fromkeys(found))[:3]
