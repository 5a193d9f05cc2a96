"""Cheap passwords, so that many can be tried: the real argon2 with its lowest cost. And the application, served."""

from __future__ import annotations

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from accounts.served import served as served
from accounts.served import two_firms as two_firms
from service.accounts import secret


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secret, "HASHER", PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),)))
