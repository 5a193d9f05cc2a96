"""Between the two steps of the log-in page: a sealed statement that the password was right, so that nobody types it twice.

It proves nothing without the code that is asked for next, and falls with the password and with time.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from service.accounts.models import User
from service.accounts.secret import same
from service.settings import require_secret, settings

HOLDS_FOR = timedelta(minutes=5)


def sealed_step(user: User, at: datetime) -> str:
    """What the form brings back: until when it holds (seconds), a dot, and the seal."""
    until = int((at + HOLDS_FOR).timestamp())
    return f"{until}.{_seal(user, until)}"


def step_holds(step: str, user: User | None, at: datetime) -> bool:
    """Whether this person showed his present password just now."""
    until, _, seal = step.partition(".")
    if user is None or not (until.isascii() and until.isdigit() and len(until) < 12):
        return False
    return at < datetime.fromtimestamp(int(until), UTC) and same(seal, _seal(user, int(until)))


def _seal(user: User, until: int) -> str:
    secret = require_secret(settings()).encode()
    return hmac.new(secret, f"first step {user.id} {user.password_hash} {until}".encode(), hashlib.sha256).hexdigest()
