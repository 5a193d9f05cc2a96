"""How often one address may knock at the doors that are open to everybody: log-in, invitation, reset, the codes on printed pages.

A token bucket for each address, in the memory of this process (each worker counts for itself). The address is that of the peer: behind
a proxy it is the client's only if uvicorn trusts the proxy (FORWARDED_ALLOW_IPS, by default this machine), else all share the proxy's.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from datetime import timedelta
from ipaddress import IPv6Address, ip_address
from threading import Lock

from fastapi import FastAPI, Request

from service import clock
from service.errors import Unauthenticated

BURST, EVERY = 30, 4.0
"""So many tries at once, then one every so many seconds: enough for an office behind one address, little for a guesser."""
GLANCES, GLANCE_EVERY = 120, 1.0
"""The same for who only looks: an auditor with a pile of papers in his hands must not lock the office out, nor the office him."""
ADDRESSES = 10_000
"""No more are kept in mind; the one that was quiet for longest is forgotten first."""


class Buckets:
    """For each address the moment at which its bucket is full again; who is not in here has a full one."""

    def __init__(self, burst: int = BURST, every: float = EVERY, addresses: int = ADDRESSES) -> None:
        self.burst, self.every, self.addresses = burst, every, addresses
        self._full_at: OrderedDict[str, float] = OrderedDict()
        self._lock = Lock()

    def take(self, address: str, now: float) -> float:
        """0 and one token less; or the seconds to wait for the next token. `now` by a clock that never goes back."""
        with self._lock:
            full_at = max(now, self._full_at.pop(address, now))
            wait = full_at - now - (self.burst - 1) * self.every
            self._full_at[address] = full_at if wait > 0 else full_at + self.every
            self._forget(now)
            return max(0.0, wait)

    def give_back(self, address: str) -> None:
        """The one who took a token has shown who he is."""
        with self._lock:
            if address in self._full_at:
                self._full_at[address] -= self.every

    def __len__(self) -> int:
        return len(self._full_at)

    def _forget(self, now: float) -> None:
        while len(self._full_at) > self.addresses or next(iter(self._full_at.values())) <= now:
            self._full_at.popitem(last=False)


def install(app: FastAPI) -> None:
    """Empty buckets for this application."""
    app.state.buckets = Buckets()
    app.state.glances = Buckets(GLANCES, GLANCE_EVERY)


async def limited(request: Request) -> None:
    """Dependency of a public route that costs work or can be guessed at: 429 with a time to wait for an address that knocks too often."""
    _take(request.app.state.buckets, request)


async def glanced(request: Request) -> None:
    """The same for a public page that only shows something."""
    _take(request.app.state.glances, request)


def _take(buckets: Buckets, request: Request) -> None:
    wait = buckets.take(address_of(request), time.monotonic())
    if wait:
        raise Unauthenticated("请求太频繁，请稍后再试", code="too_many_requests", until=clock.now() + timedelta(seconds=wait))


def welcome(request: Request) -> None:
    """Who got in has not spent his try: a whole office logs in at nine o'clock."""
    request.app.state.buckets.give_back(address_of(request))


def address_of(request: Request) -> str:
    """The peer's address; of IPv6 the network (/64), since one machine has as many addresses in it as it likes."""
    host = request.client.host if request.client else ""
    try:
        parsed = ip_address(host)
    except ValueError:
        return host
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or parsed.exploded[:19])
    return str(parsed)
