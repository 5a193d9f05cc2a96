"""How jobs live: their states, how long one may take, when a failed one is tried again. Pure."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum


class JobState(StrEnum):
    """Waiting covers: not yet due, being done under a lease, to be tried again."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


LEASE = timedelta(minutes=10)
"""For so long a job belongs to the worker that took it; then it is taken for crashed, and the job is anybody's again."""
MOST_ATTEMPTS = 8
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
LONGEST_ERROR = 500
DONE_KEPT, FAILED_KEPT = timedelta(days=7), timedelta(days=90)


def pause_after(attempts: int) -> timedelta | None:
    """How long to wait after so many failures: twice as long each time, an hour at most; None: given up."""
    return None if attempts >= MOST_ATTEMPTS else min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE)
