"""How the C library holds on to memory that was freed. Where there is another C library than glibc nothing happens."""

from __future__ import annotations

import ctypes
from contextlib import suppress

_TRIM_THRESHOLD = -1  # M_TRIM_THRESHOLD of glibc's malloc.h
_BYTES = 2**20


def give_back_freed() -> None:
    """From now on freed memory goes back to the system soon; glibc would keep more and more of it, and the peak of a large build would be a
    tenth higher."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_TRIM_THRESHOLD, _BYTES)


def give_back_now() -> None:
    """What is free at this moment goes back to the system, also between what is in use, and of every thread (malloc_trim; some 15 ms)."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
